"""Exhibits: a chart, the table behind it and the notes of both, a module for each family.

A module draws one family of figures from an :class:`~..edition.Edition`. ``of_nation`` and
``of_place`` list what the pages of a nation and of any other place show of it, so a chart of an
existing kind needs a function here, its place in the list, and its words in each language.
"""
