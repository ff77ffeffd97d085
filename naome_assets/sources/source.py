"""What a source is: where its files lie, which they are, who reads them and which tables they fill.

Each reader declares its sources beside itself; ``catalogue`` collects them, and discovery, reading,
replacing a quarter and the page of the landing folder go by them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.errors import RowFaults
from naome_assets.sources.periods import nhs_years
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow

#: Reads a file (or a member of an archive) into rows; returns those that it refused.
Reader = Callable[[Member, SubmissionRow, RowBuffer, Pseudonymiser], RowFaults | None]
#: Folders that say which quarter a file counts for.
MONTH, DAY, QUARTER = "<YYYY-MM>", "<YYYY-MM-DD>", "<YYYY-Qn>"
#: A year of the NHS (2023-2024), a quarter, a month or a day (ruling H5).
PERIOD = "<period>"
_PROVIDER = "<provider>"


@dataclass(frozen=True)
class Source:
    """A kind of file.

    Attributes:
        name: by which the ledger calls it.
        words: what it is, for the page of the landing folder.
        folder: below the landing folder; ``<provider>`` stands for a folder of any name, the last
            part may stand for a month, a day, a quarter, or any period.
        files: which files of that folder: ``*``, with letters before or behind it, or
            ``<health board>_`` and letters; capitals and what follows the first dot do not matter.
        read: its reader.
        tables: those that it fills, beside what is told of every file.
        endings: of the names of files, and of members of an archive.
        tumours_of: nation whose tumours it reports, so that a quarter counts as sent (ruling G5).
    """

    name: str
    words: str
    folder: str
    read: Reader
    tables: tuple[str, ...]
    files: str = "*"
    endings: tuple[str, ...] = (".csv",)
    tumours_of: str | None = None

    @property
    def has_quarter(self) -> bool:
        """Whether its folder says the quarter; else it is read by every run."""
        return self.folder.endswith((MONTH, DAY, QUARTER, PERIOD))

    @property
    def landing_endings(self) -> tuple[str, ...]:
        """Of files as they land, packed or not."""
        return (*self.endings, *(f"{ending}.gz" for ending in self.endings), ".zip")

    def folders(self, months: Sequence[str], quarter: str) -> list[str]:
        """Patterns of the folders in which its files of a quarter lie."""
        pattern = self.folder.replace(_PROVIDER, "*").replace(QUARTER, quarter)
        if pattern.endswith(PERIOD):
            days = [f"{month}-[0-3][0-9]" for month in months]
            names = (*nhs_years(quarter), quarter, *months, *days)
            return [pattern.replace(PERIOD, name) for name in names]
        if not pattern.endswith((MONTH, DAY)):
            return [pattern]
        return [
            pattern.replace(MONTH, month).replace(DAY, f"{month}-[0-3][0-9]") for month in months
        ]

    def takes(self, name: str) -> bool:
        """Whether a file of its folder is one of its own, by its name."""
        lower = name.lower()
        board, _, kind = self.files.rpartition(">_")
        if board:
            return lower.rpartition("_")[2].split(".", 1)[0] == kind
        start, _, end = self.files.partition("*")
        return lower.startswith(start) and lower.split(".", 1)[0].endswith(end)

    def provider(self, path: Path) -> str | None:
        """Who sent a file: of the folder above, or the name's part before the last underscore."""
        if self.files.startswith("<"):
            return path.name.rpartition("_")[0]
        return path.parent.parent.name if _PROVIDER in self.folder else None
