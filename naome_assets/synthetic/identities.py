"""Names and postcodes of invented people; no postcode area begins with XX."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from naome_assets.synthetic.randomness import stream

_COMMON: Final = (
    "SMITH", "JONES", "TAYLOR", "BROWN", "WILLIAMS", "WILSON", "JOHNSON", "DAVIES", "PATEL",
    "WRIGHT", "EVANS", "KHAN", "THOMAS", "ROBERTS", "WALKER", "GREEN", "HALL", "WOOD", "HUGHES",
    "BEGUM", "CLARKE", "MORGAN", "SINGH", "EDWARDS", "OKAFOR", "LEWIS", "HARRIS", "NOWAK",
)  # fmt: skip
_FIRST_PARTS: Final = (
    "ASH", "BAR", "BECK", "BLACK", "BRAD", "BROOK", "BUCK", "CHESTER", "CLIF", "COL", "CRAN", "DAL",
    "DEN", "EAST", "EL", "FAIR", "GAR", "GRIM", "HAL", "HAR", "HEATH", "HOL", "KEN", "LANG", "LIN",
    "MAR", "MIL", "NEW", "NOR", "OAK", "PEN", "RAD", "RED", "SHEL", "STAN", "SUT", "THORN", "WAL",
    "WEST", "WHIT",
)  # fmt: skip
_LAST_PARTS: Final = (
    "BOURNE", "BRIDGE", "BURY", "BY", "CLIFFE", "COTE", "DALE", "DEN", "FIELD", "FORD", "GATE",
    "HAM", "HURST", "LAND", "LEY", "MAN", "MORE", "RIDGE", "STEAD", "STOCK", "STON", "TON", "WAY",
    "WELL", "WICK", "WOOD", "WORTH",
)  # fmt: skip
_GIVEN: Final = {
    "1": (
        "JOHN", "DAVID", "MICHAEL", "PETER", "IMRAN", "ALAN", "GARETH", "KOFI", "PAUL", "STEPHEN",
    ),
    "2": (
        "MARY", "SUSAN", "MARGARET", "JANE", "FATIMA", "ELIZABETH", "CERYS", "GRACE", "PRIYA",
        "HELEN", "ANNE", "JOAN", "RUTH", "CHRISTINE", "PATRICIA", "LINDA", "CAROL", "JANET",
        "BARBARA", "SANDRA", "JULIE", "KAREN", "SIAN", "AMINA", "OLGA", "DOROTHY", "SHEILA",
        "VALERIE", "MAUREEN", "KATHLEEN",
    ),
}  # fmt: skip
_SHARE_COMMON: Final = 0.2
"""Of people with one of the common surnames; Smith is then 0.7 % of all, as in Great Britain."""


class Identity(NamedTuple):
    """What a hospital writes down of a person besides numbers and birth date."""

    surname: str
    forename: str
    postcode: str


@lru_cache(maxsize=4096)
def identity_of(seed: int, person: int, sex: str) -> Identity:
    """The names and postcode of a person of the world."""
    rng = stream(seed, "identity", person)
    if rng.random() < _SHARE_COMMON:
        surname = rng.choice(_COMMON)
    else:
        surname = rng.choice(_FIRST_PARTS) + rng.choice(_LAST_PARTS)
    letters = rng.choice("ABDEFGHJ") + rng.choice("ABDEFGHJLNPQ")
    postcode = f"XX{rng.randrange(1, 99)} {rng.randrange(1, 10)}{letters}"
    return Identity(surname, rng.choice(_GIVEN[sex]), postcode)
