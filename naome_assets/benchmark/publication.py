"""Publication: disclosure control, and the files against only writing their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from naome_assets.benchmark.measure import Figure, seconds


def publication(audited: Path, place: Path) -> Iterator[Figure]:
    """Hide and round, then write report, workbook and CSV files, from an audited warehouse."""
    from naome_assets.disclosure.suppression import load_profile
    from naome_assets.publication.csv_files import write_csv_files
    from naome_assets.publication.report import write_report
    from naome_assets.publication.store import read_publication, store_publication
    from naome_assets.publication.workbook import write_workbook
    from naome_assets.warehouse.engines import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{audited}")
    profile = load_profile("nhs_england_hes")
    hiding = seconds(lambda: store_publication(warehouse, profile))
    yield "disclosure control of every table", f"{hiding:,.1f} s"
    published = read_publication(warehouse)
    warehouse.close()
    folder = place / "published"
    folder.mkdir()
    report = seconds(lambda: write_report(published, folder / "report"))
    pages = len(list((folder / "report").rglob("*.html")))
    yield "report (about 150 pages under 60 s)", f"{pages} pages, {report:,.1f} s"
    workbook = seconds(lambda: write_workbook(published, folder / "workbook.xlsx"))
    csv = seconds(lambda: write_csv_files(published, folder / "csv"))
    yield "workbook and CSV files", f"{workbook:,.1f} and {csv:,.1f} s"
    contents = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    disk = seconds(partial(_write_all, contents, place / "bytes"))
    megabytes = sum(map(len, contents)) / 1e6
    yield (
        "all files : only writing their bytes",
        f"{(report + workbook + csv) / disk:,.0f} ({megabytes:,.0f} MB)",
    )


def _write_all(contents: list[bytes], folder: Path) -> None:
    folder.mkdir()
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
