"""Dagster, all of it: assets, checks, jobs, schedules, sensors, resources, and runs.

What belongs here: a thin spec for each thing that the UI shows, with one call to the room that does
the work; when it is done (jobs, schedules, sensors); where everything is (resources); Dagster's
home and what it remembers. What does not: computing, reading, judging or publishing, all of which
can be called without Dagster from ``loading``, ``linkage``, ``transform``, ``figures``, ``checks``,
``disclosure`` and ``publication``. No module outside this room imports Dagster but the command
line, when it starts a run.
"""
