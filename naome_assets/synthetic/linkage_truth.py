"""Records without an NHS number whose person is known: how often linkage is right.

``python -m naome_assets.synthetic.linkage_truth`` prints the table of docs/linkage.md. The rows
that linkage compares are made directly from a generated world, without files in between.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import resource
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from statsmodels.stats.proportion import proportion_confint

from naome_assets.linkage.model import link_at_each
from naome_assets.linkage.rows import COLUMNS
from naome_assets.publication.markdown import markdown_table
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.synthetic.identities import identity_of
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.records import local_identifier
from naome_assets.synthetic.world import World, date_of, simulate

#: Of events that a provider sends without the NHS number, or with one that is not valid.
SHARE_WITHOUT_NUMBER: Final = 0.01
#: Of events that carry the local identifier of another patient of the provider [ours].
SHARE_WRONG_LOCAL_IDENTIFIER: Final = 0.001
#: Of events without a number, those whose local identifier is nowhere else, as after a change
#: of a hospital's system: left to probability [ours].
SHARE_NEW_LOCAL_IDENTIFIER: Final = 0.5
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
#: Links by local identifier alone, by probability alone, and both together.
KINDS: Final = ("local_identifier", "probabilistic", "all")

#: By local pseudonym: whose records without a number carry it. More than one person is a mistake
#: of the provider's, and every link of it is wrong.
Truth = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Figures:
    """How often links of one kind are right at one threshold.

    Attributes:
        threshold: the least match probability of a link.
        kind: of ``KINDS``.
        candidates: people known by a local identifier alone. Those of the kind
            ``local_identifier`` have an identifier that some record gives with an NHS number.
        linkable: those of them whose own NHS number is in some record.
        linked: those that were linked.
        right: those that were linked to themselves.
    """

    threshold: float
    kind: str
    candidates: int
    linkable: int
    linked: int
    right: int

    @property
    def wrong(self) -> int:
        """Links to somebody else."""
        return self.linked - self.right

    @property
    def precision(self) -> float | None:
        """Right links among links; none without links."""
        return self.right / self.linked if self.linked else None

    @property
    def recall(self) -> float | None:
        """Right links among the people who could be linked; none without such people."""
        return self.right / self.linkable if self.linkable else None

    @property
    def false_match_rate(self) -> float | None:
        """Wrong links among the candidates; none without candidates."""
        return self.wrong / self.candidates if self.candidates else None

    @property
    def wrong_share_upper_95(self) -> float | None:
        """One-sided exact (Clopper-Pearson) 95 % upper limit of the wrong share of links."""
        if not self.linked:
            return None
        # Two-sided at 90 %: the upper limit has 5 % above it.
        _, upper = proportion_confint(self.wrong, self.linked, alpha=0.10, method="beta")
        return float(upper)


def describe(
    world: World, seed: int, share_without_number: float = SHARE_WITHOUT_NUMBER
) -> tuple[pa.Table, Truth]:
    """Rows as linkage compares them, and who each local pseudonym is."""
    pseudonymiser = Pseudonymiser(b"generated", keeps_link_keys=True)
    people = world.people[["nhs_number", "birth", "sex"]].to_dict("records")
    patients = world.events.groupby("provider")["person"].unique().to_dict()
    columns = ("person", "provider", "date")
    events = zip(*(world.events[name].tolist() for name in columns), strict=True)
    rows: list[dict[str, Any]] = []
    truth: dict[str, set[str]] = defaultdict(set)
    for number, (who, where, date) in enumerate(events):
        person = people[who]
        rng = stream(seed, "linkage", number)
        provider = world.providers[where].code
        nhs_person_id, _ = pseudonymiser.nhs_person(person["nhs_number"])
        is_wrong = rng.random() < SHARE_WRONG_LOCAL_IDENTIFIER
        patient = int(rng.choice(patients[where])) if is_wrong else who
        identifier = local_identifier(patient, provider)
        has_number = rng.random() >= share_without_number
        if not has_number and rng.random() < SHARE_NEW_LOCAL_IDENTIFIER:
            identifier = f"new {number}"
        local_person_id = pseudonymiser.local_person(provider, identifier)
        if not has_number:
            truth[str(local_person_id)].add(str(nhs_person_id))
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
    known = {local: frozenset(persons) for local, persons in truth.items()}
    return pa.Table.from_pylist(rows, COLUMNS), known


def measure(rows: pa.Table, truth: Truth, thresholds: Sequence[float]) -> list[Figures]:
    """Link at each threshold, and compare with the truth: a row a threshold and kind of link."""
    sent = rows.select(["nhs_person_id", "local_person_id"]).to_pylist()
    numbered = {row["nhs_person_id"] for row in sent} - {None}
    with_number = {row["local_person_id"] for row in sent if row["nhs_person_id"]}
    candidates = {
        "local_identifier": truth.keys() & with_number,
        "probabilistic": truth.keys() - with_number,
        "all": truth.keys(),
    }
    # One person alone, whose number is somewhere.
    linkable = {
        local for local, persons in truth.items() if len(persons) == 1 and persons <= numbered
    }
    found = []
    for threshold, linkage in link_at_each(rows, thresholds).items():
        links = linkage.links.to_pylist()
        for kind in KINDS:
            judged = [
                truth[row["person_id"]] == {row["linked_person_id"]}
                for row in links
                if kind in ("all", row["how"])
            ]
            found.append(
                Figures(
                    threshold=threshold,
                    kind=kind,
                    candidates=len(candidates[kind]),
                    linkable=len(candidates[kind] & linkable),
                    linked=len(judged),
                    right=sum(judged),
                )
            )
    return found


def report(figures: Sequence[Figures]) -> str:
    """Markdown, a row a threshold and kind of link; links by local identifier have no threshold."""
    once = [
        one
        for number, one in enumerate(figures)
        if one.kind != "local_identifier" or number < len(KINDS)
    ]
    return markdown_table(
        pd.DataFrame(
            [
                {
                    "links": one.kind.replace("_", " "),
                    "threshold": "" if one.kind == "local_identifier" else str(one.threshold),
                    "people without a number": one.candidates,
                    "with a number elsewhere": one.linkable,
                    "linked": one.linked,
                    "right": one.right,
                    "precision": _share(one.precision),
                    "recall": _share(one.recall),
                    "false-match rate": _share(one.false_match_rate),
                    "wrong share of links, upper 95 %": _share(one.wrong_share_upper_95),
                }
                for one in once
            ]
        )
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


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
    """Print the figures of each kind of link at each threshold."""
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
    begun = time.perf_counter()
    figures = measure(rows, truth, given.threshold or [0.9, 0.99, 0.999])
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    people = len(set(rows["nhs_person_id"].drop_null().to_pylist()))
    print(
        f"{rows.num_rows:,} rows, {people:,} people with an NHS number; linked in {seconds:.0f} s, "
        f"{peak:.1f} GiB with the generated world.\n\n{report(figures)}"
    )


if __name__ == "__main__":
    main()
