"""A command that may read and write only what permissions allow, also when root runs the tests."""

from __future__ import annotations

import os
import shutil

#: Put before a command. Root passes by permissions unless it gives its capabilities up.
WITHOUT_RIGHTS = (
    ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if os.geteuid() == 0 and shutil.which("setpriv")
    else []
)
