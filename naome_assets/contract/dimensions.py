"""The dimensions of published tables, and their codes in the order in which readers meet them."""

from __future__ import annotations

from collections.abc import Mapping

#: ONS codes of the geographies that are no alliance and no provider (ruling A10).
ENGLAND_AND_WALES, ENGLAND, WALES = "K04000001", "E92000001", "W92000004"
#: The nations by their names in the cohort; the first is that of records that name none.
NATIONS: Mapping[str, str] = {"England": ENGLAND, "Wales": WALES}
#: Names of nations, and of all of them together, by their codes.
NATION_NAMES: Mapping[str, str] = {
    ENGLAND_AND_WALES: "England and Wales",
    **{code: name for name, code in NATIONS.items()},
}
#: Nations without cancer alliances (ruling E4): where alliances are compared, each is one place.
WITHOUT_ALLIANCES = tuple(code for code in NATIONS.values() if code != ENGLAND)


def named_by(nation: str) -> str:
    """The name of a nation as it is in names of columns and pages."""
    return nation.lower().replace(" ", "_")


#: Column of ``reporting_quarter`` that says whether a quarter is reported for a nation.
IS_REPORTED: Mapping[str, str] = {name: f"is_{named_by(name)}_reported" for name in NATIONS}
#: Whether it is reported for all of them, in SQL.
IS_EVERY_REPORTED = " and ".join(IS_REPORTED.values())

#: The geography of all nations together, and that of each.
TOGETHER, NATION = "england_and_wales", "nation"
#: Geographies that are published unchanged (method book section 7), and those below them.
NATIONAL = (TOGETHER, NATION)
LOCAL = ("cancer_alliance", "provider")
#: The same in SQL.
IS_NATIONAL = "geography_type in ('" + "', '".join(NATIONAL) + "')"
IS_LOCAL = "geography_type in ('" + "', '".join(LOCAL) + "')"

#: Length in quarters of the windows of time that end with a quarter (ruling E8).
PERIODS: Mapping[str, int] = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}
#: The window in which nations are held against themselves.
QUARTER = "quarter"
#: Places are followed over the first window and compared over the second (method book section 3).
FOLLOWED_PERIOD, COMPARED_PERIOD = "rolling_12m", "rolling_36m"

DE_NOVO, RECURRENT = "de_novo", "recurrent"
PRESENTATIONS = ("all", DE_NOVO, RECURRENT)
#: How people are found, each method with all that the one before it finds (section 9 on hospital
#: data). Every indicator of care is of the first.
METHODS = ("registry", "registry_hospital", "registry_hospital_broad")
REGISTRY = METHODS[0]
SEXES = ("all", "female", "male", "unknown")
AGE_BANDS = ("0-39", "40-49", "50-59", "60-69", "70-79", "80+", "unknown")
#: Years since the MBC date, each with its first quarter and the one after its last: who was
#: diagnosed in this quarter or the three before has lived with it for less than a year.
YEARS_SINCE: Mapping[str, tuple[int, int | None]] = {
    "<1": (0, 4),
    "1-<3": (4, 12),
    "3-<5": (12, 20),
    "5+": (20, None),
}
#: Dimensions of ``prevalence`` beside quarter and geography.
LIVING = ("sex", "age_band", "presentation", "years_since_mbc")
#: Rows of ``prevalence`` for everybody, by presentation.
EVERYBODY: Mapping[str, str] = {"sex": "all", "age_band": "all", "years_since_mbc": "all"}
#: Groups of first treatments; with the untreated they make ``any``.
MODALITIES = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")
SUBTYPES = ("hr_positive_her2_negative", "her2_positive", "triple_negative")
UNITS = ("people", "percent", "per_100k_person_years")
#: Against the control limits, from the lowest to the highest (method book section 6).
OUTLIERS = ("alarm_low", "alert_low", "within", "alert_high", "alarm_high")
RECORD_SOURCES = ("all", "cosd", "wales", "registry", "sact")

#: The codes of coded columns, but for indicators (``indicators``) and items (settings).
CODES: Mapping[str, tuple[str, ...]] = {
    "geography_type": (*NATIONAL, *LOCAL),
    "nation": ("all", *NATIONS),
    "period": tuple(PERIODS),
    "presentation": PRESENTATIONS,
    "method": METHODS,
    "sex": SEXES,
    "age_band": ("all", *AGE_BANDS),
    "years_since_mbc": ("all", *YEARS_SINCE),
    "modality": ("any", *MODALITIES),
    "unit": UNITS,
    **dict.fromkeys(("outlier", "outlier_31d", "outlier_62d"), OUTLIERS),
    "source": RECORD_SOURCES,
}

#: Days of a month: a twelfth of 365.25.
MONTH = 30.4375


def day_of(month: int) -> int:
    """The day on which so many months have passed; a year is day 365."""
    return int(month * MONTH)
