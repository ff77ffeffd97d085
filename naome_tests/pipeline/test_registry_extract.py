"""Registry extracts from landing folder to tables: small worlds, each figure worked by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from naome_assets.quarters import Quarter
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.sources.support import (
    NHS_NUMBER,
    V9_BREAST,
    cosd,
    put,
)

from .audit import audit, rows
from .test_command_line import Place

FIRST, LAST = Quarter(2023, 4), Quarter(2024, 1)
PSEUDONYMISER = Pseudonymiser(b"test")
FOLDER = "england/registry/2024-02-15"
TUMOUR = (
    "TUMOURID,GENDER,PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,STAGE_BEST,M_BEST,AGE,"
    "DATE_FIRST_SURGERY"
)
PATIENT = "PATIENTID,GENDER,ETHNICITY,VITALSTATUS,VITALSTATUSDATE"


def csv(header: str, *lines: str) -> str:
    return "\n".join((header, *lines)) + "\n"


def person(identifier: str) -> str:
    known = PSEUDONYMISER.registry("person", identifier)
    assert known is not None
    return known


class World:
    """A landing folder and what a run makes of it."""

    def __init__(self, folder: Path) -> None:
        self.landing = folder / "landing"
        self.landing.mkdir()
        self.warehouse = DuckDBWarehouse.connect(folder / "warehouse.duckdb")

    def put(self, name: str, header: str, *lines: str) -> None:
        put(self.landing, name, csv(header, *lines))

    def run(self) -> None:
        audit(self.warehouse, self.landing, FIRST, LAST)

    def cohort(self) -> dict[str, dict[str, Any]]:
        return {row["person_id"]: row for row in rows(self.warehouse, "mbc_cohort")}

    def ledger(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Received, accepted, superseded, out of scope and quarantined of each file."""
        return {
            row["file"]: (
                row["received"],
                row["accepted"],
                row["superseded"],
                row["out_of_scope"],
                row["quarantined"],
            )
            for row in rows(self.warehouse, "ledger")
        }


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_extract_alone(world: World) -> None:
    """Evidence 5 by stage and by M, vital status, treatments, ages, and no CNS rows."""
    world.put(
        f"{FOLDER}/sim_av_tumour.csv",
        TUMOUR,
        "t1,2,stage,2024-01-06,C50,4B,,61,2024-01-20",
        "t2,2,m,2024-01-09,C50,,1a,44,",
        "t3,2,early,2024-01-09,C50,2,0,50,",
        "t4,1,lung,2024-01-09,C34,4,1,50,",
        "t5,2,dead,2023-11-02,C50,4,1,83,",
        "t6,2,nodate,,C50,4,1,83,",
        "t7,2,noage,2024-01-31,C50,4,1,,",
    )
    world.put(
        f"{FOLDER}/sim_av_patient.csv",
        PATIENT,
        "stage,2,A,A,2024-02-15",
        "dead,2,A,D1,2023-12-24",
        "m,2,A,D,",
        ",2,A,A,",
    )
    world.put(
        f"{FOLDER}/sim_sact_regimen.csv",
        "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN,BENCHMARK_GROUP",
        "m,r1,2024-01-15,Letrozole",
        "noage,r2,2024-02-01,Zoledronic acid",
    )
    world.put(
        f"{FOLDER}/sim_sact_cycle.csv", "MERGED_REGIMEN_ID,MERGED_CYCLE_ID,CYCLE_NUMBER", "r1,c1,1"
    )
    world.put(
        f"{FOLDER}/sim_sact_drug_detail.csv",
        "MERGED_CYCLE_ID,DRUG_GROUP",
        "c1,LETROZOLE",
        "c1,CAPECITABINE",
    )
    world.put(
        f"{FOLDER}/sim_rtds_episode.csv",
        "PATIENTID,RADIOTHERAPYEPISODEID,APPTDATE",
        "m,e1,2024-02-03",
        "m,e1,2024-02-02",
    )
    world.run()

    # It holds everybody up to its day, so it belongs to the quarters before as well (ruling G5).
    assert {
        row["quarter"]: (row["is_england_reported"], row["is_wales_reported"])
        for row in rows(world.warehouse, "reporting_quarter")
    } == {str(FIRST): (True, False), str(LAST): (True, False)}
    cohort = world.cohort()
    assert {
        key: (row["mbc_date"], row["age_at_mbc"], row["evidence_rule"], row["presentation"])
        for key, row in cohort.items()
    } == {
        person("stage"): (dt.date(2024, 1, 6), 61, 5, "de_novo"),
        person("m"): (dt.date(2024, 1, 9), 44, 5, "de_novo"),
        person("dead"): (dt.date(2023, 11, 2), 83, 5, "de_novo"),
        person("noage"): (dt.date(2024, 1, 31), None, 5, "de_novo"),
    }
    assert {(row["nation"], row["provider_code"]) for row in cohort.values()} == {("England", None)}
    assert cohort[person("dead")]["death_date"] == dt.date(2023, 12, 24)
    # A death without its date is refused, so that this person lives on.
    assert cohort[person("m")]["death_date"] is None

    assert world.ledger() == {
        f"{FOLDER}/sim_av_tumour.csv": (7, 5, 0, 1, 1),
        f"{FOLDER}/sim_av_patient.csv": (4, 2, 0, 0, 2),
        f"{FOLDER}/sim_sact_regimen.csv": (2, 2, 0, 0, 0),
        f"{FOLDER}/sim_sact_cycle.csv": (1, 1, 0, 0, 0),
        f"{FOLDER}/sim_sact_drug_detail.csv": (2, 2, 0, 0, 0),
        f"{FOLDER}/sim_rtds_episode.csv": (2, 2, 0, 0, 0),
    }
    assert {(row["rule"], row["position"]) for row in rows(world.warehouse, "quarantine")} >= {
        ("event_date_missing", 6),
        ("registry_identifier_missing", 4),
        ("registry_date_missing", 3),
    }

    # Capecitabine makes the regimen chemotherapy; zoledronic acid alone is no treatment.
    assert {
        (row["person_id"], row["start_date"], row["modality_group"])
        for row in rows(world.warehouse, "treatment")
    } == {
        (person("stage"), dt.date(2024, 1, 20), "surgery"),
        (person("m"), dt.date(2024, 1, 15), "chemotherapy"),
        (person("m"), dt.date(2024, 2, 2), "radiotherapy"),
    }
    # Follow-up ends with the extract, not with its quarter (ruling F13).
    assert {
        row["person_id"]: (row["outcome"], row["days"])
        for row in rows(world.warehouse, "follow_up")
    } == {
        person("stage"): ("treated", 14),
        person("m"): ("treated", 6),
        person("dead"): ("died_untreated", 52),
        person("noage"): ("censored", 15),
    }
    alive = {
        row["age_band"]: row["people"]
        for row in rows(world.warehouse, "prevalence")
        if (row["quarter"], row["geography_type"]) == ("2024-Q1", "nation")
        and (row["sex"], row["presentation"], row["years_since_mbc"]) == ("all",) * 3
    }
    assert alive == {"all": 3, "60-69": 1, "40-49": 1, "unknown": 1}
    assert rows(world.warehouse, "cns_access") == []
    assert {row["geography_type"] for row in rows(world.warehouse, "prevalence")} == {
        "nation",
        "england_and_wales",
    }


