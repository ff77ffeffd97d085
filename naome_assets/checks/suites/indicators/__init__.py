"""Rules on the tables of figures: sums, limits, and agreement between tables and geographies.

Critical rules hold by definition in tables that are right, whatever the data; plausibility only
warns.
"""
