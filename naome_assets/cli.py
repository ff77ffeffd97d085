"""The ``naome`` command.

Exit codes: 0 done, 1 a blocking check or a step failed or every file was refused, 2 wrong use or
configuration, 130 stopped by Ctrl-C, 141 the reader of the output went away, 143 by SIGTERM.
Only what every command needs is imported here: Dagster costs seconds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from naome_assets import __version__
from naome_assets.quarters import Quarter
from naome_assets.settings import Settings
from naome_assets.sources.landing_folder import LandingError, open_to_read
from naome_assets.stopping import READER_GONE, ReaderGoneError, StoppedError, stoppable
from naome_assets.storage import (
    AFTER_A_COMMAND,
    AFTER_A_RUN,
    AFTER_A_STOP,
    StorageError,
    written_to,
)

if TYPE_CHECKING:
    from naome_assets.orchestration.run import AuditRun
    from naome_assets.publication.status import StatusFormat


class QuarterType(click.ParamType):  # type: ignore[type-arg]
    """A quarter on the command line, ``2024-Q1``."""

    name = "quarter"

    def convert(
        self, value: str | Quarter, param: click.Parameter | None, ctx: click.Context | None
    ) -> Quarter:
        """Read it, or end with the usage."""
        if isinstance(value, Quarter):
            return value
        try:
            return Quarter.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _range_options(command: click.decorators.FC) -> click.decorators.FC:
    first = click.option(
        "--from", "first", type=QuarterType(), required=True, help="First quarter, such as 2022-Q1."
    )
    last = click.option(
        "--to", "last", type=QuarterType(), required=True, help="Last quarter, such as 2024-Q4."
    )
    return first(last(command))


_landing = click.option(
    "--landing",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the submissions (NAOME_LANDING).",
)
_warehouse = click.option(
    "--warehouse",
    help="Warehouse, as a URL: duckdb:///path/to/file.duckdb (NAOME_WAREHOUSE).",
)


def _method_options(command: click.decorators.FC) -> click.decorators.FC:
    profile = click.option(
        "--profile",
        help="Disclosure profile of what is published (NAOME_DISCLOSURE_PROFILE).",
    )
    linkage = click.option(
        "--linkage",
        type=click.Choice(["on", "off"]),
        callback=lambda _context, _option, value: None if value is None else value == "on",
        help="Link records without an NHS number to people (NAOME_LINKAGE).",
    )
    return profile(linkage(command))


class _Commands(click.Group):
    """Commands whose reader may go away: click would end with 1, as if something had failed."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Read the command line; help and version are printed here."""
        with _reader_gone():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _reader_gone():
            return super().invoke(ctx)


@contextmanager
def _reader_gone() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise ReaderGoneError from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="naome")
def cli() -> None:
    """The National Audit of Metastatic Breast Cancer, from submissions to figures."""