def test_treatments_of_v1_are_joined_by_the_link_number(world: World) -> None:
    """Each person has the other's PATIENTID as her number in the SACT tables; one has none."""
    world.put(
        f"{FOLDER}/sim_av_patient.csv",
        "PATIENTID,SEX,LINKNUMBER,ETHNICITY,NEWVITALSTATUS,VITALSTATUSDATE",
        "1,2,91,A,A,2024-02-15",
        "2,2,92,A,D,2024-02-10",
        "3,2,93,A,A,2024-02-15",
    )
    world.put(
        f"{FOLDER}/sim_av_tumour.csv",
        "TUMOURID,PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,STAGE_BEST,AGE,SEX,QUINTILE_2015,"
        "LINKNUMBER",
        "t1,1,2024-01-05,C50,4,61,2,1,91",
        "t2,2,2024-01-06,C50,4,62,2,2,92",
        "t3,3,2024-01-06,C50,4,63,2,3,93",
    )
    world.put(f"{FOLDER}/sim_sact_patient.csv", "MERGED_PATIENT_ID,LINK_NUMBER", "2,91", "1,92")
    world.put(
        f"{FOLDER}/sim_sact_regimen.csv",
        "MERGED_REGIMEN_ID,MERGED_TUMOUR_ID,MERGED_PATIENT_ID,START_DATE_OF_REGIMEN,"
        "BENCHMARK_GROUP",
        "r1,s1,2,2024-01-25,PACLITAXEL",
        "r2,s2,1,2024-01-26,LETROZOLE",
        "r3,s3,3,2024-01-27,PALBOCICLIB",
    )
    world.run()
    assert {
        (row["person_id"], row["start_date"].day, row["modality_group"])
        for row in rows(world.warehouse, "treatment")
        if row["person_id"] in world.cohort()
    } == {(person("1"), 25, "chemotherapy"), (person("2"), 26, "endocrine")}
    assert {row["sex"] for row in world.cohort().values()} == {"female"}
    assert world.cohort()[person("2")]["death_date"] == dt.date(2024, 2, 10)
    assert {(row["deprivation_quintile"]) for row in rows(world.warehouse, "case_mix_person")} == {
        *"123"
    }
    assert world.ledger()[f"{FOLDER}/sim_sact_regimen.csv"] == (3, 3, 0, 0, 0)
    assert world.ledger()[f"{FOLDER}/sim_sact_patient.csv"] == (2, 2, 0, 0, 0)


