"""What readers take away of charts: each as a picture, its figures as CSV.

A page of a nation or of many places has a file for each chart; the page of a place, of which there
are hundreds, has one archive with those of all its charts.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from naome_assets.publication import charts
from naome_assets.publication.cells import harmless
from naome_assets.publication.report.exhibits.exhibit import Exhibit
from naome_assets.publication.report.html_tables import Table

#: Files in archives have this time, so that the same figures give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_QUICK = 1
_LINK = re.compile(r"</?a\b[^>]*>")


@dataclass(frozen=True)
class Marks:
    """What is on each file of generated data; empty on those of real data.

    Attributes:
        head: of a column of the CSV files.
        text: of each of its cells, and of the pictures.
    """

    head: str = ""
    text: str = ""


def picture(exhibit: Exhibit, marks: Marks) -> str:
    """The chart as a picture of its own."""
    chart = charts.marked(exhibit.chart, marks.text) if marks.text else exhibit.chart
    # Links lead from the page, and lead nowhere from a picture that was taken away.
    return charts.standalone(_LINK.sub("", chart))


def figures(table: Table, marks: Marks) -> str:
    """A table as CSV: what its cells show, with a column that says of generated data."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    mark = [marks.head] if marks.text else []
    writer.writerow([*table.head, *mark])
    for row in table.rows:
        texts = [harmless(cell.text) for cell in row]
        writer.writerow([*texts, *([marks.text] if mark else [])])
    return written.getvalue()


def archive(exhibits: Sequence[Exhibit], marks: Marks) -> bytes:
    """The pictures and figures of a page's charts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as packed:
        for exhibit in exhibits:
            files = {"csv": "\ufeff" + figures(exhibit.table, marks)}
            if exhibit.chart:
                files["svg"] = picture(exhibit, marks)
            for ending, text in files.items():
                name = zipfile.ZipInfo(f"{exhibit.key}.{ending}", _TIME)
                name.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(name, text.encode("utf-8"), compresslevel=_QUICK)
    return held.getvalue()
