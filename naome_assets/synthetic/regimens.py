"""Regimens of systemic anti-cancer therapy, with the drugs of one cycle.

Names and cycle lengths are those of everyday NHS protocols; doses are typical, in milligrams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Drug:
    """One drug of a cycle: dose in mg, route (SACT code), days of the cycle it is given on."""

    name: str
    dose: str
    route: str = "01"
    days: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Regimen:
    """A regimen: the usual number and length of its cycles, and whom it is for."""

    name: str
    drugs: tuple[Drug, ...]
    cycle_days: int
    cycles: int
    subtypes: str
    metastatic: bool
    weight: float


_TRASTUZUMAB = Drug("TRASTUZUMAB", "450", "03")
_PERTUZUMAB = Drug("PERTUZUMAB", "420")
_DOCETAXEL = Drug("DOCETAXEL", "130")
_PACLITAXEL = Drug("PACLITAXEL", "140", days=(1, 8, 15))
_LETROZOLE = Drug("LETROZOLE", "2.5", "02")
_FULVESTRANT = Drug("FULVESTRANT", "500", "04")
_EPIRUBICIN = Drug("EPIRUBICIN", "160")
_CYCLOPHOSPHAMIDE = Drug("CYCLOPHOSPHAMIDE", "1000")
_PALBOCICLIB = Drug("PALBOCICLIB", "125", "02")
_RIBOCICLIB = Drug("RIBOCICLIB", "600", "02")
_ABEMACICLIB = Drug("ABEMACICLIB", "150", "02")

HORMONE = "ER+ HER2-"
HER2 = "HER2+"
TRIPLE_NEGATIVE = "triple negative"
ANY = "any"

CATALOGUE: Final = (
    Regimen("EC", (_EPIRUBICIN, _CYCLOPHOSPHAMIDE), 21, 4, ANY, False, 3.0),
    Regimen("DOCETAXEL + CYCLOPHOSPHAMIDE", (_DOCETAXEL, _CYCLOPHOSPHAMIDE), 21, 4, ANY, False, 2),
    Regimen("PACLITAXEL WEEKLY", (_PACLITAXEL,), 21, 4, ANY, False, 1.5),
    Regimen(
        "DOCETAXEL + TRASTUZUMAB + PERTUZUMAB",
        (_DOCETAXEL, _TRASTUZUMAB, _PERTUZUMAB), 21, 6, HER2, False, 8.0,
    ),
    Regimen("TRASTUZUMAB ADJUVANT", (_TRASTUZUMAB,), 21, 12, HER2, False, 5.0),
    Regimen(
        "CARBOPLATIN + PACLITAXEL + PEMBROLIZUMAB",
        (Drug("CARBOPLATIN", "500"), _PACLITAXEL, Drug("PEMBROLIZUMAB", "200")),
        21, 4, TRIPLE_NEGATIVE, False, 6.0,
    ),
    Regimen("LETROZOLE + PALBOCICLIB", (_LETROZOLE, _PALBOCICLIB), 28, 18, HORMONE, True, 5.0),
    Regimen("LETROZOLE + RIBOCICLIB", (_LETROZOLE, _RIBOCICLIB), 28, 18, HORMONE, True, 4.0),
    Regimen("LETROZOLE + ABEMACICLIB", (_LETROZOLE, _ABEMACICLIB), 28, 18, HORMONE, True, 3.0),
    Regimen("FULVESTRANT + RIBOCICLIB", (_FULVESTRANT, _RIBOCICLIB), 28, 12, HORMONE, True, 2.0),
    Regimen("FULVESTRANT + PALBOCICLIB", (_FULVESTRANT, _PALBOCICLIB), 28, 12, HORMONE, True, 2.0),
    Regimen("FULVESTRANT", (_FULVESTRANT,), 28, 8, HORMONE, True, 1.0),
    Regimen("LETROZOLE", (_LETROZOLE,), 28, 12, HORMONE, True, 1.0),
    Regimen("EVEROLIMUS + EXEMESTANE",
        (Drug("EVEROLIMUS", "10", "02"), Drug("EXEMESTANE", "25", "02")), 28, 8, HORMONE, True, 1.0,
    ),
    Regimen(
        "DOCETAXEL + TRASTUZUMAB + PERTUZUMAB METASTATIC",
        (_DOCETAXEL, _TRASTUZUMAB, _PERTUZUMAB), 21, 18, HER2, True, 8.0,
    ),
    Regimen(
        "TRASTUZUMAB DERUXTECAN", (Drug("TRASTUZUMAB DERUXTECAN", "380"),), 21, 12, HER2, True, 5.0
    ),
    Regimen(
        "TRASTUZUMAB EMTANSINE", (Drug("TRASTUZUMAB EMTANSINE", "250"),), 21, 10, HER2, True, 3.0
    ),
    Regimen("CAPECITABINE", (Drug("CAPECITABINE", "2000", "02"),), 21, 8, ANY, True, 2.5),
    Regimen("PACLITAXEL WEEKLY METASTATIC", (_PACLITAXEL,), 28, 6, ANY, True, 2.5),
    Regimen("ERIBULIN", (Drug("ERIBULIN", "2.2", days=(1, 8)),), 21, 6, ANY, True, 1.0),
    Regimen("ZOLEDRONIC ACID", (Drug("ZOLEDRONIC ACID", "4"),), 28, 12, ANY, True, 0.8),
    Regimen("DENOSUMAB", (Drug("DENOSUMAB", "120", "03"),), 28, 12, ANY, True, 1.0),
    Regimen(
        "PACLITAXEL + ATEZOLIZUMAB", (_PACLITAXEL, Drug("ATEZOLIZUMAB", "840")),
        28, 6, TRIPLE_NEGATIVE, True, 4.0,
    ),
    Regimen(
        "SACITUZUMAB GOVITECAN", (Drug("SACITUZUMAB GOVITECAN", "700", days=(1, 8)),),
        21, 6, TRIPLE_NEGATIVE, True, 4.0,
    ),
)  # fmt: skip

OTHER_CANCERS: Final = (
    ("C349", Regimen("PEMBROLIZUMAB", (Drug("PEMBROLIZUMAB", "200"),), 21, 8, ANY, True, 1.0)),
    (
        "C189",
        Regimen(
            "FOLFOX",
            (Drug("OXALIPLATIN", "150"), Drug("FLUOROURACIL", "4800")), 14, 12, ANY, False, 1.0,
        ),
    ),
    ("C61", Regimen("ENZALUTAMIDE", (Drug("ENZALUTAMIDE", "160", "02"),), 28, 12, ANY, True, 1.0)),
    (
        "C833",
        Regimen(
            "R-CHOP",
            (Drug("RITUXIMAB", "700"), _CYCLOPHOSPHAMIDE, Drug("DOXORUBICIN", "90")),
            21, 6, ANY, False, 1.0,
        ),
    ),
    (
        "C56",
        Regimen(
            "CARBOPLATIN + PACLITAXEL", (Drug("CARBOPLATIN", "500"), Drug("PACLITAXEL", "300")),
            21, 6, ANY, False, 1.0,
        ),
    ),
)  # fmt: skip
"""Primary diagnosis and regimen of people with other cancers, for the SACT files."""


def indices(subtype: str, metastatic: bool) -> tuple[list[int], list[float]]:
    """Positions and weights of the regimens for a subtype and setting."""
    fitting = [
        (number, regimen.weight)
        for number, regimen in enumerate(CATALOGUE)
        if regimen.metastatic == metastatic and regimen.subtypes in (ANY, subtype)
    ]
    return [number for number, _ in fitting], [weight for _, weight in fitting]