def test_cns_and_trust_where_the_extract_has_them(world: World) -> None:
    world.put(
        f"{FOLDER}/av_tumour.csv",
        f"{TUMOUR},CNS,DIAG_TRUST,DCO",
        "t1,2,a,2024-01-06,C50,4,1,61,,Y1,RTH,N",
        "t2,2,b,2024-01-07,C50,4,1,61,,,RTH,N",
        "t3,2,c,2024-01-08,C50,4,1,61,,Y1,RTH,Y",
    )
    world.run()
    (national,) = [
        row
        for row in rows(world.warehouse, "cns_access")
        if (row["quarter"], row["period"], row["geography_type"], row["presentation"])
        == ("2024-Q1", "quarter", "nation", "all")
    ]
    assert (national["patients"], national["recorded"], national["seen"]) == (2, 1, 1)
    assert {row["provider_code"] for row in world.cohort().values()} == {"RTH"}


def test_a_later_extract_replaces_by_tumour(world: World) -> None:
    world.put(
        "england/registry/2023-11-15/av_tumour.csv",
        TUMOUR,
        "t1,2,a,2023-10-06,C50,2,0,61,",
        "t2,2,b,2023-10-06,C50,4,1,61,",
    )
    world.put(
        f"{FOLDER}/av_tumour.csv",
        TUMOUR,
        "t1,2,a,2023-10-07,C50,4,1,61,",
        "t1,2,a,2023-10-08,C50,4,1,61,",
    )
    world.put(
        "england/registry/2023-11-15/av_patient.csv", PATIENT, "a,2,A,D,2023-11-01", "b,2,A,A,"
    )
    world.put(f"{FOLDER}/av_patient.csv", PATIENT, "a,2,A,A,2024-02-15")
    world.run()
    cohort = world.cohort()
    # The last row of the number stands; what the later extract leaves out stays.
    assert {key: row["mbc_date"] for key, row in cohort.items()} == {
        person("a"): dt.date(2023, 10, 8),
        person("b"): dt.date(2023, 10, 6),
    }
    assert cohort[person("a")]["death_date"] is None
    assert world.ledger() == {
        "england/registry/2023-11-15/av_tumour.csv": (2, 1, 1, 0, 0),
        f"{FOLDER}/av_tumour.csv": (2, 1, 1, 0, 0),
        "england/registry/2023-11-15/av_patient.csv": (2, 1, 1, 0, 0),
        f"{FOLDER}/av_patient.csv": (1, 1, 0, 0, 0),
    }


