"""The script that rebuilds the reference seeds, on small publishers' files."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "build_reference_data.py"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def succession(predecessor: str, successor: str) -> dict[str, str]:
    return {"predecessor": predecessor, "successor": successor, "effective": "2020-04-01"}


def test_a_chain_of_successions_is_followed_to_its_end(build: ModuleType) -> None:
    rows = build.with_final_successors([succession("R01", "R02"), succession("R02", "R03")])
    assert [row["final_successor"] for row in rows] == ["R03", "R03"]


def test_successions_in_a_circle_are_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="circle"):
        build.with_final_successors([succession("R01", "R02"), succession("R02", "R01")])


def test_a_split_trust_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="split"):
        build.with_final_successors([succession("R01", "R02"), succession("R01", "R03")])


def test_a_partnership_belongs_to_the_alliance_of_most_of_its_groups(build: ModuleType) -> None:
    def ccg(code: str) -> dict[str, str]:
        return {"STP21CDH": "QXX", "CAL21CD": code, "CAL21NM": code}

    minority, majority = "E56000011", "E56000012"
    groups = [ccg(minority), ccg(majority), ccg(majority)]
    assert build.alliances_by_stp(groups) == {"QXX": (majority, majority)}
    with pytest.raises(ValueError, match="equally"):
        build.alliances_by_stp(groups[:2])


def test_a_trust_that_merged_after_the_list_was_made_is_closed(build: ModuleType) -> None:
    trust = ["R01", "ST ANNE'S NHS TRUST", "", "QXX", *[""] * 6, "19940401", ""]
    (row,) = (
        row
        for row in build.providers([trust], {"QXX": ("E56", "X")}, [succession("R01", "R02")])
        if row["kind"] == "trust"
    )
    assert row["name"] == "St Anne's NHS Trust"
    assert (row["opened"], row["closed"]) == ("1994-04-01", "2020-03-31")


def estimates(sex: str, ages: range) -> list[dict[str, str]]:
    return [
        {
            "year": "2024",
            "nation_code": "W92000004",
            "nation": "Wales",
            "sex": sex,
            "age": "90+" if age == 90 else str(age),
            "population": "10",
        }
        for age in ages
    ]


def test_populations_read_short_sexes_and_90_plus(build: ModuleType) -> None:
    rows = build.populations(estimates("F", range(91)))
    assert {row["sex"] for row in rows} == {"female"}
    assert [row["age"] for row in rows] == [str(age) for age in range(91)]


def test_part_of_a_population_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="each age"):
        build.populations(estimates("M", range(90)))


def test_a_population_given_twice_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="twice"):
        build.populations(estimates("M", range(91)) * 2)


def test_an_item_without_codes_is_refused(build: ModuleType) -> None:
    with pytest.raises(ValueError, match="No codes for"):
        build.cosd_codes([])
    with pytest.raises(ValueError, match="No codes for"):
        build.pathology_codes(["ErStatus/@code [0..1] pBR4220 an1 <ST> P=Positive"])


def test_the_shipped_seeds_come_out_again_from_files_of_their_form(
    build: ModuleType, tmp_path: Path
) -> None:
    """Round trip: codes and successions as shipped, one trust, one population."""
    shipped = {
        name: build.read(build.SEEDS / f"{name}.csv") for name in ("cosd_code", "population")
    }
    codes = [
        row
        for row in shipped["cosd_code"]
        if row["first_version"] == "8" and not row["last_version"]
    ]
    lines = ["item_code\titem_name\tcode\tmeaning"]
    lines += ["\t".join(list(row.values())[:4]) for row in codes]
    pathology: dict[tuple[str, str], list[str]] = {}
    for row in shipped["cosd_code"]:
        if row["item_code"].startswith("p"):
            pathology.setdefault((row["item_name"], row["item_code"]), []).append(
                f"{row['code']}={row['meaning']}"
            )
    (tmp_path / "pathology-v4-1-1-breast.md").write_text(
        "# Title\n  ServiceReportStatus/@code [0..1] pCR0960 an1 <ST_NHS_Other> 1=Final\n"
        + "".join(
            f"   {name}/@code [0..1] {item} an1 <ST_NHS_{name}> {'; '.join(reversed(codes))}\n"
            for (name, item), codes in pathology.items()
        ),
        encoding="utf-8",
    )
    (tmp_path / "cosd-v9-0-1-breast-codes.tsv").write_text("\n".join(lines), encoding="utf-8")
    build.write(
        tmp_path / "ons-population-mid-2023.csv",
        build.POPULATION_COLUMNS,
        reversed(shipped["population"]),
    )
    (tmp_path / "ods-etr-2022-03.csv").write_text(
        '"R01","ST ANNE\'S NHS TRUST","Y56","QXX","","","","","","","19940401",""\n'
    )
    (tmp_path / "ccg-stp-cancer-alliance-2021.csv").write_text(
        "STP21CDH,CAL21CD,CAL21NM\nQXX,E56000019,Greater Manchester\n"
    )
    (tmp_path / "successions.csv").write_text("predecessor,successor,effective\n")
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    build.build(tmp_path, seeds)

    for name in shipped:
        assert (seeds / f"{name}.csv").read_bytes() == (build.SEEDS / f"{name}.csv").read_bytes()
    assert (seeds / "provider.csv").read_text(encoding="utf-8").splitlines()[-1] == (
        "R01,St Anne's NHS Trust,trust,England,E56000032,Greater Manchester,1994-04-01,"
    )
