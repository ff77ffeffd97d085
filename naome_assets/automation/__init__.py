"""When Dagster runs what: the quarterly job, its schedule, and running it from the command line."""
