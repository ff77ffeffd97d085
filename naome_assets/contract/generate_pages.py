"""What is written from the contract, by ``python -m naome_assets.contract.generate_pages``.

The tables of ``docs/indicators.md``, between two marks (the rest of the page is written by hand),
and the seed of the nations. A test says when they are out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from naome_assets.contract.dimensions import ENGLAND_AND_WALES, NATION, NATION_NAMES, TOGETHER
from naome_assets.contract.indicators import INDICATORS, Indicator

_COMMAND = "python -m naome_assets.contract.generate_pages"
_BEGIN = f"<!-- Written from naome_assets/contract/indicators.py by `{_COMMAND}`: edit there. -->"
_END = "<!-- End of what is written. -->"
_CHECKOUT = Path(__file__).parents[2]
_PAGE = _CHECKOUT / "docs" / "indicators.md"
_SEED = _CHECKOUT / "dbt_like_sql" / "seeds" / "nation.csv"


def pages() -> dict[Path, str]:
    """Each file that holds something written, and what is in it then."""
    return {_PAGE: _page(), _SEED: _seed()}


def _seed() -> str:
    rows = (
        (TOGETHER if code == ENGLAND_AND_WALES else NATION, code, name)
        for code, name in NATION_NAMES.items()
    )
    return "".join(f"{','.join(row)}\n" for row in (("geography_type", "code", "name"), *rows))


def _page() -> str:
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n{_written()}\n{_END}{after}"


def _written() -> str:
    said = _table(
        ("Indicator", "Numerator", "Denominator", "Source items", "Known weakness"),
        ((own.key, own.numerator, own.denominator, own.items, own.weakness) for own in INDICATORS),
    )
    published = _table(
        ("Indicator", "Column of its value", "Unit", "Control limits", "Adjusted", "Asked of"),
        (
            (
                f"**{own.key}**" if own.is_on_pages else own.key,
                f"`{own.table}.{own.value}`",
                own.unit.replace("_", " "),
                "yes" if own.estimate == "proportion" else "no",
                own.case_mix,
                _asked_of(own),
            )
            for own in INDICATORS
        ),
    )
    return (
        f"{said}\nHow each is published. The pages of the report compare places by those in bold "
        f"type; *Adjusted* says what is adjusted for case mix.\n\n{published}"
    )


def _asked_of(own: Indicator) -> str:
    """Whose records hold the item; empty where all do."""
    if own.nations:
        return f"nations of `{own.nations}`"
    return f"who sends `{own.item_sent}` (`items_sent`)" if own.item_sent else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def main() -> None:
    """Write the files."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
