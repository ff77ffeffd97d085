"""Ask every judge, and write docs/judges.md: ``python -m naome_tests.judges [OUTPUT ...]``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from naome_tests.judges import disclosure, files, inputs, linkage, pages, published, statistics
from naome_tests.judges.result import Judgement

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "judges.md"
#: What people write of the disagreements; the table is put before it.
DECISIONS = Path(__file__).with_name("decisions.md")
#: The judges' own environment, made by `make judge`.
TOOLS = ROOT / ".naome" / "judges"
PYTHON = TOOLS / "bin" / "python"

_HEAD = """# Judged by others

Figures and files of naome, judged by tools that nobody of this project wrote. `make judge` asks
them and writes this page; a judge whose tool is absent is skipped. Last asked on {day}.

| Judge | Version | What was judged | Cases | Agree | Differ | Note |
| --- | --- | --- | ---: | ---: | ---: | --- |
"""


def page(judgements: list[Judgement], day: str) -> str:
    """The page, with the decisions on disagreements below the table."""
    lines = [
        f"| {own.judge} | {own.version or '-'} | {own.judged} | {own.cases} | {own.agree} "
        f"| {own.differ} | {own.note} |\n"
        for own in judgements
    ]
    return _HEAD.format(day=day) + "".join(lines) + "\n" + DECISIONS.read_text(encoding="utf-8")


def main(outputs: list[Path]) -> None:
    """Judge statistics and linkage, and the publications in these output folders."""
    judgements = published.judge() + statistics.judge() + inputs.judge() + linkage.judge(PYTHON)
    for number, output in enumerate(outputs, start=1):
        what = f"publication {number}"
        judgements += disclosure.judge(output / "csv", what)
        judgements += files.judge(output / "csv", PYTHON, what)
        judgements += pages.judge(output, TOOLS, what)
    PAGE.write_text(page(judgements, f"{datetime.now(UTC):%Y-%m-%d}"), encoding="utf-8")
    for own in judgements:
        print(f"{own.judge}: {own.judged}: {own.agree} of {own.cases} {own.note}")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [ROOT / ".naome" / "output"])
