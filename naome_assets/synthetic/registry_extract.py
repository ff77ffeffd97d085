"""A made-up registry extract in the layout of the Simulacrum v2, at any size.

``python -m naome_assets.synthetic.registry_extract --landing DIR --day 2022-12-31`` writes what
``docs/simulacrum.md`` asks for, so that this route can be tried, tested and timed without anybody's
copy of the Simulacrum. Values are drawn here and nowhere else: no row is taken from any extract.
Sizes and shares are this project's, near those that the Simulacrum's own documentation names.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import click
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from naome_assets.synthetic.calibration import (
    DAYS_TO_TREATMENT_MEDIAN,
    DAYS_TO_TREATMENT_SIGMA,
    ETHNICITY,
    MEN,
)
from naome_assets.synthetic.randomness import array_stream
from naome_assets.synthetic.regimens import CATALOGUE

#: Tumours of the Simulacrum v2, diagnosed in 2016 to 2019, about.
TUMOURS: Final = 2_400_000
YEARS: Final = 4
#: Site and share of all tumours.
SITES: Final = {"C50": 0.120, "D05": 0.015, "C61": 0.11, "C34": 0.10, "C18": 0.07, "C44": 0.585}
#: Stage of breast tumours (STAGE_BEST) with shares and the M category that comes with most.
STAGES: Final = {
    "1A": (0.38, "0"), "2A": (0.22, "0"), "2B": (0.12, "0"), "3A": (0.06, "0"), "3C": (0.02, ""),
    "4": (0.05, "1"), "4A": (0.005, "1"), "U": (0.10, ""), "X": (0.01, "X"), "?": (0.035, "1a"),
}  # fmt: skip
#: Years from diagnosis to death, on average, by the first character of the stage.
YEARS_TO_DEATH: Final = {"1": 60.0, "2": 40.0, "3": 18.0, "4": 2.6, "U": 12.0, "X": 12.0, "?": 2.6}
WITH_SACT: Final = 0.30
WITH_RADIOTHERAPY: Final = 0.35
WITH_SURGERY: Final = 0.55
CYCLES: Final = 5
QUINTILES: Final = ("1 - most deprived", "2", "3", "4", "5 - least deprived")

Frames = dict[str, pd.DataFrame]


def registry_extract(day: dt.date, *, tumours: int = TUMOURS, seed: int = 1) -> Frames:
    """The tables of an extract made on a day, by the names of their files.

    Args:
        day: the day of the extract; nothing in it is later.
        tumours: rows of the tumour table, of all sites.
        seed: names the extract; the same gives the same rows.

    Returns:
        Rows as text; an empty text is a missing value.
    """
    rng = array_stream(seed, 100)
    last = np.datetime64(day, "D")
    first = last - np.timedelta64(round(YEARS * 365.25), "D")
    tumour = _tumours(rng, tumours, first, last)
    patient = _patients(rng, tumour, last)
    regimen, cycle, drug, outcome = _sact(rng, tumour, last)
    episode, prescription = _radiotherapy(rng, tumour, last)
    return {
        "sim_av_patient": patient,
        "sim_av_tumour": tumour.drop(columns=["diagnosed", "death"]),
        "sim_sact_regimen": regimen,
        "sim_sact_cycle": cycle,
        "sim_sact_drug_detail": drug,
        "sim_sact_outcome": outcome,
        "sim_rtds_episode": episode,
        "sim_rtds_prescription": prescription,
    }


def write_registry_extract(
    landing: Path, day: dt.date, *, tumours: int = TUMOURS, seed: int = 1
) -> list[Path]:
    """Write an extract where naome reads it, under ``england/registry/<day>/``."""
    folder = landing / "england" / "registry" / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in registry_extract(day, tumours=tumours, seed=seed).items():
        path = folder / f"{name}.csv"
        pyarrow.csv.write_csv(
            pa.Table.from_pandas(frame, preserve_index=False),
            path,
            pyarrow.csv.WriteOptions(quoting_style="needed"),
        )
        written.append(path)
    return written


def _tumours(
    rng: np.random.Generator, number: int, first: np.datetime64, last: np.datetime64
) -> pd.DataFrame:
    # One person in twenty has a second tumour.
    people = rng.permutation(np.r_[np.arange(number), rng.integers(0, number, number // 20)])
    person = people[:number] + 10_000_000
    site = rng.choice(list(SITES), number, p=list(SITES.values()))
    stages = rng.choice(list(STAGES), number, p=[share for share, _ in STAGES.values()])
    diagnosed = first + rng.integers(0, (last - first).astype(int), number)
    mean = pd.Series(stages).str[0].map(YEARS_TO_DEATH).to_numpy()
    death = diagnosed + (rng.exponential(mean) * 365.25).astype(int)
    is_breast = np.isin(site, ["C50", "D05"])
    # A D05 is in situ by definition.
    stages = np.where(site == "D05", "0", stages)
    surgery = diagnosed + _days_to_treatment(rng, number)
    has_surgery = (rng.random(number) < WITH_SURGERY) & (surgery <= np.minimum(death, last))
    sex_women = np.where(rng.random(number) < np.where(is_breast, 1 - MEN, 0.48), "2", "1")
    receptor = np.array(["P", "N", "X", ""])
    m_category = {"0": "0"} | {stage: category for stage, (_, category) in STAGES.items()}
    return pd.DataFrame(
        {
            "TUMOURID": _text(np.arange(number) + 20_000_000),
            # The person's sex, whatever the tumour: drawn by the person's number.
            "GENDER": np.where(is_breast, sex_women, np.where(person % 2 == 0, "1", "2")),
            "PATIENTID": _text(person),
            "DIAGNOSISDATEBEST": _text(diagnosed),
            "SITE_ICD10_O2_3CHAR": site,
            "SITE_ICD10_O2": np.where(site == "C50", "C509", site),
            "T_BEST": rng.choice(["1", "2", "3", "4", "X", ""], number),
            "N_BEST": rng.choice(["0", "1", "2", "X", ""], number),
            "M_BEST": pd.Series(stages).map(m_category),
            "STAGE_BEST": stages,
            "GRADE": rng.choice(["G1", "G2", "G3", ""], number),
            "AGE": _text(np.clip(rng.normal(64, 14, number), 20, 101).astype(int)),
            "LATERALITY": rng.choice(["L", "R", "9"], number),
            "ER_STATUS": rng.choice(receptor, number, p=[0.6, 0.15, 0.05, 0.2]),
            "PR_STATUS": rng.choice(receptor, number, p=[0.45, 0.25, 0.1, 0.2]),
            "HER2_STATUS": rng.choice([*receptor, "B"], number, p=[0.1, 0.6, 0.05, 0.2, 0.05]),
            "QUINTILE_2019": rng.choice(QUINTILES, number),
            "DATE_FIRST_SURGERY": np.where(has_surgery, _text(surgery), ""),
            "PERFORMANCESTATUS": rng.choice(["0", "1", "2", "3", ""], number),
            "CHRL_TOT_27_03": rng.choice(["0", "1", "2", ""], number),
            "diagnosed": diagnosed,
            "death": death,
        }
    )  # fmt: skip


def _patients(rng: np.random.Generator, tumour: pd.DataFrame, last: np.datetime64) -> pd.DataFrame:
    people = tumour.groupby("PATIENTID", sort=True).agg(
        GENDER=("GENDER", "first"), death=("death", "min"), diagnosed=("diagnosed", "max")
    )
    # Whoever has a second tumour lived to have it.
    death = np.asarray(people[["death", "diagnosed"]].max(axis="columns"))
    is_dead = death <= last
    is_lost = ~is_dead & (rng.random(len(people)) < 0.002)
    share = np.array(list(ETHNICITY.values()))
    return pd.DataFrame(
        {
            "PATIENTID": people.index.to_numpy(),
            "GENDER": people["GENDER"].to_numpy(),
            "ETHNICITY": rng.choice(list(ETHNICITY), len(people), p=share / share.sum()),
            "DEATHCAUSECODE_UNDERLYING": np.where(is_dead, "C509", ""),
            "VITALSTATUS": np.select([is_dead, is_lost], ["D", "X1"], "A"),
            "VITALSTATUSDATE": np.where(is_dead, _text(death), _text(np.repeat(last, len(people)))),
            "LINKNUMBER": _text(np.arange(len(people)) + 50_000_000),
        }
    )


def _sact(
    rng: np.random.Generator, tumour: pd.DataFrame, last: np.datetime64
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    start = tumour["diagnosed"] + _days_to_treatment(rng, len(tumour))
    chosen = (rng.random(len(tumour)) < WITH_SACT) & (start <= np.minimum(tumour["death"], last))
    treated, start = tumour[chosen], np.asarray(start[chosen])
    kind = rng.integers(0, len(CATALOGUE), len(treated))
    names = np.array([regimen.name for regimen in CATALOGUE])
    regimen = pd.DataFrame(
        {
            "ENCORE_PATIENT_ID": treated["PATIENTID"].to_numpy(),
            "MERGED_REGIMEN_ID": _text(np.arange(len(treated)) + 30_000_000),
            "INTENT_OF_TREATMENT": rng.choice(["C", "P", "A", "N", ""], len(treated)),
            "DATE_DECISION_TO_TREAT": _text(start - np.timedelta64(7, "D")),
            "START_DATE_OF_REGIMEN": _text(start),
            "MAPPED_REGIMEN": names[kind],
            "BENCHMARK_GROUP": names[kind],
        }
    )
    of = np.repeat(np.arange(len(regimen)), rng.integers(1, 2 * CYCLES, len(regimen)))
    turn = pd.Series(of).groupby(of).cumcount().to_numpy()
    begun = start[of] + turn * np.timedelta64(21, "D")
    kept = begun <= last
    of, turn, begun = of[kept], turn[kept], begun[kept]
    cycle = pd.DataFrame(
        {
            "MERGED_REGIMEN_ID": regimen["MERGED_REGIMEN_ID"].to_numpy()[of],
            "MERGED_CYCLE_ID": _text(np.arange(len(of)) + 40_000_000),
            "CYCLE_NUMBER": _text(turn + 1),
            "START_DATE_OF_CYCLE": _text(begun),
        }
    )
    drugs = pd.DataFrame(
        [(n, drug.name) for n, regimen in enumerate(CATALOGUE) for drug in regimen.drugs],
        columns=["kind", "DRUG_GROUP"],
    )
    given = pd.DataFrame(
        {
            "MERGED_CYCLE_ID": cycle["MERGED_CYCLE_ID"],
            "ADMINISTRATION_DATE": cycle["START_DATE_OF_CYCLE"],
            "kind": kind[of],
        }
    ).merge(drugs, on="kind")
    outcome = pd.DataFrame(
        {
            "MERGED_REGIMEN_ID": regimen["MERGED_REGIMEN_ID"],
            "DATE_OF_FINAL_TREATMENT": _text(np.minimum(start + np.timedelta64(120, "D"), last)),
            "REGIMEN_OUTCOME_SUMMARY": rng.choice(["Completed", "Toxicity", ""], len(regimen)),
        }
    )
    return regimen, cycle, given.drop(columns=["kind"]), outcome


def _radiotherapy(
    rng: np.random.Generator, tumour: pd.DataFrame, last: np.datetime64
) -> tuple[pd.DataFrame, pd.DataFrame]:
    start = tumour["diagnosed"] + 3 * _days_to_treatment(rng, len(tumour))
    chosen = (rng.random(len(tumour)) < WITH_RADIOTHERAPY) & (
        start <= np.minimum(tumour["death"], last)
    )
    treated, start = tumour[chosen], np.asarray(start[chosen])
    identifier = _text(np.arange(len(treated)) + 60_000_000)
    episode = pd.DataFrame(
        {
            "PATIENTID": treated["PATIENTID"].to_numpy(),
            "RADIOTHERAPYEPISODEID": identifier,
            "ATTENDID": identifier,
            "APPTDATE": _text(start),
            "DECISIONTOTREATDATE": _text(start - np.timedelta64(14, "D")),
            "RADIOTHERAPYINTENT": rng.choice(["1", "2", ""], len(treated)),
        }
    )
    prescription = pd.DataFrame(
        {
            "RADIOTHERAPYEPISODEID": identifier,
            "ATTENDID": identifier,
            "RTTREATMENTMODALITY": "05",
            "PRESCRIBEDFRACTIONS": rng.choice(["1", "5", "15"], len(treated)),
            "RTTREATMENTREGION": rng.choice(["P", "M", "R"], len(treated)),
        }
    )
    return episode, prescription


def _days_to_treatment(rng: np.random.Generator, number: int) -> np.ndarray:
    drawn = rng.lognormal(np.log(DAYS_TO_TREATMENT_MEDIAN), DAYS_TO_TREATMENT_SIGMA, number)
    return drawn.astype("timedelta64[D]")


def _text(values: np.ndarray | pd.Series) -> np.ndarray:
    """Numbers and days as written."""
    array = np.asarray(values)
    return (array.astype("datetime64[D]") if array.dtype.kind == "M" else array).astype(str)


@click.command()
@click.option("--landing", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Of the extract.")
@click.option("--tumours", type=click.IntRange(min=1), default=TUMOURS, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(landing: Path, day: dt.datetime, tumours: int, seed: int) -> None:
    """Write a made-up registry extract into a landing folder."""
    for path in write_registry_extract(landing, day.date(), tumours=tumours, seed=seed):
        click.echo(path)


if __name__ == "__main__":
    main()
