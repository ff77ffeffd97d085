"""The outlier register: by which stages, every published flag, and what was done about it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Sequence

from naome_assets.contract.dimensions import COMPARED_PERIOD, LOCAL
from naome_assets.publication.cells import harmless
from naome_assets.publication.published import Publication
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import PATHS, relative
from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.outliers.flags import Flag, FlagKey, published_flags
from naome_assets.publication.report.outliers.policy import Policy, read_policy
from naome_assets.publication.report.outliers.register import (
    COLUMNS,
    Entry,
    Register,
    read_register,
)
from naome_assets.publication.report.pages.page import Page, crumbs, window
from naome_assets.publication.report.words import Words, generated_lines
from naome_assets.publication.team_files import team_file
from naome_assets.quarters import Quarter

#: The register as a file that the audit team edits, beside the first page.
FILE = "outlier-register.csv"
_NOTHING = Entry()


class Outliers:
    """The flags of a publication with what was done about them; read once for all languages."""

    def __init__(self, publication: Publication) -> None:
        """Find the flags, and read the files of the audit team.

        Raises:
            RegisterError: when the register cannot be read at all.
            PolicyError: when the stages cannot.
        """
        self.policy: Policy = read_policy(team_file("NAOME_OUTLIER_POLICY"))
        found = published_flags(publication)
        self.flags = [flag for _, flag in sorted(found.items())]
        self.register = _register(publication, found)

    def entry(self, flag: Flag) -> Entry:
        """What was done about a flag."""
        return self.register.entries.get(flag.key, _NOTHING)


def register_faults(publication: Publication) -> Sequence[str]:
    """What is wrong with lines of the register, for those who run the audit.

    Raises:
        RegisterError: when it cannot be read at all.
    """
    return _register(publication, published_flags(publication)).faults


def _register(publication: Publication, flags: Collection[FlagKey]) -> Register:
    places = {
        str(code)
        for table in publication.tables.values()
        for code in table.loc[table["geography_type"].isin(LOCAL), "geography_code"].unique()
    }
    latest = Quarter.parse(publication.statement.quarter)
    return read_register(team_file("NAOME_OUTLIERS"), flags, places, latest)


def page(edition: Edition, outliers: Outliers) -> Page:
    """The flags of the quarter with what was done about each, and the stages."""
    words, flags = edition.words, outliers.flags
    alarms = sum(flag.is_alarm for flag in flags)
    return Page(
        PATHS["outliers"],
        "outliers.jinja",
        words("outliers.title"),
        {
            "lede": words("outliers.lede", span=window(edition, COMPARED_PERIOD)),
            "counted": words(
                "outliers.counted", alarms=str(alarms), alerts=str(len(flags) - alarms)
            ),
            "stages": _stages(words, outliers.policy),
            "is_example": outliers.policy.is_example,
            "file": FILE,
            "parts": [
                (words(f"outliers.{type_}"), _table(edition, outliers, type_))
                for type_ in reversed(LOCAL)
            ],
        },
        crumbs=crumbs(edition),
    )


def _stages(words: Words, policy: Policy) -> list[tuple[str, str, str]]:
    """Of each stage who acts, in how many days and for which flags, and what is done."""
    found = []
    for stage in policy.stages:
        levels = ", ".join(words(f"outliers.levels.{level}") for level in stage.levels)
        days = words("outliers.days", days=str(stage.days)) if stage.days else ""
        aside = "; ".join(part for part in (days, levels) if part)
        found.append((stage.who[words.language], aside, stage.what[words.language]))
    return found


def _table(edition: Edition, outliers: Outliers, type_: str) -> Table | None:
    """The flags of places of a type, the alarms first; None where there are none."""
    words = edition.words
    order = {measure.key: at for at, measure in enumerate(MEASURES)}

    def turn(flag: Flag) -> tuple[bool, int, str, str]:
        at = order[flag.key.indicator]
        return not flag.is_alarm, at, _name(edition, flag), flag.key.figure

    flags = sorted((own for own in outliers.flags if own.geography_type == type_), key=turn)
    if not flags:
        return None
    head = [words(f"table.{key}") for key in ("place", "measure", "compared")]
    head += [words("outliers.columns.figure"), words("table.denominator"), words("table.percent")]
    head += [words("funnel.limits_95"), words("funnel.limits_998")]
    head += [words(f"outliers.columns.{key}") for key in ("told", "response", "closed")]
    body = [_cells(edition, flag, outliers.entry(flag)) for flag in flags]
    return Table(words(f"outliers.{type_}"), head, body, left=(1, 2, 3, 8, 9, 10))


def _name(edition: Edition, flag: Flag) -> str:
    place = edition.places.get((flag.geography_type, flag.key.place))
    return edition.name(place) if place else flag.key.place


def _cells(edition: Edition, flag: Flag, entry: Entry) -> list[Cell]:
    words, row = edition.words, flag.row
    place = edition.places.get((flag.geography_type, flag.key.place))
    href = relative(place.path, PATHS["outliers"]) if place else ""
    said = [
        words.date(entry.told) if entry.told else words("outliers.not_yet"),
        _dated(words, "responses", entry.response, entry.responded),
        _dated(words, "outcomes", entry.outcome, entry.closed),
    ]
    return [
        Cell(_name(edition, flag), href),
        Cell(edition.title(flag.measure)),
        Cell(words(f"outlier.{flag.outlier}"), tag=flag.outlier),
        Cell(words(f"outliers.figures.{flag.key.figure}")),
        Cell(words.cell(row, flag.people)),
        Cell(words.percent(row, flag.value)),
        *map(Cell, _limits(words, flag)),
        *map(Cell, said),
    ]


def _dated(words: Words, group: str, code: str, day: dt.date | None) -> str:
    if not code or day is None:
        return words("outliers.not_yet")
    return words("outliers.dated", what=words(f"outliers.{group}.{code}"), day=words.date(day))


def _limits(words: Words, flag: Flag) -> list[str]:
    return [
        words.interval(flag.row, flag.limit("lower", tail), flag.limit("upper", tail), 1)
        for tail in ("95", "998")
    ]


def register_csv(edition: Edition, outliers: Outliers) -> str:
    """The register as the audit team edits it: a line for each flag, with what is held of it."""
    words = edition.words
    figures = ("name", "outlier", "people", "percent", "limits_95", "limits_998")
    is_generated = edition.figures.statement.is_generated
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([*COLUMNS[:4], *figures, *COLUMNS[4:], *(["note"] if is_generated else [])])
    for flag in outliers.flags:
        key, entry = flag.key, outliers.entry(flag)
        row = [key.quarter, key.place, key.indicator, key.figure, harmless(_name(edition, flag))]
        row += [flag.outlier, words.cell(flag.row, flag.people)]
        row += [words.percent(flag.row, flag.value), *_limits(words, flag)]
        row += [str(own or "") for own in (entry.told, entry.responded, entry.response)]
        row += [str(own or "") for own in (entry.closed, entry.outcome)]
        writer.writerow([*row, *([" ".join(generated_lines())] if is_generated else [])])
    return "\ufeff" + written.getvalue()
