"""The pages of the report: what each one shows, as values for its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
    EVERYBODY,
    FOLLOWED_PERIOD,
    NATIONAL,
)
from naome_assets.disclosure.suppression import load_profile
from naome_assets.publication.cells import SUPPRESSED
from naome_assets.publication.report import annual, beyond, changes, exhibits, tile_map
from naome_assets.publication.report.exhibits import Exhibit
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, NATIONS, Figures
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.measures import (
    CNS,
    MDT,
    RECURRENT_SHARE,
    SURVIVAL_1Y,
    WITHIN_31_DAYS,
    WITHIN_62_DAYS,
    Measure,
    available,
)
from naome_assets.publication.report.places import Place, Places
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Row, Words, number
from naome_assets.transform.project import load_project

#: Where the facts on the other nations stand: title and address. Written out, because no page of
#: the site leads out of it.
_UK_SOURCES = {
    "scotland": (
        (
            "Scottish Parliament, answer to question S6W-13403, 20 January 2023",
            "www.parliament.scot/chamber-and-committees/questions-and-answers/"
            "question?ref=S6W-13403",
        ),
        (
            "ScotPHO: Scottish Cancer Registry",
            "scotpho.org.uk/methods-and-data/overview-of-key-data-sources/"
            "scottish-national-data-schemes/cancer",
        ),
        (
            "Edinburgh Cancer Informatics: cancer registry (SMR06)",
            "cancer-data.ecrc.ed.ac.uk/data/cancer-registry/",
        ),
    ),
    "northern_ireland": (
        (
            "Make 2nds Count: metastatic breast cancer data in Northern Ireland, January 2025",
            "make2ndscount.co.uk/news/news/metastatic-breast-cancer-data-in-ni",
        ),
        (
            "Northern Ireland Cancer Network: study launched at Stormont, 6 March 2025",
            "nican.hscni.net/?p=4071",
        ),
    ),
}


@dataclass(frozen=True)
class Page:
    """A page within the pages of a language."""

    path: str
    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    #: Pages above this one: words and path.
    crumbs: Sequence[tuple[str, str]] = ()


class Pages:
    """All pages in one language."""

    def __init__(self, figures: Figures, places: Places, words: Words) -> None:
        """Prepare; nothing is drawn yet."""
        self._figures = figures
        self._places = places
        self._words = words
        self._measures = available(figures)
        self._funnels = {
            (siblings[0].type, measure.key): exhibits.Funnel(figures, words, measure, siblings)
            for siblings in (places.alliances, places.providers)
            if siblings
            for measure in self._measures
            if measure.is_proportion
        }

    def all(self) -> list[Page]:
        """Every page of the site; of an audit of nothing, one that says so and those of words."""
        pages = [self._national(place) for place in self._places.national]
        if pages:
            pages += [self._alliances(), self._providers(), self._annual(), self._quality()]
        else:
            pages.append(self._nothing())
        pages += [self._changes(), self._methods(), self._beyond(), self._uk()]
        for siblings in (self._places.alliances, self._places.providers):
            pages += [self._place(place, siblings, at) for at, place in enumerate(siblings)]
        return pages

    def _name(self, place: Place) -> str:
        return self._words.place(place.code, place.name)

    def _window(self, period: str) -> str:
        span = self._words.window(self._figures.quarter, period)
        return self._words("period.dated", length=self._words(f"period.{period}"), span=span)

    def _incomplete(self, row: Row | None) -> str:
        if row is None or bool(row.get("complete", True)):
            return ""
        first = self._words.date(self._figures.first_quarter.first_day)
        return self._words("period.incomplete", first=first)

    def _national(self, place: Place) -> Page:
        figures, words = self._figures, self._words
        share = figures.recurrent_share(place.key)
        warning = ""
        if share is not None and share < exhibits.RECURRENT_SHARE_MINIMUM:
            warning = words(
                "national.recurrence",
                share=f"{share:.1f}",
                minimum=f"{exhibits.RECURRENT_SHARE_MINIMUM:.0f}",
            )
        sections = {
            "living": [
                exhibits.prevalence_trend(figures, words, place),
                exhibits.prevalence_by_age(figures, words, place),
                exhibits.prevalence_by_years(figures, words, place),
            ],
            "nursing": [
                exhibits.measure_trend(figures, words, place, CNS, compare=False),
                exhibits.measure_by_presentation(figures, words, place, CNS),
                exhibits.measure_trend(figures, words, place, MDT, compare=False),
            ],
            "treatment": [
                exhibits.first_treatment_days(figures, words, place),
                exhibits.treatment_curve(figures, words, place),
                *exhibits.treatment_shares(figures, words, place),
                exhibits.measure_trend(figures, words, place, WITHIN_31_DAYS, compare=False),
                exhibits.first_treatments(figures, words, place),
            ],
            "survival": [exhibits.survival_curves(figures, words, place)],
        }
        others = [
            measure
            for measure in self._measures
            if measure not in (CNS, WITHIN_31_DAYS, WITHIN_62_DAYS)
        ]
        tiles = None
        if place.nation != "Wales" and place.key != NATIONS[1] and self._places.alliances:
            tiles = tile_map.tile_map(figures, words, self._places, place.path, CNS)
        first = measure_row(figures, place, CNS)
        name = self._name(place)
        return Page(
            place.path,
            "national.jinja",
            words("national.title", place=name),
            {
                "place": name,
                "lede": words("national.lede", span=self._window(COMPARED_PERIOD)),
                "headlines": self._headlines(place),
                "warning": warning,
                "incomplete": self._incomplete(first),
                "sections": {key: _there(value) for key, value in sections.items()},
                "others": self._measure_table(others, place) if others else None,
                "tiles": tiles,
                "units": self._units(place),
                "providers": "providers.html",
            },
        )

    def _nothing(self) -> Page:
        figures, words = self._figures, self._words
        return Page(
            "index.html",
            "nothing.jinja",
            words("nothing.title"),
            {
                "quarters": words(
                    "nothing.quarters",
                    first=words.date(figures.first_quarter.first_day),
                    last=words.date(figures.quarter.last_day),
                )
            },
        )

    def _headlines(self, place: Place) -> list[dict[str, str]]:
        figures, words = self._figures, self._words
        living = figures.row("prevalence", place.key, presentation="all", **EVERYBODY)
        # A row of a place that is not there is of nobody, or withheld altogether.
        is_withheld = living is None and place.type not in NATIONAL
        people = SUPPRESSED if is_withheld else words.cell(living, "people")
        details = [words.date(figures.quarter.last_day)]
        if number(living, "rate_per_100k") is not None:
            details.append(
                words(
                    "headline.rate",
                    rate=words.cell(living, "rate_per_100k", 1),
                    interval=words.interval(living, "rate_lower_95", "rate_upper_95"),
                )
            )
        found = [self._headline("living", people, details)]
        new = figures.row(
            "indicator", place.key, period=COMPARED_PERIOD, indicator="incidence",
            presentation="all",
        )  # fmt: skip
        if new is not None:
            share = RECURRENT_SHARE.row(figures, place.key, COMPARED_PERIOD)
            details = [self._window(COMPARED_PERIOD)]
            details += self._known("recurrent", share, "value", words.percent)
            found.append(self._headline("incidence", words.cell(new, "value"), details))
        for key, measure, beside, column, shown in (
            ("cns", CNS, "recorded", "completeness_pct", words.percent),
            ("treatment", WITHIN_31_DAYS, "median", "median_days", words.cell),
            ("survival", SURVIVAL_1Y, "deaths", "numerator", words.cell),
        ):
            row = measure.row(figures, place.key, COMPARED_PERIOD)
            if row is None:
                continue
            details = []
            if measure.of(row) is not None:
                interval = words.interval(row, measure.lower, measure.upper)
                details.append(words("headline.interval", interval=interval))
            details += self._known(beside, row, column, shown)
            found.append(self._headline(key, words.percent(row, measure.value), details))
        return found

    def _known(
        self, key: str, row: Row | None, column: str, shown: Callable[[Row | None, str], str]
    ) -> list[str]:
        """A detail of a headline, where its number is published."""
        if number(row, column) is None:
            return []
        return [self._words(f"headline.{key}", number=shown(row, column))]

    def _headline(self, key: str, figure: str, details: Sequence[str]) -> dict[str, str]:
        words = self._words
        if figure == SUPPRESSED:
            details = [words("headline.hidden"), *details]
        return {"figure": figure, "words": words(f"headline.{key}"), "detail": "; ".join(details)}

    def _in_short(self, place: Place) -> list[dict[str, Any]]:
        """How a place compares in each measure, the far ones first: name, direction, section."""
        words = self._words
        groups: dict[str, list[dict[str, str]]] = {"alarm": [], "alert": [], "within": []}
        others = 0
        for measure in self._measures:
            outlier = (measure_row(self._figures, place, measure) or {}).get(measure.outlier)
            if not isinstance(outlier, str):
                others += 1
                continue
            group, _, side = outlier.partition("_")
            groups[group].append(
                {
                    "key": measure.key,
                    "title": words(f"measures.{measure.key}.title"),
                    "side": words(f"in_short.{side}") if side else "",
                }
            )
        found: list[dict[str, Any]] = [
            {
                "words": words(f"in_short.{group}"),
                "measures": measures,
                "text": "" if measures else words("in_short.none"),
            }
            for group, measures in groups.items()
        ]
        if others:
            text = words("in_short.why_not", number=str(others))
            found.append({"words": words("in_short.not_compared"), "measures": [], "text": text})
        return found

    def _measure_table(self, measures: Sequence[Measure], place: Place) -> Table:
        """Measures of a place with its larger places beside them."""
        figures, words = self._figures, self._words
        beside = [other for other in self._beside(place) if other is not place]
        compares = place.type in ("cancer_alliance", "provider")
        head = [words("table.measure"), words("table.numerator"), words("table.denominator")]
        head += [words("table.percent"), words("table.interval")]
        head += [self._name(other) for other in beside]
        if compares:
            head.append(words("table.compared"))
        rows = []
        for measure in measures:
            row = measure.row(figures, place.key, COMPARED_PERIOD)
            if all(measure.of(measure_row(figures, p, measure)) is None for p in (place, *beside)):
                continue
            href = f"#{measure.key}" if compares and row is not None else ""
            cells = [
                Cell(words(f"measures.{measure.key}.title"), href),
                Cell(exhibits.counted(words, measure, row)),
                Cell(words.cell(row, measure.denominator)),
                Cell(words.percent(row, measure.value)),
                Cell(words.interval(row, measure.lower, measure.upper)),
            ]
            for other in beside:
                cells.append(
                    Cell(words.percent(measure_row(figures, other, measure), measure.value))
                )
            if compares:
                cells.append(exhibits.outlier_cell(words, row, measure))
            rows.append(cells)
        left = (len(head) - 1,) if compares else ()
        caption = words("place_page.glance" if compares else "national.others")
        return Table(caption, head, rows, left=left)

    def _beside(self, place: Place) -> list[Place]:
        """The place, its alliance or nation, and England and Wales."""
        above = [
            self._places.alliance_of(place),
            self._places.nation_of(place),
            self._places.get(ENGLAND_AND_WALES),
        ]
        return [place, *(other for other in above if other is not None and other is not place)]

    def _place(self, place: Place, siblings: Sequence[Place], at: int) -> Page:
        figures, words = self._figures, self._words
        compared = []
        for measure in self._measures:
            own = measure.row(figures, place.key, COMPARED_PERIOD)
            if own is None:
                continue
            pair = [
                exhibits.measure_comparison(figures, words, self._beside(place), place, measure),
                self._funnels[place.type, measure.key].own(place)
                if measure.is_proportion
                else None,
            ]
            compared.append((measure, _there(pair)))
        trends = _there(
            [
                exhibits.prevalence_trend(figures, words, place),
                *(
                    exhibits.measure_trend(figures, words, place, measure, compare=True)
                    for measure in self._measures
                    if measure in (CNS, MDT, WITHIN_31_DAYS, SURVIVAL_1Y)
                ),
            ]
        )
        # What is to be known of a measure stands with it above.
        told = {note for measure, _ in compared for note in exhibits.measure_notes(words, measure)}
        trends = [
            replace(trend, notes=[note for note in trend.notes if note not in told])
            for trend in trends
        ]
        is_provider = place.type == "provider"
        parent = "providers" if is_provider else "alliances"
        alliance, nation = self._places.alliance_of(place), self._places.nation_of(place)
        above = alliance or nation
        members = [] if is_provider else self._places.grouped_providers().get(place.key, [])
        return Page(
            place.path,
            "place.jinja",
            self._name(place),
            {
                "lede": words("place_page.lede", span=self._window(COMPARED_PERIOD)),
                "incomplete": self._incomplete(measure_row(figures, place, CNS)),
                "all_places": f"{parent}.html",
                "above": above and {"name": self._name(above), "path": above.path},
                "includes": self._includes(place),
                "headlines": self._headlines(place),
                "in_short": self._in_short(place),
                "glance": self._measure_table(self._measures, place),
                "compared": [
                    {
                        "key": measure.key,
                        "title": words(f"measures.{measure.key}.title"),
                        "notes": exhibits.measure_notes(words, measure),
                        "exhibits": pair,
                    }
                    for measure, pair in compared
                    if pair
                ],
                "trends": trends,
                "treatment": _there(
                    [
                        exhibits.first_treatment_days(figures, words, place),
                        exhibits.first_treatments(figures, words, place),
                    ]
                ),
                "case_mix": self._case_mix(place),
                "quality": exhibits.quality(figures, words, place),
                "members": self._provider_table(members, place.path) if members else None,
                "previous": _neighbour(self, siblings, at - 1),
                "next": _neighbour(self, siblings, at + 1),
            },
            crumbs=[
                (words("nav.home"), "index.html"),
                (words(f"nav.{parent}"), f"{parent}.html"),
                *([(self._name(alliance), alliance.path)] if alliance else []),
            ],
        )

    def _includes(self, place: Place) -> str:
        """Which trusts of before count here; empty where none does."""
        words = self._words
        named = [
            words("place_page.predecessor", code=own.code, date=words.date(own.succeeded_on))
            for own in self._places.predecessors_of(place)
        ]
        return words("place_page.includes", predecessors="; ".join(named)) if named else ""

    def _case_mix(self, place: Place) -> Table | None:
        figures, words = self._figures, self._words
        rows = []
        for measure in self._measures:
            if not measure.case_mix:
                continue
            row = figures.row(
                "case_mix_value", place.key, period=COMPARED_PERIOD, indicator=measure.case_mix
            )
            if row is None:
                continue
            crude = measure.row(figures, place.key, COMPARED_PERIOD)
            rows.append(
                [
                    Cell(words(f"measures.{measure.key}.title")),
                    Cell(words.cell(row, "people")),
                    Cell(words.cell(row, "observed")),
                    Cell(words.cell(row, "expected", 1)),
                    Cell(words.percent(crude, measure.value)),
                    Cell(words.percent(row, "adjusted_value")),
                ]
            )
        if not rows:
            return None
        head = [words("table.measure"), words("table.denominator"), words("place_page.observed")]
        head += [words("place_page.expected"), words("place_page.crude")]
        head.append(words("place_page.adjusted"))
        return Table(words("place_page.case_mix"), head, rows)

    def _provider_table(self, members: Sequence[Place], here: str, caption: str = "") -> Table:
        """One row a place: the few figures by which it is found and read."""
        figures, words = self._figures, self._words
        head = [words("table.place"), words("table.people")]
        head += [words("measures.cns_access.title"), words("table.interval")]
        head += [words("table.recorded"), words("table.compared")]
        head += [words("measures.within_31d.title"), words("treatment.columns.median_days")]
        rows = []
        for place in members:
            cns = CNS.row(figures, place.key, COMPARED_PERIOD)
            treated = WITHIN_31_DAYS.row(figures, place.key, COMPARED_PERIOD)
            rows.append(
                [
                    Cell(self._name(place), relative(place.path, here)),
                    Cell(words.cell(treated, "patients")),
                    Cell(words.percent(cns, CNS.value)),
                    Cell(words.interval(cns, CNS.lower, CNS.upper)),
                    Cell(words.percent(cns, "completeness_pct")),
                    exhibits.outlier_cell(words, cns, CNS),
                    Cell(words.percent(treated, WITHIN_31_DAYS.value)),
                    Cell(words.cell(treated, "median_days")),
                ]
            )
        return Table(caption or words("overview.list"), head, rows, left=(5,))

    def _units(self, place: Place) -> list[tuple[str, str]]:
        """Name and page of each provider of a nation or of both, by name."""
        units = [
            (self._name(unit), unit.path)
            for unit in self._places.providers
            if place.key == ENGLAND_AND_WALES or self._places.nation_of(unit) is place
        ]
        return sorted(units)

    def _all_funnels(self, kind: str, here: str) -> list[Exhibit | None]:
        return [
            funnel.all(lambda target: relative(target, here))
            for (type_, _), funnel in self._funnels.items()
            if type_ == kind
        ]

    def _providers(self) -> Page:
        words, path = self._words, "providers.html"
        groups = []
        for key, members in self._places.grouped_providers().items():
            above = self._places.get(key)
            name = self._name(above) if above else words("overview.not_listed")
            groups.append(
                {
                    "name": name,
                    "path": above.path if above else "",
                    "table": self._provider_table(members, path, name),
                }
            )
        funnels = self._all_funnels("provider", path)
        return Page(
            path,
            "overview.jinja",
            words("overview.title"),
            {
                "lede": words("overview.lede", span=self._window(COMPARED_PERIOD)),
                "groups": groups,
                "units": sorted((self._name(unit), unit.path) for unit in self._places.providers),
                "funnels": _there(funnels),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _alliances(self) -> Page:
        figures, words, path = self._figures, self._words, "alliances.html"
        maps = [
            tile_map.tile_map(figures, words, self._places, path, measure)
            for measure in self._measures
            if measure in (CNS, WITHIN_31_DAYS, SURVIVAL_1Y)
        ]
        funnels = self._all_funnels("cancer_alliance", path)
        return Page(
            path,
            "overview.jinja",
            words("alliances.title"),
            {
                "lede": words("alliances.lede", span=self._window(COMPARED_PERIOD)),
                "groups": [
                    {
                        "name": "",
                        "path": "",
                        "table": self._provider_table(
                            self._places.alliances, path, words("alliances.title")
                        ),
                    }
                ],
                "maps": _there(maps),
                "funnels": _there(funnels),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _annual(self) -> Page:
        figures, words = self._figures, self._words
        shown = annual.years(figures)
        last = shown[-1].last_quarter if shown else figures.quarter
        return Page(
            "state-of-the-nation.html",
            "annual.jinja",
            words("annual.title"),
            {
                "lede": words("annual.lede", span=words.window(last, COMPARED_PERIOD)),
                "years_intro": words("annual.years_intro", few=str(annual.few_people())),
                "notes": [
                    (words(f"measures.{measure.key}.title"), note)
                    for measure in self._measures
                    for note in exhibits.measure_notes(words, measure)
                ],
                "exhibits": annual.by_year(figures, words, self._places.national, self._measures),
                "side_by_side": annual.side_by_side(
                    figures, words, self._places.national, self._measures
                ),
                "together": annual.together(
                    figures, words, self._places.national, self._measures, last
                ),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _quality(self) -> Page:
        figures, words, path = self._figures, self._words, "data-quality.html"
        national = [
            replace(exhibit, title=self._name(place))
            for place in self._places.national
            if (exhibit := exhibits.quality(figures, words, place)) is not None
        ]
        items = [
            item
            for item in exhibits.items_by_name(words)
            if figures.row("data_quality", ENGLAND_AND_WALES, period=FOLLOWED_PERIOD, item=item)
        ]
        grid = None
        if items:
            rows = []
            for place in self._places.providers:
                cells = [Cell(self._name(place), relative(place.path, path))]
                of_item = {
                    item: figures.row("data_quality", place.key, period=FOLLOWED_PERIOD, item=item)
                    for item in items
                }
                if all(number(row, "completeness_pct") is None for row in of_item.values()):
                    continue
                for row in of_item.values():
                    value = number(row, "completeness_pct")
                    tag = "" if value is None else f"shade-{min(4, int(value // 20))}"
                    cells.append(Cell(words.cell(row, "completeness_pct"), tag=tag))
                rows.append(cells)
            head = [words("table.provider"), *(words(f"items.{item}") for item in items)]
            grid = Table(words("quality.providers"), head, rows, is_grid=True)
        recurrent = []
        for place in self._places.national:
            share = figures.recurrent_share(place.key)
            text = words("none.short") if share is None else f"{share:.1f}%"
            recurrent.append([Cell(self._name(place)), Cell(text)])
        return Page(
            path,
            "quality.jinja",
            words("quality.page_title"),
            {
                "lede": words("quality.lede", span=self._window(FOLLOWED_PERIOD)),
                "national": national,
                "grid": grid,
                "minimum": f"{exhibits.RECURRENT_SHARE_MINIMUM:.0f}",
                "recurrent": Table(
                    words("quality.recurrent_title"),
                    [words("table.place"), words("quality.recurrent_of_living")],
                    recurrent,
                ),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _beyond(self) -> Page:
        figures, words, national = self._figures, self._words, self._places.national
        return Page(
            "beyond.html",
            "beyond.jinja",
            words("beyond.title"),
            {
                "projections": _there(
                    [beyond.projection(figures, words, place) for place in national]
                ),
                "tests": beyond.back_tests(figures, words, national),
                "capture": beyond.capture(figures, words),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _uk(self) -> Page:
        words = self._words
        return Page(
            "united-kingdom.html",
            "uk.jinja",
            words("uk.title"),
            {"links": _UK_SOURCES},
            crumbs=[(words("nav.home"), "index.html"), (words("beyond.title"), "beyond.html")],
        )

    def _changes(self) -> Page:
        figures, words, path = self._figures, self._words, "what-changed.html"
        values: dict[str, Any] = {"lede": words("changes.first")}
        if figures.vintage_before:
            vintages = {"before": figures.vintage_before, "now": figures.statement.vintage}
            values["lede"] = words("changes.none", **vintages)
        if len(figures.changes):
            values = {
                "lede": words("changes.lede", count=f"{len(figures.changes):,}", **vintages),
                "reasons": changes.reasons(figures, words),
                "by_table": changes.by_table(figures, words),
                "national": changes.national(figures, words, self._places.national, self._measures),
                "by_place": changes.by_place(figures, words, self._places, path),
            }
        return Page(
            path,
            "changes.jinja",
            words("changes.title"),
            values,
            crumbs=[(words("nav.home"), "index.html")],
        )

    def _methods(self) -> Page:
        words = self._words
        settings = method_settings()
        values = {
            **settings,
            "profile_words": profile_words(self._figures.statement.profile, words),
        }
        texts = words.group("methods.sections")
        sections = [
            (key, texts[f"{key}_title"], text.format(**values))
            for key, text in texts.items()
            if not key.endswith("_title")
        ]
        rows = [
            [Cell(name), Cell(_setting(settings[setting]))]
            for setting, name in words.group("settings").items()
        ]
        return Page(
            "methods.html",
            "methods.jinja",
            words("methods.title"),
            {
                "sections": sections,
                "settings": Table(
                    words("methods.settings_title"),
                    [words("methods.setting"), words("methods.value")],
                    rows,
                ),
            },
            crumbs=[(words("nav.home"), "index.html")],
        )


def method_settings() -> dict[str, Any]:
    """The named settings of the method, from their one place."""
    return dict(load_project().variables)


def _setting(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_setting, value))
    return f"{value:.6g}" if isinstance(value, float) else f"{value}"


def profile_words(name: str, words: Words) -> str:
    """What a disclosure profile does, in the language of the page.

    In English that is what the profile says of itself.
    """
    profile = load_profile(name)
    return words(
        "statement.profile_words",
        small_to=str(profile.small_to),
        round_to=str(profile.round_to),
    )


def measure_row(figures: Figures, place: Place, measure: Measure) -> Row | None:
    """A measure of a place over the window in which places are compared."""
    return measure.row(figures, place.key, COMPARED_PERIOD)


def _there(found: Sequence[Exhibit | None]) -> list[Exhibit]:
    return [exhibit for exhibit in found if exhibit is not None]


def _neighbour(pages: Pages, siblings: Sequence[Place], at: int) -> dict[str, str] | None:
    if not 0 <= at < len(siblings):
        return None
    return {"name": pages._name(siblings[at]), "path": siblings[at].path}
