"""R against naome's statistics: the cases are drawn here, both answer them, figure by figure."""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from naome_assets.statistics.case_mix import fit
from naome_assets.statistics.competing_risks import cumulative_incidence
from naome_assets.statistics.control_limits import control_limits
from naome_assets.statistics.recapture import recapture
from naome_assets.statistics.survival import survival_curve
from naome_tests.judges.result import Judgement, skipped
from naome_tests.transform.snippet import macro

_byar_lower = macro("byar_lower('x')", x="bigint")
_byar_upper = macro("byar_upper('x')", x="bigint")
Z = statistics.NormalDist().inv_cdf(0.975)
SEED = 18
#: Figures of one size differ by no more than this share of it: percentages to eight digits.
NEAR = 1e-8
#: Iterated fits end where the next step is small, so they agree to fewer digits.
NEAR_FITTED = 1e-5
#: Byar's limits are an approximation of the exact ones.
NEAR_EXACT = 0.02

#: (days, outcomes) that are awkward: 1 and 2 are the two events, 0 is censored.
CORNERS: dict[str, tuple[list[int], list[int]]] = {
    "events on day 0": ([0, 0, 3, 5, 8], [1, 2, 1, 0, 0]),
    "ties of events and censoring": ([4, 4, 4, 4, 9, 9, 9, 12], [1, 2, 0, 1, 0, 1, 2, 0]),
    "all censored": ([1, 5, 9], [0, 0, 0]),
    "flat at 0.75, 0.5 and 0.25": ([1, 2, 3, 4], [1, 1, 1, 1]),
    "flat and followed on": ([1, 2, 50, 60], [1, 2, 0, 0]),
    "nobody left": ([2, 4, 6], [1, 2, 1]),
    "one person": ([7], [1]),
    "events late": ([5, 6, 30, 31], [0, 0, 1, 2]),
}


def judge() -> list[Judgement]:
    """Draw the cases, ask R, and compare."""
    program = shutil.which("Rscript")
    if program is None:
        return [skipped("R", "statistics", "no Rscript (packages r-cran-survival, r-cran-cmprsk)")]
    chance = np.random.default_rng(SEED)
    worlds = CORNERS | {f"drawn {n}": _drawn(chance) for n in range(60)}
    parts = (0, 0.1, 0.5, 0.93, 1)
    shares = sorted({(int(n * part), n) for n in (1, 7, 20, 283, 4000) for part in parts})
    model, lists = _model(chance), _lists(chance)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pd.DataFrame(
            [
                (case, day, outcome)
                for case, (days, outcomes) in worlds.items()
                for day, outcome in zip(days, outcomes, strict=True)
            ],
            columns=["case", "day", "outcome"],
        ).to_csv(folder / "people.csv", index=False)
        pd.DataFrame(shares, columns=["x", "n"]).to_csv(folder / "shares.csv", index=False)
        model.astype({"y": int}).to_csv(folder / "model.csv", index=False)
        pd.DataFrame(
            [
                (case, *map(int, pattern), count)
                for case, counts in lists.items()
                for pattern, count in counts.items()
            ],
            columns=["case", "a", "b", "c", "count"],
        ).to_csv(folder / "lists.csv", index=False)
        script = str(Path(__file__).with_name("statistics.R"))
        ran = subprocess.run(
            [program, "--vanilla", script, name], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            last = (ran.stderr.strip().splitlines() or ["it says nothing"])[-1]
            return [skipped("R", "statistics", f"its script failed: {last}")]
        told = pd.read_csv(folder / "answers.csv")
    r, survival, cmprsk, epitools = ran.stdout.split()
    answers = {
        (str(row.case), int(row.day), str(row.figure)): float(row.value)
        for row in told.itertuples()
    }
    ours = _ours(worlds, shares, model, lists)
    named = [
        ("R survfit, log-log", survival, "Kaplan-Meier", ("survival",), NEAR),
        ("R survfit, log-log", survival, "its limits", ("survival_lower", "survival_upper"), NEAR),
        ("R survfit, states", survival, "Aalen-Johansen, both events", ("first", "second"), NEAR),
        ("R survfit, states", survival, "its limits", ("first_lower", "first_upper"), NEAR),
        ("R cmprsk", cmprsk, "Aalen-Johansen, first event", ("cmprsk_first",), NEAR),
        ("R prop.test", r, "Wilson intervals", ("wilson_lower", "wilson_upper"), NEAR),
        ("R glm", r, "case-mix model, each person", ("expected",), NEAR_FITTED),
        ("R rank", r, "c-statistic", ("c_statistic",), NEAR_FITTED),
        ("R glm", r, "capture-recapture estimate", ("estimate",), NEAR_FITTED),
    ]
    if epitools != "-":
        named += [
            ("R epitools", epitools, "Wilson intervals",
             ("epitools_lower", "epitools_upper"), NEAR),
            ("R epitools", epitools, "Byar's limits, its form", ("byar_lower", "byar_upper"), NEAR),
            ("R epitools", epitools, "Byar's limits and exact ones, to 2 % or 0.02 events",
             ("exact_lower", "exact_upper"), NEAR_EXACT),
        ]  # fmt: skip
    found = [
        _compare(who, version, what, figures, near, answers, ours)
        for who, version, what, figures, near in named
    ]
    if epitools == "-":
        found.append(skipped("R epitools", "intervals", "no r-cran-epitools"))
    return found


Figures = dict[tuple[str, int, str], float]


def _compare(
    who: str,
    version: str,
    what: str,
    figures: tuple[str, ...],
    near: float,
    answers: Figures,
    ours: Figures,
) -> Judgement:
    keys = [key for key in answers if key[2] in figures]
    wrong = [key for key in keys if not _alike(answers[key], ours.get(key, math.nan), near)]
    # A limit that naome withholds is a decision, a number that is another one is a fault.
    withheld = [key for key in wrong if math.isnan(ours.get(key, math.nan))]
    added = [key for key in wrong if math.isnan(answers[key])]
    note = ", ".join(
        words
        for words in (
            f"{len(withheld)} given by the judge alone" if withheld else "",
            f"{len(added)} given by naome alone" if added else "",
            _cases(sorted(set(wrong) - set(withheld) - set(added))),
        )
        if words
    )
    return Judgement(who, version, what, len(keys), len(keys) - len(wrong), note)


def _cases(keys: list[tuple[str, int, str]]) -> str:
    return f"{len(keys)} other numbers, first {keys[0]}" if keys else ""


def _alike(one: float, other: float, near: float) -> bool:
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=near, abs_tol=near)


