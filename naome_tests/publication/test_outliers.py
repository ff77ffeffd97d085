"""The register of outliers: published flags alone, with what the audit team's file says of each."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree, html

from naome_assets.contract.dimensions import COMPARED_PERIOD, LOCAL
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.report.outliers.flags import Flag, FlagKey, published_flags
from naome_assets.publication.report.outliers.policy import PolicyError, read_policy
from naome_assets.publication.report.outliers.register import (
    COLUMNS,
    OUTCOMES,
    RESPONSES,
    Entry,
    Register,
    RegisterError,
    read_register,
)
from naome_assets.publication.report.pages.outliers import FILE, register_faults
from naome_assets.publication.report.words import LANGUAGES, Words, generated_lines
from naome_assets.publication.team_files import (
    TEAM_FILES,
    lines_left_out,
    team_file,
    version_of_team_files,
)
from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.generated_audit import LAST

_HEAD = ",".join(COLUMNS)
_KEY = FlagKey("2024-Q4", "RAA", "cns_access", "crude")
_LINE = "2024-Q4,RAA,cns_access,crude"


_COLUMNS = {
    "cns_access": ["outlier"],
    "time_to_treatment": ["outlier_31d", "outlier_62d"],
    "indicator": ["outlier"],
    "case_mix_value": ["outlier"],
}


@pytest.fixture(scope="module")
def flagged(publication: Publication) -> Publication:
    """More flags than so few people have: of two in three figures that could be compared."""
    tables = dict(publication.tables)
    for table, columns in _COLUMNS.items():
        tables[table] = frame = tables[table].copy()
        for column in columns:
            compared = frame.index[
                (frame["period"] == COMPARED_PERIOD)
                & frame["geography_type"].isin(LOCAL)
                & ~frame["suppressed"]
            ]
            frame.loc[compared[::3], column] = "alert_low"
            frame.loc[compared[1::3], column] = "alarm_high"
    return replace(publication, tables=tables)


def read(folder: Path, *lines: str, head: str = _HEAD) -> Register:
    file = folder / "register.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return read_register(file, {_KEY}, {"RAA", "RBB"}, Quarter(2024, 4))


def of(publication: Publication, outlier: str) -> list[Flag]:
    """Published flags of the last quarter of a level, in their order."""
    return [
        flag
        for _, flag in sorted(published_flags(publication).items())
        if flag.outlier.startswith(outlier)
    ]


# The file.


def test_a_line_says_what_was_done(tmp_path: Path) -> None:
    line = f"{_LINE},2025-03-13,17/04/2025,explained,2025-05-01,confirmed"
    register = read(tmp_path, line)
    assert list(register.faults) == []
    assert register.entries == {
        _KEY: Entry(
            dt.date(2025, 3, 13), dt.date(2025, 4, 17), "explained", dt.date(2025, 5, 1),
            "confirmed",
        )
    }  # fmt: skip


def test_further_columns_and_their_order_do_not_matter(tmp_path: Path) -> None:
    head = "told,name,figure,indicator,place,quarter,responded,response,closed,outcome"
    line = '2025-03-13,"A, B",crude,cns_access,RAA,2024-Q4,,,,'
    assert read(tmp_path, line, "", head="\ufeff" + head).entries == {
        _KEY: Entry(dt.date(2025, 3, 13))
    }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("2024-Q5,RAA,cns_access,crude,,,,,", "quarter '2024-Q5' is none, such as 2024-Q4"),
        ("2025-Q1,RAA,cns_access,crude,,,,,", "quarter 2025-Q1 is after 2024-Q4"),
        ("2024-Q4,RXX,cns_access,crude,,,,,", "place 'RXX' is no code of a place"),
        ("2024-Q4,RAA,nurses,crude,,,,,", "indicator 'nurses' is no measure"),
        ("2024-Q4,RAA,cns_access,raw,,,,,", "figure 'raw' is none of crude, adjusted"),
        ("2024-Q4,RBB,cns_access,crude,,,,,", "no flag of it is published"),
        (f"{_LINE},31/02/2025,,,,", "told '31/02/2025' is no day, such as 2025-03-13"),
        (f"{_LINE},soon,,,,", "told 'soon' is no day"),
        (f"{_LINE},2025-03-13,2025-04-17,sorry,,", "response 'sorry' is none of data_corrected"),
        (f"{_LINE},2025-03-13,,,2025-05-01,done", "outcome 'done' is none of confirmed"),
        (f"{_LINE},2025-03-13,2025-04-17,,,", "responded and response are given together"),
        (f"{_LINE},2025-03-13,,,2025-05-01,", "closed and outcome are given together"),
        (f"{_LINE},,2025-04-17,accepted,,", "told is given before"),
        (f"{_LINE},2025-03-13,2025-03-12,accepted,,", "are in this order"),
        (f"{_LINE},2024-12-30,,,,", "the quarter's end, told"),
        (f"{_LINE},,,", "7 cells where the heading has 9"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named_and_the_rest_is_read(
    tmp_path: Path, line: str, rule: str
) -> None:
    register = read(tmp_path, line, f"{_LINE},2025-03-13,,,,")
    (fault,) = register.faults
    assert fault.startswith(f"{tmp_path / 'register.csv'}: line 2: ")
    assert rule in fault
    assert register.entries == {_KEY: Entry(dt.date(2025, 3, 13))}


def test_lines_of_earlier_quarters_are_history(tmp_path: Path) -> None:
    register = read(tmp_path, "2024-Q3,RBB,cns_access,crude,2024-11-13,,,,")
    assert (register.entries, list(register.faults)) == ({}, [])


def test_of_two_lines_of_a_flag_the_first_stands(tmp_path: Path) -> None:
    register = read(tmp_path, f"{_LINE},2025-03-13,,,,", f"{_LINE},2025-03-14,,,,")
    assert list(register.faults) == [
        f"{tmp_path / 'register.csv'}: line 3: the flag has a line already"
    ]
    assert register.entries[_KEY].told == dt.date(2025, 3, 13)


def test_a_file_of_which_no_line_can_be_read_stops_the_report(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="line 1: no column told, outcome"):
        read(tmp_path, head=_HEAD.replace("told,", "").replace(",outcome", ""))
    with pytest.raises(RegisterError, match="cannot be read"):
        read_register(tmp_path / "none.csv", set(), set(), Quarter(2024, 4))


def test_the_file_of_the_package_is_whole_and_empty() -> None:
    register = read_register(team_file("NAOME_OUTLIERS"), set(), set(), Quarter(2024, 4))
    assert (register.entries, list(register.faults)) == ({}, [])


# Stages.


def test_stages_of_the_package_have_days_and_are_said_to_be_an_example() -> None:
    policy = read_policy(team_file("NAOME_OUTLIER_POLICY"))
    assert policy.is_example
    assert [stage.days for stage in policy.stages] == [10, 5, 25, 30, 5, 10, 15, 0]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("days = 10", "days = 'ten'", "stage 1: days is a number of working days"),
        ("days = 10", "day = 10", "stage 1: 'day' is not known"),
        ('["alert"]', '["red"]', "stage 1: levels are of alert, alarm"),
        (', cy = "B"', "", "stage 1: who is given in each language: en, cy"),
        ('"C"', '" "', "stage 1: what is a text in each language"),
        ("[[stage]]", "[stage]", "stages are written as [[stage]]"),
        ("[[stage]]", "[[stage", "cannot be read"),
    ],
)
def test_a_stage_that_breaks_a_rule_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    text = '[[stage]]\ndays = 10\nlevels = ["alert"]\nwho = {en = "A", cy = "B"}\n'
    text += 'what = {en = "C", cy = "D"}\n'
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    assert read_policy(file).stages[0].days == 10
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=re.escape(rule)) as caught:
        read_policy(file)
    assert str(file) in str(caught.value)


# The flags.


def test_flags_are_those_of_the_published_tables(flagged: Publication) -> None:
    """Counted in another way: by the tables' own columns."""
    counts: dict[tuple[str, str], int] = {}
    for table, indicator, column in (
        ("cns_access", "cns_access", "outlier"),
        ("time_to_treatment", "within_31d", "outlier_31d"),
        ("time_to_treatment", "within_62d", "outlier_62d"),
        ("indicator", "mdt_discussed", "outlier"),
        ("case_mix_value", "mdt_discussed", "outlier"),
    ):
        frame = flagged.tables[table]
        frame = frame[frame["geography_type"].isin(LOCAL) & (frame["presentation"] == "all")]
        frame = frame[(frame["period"] == COMPARED_PERIOD) & frame[column].notna()]
        frame = frame[frame[column] != "within"]
        if "indicator" in frame:
            frame = frame[frame["indicator"] == indicator]
        if "modality" in frame:
            frame = frame[frame["modality"] == "any"]
        figure = "adjusted" if table == "case_mix_value" else "crude"
        counts[indicator, figure] = len(frame)
    found = pd.Series(
        [(key.indicator, key.figure) for key in published_flags(flagged)]
    ).value_counts()
    assert sum(counts.values()) > 4
    assert {key: int(found.get(key, 0)) for key in counts} == counts
    assert "within" not in {flag.outlier for flag in published_flags(flagged).values()}


