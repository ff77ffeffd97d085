"""People living with MBC in made-up audits, who come from its new people and leave by dying."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Numbers = np.ndarray

DIMENSIONS = ("sex", "age_band", "presentation", "years_since_mbc")
YEARS = ("<1", "1-<3", "3-<5", "5+")
VALUES = (("female", "male"), ("0-69", "70+"), ("de_novo", "recurrent"), YEARS)
#: People whose MBC date is five years before the data, or earlier still.
LONG_AGO = -1
#: The shares of sex and age band among new people, and who passes to the older band in a quarter.
_SEX, _AGE, _BIRTHDAYS = (0.9, 0.1), (0.6, 0.4), 0.02


def cohorts(number: int) -> list[tuple[int, int]]:
    """The quarter of the MBC date with each quarter at whose end those people are counted."""
    return [(new, at) for new in range(LONG_AGO, number) for at in range(max(new, 0), number)]


def years_since(new: int, at: int) -> int:
    """Number of the band of ``YEARS``.

    Index dates are last days of quarters, so each band is whole quarters of MBC dates: those
    diagnosed in this quarter and the three before have it for less than a year.
    """
    return len(YEARS) - 1 if new == LONG_AGO else sum(at - new >= 4 * years for years in (1, 3, 5))


def draw_living(
    draw: np.random.Generator, long_ago: Numbers, known: Mapping[str, Numbers]
) -> Numbers:
    """People alive at the end of each quarter.

    Some audits have nobody from before the data, and in some hardly anybody dies: exact national
    figures say most there.

    Args:
        draw: the numbers at random.
        long_ago: expected people from before the data, [provider, presentation].
        known: by their MBC date, [provider, presentation, quarter]: the ``new`` people; of them
            those who died untreated (``untreated``) or within a year or three (``deaths_1y``,
            ``deaths_3y``), those who were still waiting for treatment (``waiting``) and those
            followed for so long (``at_risk_1y``, ``at_risk_3y``). Follow-up ends with the last
            quarter, in both of two vintages. Whoever is known by death certificate only was never
            alive.

    Returns:
        [provider, cohort, sex, age band, presentation]; cohorts as ``cohorts`` lists them.
    """
    new = known["new"]
    providers, kinds, number = new.shape
    pairs = cohorts(number)
    place = {pair: index for index, pair in enumerate(pairs)}
    alive = np.zeros((providers, len(pairs), 2, 2, kinds), np.int64)
    chance = draw.choice([0.0, 0.05, 0.15])
    before = draw.poisson(long_ago * draw.choice([0.0, 1.0, 8.0]))
    shares = np.outer(_SEX, _AGE).ravel()
    most, least = _survivors(known)
    for provider, kind in np.ndindex(providers, kinds):
        for begin in range(LONG_AGO, number):
            people = before[provider, kind] if begin == LONG_AGO else new[provider, kind, begin]
            living = draw.multinomial(people, shares).reshape(2, 2)
            for at in range(max(begin, 0), number):
                if begin != at:
                    aged = draw.binomial(living[:, 0], _BIRTHDAYS)
                    living = living + np.stack([-aged, aged], axis=1)
                stay = draw.binomial(living.sum(), 1 - chance)
                if begin != LONG_AGO:
                    own = provider, kind, begin, at
                    stay = min(max(stay, least[own]), most[own], living.sum())
                left = draw.multivariate_hypergeometric(living.ravel(), stay, method="marginals")
                living = left.reshape(2, 2)
                alive[provider, place[begin, at], :, :, kind] = living
    return alive


def _survivors(known: Mapping[str, Numbers]) -> tuple[Numbers, Numbers]:
    """Most and fewest alive of each quarter's new people, [provider, presentation, new, at]."""
    new = known["new"][..., None]
    number = new.shape[2]
    begin, at = np.ogrid[:number, :number]
    # The vintage before ends a quarter earlier, with the same follow-up.
    end = number - 2
    dead = np.where(at >= end, known["untreated"][..., None], 0)
    least = known["waiting"][..., None] + 0 * new
    for years in (1, 3):
        died, stay = (known[f"{name}_{years}y"][..., None] for name in ("deaths", "at_risk"))
        dead = np.maximum(dead, np.where(at >= np.minimum(begin + 4 * years, end), died, 0))
        # Whoever is followed for a year or three lived to the end of the quarter before.
        followed = (begin + 4 * years <= number - 1) & (at < begin + 4 * years)
        least = np.maximum(least, np.where(followed, stay, 0))
    return new - dead, least
