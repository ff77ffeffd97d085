"""Names and postcodes: never stored in clear, not at all while linkage is off."""

from __future__ import annotations

from pathlib import Path

import pytest

from naome_assets.contract.cosd_items import items
from naome_assets.linkage.people import link_people, unlink_people
from naome_assets.loading.load import load_quarters
from naome_assets.quarters import Quarter
from naome_assets.settings import Settings
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import PROJECT, rows
from naome_tests.sources.support import (
    COSD_FOLDER,
    FAMILY_NAME,
    NHS_NUMBER,
    V9_BREAST,
    Landed,
    cosd,
    put,
    read,
)

LINKING = Pseudonymiser(b"test", keeps_link_keys=True)
_NAMES = ("surname", "forename", "postcode")


def _document(version: str) -> str:
    """A record with names and a postcode where the version has them."""
    family = {"v8-2": "v8", "v9-0-1": "v9", "v10-0-1": "v10"}[version]
    values = dict(zip(_NAMES, (FAMILY_NAME, "Zoë", "XX1 1XX"), strict=True))
    sent = "".join(
        f"<{name}>{values[item.column]}</{name}>"
        for item in items()
        if item.table == "link_key"
        for name in [getattr(item, family).removeprefix("Demographics/")]
    )
    return cosd(
        f"<BreastRecord><Demographics>{sent}</Demographics></BreastRecord>", version=version
    )


def _wales(landing: Path) -> None:
    put(
        landing,
        "wales/registry/2024-Q1/7A4_tumour.csv",
        "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
        "event_date,postcode\n1,20240401,,L1,7A4,primary,C509,20240110,xx1 1xx\n",
    )


def _shown(landed: Landed) -> bool:
    names = (FAMILY_NAME, FAMILY_NAME.upper(), "Zoë", "ZOE", "1XX")
    return any(name.encode() in landed.parquet for name in names)


@pytest.mark.parametrize("version", ["v8-2", "v9-0-1", "v10-0-1"])
def test_on_they_are_pseudonyms(tmp_path: Path, version: str) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", _document(version))
    _wales(tmp_path)
    landed = read(tmp_path, pseudonymiser=LINKING)
    english, welsh = landed.rows("link_key")
    assert english["surname"] == LINKING.link_key("surname", f" {FAMILY_NAME.upper()}")
    assert english["forename"] == LINKING.link_key("forename", "ZOE")
    assert english["postcode"] == welsh["postcode"] == LINKING.link_key("postcode", "XX11XX")
    assert None not in english.values()
    assert welsh["surname"] is None
    assert not _shown(landed)


def test_off_nothing_is_made_of_them(tmp_path: Path) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", _document("v9-0-1"))
    _wales(tmp_path)
    landed = read(tmp_path)
    assert "link_key" not in landed.tables
    assert not _shown(landed)


def test_a_name_is_no_postcode() -> None:
    assert LINKING.link_key("surname", "LEE") != LINKING.link_key("forename", "LEE")
    assert LINKING.link_key("surname", "  -") is None


def test_the_setting_is_on_or_off() -> None:
    assert not Settings.from_environment({}).linkage
    assert Settings.from_environment({"NAOME_LINKAGE": "on"}).linkage
    with pytest.raises(ValueError, match="NAOME_LINKAGE"):
        Settings.from_environment({"NAOME_LINKAGE": "yes"})


def _load(warehouse: DuckDBWarehouse, landing: Path, pseudonymiser: Pseudonymiser) -> None:
    warehouse.create_submission_tables()
    load_quarters(warehouse, landing, [Quarter(2024, 1)], pseudonymiser=pseudonymiser, workers=1)


def _people(warehouse: DuckDBWarehouse) -> list[str]:
    for seed in PROJECT.seeds.values():
        warehouse.build_seed(seed)
    for model in PROJECT.ordered_models():
        warehouse.build_model(model, PROJECT.render(model, warehouse.target))
    return sorted(row["person_id"] for row in rows(warehouse, "person"))


def test_a_link_makes_one_person_of_two_and_off_two_again(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    put(landing, f"{COSD_FOLDER}/a.xml", cosd(V9_BREAST))
    numberless = V9_BREAST.replace(NHS_NUMBER, "").replace("2024-01-10", "2024-01-20")
    put(landing, f"{COSD_FOLDER}/b.xml", cosd(numberless))
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    _load(warehouse, landing, LINKING)
    assert len(_people(warehouse)) == 2, "loaded, not linked yet (ruling C2)"
    assert link_people(warehouse).links["how"].to_pylist() == ["local_identifier"]
    assert _people(warehouse) == [LINKING.nhs_person(NHS_NUMBER)[0]]
    assert rows(warehouse, "link_key")
    _load(warehouse, landing, Pseudonymiser(b"test"))
    unlink_people(warehouse)
    assert len(_people(warehouse)) == 2
    assert rows(warehouse, "link_key") == rows(warehouse, "person_link") == []
    warehouse.close()
