"""Random pathology reports and SACT XML: ledger and quarantine are those of the reference."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from naome_assets.quarters import Quarter
from naome_tests.oracle import compute
from naome_tests.pipeline.test_reference import compare
from naome_tests.sources import test_sact_xml as sact
from naome_tests.sources.support import NHS_NUMBER, V9_PERSON, V9_PRIMARY, cosd, put
from naome_tests.transform.test_receptors import document, report

QUARTER = Quarter(2024, 1)
REPORTS = st.builds(
    report,
    date=st.sampled_from(
        ("2024-01-12", "2024-01-12", "2024-01-13", "", "2024-02-30", "1899-12-31", "2031-01-01")
    ),
    specimen=st.sampled_from(("1", "5", "")),
    status=st.sampled_from(("1", "2", "6")),
    number=st.sampled_from(("", "", "h-1", "h-2")),
    icd=st.sampled_from(("C509", "c50.4", "D051", "C78.7", "C349", "")),
    sampled=st.sampled_from(("", "2024-01-10", "2024-01-20", "soon")),
    person=st.sampled_from((NHS_NUMBER, NHS_NUMBER, "9434765870", "9434765910", "")),
    ErStatus=st.sampled_from(("P", "N", "X")),
)
OUTSIDE_BREAST = st.builds(
    report,
    date=st.just("2024-01-12"),
    icd=st.sampled_from(("C509", "C349", "")),
    number=st.sampled_from(("", "h-1")),
)
PATHOLOGY = st.builds(
    lambda reports, created: document(*reports, created=created),
    st.lists(REPORTS | OUTSIDE_BREAST, min_size=1, max_size=8),
    st.sampled_from(("2024-06-20T10:00:00", "2024-06-20T11:00:00+01:00", "2024-01-12", "")),
)
FAULTS = st.sampled_from(
    (
        {},
        {},
        {},
        {"NHS_Number": ""},
        {"NHS_Number": "9434765910", "Local_Patient_Identifier": "q7"},
        {"Primary_Diagnosis": ""},
        {"Primary_Diagnosis": "C349"},
        {"Start_Date_Of_Regimen": "-4714-12-31"},
        {"Start_Date_Of_Regimen": "31/02/2024"},
        {"Start_Date_Of_Regimen": "2024-04-01"},
        {"Administration_Date": "2024-01-04"},
    )
)
#: Two faults in one row: each is listed.
SACT = st.builds(
    lambda pairs: sact.document(*(sact.record(sact.GOOD | one | other) for one, other in pairs)),
    st.lists(st.tuples(FAULTS, FAULTS), min_size=1, max_size=6),
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    reports=st.lists(PATHOLOGY, min_size=1, max_size=3),
    administrations=st.lists(SACT, min_size=1, max_size=2),
)
def test_random_reports_and_administrations(reports: list[str], administrations: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        breast = f"<BreastRecord>{V9_PERSON}{V9_PRIMARY}</BreastRecord>"
        put(landing, "england/cosd/R0A/2024-01/a.xml", cosd(breast))
        for number, content in enumerate(reports):
            kind = "cosd" if number == 1 else "pathology"
            put(landing, f"england/{kind}/R0A/2024-0{1 + number}/p{number}.xml", content)
        for number, content in enumerate(administrations):
            put(landing, f"england/sact/2024-0{2 - number}/s.xml", content)
        reference = compute(landing, QUARTER, QUARTER)
        sources = [row["source"] for row in reference.ledger if row["status"] == "loaded"]
        assert sources.count("pathology") == len(reports)
        assert sources.count("sact") == len(administrations)
        assert compare(landing, QUARTER, QUARTER) == []
