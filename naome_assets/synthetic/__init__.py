"""Invented submissions in the real formats: a coherent, calibrated England and Wales.

For tests, demonstrations and measurements, where real data cannot be. The pipeline never imports
this package. People have NHS numbers that are valid but reserved for test data (999 ...), so that
no generated record can be about a real person; names, addresses and postcodes are invented too.

- ``calibration``: every rate and its source.
- ``providers``, ``world``: who sends, and what happens to whom.
- ``records``, ``cosd*``, ``other_groups``, ``wales``, ``sact``, ``deaths``: the files.
- ``defects``, ``manifest``: what is wrong with them, and what must become of it.
- ``generate``: the way from a seed to a landing folder.
"""

from naome_assets.synthetic.generate import generate
from naome_assets.synthetic.manifest import Manifest

__all__ = ["Manifest", "generate"]