# The page.


def page(site: Path, path: str) -> etree._Element:
    return html.document_fromstring((site / path).read_text("utf-8"))


def rows(own: etree._Element) -> list[list[str]]:
    """Cells of the tables of flags."""
    return [
        [cell.text_content() for cell in row.xpath("th|td")]
        for table in own.xpath("//table")
        for row in table.xpath("tbody/tr")
    ]


@pytest.fixture(scope="module")
def told(flagged: Publication) -> Flag:
    """A flag of a provider in the last quarter."""
    return next(flag for flag in of(flagged, "a") if flag.geography_type == "provider")


@pytest.fixture(scope="module")
def kept(told: Flag, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of the audit team, with one line that breaks a rule."""
    file = tmp_path_factory.mktemp("register") / "own.csv"
    lines = [
        ",".join([*vars(told.key).values(), "2023-03-13,2023-04-17,explained,,"]),
        ",".join([*vars(replace(told.key, quarter="2021-Q4")).values(), "2022-03-14,,,,"]),
        ",".join([str(LAST), "NONE", "cns_access", "crude,,,,,"]),
    ]
    file.write_text("\n".join([_HEAD, *lines]), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def site(flagged: Publication, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outliers") / "report"
    stated = replace(flagged.statement, generated=flagged.statement.quarter)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAOME_OUTLIERS", str(kept))
        write_report(replace(flagged, statement=stated), folder)
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_published_flag_once_and_what_was_done(
    site: Path, flagged: Publication, told: Flag, language: str
) -> None:
    words = Words(language)
    own = page(site, "outliers.html" if language == "en" else "cy/outliers.html")
    shown = rows(own)
    latest = of(flagged, "a")
    assert len(latest) > 5
    assert len(shown) == len(latest)
    title = words(f"measures.{told.key.indicator}.title")
    figure = words(f"outliers.figures.{told.key.figure}")
    (line,) = [
        line for line in shown
        if words.place(told.key.place, str(told.row["geography_name"])) == line[0]
        and [line[1], line[3]] == [title, figure]
    ]  # fmt: skip
    assert line[4:6] == [words.cell(told.row, told.people), words.percent(told.row, told.value)]
    assert line[6] == words.interval(
        told.row, f"limit_lower_95{told.end}", f"limit_upper_95{told.end}", 1
    )
    assert line[2] == words(f"outlier.{told.outlier}")
    answered = words("outliers.dated", what=words("outliers.responses.explained"),
                     day=words.date(dt.date(2023, 4, 17)))  # fmt: skip
    assert line[8:] == [words.date(dt.date(2023, 3, 13)), answered, words("outliers.not_yet")]
    alarms = len(of(flagged, "alarm"))
    counted = words("outliers.counted", alarms=str(alarms), alerts=str(len(latest) - alarms))
    assert counted in own.text_content()
    stages = own.xpath("//ol/li")
    policy = read_policy(team_file("NAOME_OUTLIER_POLICY"))
    for line, stage in zip(stages[-len(policy.stages) :], policy.stages, strict=True):
        assert stage.what[language] in line.text_content()
        days = words("outliers.days", days=str(stage.days))
        assert (days in line.text_content()) == bool(stage.days)
    assert words("outliers.example") in own.text_content()
    assert "NONE" not in own.text_content()


def test_faults_of_the_register_are_told_to_those_who_run_the_audit(
    flagged: Publication, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAOME_OUTLIERS", str(kept))
    assert list(register_faults(flagged)) == [
        f"{kept}: line 4: place 'NONE' is no code of a place with published figures"
    ]


def test_a_run_says_which_lines_were_left_out(
    publication: Publication, audited: DuckDBWarehouse, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publication.tables
    assert list(lines_left_out(audited)) == []
    monkeypatch.setenv("NAOME_OUTLIERS", str(kept))
    assert f"{kept}: line 4: place 'NONE'" in lines_left_out(audited)[-1]


def test_the_register_that_the_site_gives_is_one_that_it_takes(
    site: Path, flagged: Publication, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAOME_OUTLIERS", str(site / FILE))
    assert list(register_faults(flagged)) == []
    with (site / FILE).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(of(flagged, "a"))
    assert [line["told"] for line in lines if line["told"]] == ["2023-03-13"]
    assert all(own in line["note"] for line in lines for own in generated_lines())


def test_pages_that_speak_of_outliers_lead_to_the_register(site: Path, told: Flag) -> None:
    for path in ("providers.html", "alliances.html", "measures.html"):
        assert "outliers.html" in page(site, path).xpath("//main//a/@href")
    own = f"providers/{told.key.place}.html"
    assert "../outliers.html" in page(site, own).xpath("//main//a/@href")


def test_each_code_of_the_file_has_its_words() -> None:
    words = Words("en")
    assert set(words.group("outliers.responses")) == set(RESPONSES)
    assert set(words.group("outliers.outcomes")) == set(OUTCOMES)


# Files of the audit team.


@pytest.mark.parametrize("variable", TEAM_FILES)
def test_an_edited_file_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    before = version_of_team_files()
    own, text = tmp_path / "own", team_file(variable).read_bytes()
    monkeypatch.setenv(variable, str(own))
    assert version_of_team_files() == ""
    own.write_bytes(text + b"# edited\n")
    assert version_of_team_files() not in ("", before)