@cli.command()
@_landing
@_range_options
@click.option(
    "--scale", default=1.0, show_default=True, help="Size: 1.0 is that of England and Wales."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same files.")
@click.option(
    "--no-defects", is_flag=True, help="Write files without the faults that real files have."
)
@click.option(
    "--hospital",
    is_flag=True,
    help="Write hospital episodes, radiotherapy and waiting times as well.",
)
def synth(
    landing: Path | None,
    first: Quarter,
    last: Quarter,
    scale: float,
    seed: int,
    no_defects: bool,
    hospital: bool,
) -> None:
    """Write generated submissions.

    Files in the real formats, with the faults that real files have.
    """
    from naome_assets.synthetic import generate

    _check_range(first, last)
    if scale <= 0:
        raise click.UsageError("--scale must be above 0")
    folder = _settings().landing if landing is None else landing
    with (
        _writing("The submissions", folder, AFTER_A_COMMAND),
        _bar("Writing submissions") as update,
    ):
        generate(
            folder,
            first,
            last,
            scale=scale,
            seed=seed,
            defects=not no_defects,
            hospital_data=hospital,
            progress=lambda done, total: update(done, total, ""),
        )
    click.echo(f"Submissions for {first} to {last} are in {folder}")


@cli.command()
@_range_options
@_landing
@_warehouse
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of what is published (NAOME_OUTPUT).",
)
@_method_options
@click.option("--full", is_flag=True, help="Read, make, check and draw everything again.")
def run(
    first: Quarter,
    last: Quarter,
    landing: Path | None,
    warehouse: str | None,
    output: Path | None,
    profile: str | None,
    linkage: bool | None,
    full: bool,
) -> None:
    """Run the audit for a range of quarters.

    Read, check and link the records, compute the figures and publish them. What did not change
    since it was made is left as it is.
    """
    _check_range(first, last)
    settings = _settings()
    try:
        folder = open_to_read((landing or settings.landing).resolve())
    except LandingError as error:
        raise click.UsageError(str(error)) from error
    _check_profile(profile or settings.disclosure_profile)

    from naome_assets.orchestration.home import dagster_home
    from naome_assets.orchestration.run import run_quarters
    from naome_assets.publication.headline import every_file_was_refused, show_headline
    from naome_assets.publication.team_files import lines_left_out
    from naome_assets.warehouse.engines import open_warehouse
    from naome_assets.warehouse.protocol import WarehouseError

    url = warehouse or settings.warehouse
    published = (output or settings.output).resolve()
    try:
        open_warehouse(url).close()  # A wrong URL is wrong use, said before anything is read.
    except WarehouseError as error:
        raise click.UsageError(str(error)) from error
    with (
        _writing("Dagster's record of its runs", dagster_home(), AFTER_A_RUN),
        _bar(f"Audit {first} to {last}") as update,
    ):
        outcome = run_quarters(
            first,
            last,
            landing=folder,
            warehouse=url,
            output=published,
            profile=profile,
            linkage=linkage,
            full=full,
            progress=update,
        )
    _end_of(outcome)
    if outcome.is_unchanged:
        click.echo("Nothing changed: every table, check and page is as it was made.")
    opened = open_warehouse(url, read_only=True)
    try:
        show_headline(opened, first, last, published)
        all_refused = every_file_was_refused(opened, first, last)
        left_out = lines_left_out(opened)
    finally:
        opened.close()
    for fault in left_out:
        click.echo(f"Left out of the register of outliers: {fault}", err=True)
    if outcome.warnings:
        click.echo(f"{outcome.warnings} data-quality warnings: see the checks in the UI.")
    if all_refused:
        click.echo("Every file of these quarters was refused: see `naome status`.", err=True)
        sys.exit(1)


@cli.command()
@click.option(
    "--quarter", type=QuarterType(), required=True, help="Quarter to take back, such as 2024-Q4."
)
@_warehouse
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of what is published (NAOME_OUTPUT).",
)
@_method_options
def withdraw(
    quarter: Quarter,
    warehouse: str | None,
    output: Path | None,
    profile: str | None,
    linkage: bool | None,
) -> None:
    """Take back a quarter entered by mistake.

    Its records leave, and the figures are published without them.
    """
    settings = _settings()
    _check_profile(profile or settings.disclosure_profile)

    from naome_assets.loading.withdrawal import held_of, is_withdrawn
    from naome_assets.orchestration.home import dagster_home
    from naome_assets.orchestration.run import run_quarters
    from naome_assets.publication.headline import show_headline
    from naome_assets.warehouse.engines import open_warehouse
    from naome_assets.warehouse.protocol import WarehouseError

    url = warehouse or settings.warehouse
    published = (output or settings.output).resolve()
    try:
        opened = open_warehouse(url)
    except WarehouseError as error:
        raise click.UsageError(str(error)) from error
    try:
        if not opened.has_table("submission"):
            raise click.UsageError("nothing was loaded yet: run `naome run`")
        opened.create_submission_tables()
        held = held_of(opened, quarter)
        # A run that was stopped may have taken it back already: this one completes it.
        if not held and not is_withdrawn(opened, quarter):
            raise click.UsageError(f"no file of {quarter} is loaded: see `naome status`")
    finally:
        opened.close()
    with (
        _writing("Dagster's record of its runs", dagster_home(), AFTER_A_RUN),
        _bar(f"Taking back {quarter}") as update,
    ):
        outcome = run_quarters(
            quarter,
            quarter,
            landing=settings.landing.resolve(),
            warehouse=url,
            output=published,
            profile=profile,
            linkage=linkage,
            progress=update,
            withdraw=True,
        )
    for source, files, records in held:
        click.echo(f"Taken back from {quarter}: {files:,} files of {source}, {records:,} records")
    _end_of(outcome)
    opened = open_warehouse(url, read_only=True)
    try:
        show_headline(opened, quarter, quarter, published)
    finally:
        opened.close()


