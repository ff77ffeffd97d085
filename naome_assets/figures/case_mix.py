"""Case-mix adjusted values beside the crude ones (method book section 6)."""

import pandas as pd
import pyarrow as pa

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.statistics.case_mix import CaseMix, fit, standardise
from naome_assets.transform.analyses import ask
from naome_assets.warehouse.protocol import Warehouse

#: In order of importance: the last is dropped first where data are few. Deprivation quintile and
#: comorbidity join when the registry holds them.
TERMS = (
    "age_band",
    "performance_status",
    "presentation",
    "sex",
    "deprivation_quintile",
    "comorbidity",
)

#: What the end of follow-up and the reported quarters of a person hang on.
_GROUP = ["nation", "source"]


def adjust(warehouse: Warehouse) -> tuple[pa.Table, pa.Table]:
    """Models and adjusted values of every reported quarter, as in ``COMPUTED``."""
    # Ordered, because sums of floating-point numbers hang on the order of the people.
    people = warehouse.query("select * from case_mix_person order by indicator, person_id")
    places = warehouse.query(
        "select person_id, geography_type, geography_code, geography_name from cohort_place "
        "where geography_type in ('cancer_alliance', 'provider') order by person_id"
    )
    names = dict(zip(places["geography_code"], places["geography_name"], strict=True))
    kinds: list[str] = []
    for kind, placed in places.groupby("geography_type", sort=True):
        kinds.append(str(kind))
        place_of = placed.set_index("person_id")["geography_code"]
        people[kinds[-1]] = people["person_id"].map(place_of).astype("category")
    windows = _windows(warehouse)
    group = people.groupby(_GROUP).ngroup().to_numpy()
    models: list[pd.DataFrame] = []
    values: list[pd.DataFrame] = []
    for quarter, window in windows.groupby("quarter", sort=True):
        of_group = window.sort_values(_GROUP)
        in_window = people[
            people["mbc_date"].between(window["window_start"].iloc[0], window["window_end"].iloc[0])
            & (people["known_on"].isna() | (people["known_on"] <= of_group["horizon"].array[group]))
            & of_group["is_reported"].to_numpy(bool)[group]
        ]
        for indicator, own in in_window.groupby("indicator", sort=True):
            model = fit(own, "in_numerator", TERMS)
            models.append(_terms(model).assign(quarter=quarter, indicator=indicator))
            expected = own[["in_numerator", *kinds]].assign(expected=model.expected)
            values += [
                _values(kind, expected, names).assign(quarter=quarter, indicator=indicator)
                for kind in kinds
            ]
    return (
        _table(models, COMPUTED["case_mix_model"]),
        _table(values, COMPUTED["case_mix_value"]),
    )


def _windows(warehouse: Warehouse) -> pd.DataFrame:
    """The window of 36 months of each quarter, as it is for people of a nation and source."""
    return ask(warehouse, "case_mix_window")


def _terms(model: CaseMix) -> pd.DataFrame:
    reasons = "; ".join(f"{term}: {reason}" for term, reason in sorted(model.dropped.items()))
    terms = model.terms
    if terms.empty:
        terms = pd.DataFrame({"term": ["none"], "coefficient": [None], "se": [None]})
    return terms.assign(
        n=model.n,
        c_statistic=model.c_statistic,
        calibration_slope=model.calibration_slope,
        dropped=reasons,
    )


def _values(kind: str, people: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Adjusted values of places; the column ``kind`` holds the place of each person."""
    # Some have no place of a kind: alliances leave out Wales. Overall is that of everybody fitted.
    placed = people[people[kind].notna()]
    counted = standardise(
        placed[kind],
        placed["in_numerator"],
        placed["expected"],
        overall=float(people["in_numerator"].mean()),
    ).rename(columns={"place": "geography_code"})
    codes = counted["geography_code"].astype(object)
    return counted.assign(
        geography_code=codes,
        geography_name=codes.map(names),
        observed=counted["observed"].astype("int64"),
        geography_type=kind,
        period=COMPARED_PERIOD,
        presentation="all",
    )


def _table(parts: list[pd.DataFrame], schema: pa.Schema) -> pa.Table:
    tables = [
        pa.Table.from_pandas(part[schema.names], schema=schema, preserve_index=False)
        for part in parts
    ]
    return pa.concat_tables([schema.empty_table(), *tables])
