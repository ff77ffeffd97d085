"""The SQL pipeline gives the hospital methods of an independent implementation of section 9."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.oracle.hospital import Methods, compute
from naome_tests.oracle.hospital.cohort import tells_of_breast
from naome_tests.oracle.hospital.judge import wanted
from naome_tests.oracle.hospital.strategies import World, hospital_worlds
from naome_tests.pipeline.audit import PROJECT, PSEUDONYMISER, audit, rows
from naome_tests.pipeline.comparison import same

pytestmark = pytest.mark.skipif(
    "hospital_candidate" not in PROJECT.models, reason="the models of the hospital methods"
)

Row = dict[str, Any]
COHORT = (
    *("person_id", "method", "nation", "provider_code", "mbc_date", "presentation", "sex"),
    *("age_at_mbc", "first_evidence_date", "evidence_rule", "death_date"),
)
CELL = ("sex", "age_band", "presentation")
PLACE = ("quarter", "geography_type", "geography_code")
#: Counts of method_comparison; a row without any may be left out.
PEOPLE = ("people_registry", "people_registry_hospital", "people_broad")
#: What of waiting times can be evidence (H23); of the rest the text does not say what becomes.
EVENTS = ("05", "06", "12")
TOLD = ("", "C50", "C77", "C78", "C79")
FIGURES = ("incidence", "incidence_rate", "recurrent_share")


def compare(landing: Path, first: Quarter, last: Quarter) -> list[str]:
    """What the pipeline and the reference say differently of a landing folder."""
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    try:
        audit(warehouse, landing, first, last)
        reference = compute(landing, first, last)
        return [
            *books(warehouse, reference),
            *evidence(warehouse, reference),
            *cohort(warehouse, reference),
            *tables(warehouse, reference),
        ]
    finally:
        warehouse.close()


def pseudonym(person: Sequence[str] | None) -> str | None:
    """As the warehouse knows somebody of an NHS number, or of a provider's own."""
    if person is None:
        return None
    if person[0] == "nhs":
        return PSEUDONYMISER.nhs_person(person[1])[0]
    return PSEUDONYMISER.local_person(person[1], person[2])


def bags(what: str, ours: Iterable[object], theirs: Iterable[object]) -> list[str]:
    """Rows that are not the same number of times in both."""
    left, right = Counter(map(str, ours)), Counter(map(str, theirs))
    return [f"{what}: only here {row}" for row in sorted((left - right).elements())] + [
        f"{what}: only in the reference {row}" for row in sorted((right - left).elements())
    ]


def keyed(what: str, key: tuple[str, ...], ours: Sequence[Row], theirs: Sequence[Row]) -> list[str]:
    """Rows by key, and the columns that both have."""
    left, right = ({tuple(row[k] for k in key): row for row in own} for own in (ours, theirs))
    found = [f"{what}: only here {k}" for k in sorted(left.keys() - right.keys(), key=str)]
    found += [
        f"{what}: only in the reference {k}" for k in sorted(right.keys() - left.keys(), key=str)
    ]
    if len(left) != len(ours):
        found.append(f"{what}: the key is not unique here")
    for k in left.keys() & right.keys():
        found += [
            f"{what} {k} {column}: {left[k][column]!r}, reference {expected!r}"
            for column, expected in right[k].items()
            if column in left[k] and not same(left[k][column], expected)
        ]
    return found


def books(warehouse: Warehouse, reference: Methods) -> list[str]:
    """Ledger and errors; but of HES the text rules what counts, not which row is charged."""
    charged = "england/hes_apc"
    files = {row["file"] for row in reference.ledger}
    alone = [row for row in reference.ledger if row["file"].startswith(charged)]
    ours = [row for row in rows(warehouse, "ledger") if row["file"] in files]
    states = ("file", "status", "received", "quarter")
    found = bags(
        "ledger",
        ([row[name] for name in states] for row in ours),
        ([row[name] for name in states] for row in reference.ledger),
    )
    found += keyed("ledger", ("file",), [r for r in ours if r["file"].startswith(charged)], alone)
    errors = {
        (row["file"], row["position"])
        for row in rows(warehouse, "quarantine")
        if row["severity"] == "error" and row["file"].startswith(charged)
    }
    expected = {one for one in reference.errors if one[0].startswith(charged)}
    return found + bags("error", errors, expected)


