"""Sensors: what starts a run, or tells of one, without being asked."""
