"""The indicators of the method book (section 5), each said once.

``docs/indicators.md``, the measures of the report, the code lists beside the CSV files, the sums
that disclosure control keeps and the notes on who is counted follow from the entries here. Settings
named in backticks are in ``dbt_like_sql/dbt_project.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from naome_assets.contract.dimensions import SUBTYPES
from naome_assets.contract.published_tables import TABLE, Share

#: What the value is: a share of people, which alone has control limits; a Kaplan-Meier estimate; a
#: count of people; a count for the size of the population.
Estimate = Literal["proportion", "kaplan_meier", "count", "rate"]
#: A count: table, kind of its rows (empty where it has none), column.
Series = tuple[str, str, str]


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Attributes:
        key: its code in the tables and in the words of the report.
        numerator: who is counted, in words.
        denominator: among whom, in words.
        items: where that is read from.
        weakness: what is known to be wrong with it.
        unit: of its value.
        estimate: what its value is.
        table: where its rows are.
        value: the column of its value there.
        where: what its rows have in common there, beside window, presentation and place.
        case_mix: what is adjusted for case mix, in words; empty where nothing is.
        item_sent: the key in ``items_sent`` of the item that not every source sends (ruling G3).
        nations: the setting that names the only nations whose people are asked.
        sum_of: counts that its numerator is the sum of.
        among: the indicator among whose people its own are, in no other of the same.
        item: the key item whose completeness it is, by the name of its words.
        is_on_pages: whether the report compares places by it.
        followed: the setting of the days after the MBC date for which its people are followed.
        graded_by: key items of ``data_quality`` that its figures rest on: the weakest of them is
            the grade of its data.
    """

    key: str
    numerator: str
    denominator: str
    items: str
    weakness: str = ""
    unit: str = "percent"
    estimate: Estimate = "proportion"
    table: str = "indicator"
    value: str = "value"
    where: Mapping[str, str] = field(default_factory=dict)
    case_mix: str = ""
    item_sent: str = ""
    nations: str = ""
    sum_of: tuple[Series, ...] = ()
    among: str = ""
    item: str = ""
    is_on_pages: bool = False
    followed: str = ""
    graded_by: tuple[str, ...] = ()

    @property
    def share(self) -> Share:
        """The columns of its figures."""
        return TABLE[self.table].share(self.value)

    @property
    def rows(self) -> Mapping[str, str]:
        """What its rows have in common, beside window, presentation and place."""
        return self.where or ({"indicator": self.key} if self.table == "indicator" else {})

    def series(self, column: str) -> Series:
        """The count in a column of its rows."""
        return self.table, self.rows.get(TABLE[self.table].kind or "", ""), column


_FOLLOWED = "people followed so long"
_COHORT = (
    Indicator(
        "incidence",
        "new MBC, death certificates included",
        "none",
        "cohort",
        "the first years hold old disease seen for the first time",
        unit="people",
        estimate="count",
        sum_of=(
            ("cns_access", "", "patients"),
            ("indicator", "death_certificate_only", "numerator"),
        ),
    ),
    Indicator(
        "incidence_rate",
        "new MBC, death certificates included; the rate is a person-year",
        "population of a nation",
        "cohort",
        "the first years hold old disease seen for the first time",
        unit="per_100k_person_years",
        estimate="rate",
    ),
    Indicator(
        "recurrent_share",
        "recurrent",
        "all new MBC",
        "cohort",
        "recurrence is under-recorded",
    ),
    Indicator(
        "recurrent_share_of_living",
        "recurrent",
        "people living with MBC on the last day",
        "prevalence",
        "recurrence is under-recorded",
    ),
    Indicator(
        "death_certificate_only",
        "basis of diagnosis 0 and no other",
        "all new MBC",
        "CR0390",
    ),
)