@cli.command()
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    show_default=True,
    help="Format of the files.",
)
@_warehouse
def export(folder: Path, format_: str, warehouse: str | None) -> None:
    """Write true counts, for the safe haven only.

    The tables of the indicators stage, as they are before disclosure control.
    """
    from naome_assets.publication.export import export_tables
    from naome_assets.publication.output import is_of_readers
    from naome_assets.warehouse.engines import open_warehouse
    from naome_assets.warehouse.protocol import WarehouseError

    # The files have the names of the published ones: true counts would go out in their place.
    if folder.resolve() == _settings().output or is_of_readers(folder):
        raise click.UsageError(
            f"{folder} is of what is published, and these are true counts: name another folder"
        )
    try:
        opened = open_warehouse(warehouse or _settings().warehouse, read_only=True)
    except WarehouseError as error:
        raise click.UsageError(str(error)) from error
    try:
        if not opened.has_table("ledger"):
            raise click.UsageError("nothing was loaded yet: run `naome run`")
        with _writing("The tables", folder, AFTER_A_COMMAND):
            for path, rows in export_tables(opened, folder, format_):
                click.echo(f"{rows:>10,} rows  {path}")
    finally:
        opened.close()


@cli.command()
@_warehouse
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="Format of the output: table for people, csv and json for programs.",
)
def status(warehouse: str | None, format_: StatusFormat) -> None:
    """Show what became of files and records.

    The ledger by file, and what was quarantined and why.
    """
    from naome_assets.publication.status import show_status
    from naome_assets.warehouse.engines import open_warehouse
    from naome_assets.warehouse.protocol import WarehouseError

    try:
        opened = open_warehouse(warehouse or _settings().warehouse, read_only=True)
    except WarehouseError as error:
        raise click.UsageError(str(error)) from error
    try:
        show_status(opened, format_)
    finally:
        opened.close()


def main() -> None:
    """Entry point."""
    try:
        with stoppable():
            try:
                cli(prog_name="naome")
            finally:
                sys.stdout.flush()  # Python would do it after this function, and tell a traceback.
    except (ReaderGoneError, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)
    except StoppedError as stopped:
        click.echo(f"{stopped} {AFTER_A_STOP}", err=True)
        sys.exit(stopped.exit_code)


@contextmanager
def _writing(what: str, folder: Path, left: str) -> Iterator[None]:
    """End with 1 and a plain message when a folder cannot be written."""
    try:
        with written_to(what, folder.resolve(), left=left):
            yield
    except StorageError as error:
        raise click.ClickException(str(error)) from error


def _end_of(outcome: AuditRun) -> None:
    """Print what failed in a run, and end with 1 when something did."""
    for failed in outcome.failed_checks:
        click.echo(f"FAILED {failed.asset}.{failed.check}: {failed.description}", err=True)
    if outcome.error:
        click.echo(outcome.error, err=True)
    if not outcome.success or outcome.failed_checks:
        click.echo("The run failed. Do not use its figures.", err=True)
        sys.exit(1)


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _check_profile(name: str) -> None:
    from naome_assets.disclosure.suppression import load_profile

    try:
        load_profile(name)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _check_range(first: Quarter, last: Quarter) -> None:
    if last < first:
        raise click.UsageError(f"--from {first} is after --to {last}")


class _bar:  # noqa: N801 - used as a function
    """A progress bar on standard error; plain lines where that is not a terminal."""

    def __init__(self, label: str) -> None:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        from naome_assets.consoles import ProgressConsole

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[now]}"),
            console=ProgressConsole(stderr=True),
        )
        self._task = self._progress.add_task(label, total=None, now="")

    def __enter__(self):  # type: ignore[no-untyped-def]
        """Start; returns the function that moves the bar."""
        self._progress.start()
        return lambda done, total, now: self._progress.update(
            self._task, completed=done, total=total, now=now
        )

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()
