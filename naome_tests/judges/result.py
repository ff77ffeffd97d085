"""What a judge says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """One row of docs/judges.md.

    Attributes:
        judge: the tool.
        version: of it; empty where it is absent.
        judged: what was judged.
        cases: how many figures, cells or files.
        agree: how many the judge gives alike, or calls valid.
        note: why a disagreement is none, or why the judge was skipped.
    """

    judge: str
    version: str
    judged: str
    cases: int = 0
    agree: int = 0
    note: str = ""

    @property
    def differ(self) -> int:
        """Cases on which the judge does not agree."""
        return self.cases - self.agree


def skipped(judge: str, judged: str, why: str) -> Judgement:
    """A judge that is not here."""
    return Judgement(judge, "", judged, note=f"skipped: {why}")
