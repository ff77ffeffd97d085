"""Write the tables of the page of indicators: ``python -m naome_assets.contract.generate_pages``.

They are between two marks in ``docs/indicators.md``; the rest of the page is written by hand. A
test says when they are out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from naome_assets.contract.indicators import INDICATORS, Indicator

_COMMAND = "python -m naome_assets.contract.generate_pages"
_BEGIN = f"<!-- Written from naome_assets/contract/indicators.py by `{_COMMAND}`: edit there. -->"
_END = "<!-- End of what is written. -->"
_PAGE = Path(__file__).parents[2] / "docs" / "indicators.md"


def pages() -> dict[Path, str]:
    """Each page that holds something written, and what stands in it then."""
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return {_PAGE: f"{before}{_BEGIN}\n\n{_written()}\n{_END}{after}"}


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
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
