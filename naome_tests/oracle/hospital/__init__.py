"""The hospital methods once more, in plain Python: section 9 and rulings H5 to H32 alone.

``compute`` reads the hospital, radiotherapy, waiting-times and key files of a landing folder and
gives the cohort by method and its figures. The modules follow the flow, as in the folder above:
``read`` (bytes to rows), ``judge`` (what counts, whose it is), ``cohort`` (candidates and evidence)
and ``figures``. ``submissions`` writes such files for tests, ``strategies`` draws random ones.
"""

from .compute import Methods, compute

__all__ = ["Methods", "compute"]
