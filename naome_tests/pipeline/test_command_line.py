"""The whole way, as a user goes it: generate, run, look, run again."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from naome_assets import __version__
from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.orchestration.home import open_instance
from naome_assets.publication.report.words import generated_lines
from naome_assets.synthetic.score import report, score
from naome_assets.warehouse.engines import open_warehouse

TABLES = (
    "ledger",
    "quarantine",
    "mbc_cohort",
    "mbc_event",
    "prevalence",
    "cns_access",
    "time_to_treatment",
    "indicator",
    "case_mix_model",
    "case_mix_value",
    "survival_curve",
    "treatment_curve",
    "prevalence_projection",
    "recurrence_capture",
)


class Place:
    """A folder with its own landing, warehouse, output and Dagster home."""

    def __init__(self, folder: Path, landing: Path) -> None:
        self.folder = folder
        self.database = folder / "warehouse.duckdb"
        self.environment = os.environ | {
            "DAGSTER_HOME": str(folder / "dagster"),
            "NAOME_LANDING": str(landing),
            "NAOME_WAREHOUSE": f"duckdb:///{self.database}",
            "NAOME_OUTPUT": str(folder / "output"),
            "NAOME_PSEUDONYM_KEY": "a key of the tests",
        }

    def naome(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "naome_assets", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def tables(self, names: Sequence[str] = TABLES) -> dict[str, list[Any]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return {
                table: sorted(connection.execute(f"select * from {table}").fetchall(), key=str)
                for table in names
            }

    def published(self) -> tuple[dict[str, list[Any]], int, dict[str, bytes]]:
        """Published tables, how many vintages there are, and every file by its readers' path."""
        output = self.folder / "output"
        pieces = [path for path in output.iterdir() if not path.name.startswith(".")]
        files = {path.name: path for path in pieces if path.is_file()}
        for folder in (path.resolve() for path in pieces if path.is_dir()):
            files |= {
                str(path.relative_to(folder.parent)): path
                for path in folder.rglob("*")
                if path.is_file()
            }
        return (
            self.tables([published_name(table) for table in PUBLISHED_TABLES]),
            len(self.tables(["publication_vintage"])["publication_vintage"]),
            {name: path.read_bytes() for name, path in files.items()},
        )


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "landing"
    place = Place(folder.parent, folder)
    done = place.naome(
        "synth", "--from", "2024-Q1", "--to", "2024-Q3", "--scale", "0.005", "--seed", "5"
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def audited(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("audited"), landing)
    done = place.naome("run", "--from", "2024-Q1", "--to", "2024-Q3")
    assert done.returncode == 0, done.stdout + done.stderr
    place.headline = done.stdout  # type: ignore[attr-defined]
    yield place


def test_headline_shows_the_nations(audited: Place) -> None:
    headline = audited.headline  # type: ignore[attr-defined]
    assert "England and Wales" in headline
    assert "People living with metastatic breast cancer on 30 September 2024" in headline
    page = (audited.folder / "output" / "headline.md").read_text(encoding="utf-8")
    # The landing has the generator's manifest.
    for line in generated_lines():
        assert f"**{line}**" in page
    assert generated_lines()[0] in " ".join(headline.split())
    # Each file states its profile, vintage, method and code (method book section 7).
    for stated in (
        "Data vintage 2024-Q3, data from ",
        "disclosure profile nhs_england_hes",
        "method book version 1",
        f"naome version {__version__}",
    ):
        assert stated in page
    assert "untreated does not mean untreated" in page


def test_ledger_adds_up(audited: Place) -> None:
    with duckdb.connect(str(audited.database), read_only=True) as connection:
        wrong = connection.execute(
            "select count(*) from ledger where received <> "
            "accepted + superseded + out_of_scope + quarantined"
        ).fetchone()
        files = connection.execute("select count(*) from ledger").fetchone()
    assert wrong == (0,)
    assert files is not None
    assert files[0] > 10


def test_every_injected_fault_is_found_and_none_invented(audited: Place, landing: Path) -> None:
    """Against the generator's manifest: by file, position and rule; files by their reason."""
    with closing(open_warehouse(f"duckdb:///{audited.database}", read_only=True)) as warehouse:
        scored = score(warehouse, landing)
    assert scored.missed == set()
    # One defect can break a second rule (an event in 1823 precedes the birth): never a new record.
    assert scored.invented == set()
    assert scored.accused == 0
    assert scored.normalised > 0
    assert {rule.rule for rule in scored.rules} >= {"superseded", "unknown_code", "record_count"}
    for rule in scored.rules:
        assert (rule.found, rule.invented) == (rule.injected, 0), rule


def test_the_score_counts_what_is_missed_and_invented(
    audited: Place, landing: Path, tmp_path: Path
) -> None:
    """One fault is taken out of the quarantine and another put in; a record more is superseded."""
    copy = tmp_path / "copy.duckdb"
    shutil.copy(audited.database, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("delete from quarantine where rule = 'birth_after_event'")
        connection.execute(
            "insert into quarantine (file, position, rule, severity, message, quarter) "
            "select file, 99999, 'sex_missing', 'warning', '', quarter from ledger limit 1"
        )
        connection.execute(
            "update ledger set superseded = superseded + 1 "
            "where file = (select min(file) from ledger where status = 'loaded')"
        )
    with closing(open_warehouse(f"duckdb:///{copy}", read_only=True)) as warehouse:
        scored = score(warehouse, landing)
    rules = {rule.rule: rule for rule in scored.rules}
    assert rules["birth_after_event"].recall == 0
    assert rules["sex_missing"].invented == 1
    assert rules["superseded"].invented == 1
    assert rules["sex_missing"].recall == 1
    precision = rules["sex_missing"].precision
    assert precision is not None
    assert precision < 1
    assert {rule for _, _, rule in scored.missed} == {"birth_after_event"}
    assert "| sex_missing |" in report(scored)


@pytest.mark.parametrize("asset", ["data_quality", "published_data_quality"])
def test_dagster_shows_a_heat_map_of_completeness(
    audited: Place, asset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", audited.environment["DAGSTER_HOME"])
    with open_instance() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(asset))
    assert event is not None
    assert event.asset_materialization is not None
    shown = event.asset_materialization.metadata["completeness"].value
    title, _, shown_picture = str(shown).partition("\n\n")
    assert title.startswith("**Completeness")
    assert shown_picture.startswith("![Completeness")
    assert "](data:image/svg+xml;base64," in shown_picture


def test_no_identifier_is_anywhere(audited: Place, landing: Path) -> None:
    """Numbers of the deaths file, searched in the warehouse, the events and the output."""
    numbers = set()
    for path in sorted(landing.glob("deaths/*/*.csv")):
        with path.open(newline="") as file:
            numbers |= {row["DEC_CONF_NHS_NUMBER"] for row in csv.DictReader(file)}
    valid = [number.encode() for number in numbers if len(number) == 10][:200]
    assert len(valid) > 20
    for path in audited.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(number in content for number in valid), path


def test_before_anything_has_landed(tmp_path: Path) -> None:
    """An empty landing folder runs to the end: tables and files without people."""
    (tmp_path / "landing").mkdir()
    place = Place(tmp_path, tmp_path / "landing")
    done = place.naome("run", "--from", "2024-Q1", "--to", "2024-Q1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.tables(["ledger", "mbc_cohort"]) == {"ledger": [], "mbc_cohort": []}
    assert (tmp_path / "output" / "report" / "methods.html").is_file()
    assert (tmp_path / "output" / "workbook.xlsx").is_file()


def test_one_quarter_after_another_gives_the_same_tables(
    audited: Place, landing: Path, tmp_path: Path
) -> None:
    place = Place(tmp_path, landing)
    for first, last in (("2024-Q1", "2024-Q1"), ("2024-Q2", "2024-Q3")):
        assert place.naome("run", "--from", first, "--to", last).returncode == 0
    assert place.tables() == audited.tables()


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_export_writes_the_indicator_tables(audited: Place, tmp_path: Path, format_: str) -> None:
    done = audited.naome("export", "--to", str(tmp_path), "--format", format_)
    assert done.returncode == 0, done.stderr
    reader = "read_csv" if format_ == "csv" else "read_parquet"
    for table in ("prevalence", "cns_access", "time_to_treatment", "indicator"):
        exported = duckdb.sql(f"select * from {reader}('{tmp_path / table}.{format_}')").fetchall()
        assert len(exported) == len(audited.tables()[table])


@pytest.mark.parametrize("folder", ["", "csv", "report/providers", "new"])
def test_true_counts_are_not_written_over_what_is_published(audited: Place, folder: str) -> None:
    output = audited.folder / "output"

    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}

    before = files()
    done = audited.naome("export", "--to", str(output / folder))
    assert done.returncode == 2
    assert "true counts" in done.stderr
    assert files() == before


def test_there_is_nothing_to_export_before_the_first_run(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path)
    duckdb.connect(str(place.database)).close()
    done = place.naome("export", "--to", str(tmp_path / "tables"))
    assert done.returncode == 2
    assert "nothing was loaded yet" in done.stderr
    assert not (tmp_path / "tables").exists()


def test_status_tells_what_was_quarantined(audited: Place) -> None:
    done = audited.naome("status")
    assert done.returncode == 0
    rules = Counter(row[2] for row in audited.tables()["quarantine"])
    assert rules.most_common(1)[0][0][:12] in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--from", "2024-Q5", "--to", "2024-Q1"),
        ("run", "--from", "2024-Q2", "--to", "2024-Q1"),
        ("run", "--from", "2024-Q1", "--to", "2024-Q1", "--warehouse", "oracle://x"),
        ("run", "--from", "2024-Q1", "--to", "2024-Q1", "--landing", "nowhere"),
        ("export", "--to", "x", "--warehouse", "duckdb:///nowhere.duckdb"),
        ("dance",),
    ],
)
def test_wrong_use_ends_with_2(audited: Place, arguments: tuple[str, ...]) -> None:
    assert audited.naome(*arguments).returncode == 2


def test_only_refused_files_end_with_1(tmp_path: Path) -> None:
    file = tmp_path / "landing" / "england" / "cosd" / "R0A" / "2024-01" / "broken.xml"
    file.parent.mkdir(parents=True)
    file.write_text("<COSD>")
    place = Place(tmp_path, tmp_path / "landing")
    assert place.naome("run", "--from", "2024-Q1", "--to", "2024-Q1").returncode == 1
