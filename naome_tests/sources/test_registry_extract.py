"""England registry extract: NDRS and Simulacrum CSV files become table rows."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from .support import NHS_NUMBER, PSEUDONYMISER, put, read

FOLDER = "england/registry/2024-02-15"
TUMOURS = (
    "TUMOURID,GENDER,PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10R4_O2_3CHAR_FROM2013,STAGE_BEST,M_BEST,"
    "AGE,QUINTILE_2019\n"
    "t1,2,p1,2023-05-06,C50,4,1,61,1 - most deprived\n"
    "t2,1,p2,2023-05-07,C61,2,0,70,3\n"
    "t3,2,p3,2023-05-08,d05,0,0,55,2\n"
    "t4,2,p4,nonsense,,4A,,50,2\n"
)


def test_breast_tumours_are_stored_and_others_counted(tmp_path: Path) -> None:
    put(tmp_path, f"{FOLDER}/sim_av_tumour.csv", TUMOURS)
    landed = read(tmp_path)
    submission = landed.submission
    assert (submission["source"], submission["received"], submission["other_tumour_groups"]) == (
        "registry_tumour",
        4,
        1,
    )
    assert submission["extract_date"] == dt.date(2024, 2, 15)
    first, second, third = landed.rows("registry_tumour")
    assert (first["position"], second["position"], third["position"]) == (1, 3, 4)
    assert first["registry_person_id"] == PSEUDONYMISER.registry("person", "p1")
    assert first["tumour_id"] == PSEUDONYMISER.registry("tumour", "T1")
    assert first["diagnosis_date"] == dt.date(2023, 5, 6)
    assert (first["stage_best"], first["age"], first["sex"]) == ("4", "61", "2")
    assert first["deprivation_quintile"] == "1"
    assert (first["is_cns_sent"], first["provider"]) == (False, None)
    assert (third["diagnosis_date"], third["diagnosis_date_fault"]) == (None, "unreadable")


@pytest.mark.parametrize(
    ("renamed", "to"), [("PATIENTID", "pseudo_patientid"), ("GENDER", "SEX"), ("TUMOURID", None)]
)
def test_columns_by_their_other_names(tmp_path: Path, renamed: str, to: str | None) -> None:
    put(tmp_path, f"{FOLDER}/AV_TUMOUR.csv", TUMOURS.replace(renamed, to or "OTHER", 1))
    landed = read(tmp_path)
    if to is None:
        assert landed.submission["reason"] == "columns_missing: columns are missing: TUMOURID"
        return
    first = landed.rows("registry_tumour")[0]
    assert first["registry_person_id"] == PSEUDONYMISER.registry("person", "p1")
    assert first["sex"] == "2"


def test_a_cns_column_is_noticed(tmp_path: Path) -> None:
    header, first, *_ = TUMOURS.splitlines()
    content = f"{header},CNS,DIAG_TRUST\n{first},Y1,RTH\n"
    put(tmp_path, f"{FOLDER}/av_tumour.csv.gz", gzip.compress(content.encode()))
    (row,) = read(tmp_path).rows("registry_tumour")
    assert (row["is_cns_sent"], row["cns_indication"], row["provider"]) == (True, "Y1", "RTH")


@pytest.mark.parametrize(
    ("name", "header", "row", "table", "expected"),
    [
        (
            "sim_av_patient.csv",
            "PATIENTID,SEX,NEWVITALSTATUS,VITALSTATUSDATE",
            "p1,2,D3,2023-12-31",
            "registry_patient",
            {"sex": "2", "vital_status": "D3", "vital_status_date": dt.date(2023, 12, 31)},
        ),
        (
            "sim_sact_regimen.csv",
            "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN,MAPPED_REGIMEN",
            "p1,r1,2023-06-01,Capecitabine",
            "registry_regimen",
            {
                "registry_person_id": PSEUDONYMISER.registry("person", "p1"),
                "regimen_id": PSEUDONYMISER.registry("regimen", "r1"),
                "regimen": "CAPECITABINE",
                "start_date": dt.date(2023, 6, 1),
            },
        ),
        (
            "sim_sact_cycle.csv",
            "MERGED_REGIMEN_ID,MERGED_CYCLE_ID,CYCLE_NUMBER",
            "r1,c1,2",
            "registry_cycle",
            {
                "cycle_id": PSEUDONYMISER.registry("cycle", "c1"),
                "regimen_id": PSEUDONYMISER.registry("regimen", "r1"),
                "cycle_number": "2",
            },
        ),
        (
            "sim_sact_drug_detail.csv",
            "MERGED_CYCLE_ID,DRUG_GROUP",
            "c1,capecitabine",
            "registry_drug",
            {"cycle_id": PSEUDONYMISER.registry("cycle", "c1"), "drug_group": "CAPECITABINE"},
        ),
        (
            "sim_sact_outcome.csv",
            "MERGED_REGIMEN_ID",
            "r1",
            "registry_outcome",
            {"regimen_id": PSEUDONYMISER.registry("regimen", "r1")},
        ),
        (
            "sim_rtds_episode.csv",
            "PATIENTID,RADIOTHERAPYEPISODEID,APPTDATE",
            "p1,e1,2023-07-01",
            "registry_radiotherapy",
            {
                "episode_id": PSEUDONYMISER.registry("episode", "e1"),
                "appointment_date": dt.date(2023, 7, 1),
            },
        ),
        (
            "sim_rtds_prescription.csv",
            "RADIOTHERAPYEPISODEID,RTTREATMENTREGION",
            "e1,M",
            "registry_prescription",
            {"episode_id": PSEUDONYMISER.registry("episode", "e1"), "region": "M"},
        ),
        (
            "key.csv",
            "PATIENTID,NHS_NUMBER",
            f"p1,{NHS_NUMBER}",
            "registry_key",
            {
                "registry_person_id": PSEUDONYMISER.registry("person", "p1"),
                "nhs_person_id": PSEUDONYMISER.nhs_person(NHS_NUMBER)[0],
            },
        ),
    ],
)
def test_the_other_files(
    tmp_path: Path, name: str, header: str, row: str, table: str, expected: dict[str, object]
) -> None:
    put(tmp_path, f"{FOLDER}/{name}", f"{header}\n{row}\n")
    landed = read(tmp_path)
    assert landed.submission["status"] == "loaded", landed.submission["reason"]
    (only,) = landed.rows(table)
    assert {column: only[column] for column in expected} == expected
    assert NHS_NUMBER.encode() not in landed.parquet


def test_a_folder_that_is_no_date_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "england/registry/2024-02-31/av_tumour.csv", TUMOURS)
    assert read(tmp_path).submission["reason"].startswith("extract_date:")
