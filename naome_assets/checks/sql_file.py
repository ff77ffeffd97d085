"""SELECTs too long to be read in Python: a file beside the rules, with names in braces."""

from __future__ import annotations

from pathlib import Path


def sql_beside(module: str, name: str, **words: object) -> str:
    """The SELECT of a file in the folder of a module.

    Args:
        module: the ``__file__`` of the module.
        name: of the file, without its ending.
        words: what stands for each name in braces.

    Raises:
        KeyError: when a name in braces is not given.
    """
    return Path(module).with_name(f"{name}.sql").read_text(encoding="utf-8").format(**words)