@pytest.mark.parametrize("linked", [True, False])
def test_a_key_file_makes_one_person_of_two(world: World, linked: bool) -> None:
    """COSD says M1 on 10 January, the extract stage 4 on 6 January: one event, the earlier date."""
    metastatic = V9_BREAST.replace(
        "</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails>",
        "</DateOfPrimaryDiagnosisClinicallyAgreed></LinkageDiagnosticDetails>"
        "<Staging><MCategoryFinalPretreatment>1</MCategoryFinalPretreatment></Staging>",
    )
    put(world.landing, "england/cosd/R0A/2024-01/a.xml", cosd(metastatic))
    world.put(f"{FOLDER}/av_tumour.csv", TUMOUR, "t1,2,a,2024-01-06,C50,4,1,63,")
    world.put(f"{FOLDER}/av_patient.csv", PATIENT, "a,2,A,D,2024-02-10")
    if linked:
        world.put(f"{FOLDER}/key.csv", "PATIENTID,NHS_NUMBER", f"a,{NHS_NUMBER}", "b,123")
    world.run()
    cohort = world.cohort()
    nhs_person = PSEUDONYMISER.nhs_person(NHS_NUMBER)[0]
    if not linked:
        assert set(cohort) == {nhs_person, person("a")}
        return
    assert list(cohort) == [nhs_person]
    (only,) = cohort.values()
    assert only["mbc_date"] == dt.date(2024, 1, 6)
    # The real birth date of COSD, not the one made from AGE; the death of the extract.
    assert only["birth_date"] == dt.date(1960, 2, 29)
    assert only["death_date"] == dt.date(2024, 2, 10)
    assert world.ledger()[f"{FOLDER}/key.csv"] == (2, 1, 0, 0, 1)
    assert NHS_NUMBER not in str(rows(world.warehouse, "registry_key"))
    assert len(rows(world.warehouse, "mbc_event")) == 1


@pytest.mark.parametrize(
    ("day", "mbc_date", "provider", "patients"),
    [
        # COSD of 10 January says neither M nor stage; the nurse that it names is of the event.
        ("2024-01-06", "2024-01-06", "R0A", 1),
        ("2024-01-20", "2024-01-10", "R0A", 1),
        ("2024-03-12", "2024-01-10", "R0A", 1),
        # 63 days: two diagnoses, of which the extract's is metastatic.
        ("2024-03-13", "2024-03-13", None, 0),
    ],
)
def test_the_stage_of_an_extract_is_of_the_diagnosis_in_cosd(
    world: World, day: str, mbc_date: str, provider: str | None, patients: int
) -> None:
    put(world.landing, "england/cosd/R0A/2024-03/a.xml", cosd(V9_BREAST))
    folder = "england/registry/2024-03-31"
    world.put(f"{folder}/av_tumour.csv", TUMOUR, f"t1,2,a,{day},C50,4,1,63,")
    world.put(f"{folder}/key.csv", "PATIENTID,NHS_NUMBER", f"a,{NHS_NUMBER}")
    world.run()
    (person_,) = world.cohort().values()
    assert (str(person_["mbc_date"]), person_["presentation"]) == (mbc_date, "de_novo")
    assert person_["provider_code"] == provider
    seen = [
        row["patients"]
        for row in rows(world.warehouse, "cns_access")
        if row["geography_type"] == "provider" and row["period"] == "rolling_12m"
        if row["presentation"] == "all" and row["quarter"] == str(LAST)
    ]
    assert sum(seen) == patients


