"""A publication is replaced whole, wherever the process that writes it dies."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from naome_assets.publication import files
from naome_assets.publication.files import write_publication
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.workbook import write_workbook


class DiedError(BaseException):
    """Stands for a process that is killed: nothing catches it, and nothing is tidied up."""


STATEMENT = PublicationInfo(
    profile="nhs_england_hes",
    profile_words="",
    vintage="2024-Q1",
    quarter="2024-Q1",
    first_quarter="2024-Q1",
    method_version="1",
    code_version="1",
)
PUBLICATION = Publication({}, STATEMENT, pd.DataFrame(), "")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few files of each piece that name their vintage: how they are put in place is meant."""

    def write(publication: Publication, folder: Path, **_: bool) -> None:
        for name in ("index.html", "cy/index.html"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(publication.statement.vintage)

    monkeypatch.setattr(files, "write_report", write)
    monkeypatch.setattr(files, "write_csv_files", write)
    monkeypatch.setattr(
        files,
        "write_workbook",
        lambda publication, path: path.write_text(publication.statement.vintage),
    )


def publish(output: Path, vintage: str) -> list[Path]:
    stated = replace(PUBLICATION, statement=replace(STATEMENT, vintage=vintage))
    return write_publication(stated, output, vintage)


def seen(output: Path) -> dict[str, str]:
    """What is where readers look."""
    names = ("report/index.html", "report/cy/index.html", "csv/index.html", "workbook.xlsx")
    return {
        name: (output / name).read_text()
        for name in (*names, "headline.md")
        if (output / name).exists()
    }


def whole(vintage: str) -> dict[str, str]:
    names = ("report/index.html", "report/cy/index.html", "csv/index.html", "workbook.xlsx")
    return dict.fromkeys((*names, "headline.md"), vintage)


def of_before(output: Path, kind: str) -> dict[str, str]:
    """An output folder as it is before: new, of this naome, or of one that made no links."""
    if kind == "new":
        return {}
    if kind == "links":
        publish(output, "old")
        return whole("old")
    for name in whole("old"):
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text("old")
    (output / "report" / "page-of-old.html").write_text("old")
    return whole("old")


#: Everything by which write_publication changes what is on the disk.
CHANGES = ("mkdir", "rename", "replace", "symlink", "unlink", "rmdir", "fsync")


@pytest.fixture
def dies(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, BaseException], None]]:
    """Let the process die at the n-th change, or the disk be full from then on."""
    left = [-1]
    error: list[BaseException] = [DiedError()]

    def watched(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise error[0]
            return change(*arguments, **named)

        return call

    def begin(number: int, what: BaseException) -> None:
        left[0], error[0] = number, what

    for name in CHANGES:
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    yield begin


@pytest.mark.parametrize("kind", ["new", "links", "folders"])
def test_readers_see_all_of_one_publication_wherever_it_dies(
    tmp_path: Path, dies: Callable[[int, BaseException], None], kind: str
) -> None:
    ended = False
    moments = 0
    turned = False
    while not ended:
        moments += 1
        output = tmp_path / str(moments)
        old = of_before(output, kind)
        dies(moments, DiedError())
        try:
            # A process that dies tidies nothing up.
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(shutil, "rmtree", _not_when_dying(shutil.rmtree))
                publish(output, "new")
            ended = True
        except DiedError:
            pass
        dies(-1, DiedError())
        now = seen(output)
        if kind == "folders" and now != whole("new"):
            # Once, a folder of an earlier naome steps aside for the link to it: never another's.
            assert set(now.values()) == {"old"}
            assert len(now) >= len(old) - 2
        else:
            assert now in (old, whole("new"))
        assert not turned or now == whole("new")
        turned = now == whole("new")
        # The next run puts everything right.
        publish(output, "newest")
        assert seen(output) == whole("newest")
        assert {path.name for path in output.iterdir()} == {
            *(".publications", "report", "csv", "workbook.xlsx", "headline.md")
        }
        assert len(list((output / ".publications").iterdir())) == 2
        assert not (output / "report" / "page-of-old.html").exists()
    assert moments > 15


def _not_when_dying(remove: Callable[..., None]) -> Callable[..., None]:
    def call(*arguments: Any, **named: Any) -> None:
        if not isinstance(sys.exc_info()[1], DiedError):
            remove(*arguments, **named)

    return call


def test_a_full_disk_leaves_the_publication_of_before_and_nothing_of_the_new(
    tmp_path: Path, dies: Callable[[int, BaseException], None]
) -> None:
    publish(tmp_path, "old")
    for moment in range(2, 8):
        dies(moment, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        with pytest.raises(OSError, match="No space left"):
            publish(tmp_path, "new")
        dies(-1, DiedError())
        assert seen(tmp_path) == whole("old")
        assert len(list((tmp_path / ".publications").iterdir())) == 2


def test_what_is_written_is_reported_by_the_path_that_readers_use(tmp_path: Path) -> None:
    written = publish(tmp_path, "new")
    assert {str(path.relative_to(tmp_path)) for path in written} == {
        *whole("new"),
        "csv/cy/index.html",
    }
    # Others than the owner read it, as before.
    assert (tmp_path / "report").stat().st_mode & 0o055 == 0o755 & 0o055 & ~_umask()


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def test_the_workbook_of_equal_tables_is_equal_byte_for_byte(tmp_path: Path) -> None:
    once = write_workbook(PUBLICATION, tmp_path / "once.xlsx")
    again = write_workbook(PUBLICATION, tmp_path / "again.xlsx")
    assert again.read_bytes() == once.read_bytes()
    # Nor would they differ tomorrow: what tells of time in it is that of the data, or none.
    with zipfile.ZipFile(once) as opened:
        times = re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", opened.read("docProps/core.xml").decode())
        assert times == ["2024-03-31T00:00:00"] * 2
        assert {part.date_time[:3] for part in opened.infolist()} == {(1980, 1, 1)}
