"""In whatever order files arrive and runs go: the tables end as after one run over all."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.oracle.strategies import World, landings
from naome_tests.sources.support import LOCAL_IDENTIFIER, NHS_NUMBER, V9_BREAST, cosd

from .audit import audit, rows
from .test_command_line import Place
from .test_engines import differing, same_rows

FIRST, LAST = Quarter(2024, 1), Quarter(2024, 2)
_FIGURES = ("prevalence", "cns_access", "time_to_treatment")


def _document(created: str, *records: str) -> str:
    return cosd(*records).replace("2024-02-20T10:15:00", created)


_DISTANT = V9_BREAST.replace("C50.4", "C50.9")
#: Another person, with de novo MBC and a treatment. Corrected later: nurse contact and the day
#: of the treatment.
_OTHER_NUMBER = "9990000018"
_METASTATIC = (
    V9_BREAST.replace(NHS_NUMBER, _OTHER_NUMBER)
    .replace(LOCAL_IDENTIFIER.lower(), "b2")
    .replace(
        "</LinkageDiagnosticDetails>",
        "</LinkageDiagnosticDetails><Diagnosis><MetastaticTypeAndSiteDiagnosis>"
        '<MetastaticType code="03"/></MetastaticTypeAndSiteDiagnosis></Diagnosis>',
    )
    .replace(
        "</BreastRecord>",
        "<ClinicalNurseSpecialistAndRiskFactorAssessments>"
        '<ClinicalNurseSpecialistIndicationCode code="NN"/>'
        "</ClinicalNurseSpecialistAndRiskFactorAssessments>"
        "<Treatment><TreatmentStartDateCancer>2024-02-25</TreatmentStartDateCancer>"
        '<CancerTreatmentModalityRegistration code="02"/></Treatment></BreastRecord>',
    )
)
_CORRECTED = _METASTATIC.replace('"NN"', '"Y1"').replace("2024-02-25", "2024-01-25")
_ARRIVALS = (
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-01/same.xml", _document("2024-02-20T10:15:00", V9_BREAST)),
    ("england/cosd/R0A/2024-04/late.xml", _document("2024-05-20T10:15:00", V9_BREAST, _DISTANT)),
    ("england/cosd/R0A/2024-04/late.xml", "<broken"),
    ("england/cosd/R0A/2024-01/a.xml", None),
    ("england/cosd/R0A/2024-01/a.xml", _document("2024-06-20T10:15:00", _DISTANT)),
    ("england/cosd/R0A/2024-01/mbc.xml", _document("2024-03-21T10:15:00", _METASTATIC)),
    ("england/cosd/R0A/2024-04/mbc.xml", _document("2024-05-21T10:15:00", _CORRECTED)),
    ("england/cosd/R0A/2024-02/notes.txt", "x"),
    ("stray.txt", "x"),
)


#: Each example is several audits; ``NAOME_ARRIVALS=50`` tries more orders than CI has time for.
_few_orders = settings(
    max_examples=int(os.environ.get("NAOME_ARRIVALS", "3")),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


#: Seeded by hypothesis. Its own kind of chance begins with the plainest order, which tells least.
_chances = st.randoms(use_true_random=True)


@contextmanager
def _two_warehouses() -> Iterator[tuple[Path, DuckDBWarehouse, DuckDBWarehouse]]:
    """A landing folder, a warehouse for what arrives bit by bit, and one for all at once."""
    step_by_step, at_once = (DuckDBWarehouse(duckdb.connect(":memory:")) for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "landing", step_by_step, at_once
    step_by_step.close()
    at_once.close()


def _tells_of_every_file(warehouse: DuckDBWarehouse, landing: Path) -> None:
    """Each file of the landing folder is in the ledger once, and adds up."""
    files = [row["file"] for row in rows(warehouse, "ledger")]
    assert sorted(files) == sorted(
        path.relative_to(landing).as_posix() for path in landing.rglob("*") if path.is_file()
    )
    for row in rows(warehouse, "ledger"):
        parts = ("accepted", "superseded", "out_of_scope", "quarantined")
        assert row["received"] == sum(row[name] for name in parts)


@_few_orders
@given(_chances)
def test_the_order_of_arrivals_and_runs_is_of_no_consequence(chance: random.Random) -> None:
    """Resubmissions, copies, corrections under the same name, late and broken and deleted files."""
    arrivals = chance.sample(_ARRIVALS, len(_ARRIVALS))
    runs = chance.sample(range(len(_ARRIVALS)), 3)
    with _two_warehouses() as (landing, step_by_step, at_once):
        for number, (name, content) in enumerate(arrivals):
            if content is None:
                (landing / name).unlink(missing_ok=True)
            else:
                _put(landing, name, content)
            if number in runs:
                audit(step_by_step, landing, FIRST, chance.choice((FIRST, LAST)))
        # The last run covers every quarter that has changed since it was last run.
        audit(step_by_step, landing, FIRST, LAST)
        audit(at_once, landing, FIRST, LAST)
        assert all(rows(at_once, table) for table in _FIGURES), "nothing would be compared"
        assert differing(step_by_step, at_once) == []
        _tells_of_every_file(at_once, landing)


@_few_orders
@given(landings(max_people=12), _chances)
def test_submissions_of_every_source_may_arrive_in_any_order(
    world: World, chance: random.Random
) -> None:
    """COSD of every version, Welsh, SACT and deaths files, and runs between their arrivals."""
    with _two_warehouses() as (landing, step_by_step, at_once):
        sent = landing.parent / "sent"
        world.write(sent)
        files = sorted(path for path in sent.rglob("*") if path.is_file())
        chance.shuffle(files)
        for number, path in enumerate(files):
            arrived = landing / path.relative_to(sent)
            arrived.parent.mkdir(parents=True, exist_ok=True)
            path.rename(arrived)
            if number in (len(files) // 3, 2 * len(files) // 3):
                audit(step_by_step, landing, world.first, chance.choice((world.first, world.last)))
        audit(step_by_step, landing, world.first, world.last)
        audit(at_once, landing, world.first, world.last)
        assert differing(step_by_step, at_once) == []


def test_arrivals_through_dagster(tmp_path: Path) -> None:
    """What a user runs before and after files arrive, against one run over all that arrived."""
    place = Place(tmp_path / "steps", tmp_path / "landing")
    landing = tmp_path / "landing" / "england/cosd/R0A"
    first = _document("2024-03-21T10:15:00", _METASTATIC)
    _put(landing, "2024-01/mbc.xml", first)
    _put(landing, "2024-01/other.xml", _document("2024-03-22T10:15:00", V9_BREAST))
    _run(place, FIRST, FIRST)
    assert _figures_of(place) == ((1, 0), (1, 0), (1,))
    # Sent again with corrections a quarter later, delivered twice, and left out of a later file.
    _put(landing, "2024-04/mbc.xml", _document("2024-05-21T10:15:00", _CORRECTED))
    _put(landing, "2024-01/again.xml", first)
    _put(landing, "2024-05/next.xml", _document("2024-06-21T10:15:00", _DISTANT))
    # A late file of a past quarter tells of one more person; a file is corrected under its name,
    # and its person is another.
    third, fourth = (
        _METASTATIC.replace(_OTHER_NUMBER, number).replace("b2", local)
        for number, local in (("9990000026", "b3"), ("9990000034", "b4"))
    )
    _put(landing, "2024-02/late.xml", _document("2024-03-25T10:15:00", third))
    _put(landing, "2024-01/other.xml", _document("2024-03-23T10:15:00", fourth))
    _run(place, FIRST, LAST)
    assert _figures_of(place) == ((3, 1), (3, 1), (3,))
    assert _ledger_of(place) == {
        "2024-01/again.xml": (1, 0, 1, False),
        "2024-01/mbc.xml": (1, 0, 1, True),
        "2024-01/other.xml": (1, 1, 0, False),
        "2024-02/late.xml": (1, 1, 0, False),
        "2024-04/mbc.xml": (1, 1, 0, False),
        "2024-05/next.xml": (1, 1, 0, False),
    }
    with (
        closing(DuckDBWarehouse(duckdb.connect(":memory:"))) as at_once,
        closing(open_warehouse(f"duckdb:///{place.database}", read_only=True)) as by_steps,
    ):
        audit(at_once, tmp_path / "landing", FIRST, LAST)
        figures = ("ledger", "prevalence", "cns_access", "time_to_treatment", "indicator")
        for table in figures:
            assert same_rows(rows(by_steps, table), rows(at_once, table)), table


def _run(place: Place, first: Quarter, last: Quarter) -> None:
    done = place.naome("run", "--from", str(first), "--to", str(last))
    assert done.returncode == 0, done.stdout + done.stderr


def _figures_of(place: Place) -> tuple[Any, ...]:
    with closing(open_warehouse(f"duckdb:///{place.database}", read_only=True)) as warehouse:
        return _figures(warehouse)


def _ledger_of(place: Place) -> dict[str, tuple[int, int, int, bool]]:
    """By file: received, accepted, superseded, and whether it has the content of another."""
    with closing(open_warehouse(f"duckdb:///{place.database}", read_only=True)) as warehouse:
        return {
            row["file"].removeprefix("england/cosd/R0A/"): (
                row["received"],
                row["accepted"],
                row["superseded"],
                "same_content" in (row["reason"] or ""),
            )
            for row in rows(warehouse, "ledger")
        }


def _figures(warehouse: Warehouse) -> tuple[Any, ...]:
    """(patients, seen), (patients, treated within 31 days), people with MBC; of 2024-Q1."""
    national = "geography_type = 'england_and_wales' and quarter = '2024-Q1'"
    seen = warehouse.query(
        f"select patients, seen from cns_access where {national} "
        "and presentation = 'all' and period = 'quarter'"
    )
    treated = warehouse.query(
        f"select patients, within_31d from time_to_treatment where {national} "
        "and presentation = 'all' and period = 'quarter' and modality = 'any'"
    )
    people = warehouse.query(
        f"select people from prevalence where {national} and presentation = 'all' "
        "and sex = 'all' and age_band = 'all' and years_since_mbc = 'all'"
    )
    return tuple(tuple(frame.iloc[0].tolist()) for frame in (seen, treated, people))


def _put(landing: Path, name: str, content: str) -> None:
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_a_correction_changes_the_figures_and_an_omission_does_not(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    first = _document("2024-03-21T10:15:00", _METASTATIC, V9_BREAST)
    _put(landing, "england/cosd/R0A/2024-01/mbc.xml", first)
    audit(warehouse, landing, FIRST, LAST)
    assert _figures(warehouse) == ((1, 0), (1, 0), (1,))
    corrected = _document("2024-05-21T10:15:00", _CORRECTED)
    _put(landing, "england/cosd/R0A/2024-04/mbc.xml", corrected)
    audit(warehouse, landing, LAST, LAST)
    assert _figures(warehouse) == ((1, 1), (1, 1), (1,))
    # A later file of the provider that leaves her out: nobody is deleted.
    _put(landing, "england/cosd/R0A/2024-05/next.xml", _document("2024-06-21T10:15:00", _DISTANT))
    audit(warehouse, landing, LAST, LAST)
    assert _figures(warehouse) == ((1, 1), (1, 1), (1,))
    assert len(rows(warehouse, "person")) == 2


def test_the_same_bytes_again_say_so_in_the_ledger(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    sent = _document("2024-02-20T10:15:00", V9_BREAST)
    for name in ("a.xml", "b.xml"):
        _put(landing, f"england/cosd/R0A/2024-01/{name}", sent)
    _put(landing, "england/cosd/R0A/2024-01/c.xml", sent.replace("10:15", "10:16"))
    audit(warehouse, landing, FIRST, FIRST)
    told = {Path(row["file"]).name: row for row in rows(warehouse, "ledger")}
    assert "same_content" not in (told["a.xml"]["reason"] or "")
    assert told["b.xml"]["reason"].endswith(
        "same_content: same content as england/cosd/R0A/2024-01/a.xml"
    )
    assert "same_content" not in (told["c.xml"]["reason"] or "")
    stood = {name: (row["accepted"], row["superseded"]) for name, row in told.items()}
    assert stood == {"a.xml": (0, 1), "b.xml": (0, 1), "c.xml": (1, 0)}