#: In the order of the pathway, as on every page.
_PATHWAY = (
    Indicator(
        "cns_access",
        "contact with a clinical nurse specialist seen",
        "people in whom contact is recorded, seen or not seen",
        "CR2050, Welsh CNS code",
        "read with the share recorded; a progression noted on the primary record takes the code of "
        "the first diagnosis",
        table="cns_access",
        value="seen_pct_of_recorded",
        case_mix="seen among recorded",
        is_on_pages=True,
        graded_by=("cns_indication",),
    ),
    Indicator(
        "mdt_discussed",
        "an MDT meeting or care-plan MDT date on a record",
        "people",
        "CR3080, CR0430, Welsh mdt_date",
        "no mention counts as not discussed",
        case_mix="discussed",
        item_sent="mdt",
        is_on_pages=True,
        graded_by=("mdt",),
    ),
    Indicator(
        "biopsy_of_metastasis",
        "basis of diagnosis 6, in COSD v10 7.2, on a record (`metastasis_histology_basis`), or a "
        "pathology report on a metastasis sampled within 62 days of the MBC date",
        "people of England with a COSD record (`items_sent`, ruling G3)",
        "CR0390, pCR0970",
        "Wales sends no pathology reports: its people are not counted, nor in the target",
        item_sent="pathology",
        is_on_pages=True,
        graded_by=("basis_of_diagnosis",),
    ),
    *(
        Indicator(
            f"within_{days}d",
            f"first treatment within {days} days (`{setting}`)",
            _FOLLOWED,
            "CR2040, Welsh treatments, SACT, deaths",
            "no waiting-time standard; endocrine treatment is often prescribed in primary care, "
            "unseen here",
            table="time_to_treatment",
            value=f"within_{days}d_pct",
            where={"modality": "any"},
            case_mix="treated in time" if days == 31 else "",
            is_on_pages=True,
            followed=setting,
            graded_by=("treatment",),
        )
        for days, setting in ((31, "short_wait_days"), (62, "long_wait_days"))
    ),
    Indicator(
        "sact_within_6_months",
        "chemotherapy or targeted treatment (`sact_groups`) from day -31 to `sact_window_days`",
        _FOLLOWED,
        "SACT, CR2040, Welsh treatments",
        "endocrine treatment alone does not count",
        case_mix="treated",
        is_on_pages=True,
        followed="sact_window_days",
        graded_by=("treatment", "sact_nhs_number"),
    ),
    *(
        Indicator(
            f"sact_within_6_months_{subtype}",
            "as sact_within_6_months",
            f"{_FOLLOWED}, known to be {words}",
            "receptors of pathology reports, COSD and Wales",
            "few people have a known receptor status",
            among="sact_within_6_months",
        )
        for subtype, words in zip(
            SUBTYPES,
            ("hormone receptor positive and HER2 negative", "HER2 positive", "triple negative"),
            strict=True,
        )
    ),
    Indicator(
        "cdk4_6_inhibitor",
        "a CDK4/6 inhibitor within `cdk4_6_window_days`",
        "ER+ HER2- people of nations that name drugs (`drug_data_nations`), followed so long",
        "SACT drug names",
        "few people have a known receptor status",
        nations="drug_data_nations",
        is_on_pages=True,
        followed="cdk4_6_window_days",
        graded_by=("sact_drug", "sact_nhs_number"),
    ),
    Indicator(
        "palliative_radiotherapy",
        "radiotherapy of palliative intent within `palliative_radiotherapy_window_days`",
        _FOLLOWED,
        "CR2040, CR0680",
        "needs the intent recorded",
        item_sent="treatment_intent",
        is_on_pages=True,
        followed="palliative_radiotherapy_window_days",
        graded_by=("treatment",),
    ),
    Indicator(
        "palliative_care_seen",
        "Y",
        "people with Y or N",
        "CR1550",
        "read with completeness_palliative_care",
        item_sent="palliative_care",
        is_on_pages=True,
        graded_by=("palliative_specialist_seen",),
    ),
    Indicator(
        "mortality_30d_after_sact",
        "death within 30 days of the last cycle start",
        "people with palliative SACT, followed 30 days after it; regimens of supportive drugs only "
        "are none (ruling F5)",
        "SACT, deaths",
        "deaths need an NHS number (ruling C7)",
        is_on_pages=True,
        graded_by=("sact_nhs_number", "sact_intent"),
    ),
    Indicator(
        "survival_1y",
        "deaths by then; the value is the Kaplan-Meier estimate",
        "people; `at_risk` is how many are followed so long",
        "deaths",
        "people without an NHS number never die here",
        estimate="kaplan_meier",
        case_mix="alive after a year, among those followed for a year: not the Kaplan-Meier figure",
        is_on_pages=True,
        followed="survival_1y_days",
        graded_by=("nhs_number",),
    ),
    Indicator(
        "survival_3y",
        "deaths by then; the value is the Kaplan-Meier estimate",
        "people; `at_risk` is how many are followed so long",
        "deaths",
        "people without an NHS number never die here; no value in windows of 36 months, in which "
        "hardly anybody has been followed for three years",
        estimate="kaplan_meier",
        is_on_pages=True,
        followed="survival_3y_days",
        graded_by=("nhs_number",),
    ),
)


