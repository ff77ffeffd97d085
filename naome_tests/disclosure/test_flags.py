"""Outliers are judged on true counts, and tell none of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from naome_assets.disclosure.derived import Method
from naome_assets.disclosure.flags import OUTLIERS, judged, may_be_told
from naome_assets.disclosure.suppression import Profile, load_profile, load_profiles
from naome_assets.publication.published import Publication
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.disclosure.flag_reader import flag_of

METHOD = Method.of(load_project().variables)
HOW = (METHOD.outlier_minimum, METHOD.limit_tolerance, (METHOD.z_95, METHOD.z_998))
#: Published pairs of counts, and targets from rare to nearly all.
TARGETS = (3.0, 20.0, 55.0, 80.0, 97.0)


def told(pairs: list[tuple[int, int]], target: float, profile: Profile) -> np.ndarray:
    part, whole = (pd.Series(own, dtype="Int64") for own in zip(*pairs, strict=True))
    return may_be_told(part, whole, pd.Series(target, index=part.index), profile, *HOW)


def behind(count: int, profile: Profile) -> range:
    if count == 0:
        return range(1)
    return range(max(profile.small_to + 1, count - 2), count + 3)


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_a_published_flag_tells_neither_count(name: str) -> None:
    """The reader lists the counts behind each pair of published ones, flag by flag."""
    profile = load_profile(name)
    pairs = [(x, n) for n in (10, 15, 25, 60, 120) for x in range(0, n + 1, 5)]
    pairs = [(x, n) for x, n in pairs if not 0 < x <= profile.small_to]
    won = published = 0
    for target in TARGETS:
        for (x, n), is_told in zip(pairs, told(pairs, target, profile), strict=True):
            possible = [(b, a) for a in behind(n, profile) for b in behind(x, profile) if b <= a]
            by_flag: dict[str | None, list[tuple[int, int]]] = {}
            for pair in possible:
                by_flag.setdefault(flag_of(*pair, target), []).append(pair)
            is_narrow = any(
                len({pair[axis] for pair in own}) < min(2, len({pair[axis] for pair in possible}))
                for own in by_flag.values()
                for axis in (0, 1)
            )
            won += is_narrow
            published += is_told
            is_large = min(behind(n, profile)) >= METHOD.outlier_minimum
            assert is_told == (is_large and not is_narrow), (x, n, target)
    assert won > 15, "the attack wins over flags that are all published"
    assert published > 50


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_a_crude_and_an_adjusted_flag_together_tell_neither_count(name: str) -> None:
    """Of the same counts, against two targets: a reader holds both flags against the pairs."""
    profile = load_profile(name)
    pairs = [(x, n) for n in (15, 25, 40, 60) for x in range(0, n + 1, 5)]
    pairs = [(x, n) for x, n in pairs if not 0 < x <= profile.small_to]
    won = 0
    for crude, adjusted in (
        (20.0, 26.0),
        (20.0, 23.0),
        (55.0, 48.0),
        (55.0, 51.0),
        (80.0, 83.0),
        (80.0, 76.0),
    ):
        part, whole = (pd.Series(own, dtype="Int64") for own in zip(*pairs, strict=True))
        one, other = (pd.Series(own, index=part.index) for own in (crude, adjusted))
        alone = [may_be_told(part, whole, own, profile, *HOW) for own in (one, other)]
        both = may_be_told(part, whole, one, profile, *HOW, other=other)
        assert not (both & ~(alone[0] & alone[1])).any()
        for (x, n), is_told, is_alone in zip(pairs, both, alone[0] & alone[1], strict=True):
            possible = [(b, a) for a in behind(n, profile) for b in behind(x, profile) if b <= a]
            seen: dict[tuple[str | None, ...], list[tuple[int, int]]] = {}
            for pair in possible:
                flags = (flag_of(*pair, crude), flag_of(*pair, adjusted))
                seen.setdefault(flags, []).append(pair)
            is_narrow = any(
                len({pair[axis] for pair in own}) < min(2, len({pair[axis] for pair in possible}))
                for own in seen.values()
                for axis in (0, 1)
            )
            is_large = min(behind(n, profile)) >= METHOD.outlier_minimum
            assert is_told == (is_large and not is_narrow), (x, n, crude, adjusted)
            won += bool(is_alone and not is_told)
    assert won, "two flags that tell nothing alone do so together"


def test_adjusted_flags_are_judged_on_true_counts(
    audited: DuckDBWarehouse, publication: Publication
) -> None:
    """Against the published expected share; survival, which has no counts, has none."""
    keys = ["quarter", "indicator", "geography_code"]
    both = publication.tables["case_mix_value"].merge(
        audited.query("select * from case_mix_value"), on=keys, suffixes=("", "_true")
    )
    stands = both["adjusted_value"].notna() & both["people"].notna()
    limits = [n for n in map(str, both) if n.startswith(("limit_", "lower_", "upper_"))]
    assert stands.sum() > 10
    assert both.loc[stands, limits].notna().all(axis=None)
    assert both.loc[~stands, [*limits, "outlier"]].isna().all(axis=None)
    flagged = both[both["outlier"].notna()]
    assert len(flagged) > 3
    for row in flagged.to_dict("records"):
        share = 100 * row["expected"] / row["people"]
        assert row["outlier"] == flag_of(row["observed_true"], row["people_true"], share)


def test_the_smallest_places_are_never_told_to_be_under_ten() -> None:
    """Published as 10, a denominator is 8 to 12: no flag would say that it is 8 or 9."""
    assert not told([(x, 10) for x in (0, 10)], 50.0, load_profile("nhs_england_hes")).any()


def test_flags_are_those_of_the_models(audited: DuckDBWarehouse) -> None:
    """On true counts of all places, as the SQL judges them."""
    for table, part, whole in (
        ("cns_access", "seen", "recorded"),
        ("indicator", "numerator", "denominator"),
    ):
        rows = audited.query(
            f"select * from {table} where geography_type in ('cancer_alliance', 'provider')"
            + (" and unit = 'percent' and at_risk is null" if table == "indicator" else "")
        )
        rows = rows[~rows.get("indicator", pd.Series("", rows.index)).str.startswith("survival_")]
        found = judged(
            rows[part].to_numpy(np.int64),
            rows[whole].to_numpy(np.int64),
            rows["target_pct"].to_numpy(float),
            *HOW,
        )
        names = np.array(OUTLIERS)[found]
        assert len({*names}) > 3
        assert (rows["outlier"].fillna("").to_numpy() == names).all()


def test_published_flags_are_true(audited: DuckDBWarehouse, publication: Publication) -> None:
    keys = ["quarter", "period", "geography_code", "presentation"]
    for table, part, whole, kind in (
        ("cns_access", "seen", "recorded", None),
        ("indicator", "numerator", "denominator", "indicator"),
    ):
        own = [*keys, kind] if kind else keys
        both = publication.tables[table].merge(
            audited.query(f"select * from {table}"), on=own, suffixes=("", "_true")
        )
        flagged = both[both["outlier"].notna()]
        assert len(flagged) > 5
        assert (flagged["outlier"] == flagged["outlier_true"]).all()
        assert flagged[[part, whole, "limit_lower_95"]].notna().all(axis=None)
        hidden = both[both[part].isna() | both[whole].isna()]
        hidden = hidden[~hidden["geography_type"].isin(["england_and_wales", "nation"])]
        limits = [
            name for name in map(str, both) if name.startswith("limit_") and "true" not in name
        ]
        assert hidden[[*limits, "outlier"]].isna().all(axis=None)


def test_times_are_compared_like_the_others(publication: Publication) -> None:
    table = publication.tables["time_to_treatment"]
    local = table[~table["geography_type"].isin(["england_and_wales", "nation"])]
    for end in ("_31d", "_62d"):
        stands = local[f"within{end}"].notna() & local[f"eligible{end}"].notna()
        stands &= local["modality"] == "any"
        assert (local[f"limit_lower_95{end}"].notna() == stands).all()
        flagged = local[local[f"outlier{end}"].notna()]
        assert stands[flagged.index].all()
        nations = table[(table["geography_type"] == "nation") & (table["modality"] == "any")]
        one = nations.groupby(["quarter", "period", "presentation"])
        sums = one[[f"within{end}", f"eligible{end}"]].sum()
        aim = 100 * sums[f"within{end}"] / sums[f"eligible{end}"].where(sums[f"eligible{end}"] > 0)
        found = one[f"target_pct{end}"].first()
        np.testing.assert_allclose(found.astype(float), aim.astype(float))


def test_which_flags_are_withheld_follows_from_published_counts() -> None:
    """So that a flag that is not there says nothing."""
    profile = load_profile("under_5")
    pairs = [(5 * a, 5 * b) for b in range(2, 30) for a in range(1, b + 1)]
    first, again = (told(order, 60.0, profile) for order in (pairs, pairs[::-1]))
    assert (first == again[::-1]).all()


def test_outliers_of_counts_by_hand() -> None:
    """Of 100 at a target of 50 the Wilson limits are 40.4 and 59.6, and 35.2 and 64.8 outside."""
    counts = np.array([35, 36, 40, 41, 59, 60, 64, 65])
    whole, target = np.full(8, 100), np.full(8, 50.0)
    found = judged(counts, whole, target, 10, 1e-9, (METHOD.z_95, METHOD.z_998))
    assert [OUTLIERS[n] for n in found] == [
        *("alarm_low", "alert_low", "alert_low", "within"),
        *("within", "alert_high", "alert_high", "alarm_high"),
    ]
    small = judged(np.array([0, 0]), np.array([9, 10]), np.array([90.0] * 2), 10, 1e-9,
                         (METHOD.z_95, METHOD.z_998))  # fmt: skip
    assert small.tolist() == [0, 1]
    none = judged(np.array([5]), np.array([50]), np.array([np.nan]), 10, 1e-9,
                        (METHOD.z_95, METHOD.z_998))  # fmt: skip
    assert none.tolist() == [0]
    # At a target of 100 the limit is 100 but for rounding, and who is at it is within.
    edge = judged(np.array([40]), np.array([40]), np.array([100.0]), 10, 1e-9,
                        (METHOD.z_95, METHOD.z_998))  # fmt: skip
    assert OUTLIERS[edge[0]] == "within"
