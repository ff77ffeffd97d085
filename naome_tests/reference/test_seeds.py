"""The shipped reference data: complete, consistent, and described."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from naome_assets.transform.project import load_project

SEEDS = Path(__file__).resolve().parents[2] / "dbt_like_sql" / "seeds"
REFERENCE = (
    "cosd_code",
    "drug_group",
    "drug_note",
    "nation",
    "population",
    "provider",
    "provider_succession",
)
WELSH_PROVIDERS = {"7A1", "7A2", "7A3", "7A4", "7A5", "7A6", "7A7", "RQF", "RYT"}  # ruling E1


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_providers_are_those_of_england_and_wales() -> None:
    providers = seed("provider")
    assert {row["code"] for row in providers if row["nation"] == "Wales"} == WELSH_PROVIDERS
    assert sum(row["kind"] == "health_board" for row in providers) == 7
    assert 200 < len(providers) < 250
    assert all(re.fullmatch(r"[A-Z0-9]{3}", row["code"]) for row in providers)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("R0A", "Manchester University NHS Foundation Trust"),
        ("RJZ", "King's College Hospital NHS Foundation Trust"),
        ("RJ1", "Guy's and St Thomas' NHS Foundation Trust"),
        ("RTD", "The Newcastle upon Tyne Hospitals NHS Foundation Trust"),
        ("RP4", "Great Ormond Street Hospital for Children NHS Foundation Trust"),
        ("7A1", "Betsi Cadwaladr University Health Board"),
        ("RQF", "Velindre University NHS Trust"),
    ],
)
def test_organisations_are_named_as_they_name_themselves(code: str, name: str) -> None:
    assert {row["code"]: row["name"] for row in seed("provider")}[code] == name


def test_each_english_provider_has_one_of_twenty_cancer_alliances_and_no_welsh_one_has() -> None:
    names = defaultdict(set)
    for row in seed("provider"):
        assert bool(row["cancer_alliance_code"]) == (row["nation"] == "England")  # ruling E4
        names[row["cancer_alliance_code"]].add(row["cancer_alliance_name"])
    del names[""]
    assert len(names) == 20
    assert all(re.fullmatch(r"E560000\d\d", code) for code in names)
    assert all(len(found) == 1 for found in names.values())
    assert len(set.union(*names.values())) == 20
    replaced = {f"E560000{number}" for number in (13, 15, 19, 22, 23, 24)}
    assert not replaced & names.keys()


def test_successions_end_at_a_provider_that_was_not_succeeded() -> None:
    successions = seed("provider_succession")
    predecessors = {row["predecessor"] for row in successions}
    providers = {row["code"]: row for row in seed("provider")}
    assert successions
    for row in successions:
        assert row["final_successor"] not in predecessors
        assert providers[row["final_successor"]]["closed"] == ""
    assert all(providers[code]["closed"] for code in predecessors & providers.keys())
    assert "RW6" not in predecessors  # split in 2021, so no single successor (ruling E5)


def test_population_has_each_age_once_and_the_published_total() -> None:
    people: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    rows = [row for row in seed("population") if row["year"] == "2023"]
    for row in rows:
        people[row["nation_code"], row["sex"]][int(row["age"])] = int(row["population"])
    assert set(people) == {
        (nation, sex) for nation in ("E92000001", "W92000004") for sex in ("female", "male")
    }
    assert all(set(ages) == set(range(91)) for ages in people.values())
    assert len(rows) == 4 * 91
    total = sum(sum(ages.values()) for ages in people.values())
    assert total == pytest.approx(60.9e6, abs=0.1e6)


def groups_of(name: str) -> set[str]:
    """Groups of a SACT drug name, by the rule in seeds.yml."""
    words = f" {' '.join(re.findall('[A-Z0-9]+', name.upper()))} "
    return {row["drug_group"] for row in seed("drug_group") if f" {row['drug']} " in words}


def test_no_drug_falls_into_two_groups() -> None:
    drugs = seed("drug_group")
    assert len({row["drug"] for row in drugs}) == len(drugs)
    for row in drugs:
        assert re.fullmatch(r"[A-Z0-9]+( [A-Z0-9]+)*", row["drug"])
        holding = {
            other["drug_group"] for other in drugs if f" {other['drug']} " in f" {row['drug']} "
        }
        assert holding == {row["drug_group"]}, row["drug"]


def test_words_of_notes_name_no_drug() -> None:
    notes = seed("drug_note")
    assert all(re.fullmatch(r"[A-Z0-9]+( [A-Z0-9]+)*", row["words"]) for row in notes)
    words = {row["words"] for row in notes if row["kind"] == "word"}
    assert not words & {row["drug"] for row in seed("drug_group")}
    assert all(" " not in word for word in words)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("PACLITAXEL (ALBUMIN BOUND)", {"chemotherapy"}),
        ("LEUPRORELIN ACETATE", {"endocrine"}),
        ("Fulvestrant", {"endocrine"}),
        ("RIBOCICLIB", {"cdk4_6"}),
        ("TRASTUZUMAB EMTANSINE", {"her2"}),
        ("PERTUZUMAB/TRASTUZUMAB", {"her2"}),
        ("ATEZOLIZUMAB", {"immunotherapy"}),
        ("TALAZOPARIB", {"parp"}),
        ("SACITUZUMAB GOVITECAN", {"other_targeted"}),
        ("ZOLEDRONIC ACID 4MG", {"supportive"}),
        ("PEGFILGRASTIM", {"supportive"}),
        ("CALCIUM FOLINATE + FLUOROURACIL", {"chemotherapy", "supportive"}),
        ("TRIAL DRUG 12", set()),  # unrecognised: chemotherapy by ruling F5
    ],
)
def test_drug_names_are_recognised(name: str, groups: set[str]) -> None:
    assert groups_of(name) == groups


def test_cosd_codes_are_unique_and_hold_those_that_rules_rest_on() -> None:
    rows = seed("cosd_code")
    codes = {
        (row["item_code"], row["code"]): (row["first_version"], row["last_version"]) for row in rows
    }
    assert len(codes) == len(rows)
    for site in ("CR1590", "CR6970"):
        distant = {"02", "03", "04", "07", "08", "09", "10", "11", "98"}  # method book 2
        assert all(codes[site, code] == ("8", "") for code in distant)
        assert all(codes[site, code] == ("8", "8") for code in ("01", "06"))  # ruling D3
    assert {code for item, code in codes if item == "CR2050"} == {
        *("Y1", "Y2", "Y3", "Y4", "Y5"),
        *("NI", "NN", "99"),
    }
    assert codes["CR3190", "0102"] == ("10", "")
    assert (codes["CR0680", "02"], codes["CR0680", "08"]) == (("8", ""), ("8", "8"))
    assert {item for item, _ in codes if item.startswith("p")} == {
        *("pCR0970", "pBR4220", "pBR4280", "pBR4290", "pBR4310")
    }


def test_nations_are_coded_as_in_the_populations() -> None:
    nations = {
        row["code"]: row["name"] for row in seed("nation") if row["geography_type"] == "nation"
    }
    assert nations == {row["nation_code"]: row["nation"] for row in seed("population")}


@pytest.mark.parametrize("name", REFERENCE)
def test_every_column_is_described_and_typed(name: str) -> None:
    described = {
        entry["name"]: entry
        for entry in yaml.safe_load((SEEDS / "seeds.yml").read_text(encoding="utf-8"))["seeds"]
    }[name]
    columns = list(seed(name)[0])
    assert described["description"]
    assert [column["name"] for column in described["columns"]] == columns
    assert all(column["description"] for column in described["columns"])
    assert list(described["config"]["column_types"]) == columns
    assert set(described["config"]["column_types"].values()) <= {"text", "integer", "date"}


@pytest.mark.parametrize("name", REFERENCE)
def test_files_are_sorted_and_plain(name: str) -> None:
    data = (SEEDS / f"{name}.csv").read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")
    rows = [
        tuple(int(cell) if cell.isdecimal() and name == "population" else cell for cell in row)
        for row in csv.reader(data.decode("utf-8").splitlines()[1:])
    ]
    keys = [row[:5] for row in rows] if name == "population" else rows
    if name == "cosd_code":
        keys = [(row[0], row[2]) for row in rows]
    assert keys == sorted(keys)


def test_nations_have_the_providers_of_the_list() -> None:
    first, *others = load_project().variables["nations"].items()
    assert first == ("England", {"tumours": "cosd", "providers": []})
    for nation, own in others:
        listed = [row["code"] for row in seed("provider") if row["nation"] == nation]
        assert own["providers"] == sorted(listed)
