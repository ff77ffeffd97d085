"""Records of other tumour groups: most of what a COSD file holds.

Only person, date and code of their primary cancers are kept, and nobody here has breast cancer
too: they need the size and layout of real records but no coherent people. A few patterns a group
are rendered once with placeholders; each record fills one in.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Final

from naome_assets.synthetic import nhs_numbers
from naome_assets.synthetic.randomness import identifier, stream
from naome_assets.synthetic.records import Record, Treatment, iso

_GROUPS: Final = {
    "UrologicalRecord": (22, ("C61", "C679", "C64")),
    "LungRecord": (14, ("C349", "C341", "C343")),
    "SkinRecord": (15, ("C435", "C437", "C444")),
    "ColorectalRecord": (13, ("C187", "C20", "C180")),
    "HaematologicalRecord": (10, ("C833", "C900", "C911")),
    "UpperGIRecord": (9, ("C259", "C155", "C169")),
    "GynaecologicalRecord": (8, ("C541", "C56", "C539")),
    "HeadNeckRecord": (4, ("C109", "C329", "C73")),
    "CNSRecord": (1.6, ("C719", "D329")),
    "LiverRecord": (1.2, ("C220",)),
    "OtherRecord": (1.2, ("C809", "C450")),
    "SarcomaRecord": (0.7, ("C499", "C419")),
    "CTYARecord": (0.3, ("C910", "C402")),
}
"""Record element, its share, and ICD-10 codes."""

_NAMES: Final = tuple(_GROUPS)
_SHARES: Final = tuple(share for share, _ in _GROUPS.values())
_ONLY: Final = {"GynaecologicalRecord": "2"}
_PATTERNS: Final = 24


def write(
    count: int,
    render: Callable[[Record], str],
    provider: str,
    first_day: int,
    last_day: int,
    rng: random.Random,
) -> list[str]:
    """Records of other tumour groups, as text.

    Args:
        count: How many.
        render: The version's renderer.
        provider: As written in CR0030.
        first_day: First day of the reporting month.
        last_day: Last day of the reporting month.
        rng: The unit's stream.
    """
    site = provider[:3] + "01"
    return [
        rng.choice(_patterns(render, group))
        % {
            "id": identifier(rng),
            "nhs": nhs_numbers.for_anyone_else(rng),
            "local": f"X{rng.randrange(10_000_000):07d}",
            "birth": iso(first_day - int(rng.triangular(7_000, 35_000, 26_500))),
            "provider": provider,
            "site": site,
            "icd": rng.choice(_GROUPS[group][1]),
            "sex": _ONLY.get(group) or rng.choice("12"),
            "seen": iso((date := rng.randrange(first_day, last_day + 1)) - 12),
            "date": iso(date),
            "mdt": iso(date + 6),
            "start": iso(date + 24),
        }
        for group in rng.choices(_NAMES, _SHARES, k=count)
    ]


@cache
def _patterns(render: Callable[[Record], str], group: str) -> list[str]:
    rng = stream(0, "pattern", group)
    return [render(_pattern(group, rng)) for _ in range(_PATTERNS)]


def _pattern(group: str, rng: random.Random) -> Record:
    recurrence = rng.random() < 0.1
    record = Record(
        element=group,
        identifier="%(id)s",
        nhs_number="%(nhs)s",
        local_identifier="%(local)s",
        birth_date="%(birth)s",
        provider="%(provider)s",
        pathway="recurrence" if recurrence else "primary",
        event_date="%(date)s",
        icd="%(icd)s",
        sex="%(sex)s",
        laterality=rng.choice("LR89"),
        site="%(site)s",
        ethnicity=rng.choice("AAAABHMZ"),
        family_name=rng.choice(("SMITH", "JONES", "PATEL", "EVANS")),
        given_name="TEST",
        cns=rng.choice(("Y1", "Y3", "NN", "99")),
        mdt_dates=["%(mdt)s"],
        mdt_type="0500",
        first_seen="%(seen)s",
        referral=rng.choice(("03", "05", "04")),
        imaging=[("%(seen)s", rng.choice(("C02X", "C01X", "C03X")))] * rng.randrange(3),
        biopsy_date=rng.choice(("", "%(seen)s")),
        smoking=rng.choice("1249"),
        needs_assessment_date=rng.choice(("", "", "%(mdt)s")),
        germline_date=rng.choice(("", "", "", "", "%(mdt)s")),
        trial=rng.choice(("", "", "", "01")),
        treatments=[
            Treatment("%(start)s", modality, "01", "1", "X999" if modality == "01" else "")
            for modality in rng.choice(((), (), ("01",), ("02",), ("05",), ("05", "02")))
        ],
        care_plan_date=rng.choice(("", "%(mdt)s")),
        care_plan_intent=rng.choice("CZ"),
    )
    if rng.random() < 0.4:
        record.height, record.weight, record.body_mass_index = "1.70", "74.0", "25.6"
    if recurrence:
        record.metastases = [("03", "04")]
    else:
        record.basis, record.grade = "7", rng.choice(("G1", "G2", "G3"))
        record.morphology, record.topography = "8140/3", "C80.9"
        record.performance_status = rng.choice("0123")
        if rng.random() < 0.6:
            record.t_category, record.n_category, record.m_category = rng.choice("1234"), "0", "0"
            record.stage, record.integrated = rng.choice(("1", "2", "3")), rng.random() < 0.4
    return record
