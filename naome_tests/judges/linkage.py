"""A second engine of linkage on the same generated people: recordlinkage, next to naome's splink.

Both get the descriptions of people with a number and of people whose local identifier is nowhere
else, as pseudonyms. recordlinkage knows nothing but whether two values are the same: its classifier
(ECM, Fellegi and Sunter's model without training pairs) finds the weights itself. Each person is
linked to the likeliest other one, where that reaches the threshold and no second one is as likely.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from naome_assets.synthetic.linkage_truth import Figures, describe, measure
from naome_assets.synthetic.world import simulate
from naome_tests.judges.result import Judgement, skipped

THRESHOLD = 0.99
SEED = 3
#: Generated years, and their size against England and Wales.
FIRST, LAST, SCALE = dt.date(2020, 1, 1), dt.date(2024, 12, 31), 0.02
SHARE_WITHOUT_NUMBER = 0.2
ITEMS = ["birth_date", "sex", "surname", "forename", "postcode"]

_PROGRAM = """
import json, sys
from importlib.metadata import version
import pandas as pd
import recordlinkage
folder, threshold, *items = sys.argv[1:]
read = {"dtype": str, "keep_default_na": False, "na_values": [""], "index_col": "row"}
numbered = pd.read_csv(folder + "/numbered.csv", **read)
unnumbered = pd.read_csv(folder + "/unnumbered.csv", **read)
pairs = recordlinkage.Index()
pairs.block("birth_date")
pairs.block("postcode")
pairs.block(["surname", "forename"])
compare = recordlinkage.Compare()
for item in items:
    compare.exact(item, item, label=item)
found = pairs.index(unnumbered, numbered)
vectors = compare.compute(found, unnumbered, numbered)
judge = recordlinkage.ECMClassifier()
judge.fit(vectors)
likely = judge.prob(vectors).rename("likely").reset_index()
likely.columns = ["one", "other", "likely"]
likely["person"] = unnumbered["person"].reindex(likely["one"]).to_numpy()
likely["linked"] = numbered["person"].reindex(likely["other"]).to_numpy()
best = likely.groupby(["person", "linked"])["likely"].max().reset_index()
most = best.groupby("person")["likely"].transform("max")
best = best[(best["likely"] == most) & (most >= float(threshold))]
best = best[~best.duplicated("person", keep=False)]
links = best[["person", "linked"]].to_numpy().tolist()
print(json.dumps([version("recordlinkage"), links]))
"""


def judge(python: Path) -> list[Judgement]:
    """How many links of each engine are right.

    Args:
        python: of the judges' environment.
    """
    judged = f"links by probability, {THRESHOLD:.0%}"
    if not python.exists():
        return [skipped("recordlinkage", judged, "no judges' environment")]
    world = simulate(FIRST, LAST, scale=SCALE, seed=SEED, defects=False)
    rows, truth = describe(world, SEED, SHARE_WITHOUT_NUMBER)
    (ours,) = (f for f in measure(rows, truth, [THRESHOLD]) if f.kind == "probabilistic")
    sent = rows.to_pandas()
    with_number = set(sent.loc[sent["nhs_person_id"].notna(), "local_person_id"])
    named = sent[sent["nhs_person_id"].notna()]
    unnamed = sent[sent["nhs_person_id"].isna() & ~sent["local_person_id"].isin(with_number)]
    with tempfile.TemporaryDirectory() as folder:
        for name, part, person in (
            ("numbered", named, "nhs_person_id"),
            ("unnumbered", unnamed, "local_person_id"),
        ):
            _write(part, person, Path(folder, f"{name}.csv"))
        ran = subprocess.run(
            [str(python.absolute()), "-W", "ignore", "-c", _PROGRAM, folder, str(THRESHOLD),
             *ITEMS],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["it says nothing"])[-1]
        return [skipped("recordlinkage", judged, f"it failed: {last}")]
    version, links = json.loads(ran.stdout.splitlines()[-1])
    right = sum(truth[person] == {linked} for person, linked in links)
    return [
        Judgement(
            "recordlinkage", version, f"{judged}, right ones", len(links), right,
            f"of {ours.linkable} who can be linked; naome (splink): {_words(ours)}",
        )
    ]  # fmt: skip


def _words(ours: Figures) -> str:
    return f"{ours.right} right of {ours.linked} links"


def _write(part: pd.DataFrame, person: str, path: Path) -> None:
    """Each description of a person once."""
    once = part[[person, *ITEMS]].rename(columns={person: "person"}).drop_duplicates()
    once = once.reset_index(drop=True)
    once.index.name = "row"
    once.to_csv(path)
