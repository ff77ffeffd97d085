"""Vintages: what a publication keeps of the one before, and what the report says has changed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from naome_assets.disclosure.suppression import load_profile
from naome_assets.publication.report import write_report
from naome_assets.publication.revision import changes, content
from naome_assets.publication.store import read_publication, store_publication
from naome_assets.settings import DEFAULT_PROFILE
from naome_assets.transform.project import load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.checks.small_audit import open_audit

_NATIONAL = {
    "table_name": "cns_access",
    "measure": "patients",
    "period": "quarter",
    "geography_type": "england_and_wales",
    "presentation": "all",
}


@pytest.fixture(scope="module")
def small_audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the small audit, for copies."""
    path = tmp_path_factory.mktemp("small") / "audit.duckdb"
    open_audit(path, filled=True).close()
    return path


@pytest.fixture
def warehouse(small_audit: Path, tmp_path: Path) -> Iterator[DuckDBWarehouse]:
    """The small audit, to be published and changed."""
    opened = DuckDBWarehouse.connect(shutil.copy(small_audit, tmp_path / "audit.duckdb"))
    yield opened
    opened.close()


def publish(warehouse: DuckDBWarehouse, profile: str = DEFAULT_PROFILE) -> None:
    for _ in store_publication(warehouse, load_profile(profile)):
        pass


def send(warehouse: DuckDBWarehouse, name: str, shift: int, made: str, people: str) -> None:
    """A second file of the trust's records 9 to 28 of 2023-Q2, of other people or the same."""
    warehouse.connection.execute(
        "insert into submission by name select * replace (? as file, ? as sha256, "
        "cast(? as timestamp) as created_at) from submission where file = '2023-Q2/cosd'",
        [name, name, made],
    )
    for table in ("cosd_record", "cosd_metastasis"):
        person = f", nhs_person_id || '{people}' as nhs_person_id" if table == "cosd_record" else ""
        date = f", event_date + {shift} as event_date" if table == "cosd_record" else ""
        warehouse.connection.execute(
            f"insert into {table} by name select * replace (? as file{person}{date}) from {table} "
            "where file = '2023-Q2/cosd' and position between 9 and 28",
            [name],
        )
    rebuild(warehouse)


def rebuild(warehouse: DuckDBWarehouse) -> None:
    """Every model, of what the submission tables hold now."""
    project = load_project()
    for model in project.ordered_models():
        warehouse.build_model(model, project.render(model, warehouse.target))


def changed(warehouse: DuckDBWarehouse, **equals: str) -> pd.DataFrame:
    found = changes(warehouse)
    for column, value in equals.items():
        found = found[found[column] == value]
    return found


def text_of(folder: Path, path: str) -> str:
    page = html.document_fromstring((folder / path).read_text("utf-8"))
    return " ".join(page.text_content().split())


