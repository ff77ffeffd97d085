"""Contracts as data: what naome reads and publishes and by what, each said once.

Submission tables (``submissions``) and the items of COSD in them (``cosd_items``), dimensions and
their codes (``dimensions``), published tables (``published_tables``), indicators (``indicators``).
Nothing here imports another part of naome, so that every part may read it; a test holds that.
Numbers and lists of codes that shape figures are settings of the SQL project and are in
``dbt_like_sql/dbt_project.yml``.
"""
