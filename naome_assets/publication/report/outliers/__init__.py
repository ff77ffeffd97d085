"""Outliers of places: flags that are published, what was done about each, and by which stages."""
