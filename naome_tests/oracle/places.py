"""Reference data: providers and their successors, alliances, nations, population, drugs."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_like_sql" / "seeds"

ENGLAND_AND_WALES = ("england_and_wales", "K04000001", "England and Wales")  # ruling A10


@dataclass(frozen=True)
class Provider:
    """A trust or health board of today."""

    code: str
    name: str
    alliance_code: str = ""
    alliance_name: str = ""


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


NATIONS = {
    row["name"]: (row["geography_type"], row["code"], row["name"])
    for row in _seed("nation")
    if row["geography_type"] == "nation"
}


@cache
def _nations() -> dict[str, str]:
    return {row["code"]: row["nation"] for row in _seed("provider")}


def nation_of(provider: str) -> str:
    """The nation that has a provider on its list; of any other it is England (ruling E1)."""
    return _nations().get(provider, "England")


@cache
def providers() -> dict[str, Provider]:
    """The shipped list, by code."""
    return {
        row["code"]: Provider(
            row["code"], row["name"], row["cancer_alliance_code"], row["cancer_alliance_name"]
        )
        for row in _seed("provider")
    }


@cache
def _successions() -> dict[str, str]:
    return {row["predecessor"]: row["successor"] for row in _seed("provider_succession")}


def successor(code: str) -> str:
    """Today's organisation: chains are followed to the end (ruling E5)."""
    while code in _successions():
        code = _successions()[code]
    return code


def provider_of_diagnosis(site: str, provider: str) -> str:
    """As sent, before mapping: the site's organisation if it is a known one (ruling E3)."""
    known = site in providers() or successor(site) in providers()
    return site if site and known else provider


@cache
def geographies(nation: str, provider_code: str) -> tuple[tuple[str, str, str], ...]:
    """Type, code and name of each place a person counts in (rulings A10, E3, E4)."""
    provider = providers().get(provider_code, Provider(provider_code, provider_code))
    places = [ENGLAND_AND_WALES, NATIONS[nation]]
    if nation == "England" and provider.alliance_code:
        places.append(("cancer_alliance", provider.alliance_code, provider.alliance_name))
    return *places, ("provider", provider.code, provider.name)


@cache
def population(nation: str, sex: str, age_band: str, year: int) -> int | None:
    """Mid-year people of a nation, nearest year to hand, ties to the earlier (ruling F1)."""
    if "unknown" in (sex, age_band):
        return None
    rows = [row for row in _seed("population") if row["nation"] == nation]
    if not rows:
        return None
    nearest = min({int(row["year"]) for row in rows}, key=lambda other: (abs(other - year), other))
    return sum(
        int(row["population"])
        for row in rows
        if int(row["year"]) == nearest
        and sex in ("all", row["sex"])
        and age_band in ("all", band(int(row["age"])))
    )


def band(age: int | None) -> str:
    """Age band of completed years (ruling A11)."""
    if age is None:
        return "unknown"
    if age >= 80:
        return "80+"
    if age < 40:
        return "0-39"
    decade = age // 10 * 10
    return f"{decade}-{decade + 9}"


@cache
def code_list(item: str) -> dict[str, tuple[int, int]]:
    """Codes of an item of the standard, with the first and last version that has them."""
    return {
        row["code"]: (int(row["first_version"]), int(row["last_version"] or 99))
        for row in _seed("cosd_code")
        if row["item_code"] == item
    }


@cache
def item_values(item: str) -> frozenset[str]:
    """Values that an item can have, where the standard has no list of codes."""
    return frozenset(row["value"] for row in _seed("item_value") if row["item"] == item)


@cache
def drug_groups(name: str) -> frozenset[str]:
    """Groups of the drugs that a name holds as whole words (F5).

    Without any: not_given where nothing is said, note where only a protocol speaks, unrecognised.
    """
    plain = _words(name)
    words = f" {plain} "
    if any(f" {line} " in words for line in _notes("line")):
        return frozenset({"note"})
    groups = {row["drug_group"] for row in _drugs() if f" {row['drug']} " in words}
    if groups:
        return frozenset(groups)
    if not plain or plain in _notes("nothing"):
        return frozenset({"not_given"})
    said = [
        word
        for word in plain.split()
        if word not in _notes("word") and not re.fullmatch(r"\d+[A-Z]{0,3}", word)
    ]
    return frozenset({"unrecognised" if said else "note"})


@cache
def _notes(kind: str) -> frozenset[str]:
    return frozenset(row["words"] for row in _seed("drug_note") if row["kind"] == kind)


@cache
def _drugs() -> list[dict[str, str]]:
    return _seed("drug_group")


def _words(name: str) -> str:
    return " ".join(re.sub(r"[^A-Z0-9]", " ", name.upper()).split())