def test_a_first_publication_changes_nothing(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    assert changes(warehouse).empty
    publication = read_publication(warehouse)
    assert publication.vintage_before == ""
    write_report(publication, tmp_path / "report")
    assert "This is the first publication" in text_of(tmp_path / "report", "what-changed.html")


def test_the_same_data_are_the_same_vintage(warehouse: DuckDBWarehouse) -> None:
    before = [warehouse.query(f"select * from {name}") for name in _KEPT]
    publish(warehouse)
    for name, frame in zip(_KEPT, before, strict=True):
        pd.testing.assert_frame_equal(warehouse.query(f"select * from {name}"), frame)


def test_a_file_that_changes_no_figure_makes_no_vintage(warehouse: DuckDBWarehouse) -> None:
    """A file without records of breast cancer comes in."""
    before = {name: warehouse.query(f"select * from {name}") for name in _KEPT}
    warehouse.connection.execute(
        "insert into submission by name select * replace ('none' as file, 'none' as sha256) "
        "from submission where file = '2023-Q2/cosd'"
    )
    publish(warehouse)
    vintages = warehouse.query("select number, vintage, files from publication_vintage")
    [now] = vintages.to_dict("records")
    files = before["publication_vintage"]["files"].iloc[0] + 1
    assert (now["number"], now["vintage"], now["files"]) == (1, "2024-Q2", files)
    pd.testing.assert_frame_equal(warehouse.query("select * from revision"), before["revision"])


def test_what_a_table_holds_is_reported_whatever_its_order() -> None:
    frame = pd.DataFrame({"place": ["a", "b", None], "people": [5, 10, None], "share": 1 / 3})
    again = frame.sample(frac=1, random_state=1).assign(share=1 / 3 + 1e-13)
    assert content(again) == content(frame)
    assert content(frame.astype({"people": "Int64"})) == content(frame)
    assert content(frame.assign(people=[10, 5, None])) != content(frame)
    assert content(frame.assign(place=["a", "b", "c"])) != content(frame)
    assert content(frame.rename(columns={"people": "z", "share": "people"})) != content(frame)
    assert content(pd.concat([frame, frame])) != content(frame)


def test_late_records_change_earlier_quarters(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    send(warehouse, "late", 0, "2024-09-01", "-late")
    publish(warehouse)
    [row] = changed(warehouse, **_NATIONAL).to_dict("records")
    assert (row["quarter"], row["value_before"], row["value"]) == ("2023-Q2", 60, 80)
    assert row["reason"] == "late records"
    # Windows that hold the quarter moved, of places in steps of 5.
    local = changed(
        warehouse, table_name="cns_access", measure="patients", geography_type="provider",
        presentation="all",
    )  # fmt: skip
    assert set(local["geography_code"]) == {"RTH"}
    assert ((local["value"] - local["value_before"]) == 20).all()

    publication = read_publication(warehouse)
    assert publication.vintage_before == "2024-Q2"
    assert publication.statement.vintage == "2024-Q2, revision 1"
    write_report(publication, tmp_path / "report")
    page = text_of(tmp_path / "report", "what-changed.html")
    assert f"{len(publication.changes):,} figures of earlier quarters differ in" in page
    assert "Late records" in page
    assert "Corrections" not in page
    # A nation's share has its decimal before as well as now.
    shares = re.findall(r"[a-z] 20\d\d([\d.]+)%([\d.]+)%", page)
    assert shares
    assert all("." in figure for row in shares for figure in row)
    assert "Cofnodion hwyr" in text_of(tmp_path / "report", "cy/what-changed.html")


def test_publishing_twice_keeps_what_changed(warehouse: DuckDBWarehouse) -> None:
    send(warehouse, "late", 0, "2024-09-01", "-late")
    publish(warehouse)
    once = changes(warehouse)
    publish(warehouse)
    pd.testing.assert_frame_equal(changes(warehouse), once)


def test_a_correction_is_distinguished_from_late_records(warehouse: DuckDBWarehouse) -> None:
    warehouse.connection.execute(
        "update cosd_record set cns_indication = 'NN' where file = '2023-Q2/cosd'"
    )
    send(warehouse, "again", 0, "2024-09-01", "")
    publish(warehouse)
    # All 20 records replace one each: no record more counts.
    assert set(changes(warehouse)["reason"]) == {"corrections"}
    assert changed(warehouse, **_NATIONAL).empty
    seen = changed(warehouse, **{**_NATIONAL, "measure": "seen_pct_of_recorded"})
    assert set(seen["quarter"]) == {"2023-Q2"}


def test_longer_follow_up_alone_is_no_correction(warehouse: DuckDBWarehouse) -> None:
    """The last Welsh quarter comes in after the English one, and has no record."""
    last = "where file = '2024-Q2/wales_tumour'"
    [file] = warehouse.arrow(f"select * from submission {last}").to_pylist()
    for table in ("submission", "wales_tumour"):
        warehouse.connection.execute(f"delete from {table} {last}")
    rebuild(warehouse)
    publish(warehouse)
    warehouse.insert(metadata.tables["submission"], [file | {"received": 0, "record_count": 0}])
    rebuild(warehouse)
    publish(warehouse)
    assert set(changes(warehouse)["reason"]) == {"longer follow-up"}


def test_another_profile_is_the_reason(warehouse: DuckDBWarehouse) -> None:
    publish(warehouse, "under_10")
    found = changes(warehouse)
    assert set(found["reason"]) == {"another disclosure profile"}
    # Figures of nations are the same by every profile; the steps of their curves are not.
    figures = found[~found["table_name"].str.endswith("_curve")]
    assert not figures["geography_type"].isin(["england_and_wales", "nation"]).any()


def test_what_another_profile_hid_stays_hidden(warehouse: DuckDBWarehouse) -> None:
    """Readers of both would have what one of them hides."""
    hidden = (
        "select quarter, geography_code, sex, age_band, presentation, years_since_mbc "
        "from published_prevalence where people is null"
    )
    before = set(warehouse.query(hidden).itertuples(index=False, name=None))
    publish(warehouse, "under_5")
    assert len(before) > 10
    assert before <= set(warehouse.query(hidden).itertuples(index=False, name=None))


_KEPT = ("revision", "publication_vintage", "published_prevalence")
