"""Everything that readers take away, in one folder: report, workbook, CSV files and headline.

A publication is replaced whole: whoever looks sees all of the old one or all of the new one,
wherever the process that writes dies. What readers open are links through one link, ``current``,
and this one is turned round in one step::

    report        -> .publications/current/report
    workbook.xlsx -> .publications/current/workbook.xlsx
    .publications/current -> 4f1c...      .publications/4f1c.../{report,workbook.xlsx,...}
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from naome_assets.publication.csv_files import write_csv_files
from naome_assets.publication.output import (
    CSV,
    CURRENT,
    HEADLINE,
    PIECES,
    REPORT,
    STORE,
    WORKBOOK,
)
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.workbook import write_workbook


def write_publication(publication: Publication, output: Path, headline: str) -> list[Path]:
    """Replace what is in the output folder by a publication.

    ``report/index.html`` and the pages behind it, ``workbook.xlsx``, ``csv/`` and ``headline.md``.
    Nothing of an earlier publication, made with other decisions on what to withhold, is left.

    Args:
        publication: what is published.
        output: the folder; links can be made in it.
        headline: the national figures as Markdown.

    Returns:
        Every file written, by the path that readers use.

    Raises:
        OSError: when it cannot be written; then the one before stands.
    """

    def draw(new: Path) -> None:
        write_workbook(publication, new / WORKBOOK)
        write_report(publication, new / REPORT.parent, has_files_beside=True)
        write_csv_files(publication, new / CSV)
        (new / HEADLINE).write_text(headline, encoding="utf-8")

    return _replace(output, draw)


def write_headline(output: Path, headline: str) -> list[Path]:
    """Replace the national figures alone; report, workbook and CSV files are those that stand.

    Raises:
        OSError: when it cannot be written; then the publication before stands.
    """

    def keep(new: Path) -> None:
        for piece in (REPORT.parent, WORKBOOK, CSV):
            before = output / CURRENT / piece
            if before.is_dir():
                shutil.copytree(before, new / piece)
            else:
                shutil.copy2(before, new / piece)
        (new / HEADLINE).write_text(headline, encoding="utf-8")

    return _replace(output, keep)


def _replace(output: Path, draw: Callable[[Path], None]) -> list[Path]:
    (output / STORE).mkdir(parents=True, exist_ok=True)
    _link_pieces(output)
    new = output / STORE / uuid.uuid4().hex
    new.mkdir()
    try:
        draw(new)
        written = sorted(path for path in new.rglob("*") if path.is_file())
        _keep([*written, *(path for path in new.rglob("*") if path.is_dir()), new])
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _link(output, CURRENT, Path(new.name))
    _keep([output / STORE, output])
    # The one before, and what those left that died on the way here.
    for left in (output / STORE).iterdir():
        if left.name not in (CURRENT.name, new.name):
            left.unlink() if left.is_symlink() else shutil.rmtree(left, ignore_errors=True)
    return [output / path.relative_to(new) for path in written]


def _link_pieces(output: Path) -> None:
    """What readers open are links; what an earlier naome wrote as files and folders stays seen."""
    for piece in PIECES:
        path, target = output / piece, CURRENT / piece
        if path.is_symlink() and path.readlink() == target:
            continue
        if path.exists() and not path.is_symlink():
            if not (output / CURRENT).exists():
                before = output / STORE / uuid.uuid4().hex
                before.mkdir()
                _link(output, CURRENT, Path(before.name))
            path.replace(output / CURRENT / piece)
        _link(output, piece, target)


def _link(output: Path, link: Path, target: Path) -> None:
    """Make a link, in the place of another in one step."""
    new = output / STORE / uuid.uuid4().hex
    new.symlink_to(target)
    new.replace(output / link)


def _keep(paths: list[Path]) -> None:
    """Wait until the disk has them: a link must not outlive what it leads to when power fails."""
    for path in paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
