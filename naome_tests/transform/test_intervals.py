"""The macros that compute figures, run in the warehouse's engine against other implementations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, norm
from statsmodels.stats.proportion import proportion_confint

from naome_assets.quarters import Quarter
from naome_assets.sources.conventions import Kind, reading_of
from naome_tests.transform.snippet import ENGINE, PROJECT, macro

Z_95 = norm.ppf(0.975)
Z_998 = norm.ppf(0.999)

counts = st.integers(min_value=0, max_value=100_000)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


wilson_lower = macro("wilson('x', 'n', '-')", x="bigint", n="bigint")
wilson_upper = macro("wilson('x', 'n', '+')", x="bigint", n="bigint")
percentage = macro("percentage('x', 'n')", x="bigint", n="bigint")
byar_lower = macro("byar_lower('x')", x="bigint")
byar_upper = macro("byar_upper('x')", x="bigint")
completed_years = macro("completed_years('since', 'day')", since="date", day="date")
age_band = macro("age_band('age')", age="integer")
is_m1 = macro("is_m1('m')", m="text")
is_stage_4 = macro("is_stage_4('stage')", stage="text")
cns_contact = macro("cns_contact('code')", code="text")
quarter_first_day = macro("quarter_first_day('quarter')", quarter="text")
quarter_last_day = macro("quarter_last_day('quarter')", quarter="text")
quarter_number = macro("quarter_number('quarter')", quarter="text")
quarter_of = macro("quarter_of('day')", day="date")


@pytest.fixture(scope="module", autouse=True)
def _close_engine() -> Iterator[None]:
    yield
    ENGINE.close()


def limit(sign: str, z: str) -> Callable[..., Any]:
    return macro(f"control_limit('target', 'n', '{sign}', '{z}')", target="double", n="bigint")


control_limits = {(sign, z): limit(sign, z) for sign in "-+" for z in ("z_95", "z_998")}


# Ruling A8.
@pytest.mark.parametrize(("name", "quantile"), [("z_95", Z_95), ("z_998", Z_998)])
def test_the_settings_hold_the_exact_normal_quantiles(name: str, quantile: float) -> None:
    assert PROJECT.variables[name] == pytest.approx(quantile, abs=1e-14)


# Method book section 8.
def test_wilson_gives_the_worked_value_of_the_method_book() -> None:
    assert percentage(81, 263) == pytest.approx(30.7985, abs=5e-5)
    assert wilson_lower(81, 263) == pytest.approx(25.5289, abs=5e-5)
    assert wilson_upper(81, 263) == pytest.approx(36.6210, abs=5e-5)


@settings(max_examples=50, deadline=None)
@given(st.tuples(counts, counts).filter(max).map(sorted))
def test_wilson_is_that_of_statsmodels(pair: list[int]) -> None:
    seen, recorded = pair
    lower, upper = proportion_confint(seen, recorded, alpha=0.05, method="wilson")
    assert wilson_lower(seen, recorded) == pytest.approx(100 * lower, rel=1e-9, abs=1e-9)
    assert wilson_upper(seen, recorded) == pytest.approx(100 * upper, rel=1e-9, abs=1e-9)


# Ruling F3: all limits and intervals are 0-100, and so they are in Python (control_limits).
def test_limits_stay_within_0_and_100_percent() -> None:
    for whole in range(1, 400):
        assert wilson_lower(0, whole) >= 0
        assert wilson_upper(whole, whole) <= 100
        for z in ("z_95", "z_998"):
            assert control_limits["-", z](0.0, whole) >= 0
            assert control_limits["+", z](100.0, whole) <= 100


# Ruling F11.
@pytest.mark.parametrize("figure", [percentage, wilson_lower, wilson_upper])
def test_a_proportion_of_nothing_is_null(figure: Callable[..., Any]) -> None:
    assert figure(0, 0) is None


# Method book section 6: limits of the Wilson form around the target, at 95 % and 99.8 %.
@settings(max_examples=25, deadline=None)
@given(
    target=st.integers(min_value=0, max_value=1000),
    n=st.integers(min_value=1, max_value=10_000),
    z=st.sampled_from([("z_95", 0.05), ("z_998", 0.002)]),
)
def test_control_limits_are_the_wilson_limits_of_the_target(
    target: int, n: int, z: tuple[str, float]
) -> None:
    name, alpha = z
    # statsmodels takes a fractional count, so the target need not be one of the provider's.
    lower, upper = proportion_confint(n * target / 1000, n, alpha=alpha, method="wilson")
    assert control_limits["-", name](target / 10, n) == pytest.approx(100 * lower, abs=1e-7)
    assert control_limits["+", name](target / 10, n) == pytest.approx(100 * upper, abs=1e-7)


@pytest.mark.parametrize("macro_limit", control_limits.values())
def test_there_is_no_control_limit_without_target_or_denominator(
    macro_limit: Callable[..., Any],
) -> None:
    assert macro_limit(50.0, 0) is None
    assert macro_limit(None, 20) is None


# Ruling F2. Byar is Wilson and Hilferty's cube root of chi-squared, with the quantiles of the
# count (lower) and of one more (upper).
def cube_root_chi2(quantile: float, degrees: float) -> float:
    variance = 2 / (9 * degrees)
    return float(degrees * (1 - variance + norm.ppf(quantile) * variance**0.5) ** 3)


@settings(max_examples=50, deadline=None)
@given(st.integers(min_value=1, max_value=1_000_000))
def test_byar_is_half_of_chi_squared_in_its_cube_root_form(count: int) -> None:
    assert byar_lower(count) == pytest.approx(cube_root_chi2(0.025, 2 * count) / 2, rel=1e-9)
    assert byar_upper(count) == pytest.approx(cube_root_chi2(0.975, 2 * count + 2) / 2, rel=1e-9)


@pytest.mark.parametrize("count", [10, 11, 50, 65, 200, 57_215])
def test_byar_is_close_to_the_exact_poisson_limits(count: int) -> None:
    # From 10 events the Fingertips technical guide takes Byar for the exact method.
    assert byar_lower(count) == pytest.approx(chi2.ppf(0.025, 2 * count) / 2, rel=2e-3)
    assert byar_upper(count) == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=2e-3)


def test_byar_of_65_events_by_hand() -> None:
    # 65 (1 - 1/585 - 1.95996/24.18677)^3 and 66 (1 - 1/594 + 1.95996/24.37212)^3.
    assert byar_lower(65) == pytest.approx(50.1632, abs=5e-4)
    assert byar_upper(65) == pytest.approx(82.8491, abs=5e-4)


def test_byar_of_no_events_begins_at_nothing() -> None:
    assert byar_lower(0) == 0
    assert byar_upper(0) == pytest.approx((8 / 9 + Z_95 / 3) ** 3)


# Method book section 8, ruling C5.
@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2000, 2, 29), date(2024, 2, 28), 23),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2000, 2, 29), date(2023, 2, 28), 22),
        (date(2000, 2, 29), date(2023, 3, 1), 23),
        (date(1960, 12, 31), date(2024, 12, 30), 63),
        (date(1960, 12, 31), date(2024, 12, 31), 64),
        (date(2024, 1, 1), date(2024, 1, 1), 0),
        (None, date(2024, 1, 1), None),
    ],
)
def test_completed_years(born: date | None, day: date, age: int | None) -> None:
    assert completed_years(born, day) == age


@settings(max_examples=50, deadline=None)
@given(days, st.integers(min_value=0, max_value=36_500))
def test_completed_years_are_birthdays_passed(born: date, later: int) -> None:
    day = born + timedelta(days=later)

    def birthday(year: int) -> date:
        is_leap_day_missing = (born.month, born.day) == (2, 29) and not (
            year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        )
        return date(year, 3, 1) if is_leap_day_missing else born.replace(year=year)

    passed = sum(birthday(year) <= day for year in range(born.year + 1, day.year + 1))
    assert completed_years(born, day) == passed


@pytest.mark.parametrize(
    ("age", "band"),
    [
        *[(0, "0-39"), (39, "0-39"), (40, "40-49"), (49, "40-49"), (50, "50-59"), (60, "60-69")],
        *[(69, "60-69"), (70, "70-79"), (79, "70-79"), (80, "80+"), (105, "80+")],
        (None, "unknown"),
    ],
)
def test_age_bands(age: int | None, band: str) -> None:
    assert age_band(age) == band


def as_read(kind: Kind, sent: str | None) -> str | None:
    """A value as the reader hands it to the models."""
    return reading_of("item", kind).of(sent or "").value


# Ruling D5: ^[CPYRA]*M?1, after codes are made comparable.
@pytest.mark.parametrize("m", ["1", "1a", "M1", "m1", "pM1", "cM1", "ypM1b", "rcM1", "c 1", "1c"])
def test_m_categories_that_are_metastatic(m: str) -> None:
    assert is_m1(as_read("tnm_category", m)) is True


@pytest.mark.parametrize(
    "m", ["0", "M0", "cM0", "0(i+)", "cM0(i+)", "01", "M01", "T1", "MM1", "21"]
)
def test_m_categories_that_are_not_metastatic(m: str) -> None:
    assert not is_m1(as_read("tnm_category", m))


# Ruling D4: a category X counts as not given, so that the pre-treatment one is asked.
@pytest.mark.parametrize("m", ["X", "MX", "cMX", "x", "", " ", None])
def test_m_categories_that_are_not_given(m: str | None) -> None:
    assert as_read("tnm_category", m) is None


# Ruling D6.
@pytest.mark.parametrize(
    ("sent", "group", "is_four"),
    [
        ("4", "4", True),
        ("4B", "4B", True),
        ("Stage 4", "4", True),
        ("STAGE IV", "IV", True),
        ("iv", "IV", True),
        ("IVa", "IVA", True),
        ("3C", "3C", False),
        ("II", "II", False),
        ("0", "0", False),
    ],
)
def test_stage_groups(sent: str, group: str, is_four: bool) -> None:
    assert as_read("stage_group", sent) == group
    assert is_stage_4(group) is is_four


@pytest.mark.parametrize("sent", ["X", "u", "?", "", "Stage", "stage X", "V", None])
def test_stage_groups_that_are_not_given(sent: str | None) -> None:
    assert as_read("stage_group", sent) is None


# Method book section 4.
@pytest.mark.parametrize(
    ("contact", "codes"),
    [
        ("seen", ["Y1", "Y2", "Y3", "Y4", "Y5"]),
        ("not_seen", ["NI", "NN"]),
        ("missing", ["99", "", "Y", "Y6", None]),
    ],
)
def test_cns_contact(contact: str, codes: list[str | None]) -> None:
    assert {cns_contact(code) for code in codes} == {contact}


@settings(max_examples=25, deadline=None)
@given(days)
def test_quarters_are_those_of_the_calendar(day: date) -> None:
    quarter = Quarter.of_date(day)
    assert quarter_of(day) == str(quarter)
    assert quarter_first_day(str(quarter)) == quarter.first_day
    assert quarter_last_day(str(quarter)) == quarter.last_day
    assert quarter_number(str(quarter.next)) == quarter_number(str(quarter)) + 1
