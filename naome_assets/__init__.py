"""naome: the reproducible pipeline for the National Audit of Metastatic Breast Cancer.

Rooms in the order of the data: ``sources`` and ``loading`` (bytes to rows), ``linkage``, the SQL
project ``dbt_like_sql`` run by ``transform`` (rows to people, events and counts), ``figures`` with
``statistics`` (what SQL cannot compute), ``disclosure`` (what may be published) and ``publication``
(report, workbook, CSV files). ``contract`` says once what all of them share, ``checks`` judges each
table, ``warehouse`` is the database, and ``orchestration`` is all of Dagster. ``synthetic`` and
``benchmark`` are for tests and measurements; the pipeline never imports them.
"""

__version__ = "0.1.0"