def test_an_extract_beside_cosd_does_not_move_the_horizon_of_wales(world: World) -> None:
    """Wales sent nothing: it follows COSD (ruling A5), not the extract's own day (ruling F13)."""
    put(world.landing, "england/cosd/R0A/2023-11/a.xml", cosd(V9_BREAST))
    world.put(f"{FOLDER}/av_tumour.csv", TUMOUR, "t1,2,a,2024-01-06,C50,4,1,63,")
    world.run()
    (last,) = [
        row for row in rows(world.warehouse, "reporting_quarter") if row["quarter"] == str(LAST)
    ]
    assert (last["england_horizon"], last["wales_horizon"], last["registry_horizon"]) == (
        dt.date(2023, 12, 31),
        dt.date(2023, 12, 31),
        dt.date(2024, 2, 15),
    )


def test_an_extract_alone_from_the_command_line(tmp_path: Path) -> None:
    """Nobody has a provider: the national tables are made, and every blocking check passes."""
    place = Place(tmp_path, tmp_path / "landing")
    put(
        tmp_path / "landing",
        f"{FOLDER}/sim_av_tumour.csv",
        csv(TUMOUR, *(f"t{n},2,p{n},2024-01-{n:02},C50,4,1,60,2024-02-01" for n in range(1, 29))),
    )
    put(
        tmp_path / "landing",
        f"{FOLDER}/sim_av_patient.csv",
        csv(PATIENT, *(f"p{n},2,A,A,2024-02-15" for n in range(1, 29))),
    )
    done = place.naome("run", "--from", str(FIRST), "--to", str(LAST))
    assert done.returncode == 0, done.stderr + done.stdout
    assert len(place.tables()["mbc_cohort"]) == 28
    everyone = [
        row
        for row in place.tables()["prevalence"]
        if row[0] == str(LAST) and row[2] == "england_and_wales"
        if row[5:10] == ("registry", *("all",) * 4)
    ]
    assert [row[10] for row in everyone] == [28]


def test_receptors_deprivation_and_comorbidity(world: World) -> None:
    """Subtype and the terms of case-mix models, with values as the two layouts send them."""
    world.put(
        f"{FOLDER}/sim_av_tumour.csv",
        TUMOUR + ",ER_STATUS,PR_STATUS,HER2_STATUS,QUINTILE_2019,CHRL_TOT_27_03",
        "t1,2,luminal,2024-01-06,C50,4,1,61,,P,N,N,1 - most deprived,0",
        "t2,2,her2,2024-01-07,C50,4,1,62,,N,X,P,5,7",
        "t3,2,borderline,2024-01-08,C50,4,1,63,,N,N,B,,",
        "t4,2,odd,2024-01-09,C50,4,1,64,,X,,N,15,many",
    )
    world.run()
    assert {
        row["person_id"]: (row["er_status"], row["pr_status"], row["her2_status"])
        for row in rows(world.warehouse, "receptor_status")
    } == {
        person("luminal"): ("positive", "negative", "negative"),
        person("her2"): ("negative", "unknown", "positive"),
        person("borderline"): ("negative", "negative", "unknown"),
        person("odd"): ("unknown", "unknown", "negative"),
    }
    assert {
        row["person_id"]: (row["deprivation_quintile"], row["comorbidity"])
        for row in rows(world.warehouse, "case_mix_person")
        if row["indicator"] == "survival_1y"
    } == {
        person("luminal"): ("1", "0"),
        person("her2"): ("5", "3+"),
        person("borderline"): (None, None),
        person("odd"): (None, None),
    }
