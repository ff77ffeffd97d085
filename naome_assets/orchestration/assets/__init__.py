"""The assets: what is in the warehouse, how it is made and what it is made from.

``submissions`` reads what arrived, ``reference_data`` loads the seeds, ``person_link`` links,
``sql_models`` turns each model of the SQL project into an asset, ``computed`` holds the tables that
Python computes, ``published_tables`` and ``publication_files`` what may leave, and ``checks`` the
rules as asset checks.
"""
