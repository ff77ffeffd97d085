"""What is a drug in the drug column of SACT, and the group of a regimen (rulings F5, I3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.oracle import figures, places
from naome_tests.oracle import submissions as sent
from naome_tests.pipeline.audit import audit

#: Name, and its groups.
NAMES = {
    "aromatase inhibitor reminder - pres": {"note"},
    "BSA CALCULATION FOR SACT": {"note"},
    "CARBOPLATIN DOSE CALCULATION (CALVERT)": {"note"},
    "BLUETEQ REGISTRATION REQUIREMENTS -": {"note"},
    "PACLITAXEL - NOT GIVEN": {"note"},
    "Day 1 only": {"note"},
    "CYCLE 2 DUE": {"note"},
    "DOSE BANDED 600MG": {"note"},
    "Dose banding applied": {"note"},
    "BOOK NEXT APPT": {"note"},
    "TTO pack": {"note"},
    "Scalp cooling": {"note"},
    "Homecare": {"note"},
    "PACLITAXEL + SCALP COOLING": {"chemotherapy"},
    "CAP": {"unrecognised"},
    "HEIGHT/WEIGHT": {"note"},
    "SEE PROTOCOL": {"note"},
    "BLOOD TEST BEFORE DAY 8": {"note"},
    "PLEASE PRESCRIBE ORAL MEDICATION": {"note"},
    "PROTON PUMP INHIBITOR": {"supportive"},
    "PRE-HYDRATION 1 L": {"supportive"},
    "LINE FLUSH": {"supportive"},
    "ANTI-EMETICS AS PER PROTOCOL": {"supportive"},
    "FERINJECT": {"supportive"},
    "NOT CHEMO": {"supportive"},
    "No drug": {"not_given"},
    "PACLITAXEL DAY 1 ONLY": {"chemotherapy"},
    "capecitabine 500mg tablets": {"chemotherapy"},
    "nab-paclitaxel": {"chemotherapy"},
    "Palbociclib 125 mg": {"cdk4_6"},
    "trastuzumab-dkst": {"her2"},
    "Herceptin SC": {"her2"},
    "Phesgo": {"her2"},
    "Kadcyla": {"her2"},
    "ENHERTU (DOSE BANDED)": {"her2"},
    "ZOLADEX LA 10.8 MG": {"endocrine"},
    "LETROZOLE + PALBOCICLIB": {"endocrine", "cdk4_6"},
    "NEWDRUGIB": {"unrecognised"},
    "NEWDRUGIB DAY 1 ONLY": {"unrecognised"},
    "NOT MATCHED": {"unrecognised"},
    "TRIAL DRUG": {"unrecognised"},
}
#: Regimen, its drugs, and its group.
REGIMENS = (
    ("R1", ("LETROZOLE", "AROMATASE INHIBITOR REMINDER - PRES"), "endocrine"),
    ("R2", ("PALBOCICLIB", "LETROZOLE", "BSA CALCULATION FOR SACT"), "other_systemic"),
    ("R3", ("ZOLEDRONIC ACID", "PROTON PUMP INHIBITOR"), None),
    ("R4", ("BSA CALCULATION FOR SACT",), None),
    ("R5", ("LETROZOLE", None), "endocrine"),
    ("R6", ("LETROZOLE", "NEWDRUGIB"), "chemotherapy"),
    ("R7", (None,), "chemotherapy"),
    ("KISQALI", (None,), "other_systemic"),
    ("ANASTROZOLE", ("SEE PROTOCOL",), "endocrine"),
    ("ZOLEDRONIC ACID", (None,), None),
    ("DENOSUMAB", ("DENOSUMAB", None), None),
    ("FEC", ("ONDANSETRON", None), "chemotherapy"),
    ("PACLITAXEL", ("ONDANSETRON",), None),
    (None, (None,), "other"),
    ("SEE PROTOCOL", (None,), "other"),
    (None, ("BSA CALCULATION FOR SACT",), None),
    (None, ("LETROZOLE", None), "endocrine"),
)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Every regimen on a day of its own, and every name as a drug of another provider."""
    landing: Path = tmp_path_factory.mktemp("landing")
    who = sent.NHS_NUMBERS[0]
    rows = [
        sent.Administration(who, f"2024-01-{day:02}", drug=drug, regimen=regimen)
        for day, (regimen, drugs, _) in enumerate(REGIMENS, start=1)
        for drug in drugs
    ]
    sent.sact(landing, "2024-01", *rows)
    named = [sent.Administration(who, "2024-02-01", drug=name, provider="RTH") for name in NAMES]
    sent.sact(landing, "2024-02", *named)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, Quarter(2024, 1), Quarter(2024, 1))
    yield warehouse
    warehouse.close()


def test_names(given: Warehouse) -> None:
    found: dict[str, set[str]] = {}
    rows = given.arrow("select drug_name, drug_group from drug where is_drug").to_pylist()
    for row in rows:
        found.setdefault(row["drug_name"], set()).add(row["drug_group"])
    assert {name: found[name.upper()] for name in NAMES if name.upper() in found} == NAMES
    assert {name: set(places.drug_groups(name)) for name in NAMES} == NAMES


def test_regimens(given: Warehouse) -> None:
    rows = given.arrow(
        "select start_date, modality_group from sact_regimen where start_date < '2024-02-01'"
    ).to_pylist()
    expected = {day: group for day, (_, _, group) in enumerate(REGIMENS, start=1)}
    assert {row["start_date"].day: row["modality_group"] for row in rows} == expected
    assert [
        figures.regimen_group({drug or "" for drug in drugs}, regimen or "")
        for regimen, drugs, _ in REGIMENS
    ] == list(expected.values())


def test_a_row_without_drug_and_regimen_is_listed(given: Warehouse) -> None:
    rows = given.arrow(
        "select position, severity from quarantine where rule = 'drug_not_given'"
    ).to_pylist()
    assert len(rows) == sum(
        (regimen, drug) == (None, None) for regimen, drugs, _ in REGIMENS for drug in drugs
    )
    assert {row["severity"] for row in rows} == {"warning"}


def test_unknown_drugs_are_listed_with_their_providers(given: Warehouse) -> None:
    rows = given.arrow("select * from drug_to_review").to_pylist()
    assert {(row["drug_name"], row["provider"], row["given"]) for row in rows} == {
        ("NEWDRUGIB", "RHU", 1),
        *((name, "RTH", 1) for name, groups in NAMES.items() if groups == {"unrecognised"}),
    }