def evidence(warehouse: Warehouse, reference: Methods) -> list[str]:
    """Episodes, codes, courses and events that count, and whose they are."""
    hospital = reference.hospital
    codes: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows(warehouse, "hospital_diagnosis"):
        codes[row["file"], row["position"]].add(row["icd"])
    # Which episodes of no wanted code are kept of PEDW, the text does not say.
    found = bags(
        "hospital_episode",
        (
            (*place, r["source"], r["person_id"], r["hospital_date"], sorted(codes[place]))
            for r in rows(warehouse, "hospital_episode")
            if (place := (r["file"], r["position"]))
            and (r["source"] == "hes_apc" or any(map(wanted, codes[place])))
        ),
        (
            (
                *(e.line.file.path, e.line.position),
                *(e.source, pseudonym(e.person), e.day, sorted(e.codes)),
            )
            for e in hospital.episodes
            if e.source == "hes_apc" or any(map(wanted, e.codes))
        ),
    )
    found += bags(
        "radiotherapy_course",
        (
            (r["person_id"], r["provider"], r["diagnosis"], r["is_metastasis"], r["start_date"])
            for r in rows(warehouse, "radiotherapy_course")
            if r["start_date"]
        ),
        (
            (
                pseudonym(c.person),
                c.provider or None,
                c.diagnosis or None,
                c.is_metastasis,
                c.day,
            )
            for c in hospital.courses
            if c.day
        ),
    )
    return found + bags(
        "waiting_times_event",
        (
            (r["person_id"], r["event_type"], r["icd"], r["treatment_date"])
            for r in rows(warehouse, "waiting_times_event")
            if r["event_type"] in EVENTS and (r["icd"] or "")[:3] in TOLD
        ),
        (
            (pseudonym(w.person), w.kind, w.code or None, w.day)
            for w in hospital.waiting
            if tells_of_breast(w)
        ),
    )


def cohort(warehouse: Warehouse, reference: Methods) -> list[str]:
    """What becomes of each candidate, and one row a person and method."""
    known = ("no_primary_on_file", "before_primary")
    found = bags(
        "hospital_candidate",
        (
            (
                *(row["file"], row["position"]),
                row["status"].replace("evidence", "confirmed"),
                None if row["status"] in known else row["evidence_date"],
            )
            for row in rows(warehouse, "hospital_candidate")
        ),
        (
            (
                *(row["file"], row["position"], row["status"]),
                None if row["status"] in known else row["day"],
            )
            for row in reference.candidate
        ),
    )
    people = [{**row, "person_id": pseudonym(row["person_id"])} for row in reference.mbc_cohort]
    key = ("person_id", "method")
    ours = [{name: row[name] for name in COHORT} for row in rows(warehouse, "mbc_cohort")]
    return found + keyed("mbc_cohort", key, ours, people)


def tables(warehouse: Warehouse, reference: Methods) -> list[str]:
    """Prevalence, new people and the comparison of the methods."""
    found = keyed(
        "prevalence",
        ("method", *PLACE, *CELL, "years_since_mbc"),
        rows(warehouse, "prevalence"),
        reference.prevalence,
    )
    found += keyed(
        "indicator",
        ("method", "indicator", "period", *PLACE, "presentation"),
        [
            {"method": "registry", **row}
            for row in rows(warehouse, "indicator")
            if row["indicator"] in FIGURES
        ],
        reference.indicator,
    )
    with_people, expected = (
        [row for row in own if any(row[name] for name in PEOPLE)]
        for own in (rows(warehouse, "method_comparison"), reference.method_comparison)
    )
    return found + keyed("method_comparison", ("quarter", "nation", *CELL), with_people, expected)


#: As in ``test_reference``.
NEW_WORLDS = int(os.environ.get("NAOME_WORLDS", "0"))
SEED = int(os.environ.get("NAOME_WORLDS_SEED") or secrets.randbelow(2**32))


def _drawn(test: Callable[[World], None]) -> Callable[[World], None]:
    """Fixed worlds, or new ones."""
    common = settings(
        max_examples=NEW_WORLDS or 25,
        deadline=None,
        derandomize=not NEW_WORLDS,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    return common(seed(SEED)(test) if NEW_WORLDS else test)


@_drawn
@given(world=hospital_worlds())
def test_random_worlds(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        world.write(landing)
        assert compare(landing, world.first, world.last) == [], f"{world!r}"
