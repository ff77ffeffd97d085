"""The second opinion: the method book once more, in plain Python row loops.

``compute`` reads a landing folder and gives the ledger, the quarantine, the cohort, the three
tables, every indicator and the quality of data as lists of dicts.
It was written from the method book, its rulings and the formats alone,
and shares no code with the pipeline but the calendar, so where the two agree on random data
neither is likely to be wrong. Clarity before speed.

The modules follow the flow: ``read`` (bytes to records), ``judge`` (what counts), ``cohort``
(who has MBC, since when), ``figures`` (the three tables), ``care`` and ``indicators``, ``quality``,
with ``places`` for the reference data.
``submissions`` writes landing folders for tests, ``strategies`` draws random ones.
"""

from .compute import Oracle, compute

__all__ = ["Oracle", "compute"]
