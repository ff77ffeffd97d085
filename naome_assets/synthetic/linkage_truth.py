"""Records without an NHS number whose person is known: how often linkage is right.

``python -m naome_assets.synthetic.linkage_truth`` prints the figures of docs/linkage.md. The rows
that linkage compares are made directly from a generated world, without files in between.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import time
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from naome_assets.linkage.model import link
from naome_assets.linkage.rows import COLUMNS
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.synthetic.identities import identity_of
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.records import local_identifier
from naome_assets.synthetic.world import World, date_of, simulate

#: Of events that a provider sends without the NHS number, or with one that is not valid.
SHARE_WITHOUT_NUMBER: Final = 0.01
#: How often an item is written wrong, or is another than before (marriage, a move) [ours].
ERRORS: Final = {
    "surname": 0.03,
    "forename": 0.04,
    "postcode": 0.10,
    "birth_date": 0.01,
    "sex": 0.001,
}
#: How often an item is missing [ours].
MISSING: Final = {"surname": 0.002, "forename": 0.005, "postcode": 0.02, "birth_date": 0.005}


@dataclass(frozen=True)
class Figures:
    """How often linkage is right.

    Attributes:
        people: with an NHS number.
        without_number: people known by a local identifier alone.
        linkable: those of them whose NHS number stands in some other record.
        linked: those that were linked.
        right: those that were linked to themselves.
        seconds: that linking took.
    """

    people: int
    without_number: int
    linkable: int
    linked: int
    right: int
    seconds: float

    @property
    def precision(self) -> float:
        """Right links among links; 1 without links."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Right links among the people who could be linked."""
        return self.right / self.linkable if self.linkable else 0.0

    @property
    def false_match_rate(self) -> float:
        """Wrong links among the people without a number."""
        return (self.linked - self.right) / self.without_number if self.without_number else 0.0


def describe(
    world: World, seed: int, share_without_number: float = SHARE_WITHOUT_NUMBER
) -> tuple[pa.Table, dict[str, str]]:
    """Rows as linkage compares them, and who each local pseudonym is."""
    pseudonymiser = Pseudonymiser(b"generated", keeps_link_keys=True)
    people = world.people[["nhs_number", "birth", "sex"]].to_dict("records")
    columns = ("person", "provider", "date")
    events = zip(*(world.events[name].tolist() for name in columns), strict=True)
    rows: list[dict[str, Any]] = []
    truth: dict[str, str] = {}
    for number, (who, where, date) in enumerate(events):
        person = people[who]
        rng = stream(seed, "linkage", number)
        provider = world.providers[where].code
        nhs_person_id, _ = pseudonymiser.nhs_person(person["nhs_number"])
        local_person_id = pseudonymiser.local_person(provider, local_identifier(who, provider))
        if rng.random() < share_without_number:
            truth[str(local_person_id)] = str(nhs_person_id)
            nhs_person_id = None
        rows.append(
            {
                "nhs_person_id": nhs_person_id,
                "local_person_id": local_person_id,
                "provider": provider,
                "event_date": date_of(date),
            }
            | _as_written(seed, who, person, pseudonymiser, rng)
        )
    return pa.Table.from_pylist(rows, COLUMNS), truth


def measure(rows: pa.Table, truth: dict[str, str], threshold: float) -> Figures:
    """Link, and compare with the truth."""
    begun = time.perf_counter()
    linkage = link(rows, threshold)
    seconds = time.perf_counter() - begun
    numbered = set(rows["nhs_person_id"].drop_null().to_pylist())
    links = linkage.links.to_pylist()
    return Figures(
        people=len(numbered),
        without_number=len(truth),
        linkable=sum(person in numbered for person in truth.values()),
        linked=len(links),
        right=sum(truth[row["person_id"]] == row["linked_person_id"] for row in links),
        seconds=seconds,
    )


def _as_written(
    seed: int, number: int, person: Any, pseudonymiser: Pseudonymiser, rng: random.Random
) -> dict[str, Any]:
    """What a record says of a person: mistakes and gaps included."""
    identity = identity_of(seed, number, person["sex"])._asdict()
    # Somebody else's item: what is written wrong is mostly still a name or a postcode.
    other = identity_of(seed, rng.randrange(10**9), person["sex"])._asdict()
    written: dict[str, Any] = {
        name: pseudonymiser.link_key(name, other[name] if _happens(rng, ERRORS, name) else value)
        for name, value in identity.items()
    }
    birth = date_of(person["birth"])
    written["birth_date"] = _mistaken(birth, rng) if _happens(rng, ERRORS, "birth_date") else birth
    sex = person["sex"]
    written["sex"] = {"1": "2", "2": "1"}[sex] if _happens(rng, ERRORS, "sex") else sex
    return {
        name: None if _happens(rng, MISSING, name) else value for name, value in written.items()
    }


def _happens(rng: random.Random, chances: dict[str, float], name: str) -> bool:
    return rng.random() < chances.get(name, 0.0)


def _mistaken(day: dt.date, rng: random.Random) -> dt.date:
    """Day and month exchanged where that is a date, else another year."""
    if day.day <= 12 and rng.random() < 0.5:
        return day.replace(day=day.month, month=day.day)
    return dt.date(day.year + rng.choice((-10, -1, 1, 10)), day.month, min(day.day, 28))


def main() -> None:
    """Print the figures of some thresholds."""
    parser = argparse.ArgumentParser(description="Measure linkage on generated people.")
    parser.add_argument("--scale", type=float, default=0.05, help="1.0 is England and Wales")
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-number", type=float, default=SHARE_WITHOUT_NUMBER)
    parser.add_argument("--threshold", type=float, action="append")
    given = parser.parse_args()
    last = dt.date(2024, 12, 31)
    first = dt.date(2025 - given.years, 1, 1)
    world = simulate(first, last, scale=given.scale, seed=given.seed, defects=False)
    rows, truth = describe(world, given.seed, given.without_number)
    print(f"{rows.num_rows} rows")
    for threshold in given.threshold or [0.9, 0.99, 0.999]:
        figures = measure(rows, truth, threshold)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"threshold {threshold}: {figures.people} people with a number, "
            f"{figures.without_number} without, {figures.linkable} linkable, "
            f"{figures.linked} linked, {figures.right} right; "
            f"precision {figures.precision:.4f}, recall {figures.recall:.4f}, "
            f"false-match rate {figures.false_match_rate:.4f}; "
            f"{figures.seconds:.0f} s, {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
