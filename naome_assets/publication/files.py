"""Everything that readers take away, in one folder: report, workbook and CSV files."""

from __future__ import annotations

import shutil
from pathlib import Path

from naome_assets.publication.csv_files import write_csv_files
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.workbook import write_workbook

REPORT = Path("report") / "index.html"
WORKBOOK = Path("workbook.xlsx")
CSV = Path("csv")


def write_publication(publication: Publication, output: Path) -> list[Path]:
    """Replace what stands in the output folder by a publication.

    ``report/index.html`` and the pages behind it, ``workbook.xlsx`` and ``csv/``. Each is written
    beside the old one and then takes its place, so that no page of an earlier publication, made
    with other decisions on what to withhold, is left.

    Returns:
        Every file written.
    """
    output.mkdir(parents=True, exist_ok=True)
    written = [write_workbook(publication, output / WORKBOOK)]
    for folder, write in ((REPORT.parent, write_report), (CSV, write_csv_files)):
        new = output / f".{folder}.part"
        shutil.rmtree(new, ignore_errors=True)
        write(publication, new)
        shutil.rmtree(output / folder, ignore_errors=True)
        new.replace(output / folder)
        written += sorted(path for path in (output / folder).rglob("*") if path.is_file())
    return written
