"""The codes of published tables in words: what the workbook shows, and the lists beside the CSV.

The words stand with those of the report, in each of its languages; here is which of them belong to
which code, in the order in which readers meet them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from naome_assets.publication.dimensions import MODALITIES, PRESENTATIONS
from naome_assets.publication.report.exhibits.prevalence import AGE_BANDS, YEARS_SINCE
from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.words import Words
from naome_assets.transform.project import load_project

#: Key of a text; then, where it has ``{of}`` in it, the key of the text that fills it.
Key = tuple[str, ...]

#: Completeness of an item among people, where its indicator is not named for the item.
_ITEM_OF_INDICATOR = {
    "ethnicity": "ethnic_category",
    "cns": "cns_indication",
    "palliative_care": "palliative_specialist_seen",
}
_ITEMS_OF_PEOPLE = (
    "nhs_number", "ethnicity", "performance_status", "t_category", "n_category", "m_category",
    "stage", "cns", "mdt", "basis_of_diagnosis", "metastatic_type", "metastatic_site",
    "recurrence_date", "treatment", "palliative_care",
)  # fmt: skip
_SUBTYPES = ("hr_positive_her2_negative", "her2_positive", "triple_negative")
_OF_COHORT = (
    "incidence", "incidence_rate", "recurrent_share", "recurrent_share_of_living",
    "death_certificate_only",
)  # fmt: skip


@cache
def code_lists() -> Mapping[str, Mapping[str, Key]]:
    """The codes of each coded column, in order, and where their words stand.

    A column has the same codes in every table that has it, or some of them.
    """
    return {
        "geography_type": {
            "england_and_wales": ("place.england_and_wales",),
            "nation": ("place.nation",),
            "cancer_alliance": ("table.alliance",),
            "provider": ("table.provider",),
        },
        "period": _of("period", "quarter", "rolling_12m", "rolling_36m"),
        "presentation": _of("presentation", *PRESENTATIONS),
        "sex": _of("sex", "all", "female", "male", "unknown"),
        "age_band": _of("bands", "all", *AGE_BANDS),
        "years_since_mbc": _of("bands", "all", *YEARS_SINCE),
        "modality": _of("modality", "any", *MODALITIES),
        "indicator": _indicators(),
        "unit": _of("unit", "people", "percent", "per_100k_person_years"),
        **dict.fromkeys(
            ("outlier", "outlier_31d", "outlier_62d"),
            _of("outlier", "alarm_low", "alert_low", "within", "alert_high", "alarm_high"),
        ),
        "item": {item: _item(item) for item in _items()},
        "source": _of("record_source", "all", "cosd", "wales", "registry", "sact"),
    }  # fmt: skip


def in_words(column: str, code: str, words: Words) -> str:
    """The words of a code of a coded column.

    Raises:
        KeyError: for a code that the column's list does not have.
    """
    key, *of = code_lists()[column][code]
    return words(key, of=words(of[0])) if of else words(key)


def _of(group: str, *codes: str) -> dict[str, Key]:
    return {code: (f"{group}.{code}",) for code in codes}


def _indicators() -> dict[str, Key]:
    measures: dict[str, Key] = {}
    for measure in MEASURES:
        measures[measure.key] = (f"measures.{measure.key}.title",)
        if measure.key == "sact_within_6_months":
            for subtype in _SUBTYPES:
                key = f"{measure.key}_{subtype}"
                measures[key] = (f"indicators.{key}", *measures[measure.key])
    completeness = {
        f"completeness_{name}": (
            "indicators.completeness",
            *_item(_ITEM_OF_INDICATOR.get(name, name)),
        )
        for name in _ITEMS_OF_PEOPLE
    }
    return {**_of("indicators", *_OF_COHORT), **measures, **completeness}


def _items() -> Iterable[str]:
    variables = load_project().variables
    return [*variables["quality_items"], *variables["quality_sact_items"]]


def _item(item: str) -> Key:
    """Items that pages show stand under ``items``, the others beside them."""
    return (f"items.{item}",) if Words("en").has(f"items.{item}") else (f"other_items.{item}",)
