"""The median as SQL in which every engine gives the same figure.

``percentile_cont`` becomes an approximation in Spark, which has no exact one by that name.
"""

from __future__ import annotations

#: Keeps the one or two values in the middle, whose mean is the median: of values numbered by
#: ``place`` in their order, of which there are ``places``.
IS_MIDDLE = "2 * place between places and places + 2"
