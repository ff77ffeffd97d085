"""The sensor for files that land late: it re-runs the quarters they belong to.

A file is late when it landed after the run that last looked at its quarter began. The time of
landing is that of the file's entry in the folder (``ctime``), because copying keeps the time of
writing. The run compares bytes: files that were only moved, restored or given another owner are not
read again, and the quarter is observed.
Files removed are not noticed: what a quarter lost leaves with its next run.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise

import dagster as dg

from naome_assets.orchestration.jobs import quarterly_audit
from naome_assets.orchestration.partitions import range_tags
from naome_assets.orchestration.resources import LandingResource
from naome_assets.quarters import Quarter

#: The table whose partitions tell which quarters were looked at, and when.
_READ = dg.AssetKey("submission")
#: Senders copy many files: a quarter waits until none has landed for so long.
SETTLING_SECONDS = 600
_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


@dg.sensor(
    job=quarterly_audit,
    minimum_interval_seconds=SETTLING_SECONDS,
    description=(
        "Looks for files that landed after their quarter was last read, and runs the audit again "
        "for those quarters once no more of them arrive."
    ),
)
def late_files(
    context: dg.SensorEvaluationContext, landing: LandingResource
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run of each unbroken range of quarters with late files."""
    if context.instance.get_runs_count(
        dg.RunsFilter(job_name=quarterly_audit.name, statuses=_UNFINISHED)
    ):
        yield dg.SkipReason("A run is under way; files are looked for after it.")
        return
    landed = {
        quarter: newest
        for quarter, read in _last_read(context.instance).items()
        if (newest := _newest(landing, quarter)) > read
    }
    now = dt.datetime.now(dt.UTC).timestamp()
    settled = {quarter for quarter, newest in landed.items() if newest <= now - SETTLING_SECONDS}
    if not settled:
        yield dg.SkipReason(
            f"Files are still landing for {', '.join(map(str, sorted(landed)))}."
            if landed
            else "No file landed since its quarter was read."
        )
    for first, last in _ranges(settled):
        newest = max(landed[quarter] for quarter in settled if first <= quarter <= last)
        yield dg.RunRequest(
            # The same files ask once, also when their run fails.
            run_key=f"late:{first}:{last}:{newest:.0f}",
            tags={**range_tags(first, last), "naome/reason": "late files"},
        )


def _last_read(instance: dg.DagsterInstance) -> Mapping[Quarter, float]:
    """When the run that last read or observed each quarter began, in seconds since 1970."""
    read: dict[Quarter, float] = {}
    for key in sorted(instance.get_materialized_partitions(_READ)):
        asked = dg.AssetRecordsFilter(asset_key=_READ, asset_partitions=[key])
        for fetch in (instance.fetch_materializations, instance.fetch_observations):
            records = fetch(asked, limit=1).records
            run = instance.get_run_record_by_id(records[0].run_id) if records else None
            if run is not None:
                # Before it began when Dagster knows no start, as for a run of a test.
                began = run.start_time or run.create_timestamp.timestamp()
                quarter = Quarter.of_partition_key(key)
                read[quarter] = max(began, read.get(quarter, 0.0))
    return read


def _newest(landing: LandingResource, quarter: Quarter) -> float:
    """When the last file of a quarter landed; 0 when there is none."""
    from naome_assets.sources.landing import discover

    return max((file.path.stat().st_ctime for file in discover(landing.path, quarter)), default=0.0)


def _ranges(quarters: set[Quarter]) -> Iterator[tuple[Quarter, Quarter]]:
    """Unbroken ranges of quarters, both ends included."""
    ordered = sorted(quarters)
    if not ordered:
        return
    first = ordered[0]
    for one, following in pairwise(ordered):
        if following != one + 1:
            yield first, one
            first = following
    yield first, ordered[-1]
