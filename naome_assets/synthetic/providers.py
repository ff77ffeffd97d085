"""Who sends: English acute trusts and Welsh health boards, and what differs between them.

Codes, names and alliances are the shipped reference data (seed ``provider``), so that a synthetic
submission maps to the same places as a real one.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass

import numpy as np

from naome_assets.reference import seed_path
from naome_assets.synthetic import calibration

# Trusts that do not diagnose breast cancer: told by their name, and by code where the name is mute.
_OTHER_KINDS = (
    "mental", "community", "ambulance", "child", "partnership", "health and care", "orthopaedic",
    "eye hospital", "heart", "women", "papworth", "brompton", "walton", "queen victoria",
    "public health", "velindre", "integrated health", "combined", "tavistock", "maudsley",
)  # fmt: skip
_OTHER_CODES = frozenset(
    (
        "R1C", "RAT", "RDY", "RHA", "RKL", "RMY", "RNU", "RP1", "RPG", "RT1", "RT2", "RTV", "RV3",
        "RV9", "RW1", "RW4", "RW5", "RWK", "RWX", "RX3", "RX4", "RXM",
    )
)  # fmt: skip
_CANCER_CENTRES = {"RBV": 0.25, "REN": 0.1, "RPY": 0.5}
"""Specialist cancer trusts diagnose few and treat many: factor on their volume of diagnoses."""

_BOARD_VOLUME = {
    "7A1": 0.22, "7A2": 0.12, "7A3": 0.14, "7A4": 0.17, "7A5": 0.15, "7A6": 0.18, "7A7": 0.02,
}  # fmt: skip
"""Share of Welsh diagnoses; Powys has no acute hospital of its own."""

TRUSTS_AT_LEAST = 3
BOARDS_AT_LEAST = 2


@dataclass(frozen=True)
class Provider:
    """A trust or health board, with its random effects and its way of sending.

    Effects are 0 for the average provider: ``speed`` on the log of days, the others on the logit.
    """

    code: str
    nation: str
    alliance: str
    opened: dt.date
    closed: dt.date
    successor: str
    volume: float
    speed: float
    cns: float
    mdt: float
    completeness: float
    supplier: str
    splits_breast: bool
    container: str
    v10_from: str
    code_suffix: str
    wraps_v8: bool

    @property
    def is_board(self) -> bool:
        """True for a Welsh health board."""
        return self.nation == "Wales"


def choose(
    first_day: dt.date, last_day: dt.date, scale: float, rng: np.random.Generator, defects: bool
) -> list[Provider]:
    """The providers of a world: all of them at scale 1.0, fewer below.

    Trusts are taken in turn from each alliance, so that few of them still differ in alliance.

    Args:
        first_day: First day of the data; trusts closed before it are left out.
        last_day: Last day of the data; trusts opened after it are left out.
        scale: 1.0 is England and Wales.
        rng: Stream of the providers.
        defects: Whether senders have their habits (archives, five-character codes).
    """
    trusts, boards = _acute(first_day, last_day)
    successor = _successors()
    turns: dict[str, int] = {}
    order = []
    for number in rng.permutation(len(trusts)).tolist():
        row = trusts[number]
        alliance = row["cancer_alliance_code"]
        turns[alliance] = turns.get(alliance, 0) + 1
        order.append((turns[alliance], number))
    order.sort()
    wanted = max(TRUSTS_AT_LEAST, round(len(trusts) * min(scale, 1.0)))
    codes = {trusts[number]["code"] for _, number in order[:wanted]}
    codes |= {successor[code] for code in codes if code in successor}
    boards.sort(key=lambda row: -_BOARD_VOLUME[row["code"]])
    codes |= {row["code"] for row in boards[: max(BOARDS_AT_LEAST, round(7 * min(scale, 1.0)))]}
    rows = sorted(
        (row for row in trusts + boards if row["code"] in codes), key=lambda row: row["code"]
    )
    return [
        _provider(row, successor.get(row["code"], ""), first_day, rng, defects, number % 3 == 0)
        for number, row in enumerate(rows)
    ]


def _successors() -> dict[str, str]:
    with seed_path("provider_succession").open(encoding="utf-8", newline="") as file:
        return {row["predecessor"]: row["final_successor"] for row in csv.DictReader(file)}


def _acute(
    first_day: dt.date, last_day: dt.date
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    with seed_path("provider").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    boards = [row for row in rows if row["kind"] == "health_board"]
    trusts = [
        row
        for row in rows
        if row["kind"] == "trust"
        and row["nation"] == "England"
        and row["code"] not in _OTHER_CODES
        and not any(kind in row["name"].lower() for kind in _OTHER_KINDS)
        and _date(row["opened"], dt.date.min) <= last_day
        and _date(row["closed"], dt.date.max) >= first_day
    ]
    return sorted(trusts, key=lambda row: row["code"]), boards


def _date(text: str, default: dt.date) -> dt.date:
    return dt.date.fromisoformat(text) if text else default


def _provider(
    row: dict[str, str],
    successor: str,
    first_day: dt.date,
    rng: np.random.Generator,
    defects: bool,
    wraps_v8: bool,
) -> Provider:
    code = row["code"]
    opened = _date(row["opened"], dt.date.min)
    volume = float(rng.lognormal(0.0, calibration.VOLUME_SIGMA)) * _CANCER_CENTRES.get(code, 1.0)
    supplier = str(rng.choice(["infoflex", "somerset", "plain"], p=[0.35, 0.4, 0.25]))
    container = str(rng.choice(["xml", "zip", "gz"], p=[0.94, 0.03, 0.03]))
    return Provider(
        code=code,
        nation=row["nation"],
        alliance=row["cancer_alliance_code"],
        opened=opened,
        closed=_date(row["closed"], dt.date.max),
        successor=successor,
        # A trust that opens later begins with what its predecessors hand over.
        volume=_BOARD_VOLUME.get(code, volume) if opened <= first_day else 0.0,
        speed=float(rng.normal(0.0, calibration.SPEED_SIGMA)),
        cns=float(rng.normal(0.0, calibration.CNS_SIGMA)),
        mdt=float(rng.normal(0.0, calibration.MDT_SIGMA)),
        completeness=float(rng.normal(0.0, calibration.COMPLETENESS_SIGMA)),
        supplier=supplier,
        splits_breast=supplier == "infoflex",
        container=container if defects else "xml",
        v10_from=str(rng.choice(["2024-04", "2024-05", "2024-06", "2024-07"])),
        code_suffix="00" if defects and rng.random() < 0.1 else "",
        # Not drawn: every third, so that the smallest world has one.
        wraps_v8=wraps_v8,
    )
