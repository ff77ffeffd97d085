"""Rebuild the reference seeds from the publishers' files: ``build_reference_data.py RAW [SEEDS]``.

RAW is a folder that holds, side by side, the files named in ``docs/reference-data.md``. SEEDS is
where the CSV files go; by default the ``seeds`` folder of this repository's dbt project. Only the
standard library is needed. The same input always gives the same bytes.

Written here: ``provider``, ``provider_succession``, ``population`` and ``cosd_code``. The seeds
``drug_group`` and ``nation`` are kept by hand.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from naome_assets.contract.cosd_items import items

Row = dict[str, str]

SEEDS = Path(__file__).resolve().parents[1] / "dbt_like_sql" / "seeds"

# --- providers ------------------------------------------------------------------------------

# Columns of the Organisation Data Service file `etr.csv`, which has no header.
ODS_CODE, ODS_NAME, ODS_STP, ODS_OPENED, ODS_CLOSED = 0, 1, 3, 10, 11

# Cancer alliance codes of April 2021 and those that replaced them, matched by name; the two
# alliances of the East of England became one.
ALLIANCE_SUCCESSORS = {
    "E56000024": ("E56000031", "East Midlands"),
    "E56000019": ("E56000032", "Greater Manchester"),
    "E56000015": ("E56000033", "Somerset, Wiltshire, Avon and Gloucestershire"),
    "E56000013": ("E56000034", "Thames Valley"),
    "E56000022": ("E56000035", "East of England"),
    "E56000023": ("E56000035", "East of England"),
}

WELSH_HEALTH_BOARDS = {
    "7A1": "Betsi Cadwaladr University Health Board",
    "7A2": "Hywel Dda University Health Board",
    "7A3": "Swansea Bay University Health Board",
    "7A4": "Cardiff and Vale University Health Board",
    "7A5": "Cwm Taf Morgannwg University Health Board",
    "7A6": "Aneurin Bevan University Health Board",
    "7A7": "Powys Teaching Health Board",
}
WELSH_TRUSTS = {
    "RQF": "Velindre University NHS Trust",  # the list of 2022 still says Velindre NHS Trust
    "RYT": "Public Health Wales NHS Trust",
}
# The Welsh ambulance trust is in the list of English trusts, diagnoses nobody, and is
# neither among the Welsh providers of ruling E1 nor English.
NOT_A_PROVIDER = {"RT4"}

_LOWER_CASE = {"and", "for", "of", "the", "upon"}
_UPPER_CASE = {"NHS"}

PROVIDER_COLUMNS = (
    "code",
    "name",
    "kind",
    "nation",
    "cancer_alliance_code",
    "cancer_alliance_name",
    "opened",
    "closed",
)


def title_case(name: str) -> str:
    """Write an organisation's upper-case name as it writes itself: ``King's College Hospital``."""

    def word(match: re.Match[str]) -> str:
        text = match[0]
        if text in _UPPER_CASE:
            return text
        if text.lower() in _LOWER_CASE and match.start() > 0:
            return text.lower()
        return text.capitalize()

    return re.sub(r"[A-Z][A-Z']*", word, name.strip())


def iso_date(text: str) -> str:
    """Turn ``20170401`` into ``2017-04-01``; an empty text stays empty."""
    return dt.datetime.strptime(text, "%Y%m%d").date().isoformat() if text else ""


def alliances_by_stp(ccgs: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """The cancer alliance (today's code and name) of each sustainability partnership (STP).

    It is the one that most clinical commissioning groups of the STP belong to.

    Args:
        ccgs: rows with STP21CDH, CAL21CD and CAL21NM.

    Raises:
        ValueError: when two alliances name equally many groups of one STP.
    """
    counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for ccg in ccgs:
        alliance = ALLIANCE_SUCCESSORS.get(ccg["CAL21CD"], (ccg["CAL21CD"], ccg["CAL21NM"]))
        counts[ccg["STP21CDH"]][alliance] += 1
    chosen = {}
    for stp, count in counts.items():
        (alliance, most), *others = count.most_common(2)
        if others and others[0][1] == most:
            raise ValueError(f"STP {stp} lies equally in two cancer alliances: decide which")
        chosen[stp] = alliance
    return chosen


def providers(
    organisations: Iterable[Sequence[str]],
    alliances: Mapping[str, tuple[str, str]],
    successions: Iterable[Mapping[str, str]],
) -> list[Row]:
    """Trusts and health boards that can be named as the provider of a diagnosis.

    Args:
        organisations: rows of the ODS list.
        alliances: cancer alliance code and name by STP code.
        successions: rows of predecessor, successor, effective. A predecessor that the list
            still shows as open is closed on the day before its succession.
    """
    last_day = {
        succession["predecessor"]: (
            dt.date.fromisoformat(succession["effective"]) - dt.timedelta(days=1)
        ).isoformat()
        for succession in successions
    }
    rows = []
    for organisation in organisations:
        code = organisation[ODS_CODE]
        if code in NOT_A_PROVIDER:
            continue
        welsh = code in WELSH_TRUSTS
        alliance_code, alliance_name = ("", "") if welsh else alliances[organisation[ODS_STP]]
        rows.append(
            {
                "code": code,
                "name": WELSH_TRUSTS[code] if welsh else title_case(organisation[ODS_NAME]),
                "kind": "trust",
                "nation": "Wales" if welsh else "England",
                "cancer_alliance_code": alliance_code,
                "cancer_alliance_name": alliance_name,
                "opened": iso_date(organisation[ODS_OPENED]),
                "closed": iso_date(organisation[ODS_CLOSED]) or last_day.get(code, ""),
            }
        )
    for code, name in WELSH_HEALTH_BOARDS.items():
        rows.append({"code": code, "name": name, "kind": "health_board", "nation": "Wales"})
    return sorted(rows, key=lambda row: row["code"])


# --- successions ----------------------------------------------------------------------------

SUCCESSION_COLUMNS = ("predecessor", "successor", "effective", "final_successor", "certainty")

# Mergers that the list of successions leaves out, of trusts that diagnose, and one that the list of
# trusts tells. `notice`: the trusts or that list give the day; `known`: public, but the code and
# the day are this project's knowledge.
ADDED_SUCCESSIONS = (
    ("RAP", "RAL", "2025-01-01", "notice"),  # North Middlesex to Royal Free London
    ("RT3", "RJ1", "2021-02-01", "notice"),  # Royal Brompton and Harefield to Guy's and St Thomas'
    ("RNL", "RNN", "2019-10-01", "known"),  # North Cumbria University Hospitals
    ("RQQ", "RGN", "2017-04-01", "known"),  # Hinchingbrooke to North West Anglia
    ("RLU", "RQ3", "2017-02-01", "known"),  # Birmingham Women's to Women's and Children's
    ("RY9", "RAX", "2024-11-01", "known"),  # Hounslow and Richmond to Kingston and Richmond
)
# Of the list of successions: the list of trusts has the opening of these successors.
CONFIRMED_SUCCESSORS = {"R0A", "R0B", "R0D"}


def with_final_successors(successions: Iterable[Mapping[str, str]]) -> list[Row]:
    """Add the end of each chain of successions (ruling E5), and how certain each is.

    Raises:
        ValueError: when a predecessor is named twice or a chain comes back to itself.
    """
    rows = [dict(succession) for succession in successions]
    successor = {row["predecessor"]: row["successor"] for row in rows}
    if len(successor) < len(rows):
        raise ValueError("A predecessor has two successions: a split trust has no single successor")
    for row in rows:
        chain = [row["predecessor"]]
        while chain[-1] in successor:
            chain.append(successor[chain[-1]])
            if chain.count(chain[-1]) > 1:
                raise ValueError(f"Successions run in a circle: {' -> '.join(chain)}")
        row["final_successor"] = chain[-1]
        confirmed = row["successor"] in CONFIRMED_SUCCESSORS
        row.setdefault("certainty", "notice" if confirmed else "month")
    return sorted(rows, key=lambda row: row["predecessor"])


# --- population -----------------------------------------------------------------------------

POPULATION_COLUMNS = ("year", "nation_code", "nation", "sex", "age", "population")
_SEXES = {"f": "female", "female": "female", "m": "male", "male": "male"}
_SINGLE_YEARS = range(91)


def populations(estimates: Iterable[Mapping[str, str]]) -> list[Row]:
    """Mid-year estimates by year, nation, sex and single year of age; 90 is 90 and over.

    Raises:
        ValueError: when an estimate is given twice, or an age of some year, nation and sex is
            missing, for a rate would then rest on part of a population.
    """
    rows: dict[tuple[int, str, str, int], Row] = {}
    for estimate in estimates:
        row = {column: estimate[column].strip() for column in POPULATION_COLUMNS}
        row["sex"] = _SEXES[row["sex"].lower()]
        row["age"] = row["age"].removesuffix("+")
        key = (int(row["year"]), row["nation_code"], row["sex"], int(row["age"]))
        if key in rows:
            raise ValueError(f"Population given twice: {key}")
        rows[key] = row
    ages: defaultdict[tuple[int, str, str], set[int]] = defaultdict(set)
    for year, nation_code, sex, age in rows:
        ages[year, nation_code, sex].add(age)
    for group, found in ages.items():
        if found != set(_SINGLE_YEARS):
            raise ValueError(f"Population needs each age from 0 to 90 once: {group}")
    return [rows[key] for key in sorted(rows)]


# --- COSD codes -----------------------------------------------------------------------------

COSD_COLUMNS = ("item_code", "item_name", "code", "meaning", "first_version", "last_version")
#: Items whose lists the audit holds codes against, and others that generated files have.
COSD_ITEMS = {item.code_list for item in items() if item.code_list} | {
    "CR1350",  # NHS number status
    "CR3190",  # MDT meeting type
    "CR8100",  # MDT meeting discussion
    "CR8110",  # MDT meeting discussion type
}


# Codes that older files hold and v9.0.1 no longer lists; meanings by the NHS Data Dictionary, that
# of treatment intent by the schema of v8.1. Metastatic sites 01 and 06 matter to ruling D3.
RETIRED_CODES = (
    ("CR0680", "08", "Other"),
    ("CR1590", "01", "Bone"),
    ("CR1590", "06", "Multiple metastatic sites"),
    ("CR6970", "01", "Bone"),
    ("CR6970", "06", "Multiple metastatic sites"),
    (
        "CR2050",
        "Y2",
        "Yes - but Clinical Nurse Specialist not present when PATIENT given diagnosis",
    ),
)

# Codes that v10 (diagnoses from April 2024) adds; meanings by the NHS Data Dictionary.
ADDED_BY_V10 = (
    ("CR0390", "7.1", "Histology of a primary tumour"),
    ("CR0390", "7.2", "Histology of a metastasis, without histology of the primary tumour"),
    ("CR0390", "7.3", "Histology at autopsy, without histology before it"),
    ("CR0390", "8", "Cytogenetic or molecular testing"),
    ("CR3190", "0102", "Metastatic Breast MDT"),
)


# Items of COSD Pathology that the audit holds against their list, and a line of the file that
# has them: ``ErStatus/@code [0..1] pBR4220 an1 <ST_...> P=Positive; N=Negative``.
PATHOLOGY_ITEMS = {
    "pCR0970",  # nature of the specimen
    "pBR4220",  # oestrogen receptor
    "pBR4280",  # HER2 by immunohistochemistry
    "pBR4290",  # progesterone receptor
    "pBR4310",  # HER2 by in-situ hybridisation
}
PATHOLOGY_LINE = re.compile(
    r"^\s*(?P<name>\w+)/@code \[.*?\] (?P<item>p\w+) .*<\w+> (?P<codes>.*)$"
)
PATHOLOGY_VERSION = "4"


def pathology_codes(lines: Iterable[str]) -> list[Row]:
    """Codes of the COSD Pathology items that the audit reads.

    Raises:
        ValueError: when the file lists no code for one of them.
    """
    rows = []
    for line in lines:
        item = PATHOLOGY_LINE.match(line)
        if item is None or item["item"] not in PATHOLOGY_ITEMS:
            continue
        for listed in item["codes"].split("; "):
            code, _, meaning = listed.partition("=")
            rows.append(
                {
                    "item_code": item["item"],
                    "item_name": item["name"],
                    "code": code.strip(),
                    "meaning": " ".join(meaning.split()),
                    "first_version": PATHOLOGY_VERSION,
                }
            )
    if missing := PATHOLOGY_ITEMS - {row["item_code"] for row in rows}:
        raise ValueError(f"No codes for {', '.join(sorted(missing))}")
    return sorted(rows, key=lambda row: (row["item_code"], row["code"]))


def cosd_codes(v9: Iterable[Mapping[str, str]]) -> list[Row]:
    """Codes of the COSD items that the audit reads: those of v9.0.1, the retired, those of v10.

    Each with the first main version of the standard in whose list it stands, and the last where it
    was retired. v8 is read by the list of v9.0.1 with the retired codes: that of v8.1 has nothing
    else, and of v8.3 none is to hand.

    Raises:
        ValueError: when v9.0.1 lists no code for an item that the audit reads, or already has a
            code that is held to be retired or new.
    """
    rows = {
        (code["item_code"], code["code"]): {**code, "first_version": "8"}
        for code in v9
        if code["item_code"] in COSD_ITEMS
    }
    names = {row["item_code"]: row["item_name"] for row in rows.values()}
    if missing := COSD_ITEMS - names.keys():
        raise ValueError(f"No codes for {', '.join(sorted(missing))}")
    retired = {"first_version": "8", "last_version": "8"}
    for versions, codes in ((retired, RETIRED_CODES), ({"first_version": "10"}, ADDED_BY_V10)):
        for item_code, code, meaning in codes:
            if (item_code, code) in rows:
                raise ValueError(f"{item_code} {code} is in v9.0.1")
            rows[item_code, code] = {
                "item_code": item_code,
                "item_name": names[item_code],
                "code": code,
                "meaning": meaning,
                **versions,
            }
    return [rows[key] for key in sorted(rows)]


# --- files ----------------------------------------------------------------------------------


def read(path: Path, delimiter: str = ",") -> list[Row]:
    """Rows of a delimited file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter, strict=True))


