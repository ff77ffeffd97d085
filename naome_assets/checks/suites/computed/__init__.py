"""Rules on the tables that Python computes: curves, projections and estimates.

Critical rules hold by definition, whatever the data. Those on experimental tables warn: such a
table never holds the audit back.
"""
