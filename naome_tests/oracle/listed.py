"""The published list of COSD items that go on unchanged: names, places and codes, and no rule."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_LIST = Path(__file__).parents[2] / "naome_assets" / "contract" / "cosd_items.tsv"


@dataclass(frozen=True)
class Listed:
    """An item.

    Attributes:
        column: by which tables name it.
        code: of the standard.
        code_list: item whose list of codes it has, or empty.
        width: digits of a number in it, or empty.
        wales: column of Welsh files, or empty.
        asked_of: pathway whose records should have it, or ``all``.
        not_given: codes that say that it is not known.
        paths: where it is in a record, by ``v8``, ``v9``, ``v10``; empty where it does not.
    """

    column: str
    code: str
    code_list: str
    width: str
    wales: str
    asked_of: str
    not_given: frozenset[str]
    paths: dict[str, str]

    def is_asked_of(self, pathway: str | None) -> bool:
        """Whether records of a pathway should have it."""
        return self.asked_of in ("all", pathway)


def _read() -> tuple[Listed, ...]:
    with _LIST.open(encoding="utf-8", newline="") as file:
        return tuple(
            Listed(
                line["column"],
                line["item_code"],
                line["code_list"],
                line["width"],
                line["wales"],
                line["asked_of"],
                frozenset(filter(None, line["not_given"].split(";"))),
                {version: line[version] for version in ("v8", "v9", "v10")},
            )
            for line in csv.DictReader(file, delimiter="\t")
            if line["kept"] == "carried"
        )


CARRIED = _read()