def _complete(
    name: str,
    numerator: str,
    items: str,
    *,
    denominator: str = "people",
    item: str = "",
    item_sent: str = "",
) -> Indicator:
    """Completeness of a key item among people, over all the records of their MBC event."""
    return Indicator(
        f"completeness_{name}",
        numerator,
        denominator,
        items,
        item=item or name,
        item_sent=item_sent,
    )


_SUBMITTED = "people with a record that is not of a registry extract"
_COMPLETENESS = (
    _complete("nhs_number", "a valid NHS number on a record", "CR0010", denominator=_SUBMITTED),
    _complete(
        "ethnicity", "a category that is not stated as not known", "CR0150", item="ethnic_category"
    ),
    _complete("performance_status", "0 to 4 on a record", "CR0510"),
    _complete("t_category", "a T category on a record", "CR0620, CR0520"),
    _complete("n_category", "an N category on a record", "CR0630, CR0540"),
    _complete("m_category", "an M category on a record", "CR0640, CR0560"),
    _complete("stage", "a stage on a record", "CR0610, CR0580"),
    _complete(
        "cns",
        "contact recorded, seen or not seen",
        "CR2050",
        denominator="people with a record of a source that asks for it",
        item="cns_indication",
    ),
    _complete("mdt", "as mdt_discussed", "CR3080, CR0430", denominator=_SUBMITTED),
    _complete("basis_of_diagnosis", "a basis other than 9 on a record", "CR0390"),
    _complete(
        "metastatic_type", "a type on a record (`metastatic_types`)", "CR6960",
        denominator=_SUBMITTED,
    ),
    _complete(
        "metastatic_site", "a site other than 99 on a record", "CR6970, CR1590",
        denominator=_SUBMITTED,
    ),
    _complete(
        "recurrence_date", "a recurrence record of their own", "CR6500", denominator="the recurrent"
    ),
    _complete("treatment", "an anti-cancer treatment from day -31 on", "CR1370, CR2040, SACT"),
    _complete(
        "palliative_care", "Y or N on a record", "CR1550", item="palliative_specialist_seen",
        item_sent="palliative_care",
    ),
)  # fmt: skip

#: In the order in which readers meet them.
INDICATORS: tuple[Indicator, ...] = (*_COHORT, *_PATHWAY, *_COMPLETENESS)
#: An entry by its key.
INDICATOR: Mapping[str, Indicator] = {own.key: own for own in INDICATORS}
#: Keys of those whose value is a Kaplan-Meier estimate.
KAPLAN_MEIER = frozenset(own.key for own in INDICATORS if own.estimate == "kaplan_meier")
