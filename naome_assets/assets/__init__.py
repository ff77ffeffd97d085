"""The Dagster assets: what stands in the warehouse, how it is made and what it is made from.

``submissions`` reads what arrived, ``reference_data`` loads the seeds, ``sql_models`` turns each
model of the SQL project into an asset. ``resources`` says where everything is, ``partitions`` how
time is cut, ``presentation`` what the UI shows beside an asset.
"""
