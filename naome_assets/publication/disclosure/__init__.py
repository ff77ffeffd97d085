"""Which counts of the published tables are hidden, below the nations."""
