"""Figures that Python computes from tables of the warehouse, where SQL cannot: rows in, rows out.

What belongs here: one module a family of figures, with a function that takes the warehouse and
gives the rows of a table of ``tables.COMPUTED``. What does not: Dagster (``orchestration`` makes
assets of them), the statistics themselves (``statistics``), and what is published (``disclosure``,
``publication``).
"""
