"""Random streams: one for each thing drawn, so that no order of work changes any byte."""

from __future__ import annotations

import random

import numpy as np


def stream(seed: int, *parts: object) -> random.Random:
    """The stream of one unit of work, named by its parts (a provider and month, an event)."""
    return random.Random("/".join(map(str, (seed, *parts))))  # noqa: S311 - not for secrets


def array_stream(seed: int, number: int) -> np.random.Generator:
    """The numpy stream of one stage of the simulation.

    Args:
        seed: What the user gave.
        number: Which stage; each has its own, so that a change in one leaves the others alone.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))


def identifier(rng: random.Random) -> str:
    """An upper-case UUID, as the standard's record Ids are."""
    text = f"{rng.getrandbits(128):032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
