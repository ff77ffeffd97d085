"""NHS numbers that can never belong to a person.

People of the synthetic world have numbers that begin 999, which NHS England reserves for test
data and never issues. That block holds some 909,000 valid numbers; larger worlds, and people with
other cancers, draw on the rest of the range 900 000 0000 to 999 999 9999, none of which is issued
either (the ``nhs-number`` library names it "Not to be issued (Synthetic/test patients PDS)").
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import nhs_number
import numpy as np

_BLOCK = 1_000_000
_NO_CHECK_DIGIT = 10


def for_people(count: int, rng: np.random.Generator) -> list[str]:
    """Distinct valid numbers, from the block 999 first, then 998 and downwards to 990."""
    numbers: list[str] = []
    for start in range(999, 989, -1):
        for serial in rng.permutation(_BLOCK).tolist():
            if len(numbers) == count:
                return numbers
            numbers.extend(_complete(f"{start}{serial:06d}"))
    if len(numbers) < count:
        raise ValueError(f"no more than {len(numbers):,} people have test NHS numbers")
    return numbers


def for_anyone_else(rng: random.Random) -> str:
    """A valid number of the blocks 900 to 989: somebody outside the world of breast cancer."""
    while True:
        for number in _complete(str(rng.randrange(900_000_000, 990_000_000))):
            return number


def broken(number: str) -> str:
    """The number with its check digit spoilt: it fails Modulus 11."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _complete(nine_digits: str) -> Iterator[str]:
    """The number with its check digit; nothing for the nine digits that have none."""
    check = nhs_number.validate.calculate_checksum(nine_digits)
    if check != _NO_CHECK_DIGIT:
        yield f"{nine_digits}{check}"