def write(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a seed: UTF-8, LF, a header; a value that is missing is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build(raw: Path, seeds: Path) -> None:
    """Write the four seeds from the files in ``raw``."""
    with (raw / "ods-etr-2022-03.csv").open(encoding="utf-8-sig", newline="") as file:
        organisations = list(csv.reader(file, strict=True))
    successions = read(raw / "successions.csv") + [
        dict(zip(("predecessor", "successor", "effective", "certainty"), added, strict=True))
        for added in ADDED_SUCCESSIONS
    ]
    alliances = alliances_by_stp(read(raw / "ccg-stp-cancer-alliance-2021.csv"))
    estimates = [row for path in raw.glob("ons-population-*.csv") for row in read(path)]
    codes = read(raw / "cosd-v9-0-1-breast-codes.tsv", delimiter="\t")
    pathology = (raw / "pathology-v4-1-1-breast.md").read_text(encoding="utf-8").splitlines()

    write(
        seeds / "provider.csv", PROVIDER_COLUMNS, providers(organisations, alliances, successions)
    )
    write(seeds / "provider_succession.csv", SUCCESSION_COLUMNS, with_final_successors(successions))
    write(seeds / "population.csv", POPULATION_COLUMNS, populations(estimates))
    write(seeds / "cosd_code.csv", COSD_COLUMNS, [*cosd_codes(codes), *pathology_codes(pathology)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Rebuild the reference seeds.")
    parser.add_argument("raw", type=Path, help="folder with the publishers' files")
    parser.add_argument("seeds", type=Path, nargs="?", default=SEEDS, help="folder to write to")
    arguments = parser.parse_args()
    build(arguments.raw, arguments.seeds)