def _drawn(chance: np.random.Generator) -> tuple[list[int], list[int]]:
    people = int(chance.integers(2, 80))
    days = chance.integers(0, int(chance.choice([5, 40, 400])), people)
    return days.tolist(), chance.choice([0, 1, 2], people, p=[0.3, 0.4, 0.3]).tolist()


def _model(chance: np.random.Generator) -> pd.DataFrame:
    age = chance.choice(["to 40", "to 60", "to 80"], 600)
    sex = chance.choice(["f", "m"], 600, p=[0.8, 0.2])
    odds = np.where(age == "to 80", 0.4, -0.6) + np.where(sex == "m", 0.5, 0)
    return pd.DataFrame({"y": chance.random(600) < 1 / (1 + np.exp(-odds)), "age": age, "sex": sex})


def _lists(chance: np.random.Generator) -> dict[str, dict[tuple[bool, bool, bool], int]]:
    patterns = [p for p in product((False, True), repeat=3) if any(p)]
    return {
        f"lists {n}": {(a, b, c): int(chance.integers(15, 300)) for a, b, c in patterns}
        for n in range(20)
    }


def _ours(
    worlds: dict[str, tuple[list[int], list[int]]],
    shares: list[tuple[int, int]],
    model: pd.DataFrame,
    lists: dict[str, dict[tuple[bool, bool, bool], int]],
) -> Figures:
    ours: Figures = {}
    for case, (days, outcomes) in worlds.items():
        curve = survival_curve(days, [own > 0 for own in outcomes], z=Z)
        for row in curve.itertuples():
            ours[case, row.day, "survival"] = row.survival
            ours[case, row.day, "survival_lower"] = row.lower_95
            ours[case, row.day, "survival_upper"] = row.upper_95
        for row in cumulative_incidence(days, outcomes, max(days), Z).itertuples():
            ours[case, row.day, "first"] = ours[case, row.day, "cmprsk_first"] = row.first_pct
            ours[case, row.day, "first_lower"] = row.lower_95
            ours[case, row.day, "first_upper"] = row.upper_95
            ours[case, row.day, "second"] = row.second_pct
    for x, n in shares:
        lower, upper = control_limits(100 * x / n, n, Z)
        own = (f"{x} {n}", 0)
        ours[*own, "wilson_lower"] = ours[*own, "epitools_lower"] = float(lower)
        ours[*own, "wilson_upper"] = ours[*own, "epitools_upper"] = float(upper)
        ours[*own, "byar_lower"] = ours[*own, "exact_lower"] = _byar_lower(x)
        ours[*own, "byar_upper"] = ours[*own, "exact_upper"] = _byar_upper(x)
    fitted = fit(model, "y", ["age", "sex"])
    for number, given in enumerate(fitted.expected, start=1):
        ours["case mix", number, "expected"] = float(given)
    ours["case mix", 0, "c_statistic"] = fitted.c_statistic or math.nan
    for case, counts in lists.items():
        ours[case, 0, "estimate"] = recapture(counts, Z).estimate or math.nan
    return ours
