"""flask --app app_tess survey: vet many stars, search them if wanted, and store what is found; can be resumed."""

import contextlib
import csv
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app_tess.archives.products import FLUXES, MASKS
from app_tess.cli.catalogue import show_progress
from app_tess.errors import ClusterLost, ConfigurationError, InvalidInput

RECONNECT_S, RECONNECT_EVERY_S = 600.0, 5.0
"""How long a survey waits for a scheduler that is gone, and how often it asks [s]."""

FAILURES_SHOWN = 20


@click.command("survey")
@click.option("--tois", is_flag=True, help="All stars with a TOI and a light curve.")
@click.option("--targets", type=click.Path(path_type=Path), help="File with a TIC id a line, or a CSV column tic_id.")
@click.option("--sector", type=click.IntRange(1), help="All 2-minute targets of a sector, by MAST's bulk script.")
@click.option("--search", is_flag=True, help="Search each star for transits as well.")
@click.option(
    "--mask-known/--keep-known",
    default=False,
    show_default=True,
    help="Whether the transits of TOIs are removed before a search; kept, they show what the search recovers.",
)
@click.option("--mask", type=click.Choice(list(MASKS)), default="default", show_default=True, help="Quality mask.")
@click.option("--flux", type=click.Choice(list(FLUXES)), help="Default: each product's first.")
@click.option("--scheduler", help="Address of a Dask scheduler, tcp://host:8786. Default: local processes.")
@click.option("--workers", type=click.IntRange(0), help="Local processes; 0: this one. Default: one per core.")
@click.option("--memory", default="1GB", show_default=True, help="Most memory of a local process.")
@click.option("--downloads", type=click.IntRange(1), default=4, show_default=True, help="At a time, of all workers.")
@click.option("--retry-failed", is_flag=True, help="Measure the stars that failed again.")
@click.option("--report", type=click.Path(path_type=Path), help="Write how each star stands into a file (CSV).")
@click.option("--limit", type=click.IntRange(1), help="Without a list of stars: how many at most.")
@with_appcontext
def survey_command(
    tois, targets, sector, limit, report, retry_failed, scheduler, workers, memory, downloads, **options
):
    """Vet a list of stars, search them if wanted, and store the results; the same command resumes a survey.

    Without a list of stars: vet those with light curves and no result yet, most recent TOIs first.
    """
    from app_tess.storage import surveys
    from app_tess.tasks.star_survey import drive

    config = current_app.config["TESS"]
    if not (tois or targets or sector):
        from app_tess.tasks.survey import survey as vet_the_newest

        click.echo(vet_the_newest(config, show_progress, limit))
        return
    if sum(map(bool, (tois, targets, sector))) > 1 or limit:
        raise InvalidInput("Give one of --tois, --targets and --sector, without --limit.")
    chosen = _choose(config, tois, targets, sector)
    survey, was_there = surveys.begin(chosen.what, chosen.label, chosen.stars, options)
    if retry_failed:
        surveys.retry_failed(survey.id)
    states = surveys.count_states(survey.id)
    begun = "resumed" if was_there else "begun"
    click.echo(f"Survey {survey.id} {begun}: {chosen.label}, {states['waiting']:,} stars to do.", err=True)
    if states["waiting"]:
        _work(config, survey, scheduler, workers, memory, downloads)
    click.echo(drive.describe(survey.id))
    _print_failures(survey.id)
    if report:
        _write_report(report, survey.id)


def _choose(config, tois, targets, sector):
    from app_tess.tasks.star_survey import targets as choices

    if tois:
        return choices.toi_hosts()
    return choices.in_file(targets) if targets else choices.of_sector(config, sector)


def _work(config, survey, scheduler, workers, memory, downloads):
    """Drive the survey to its end; wait for a scheduler elsewhere that is restarted."""
    from app_tess.tasks.star_survey import drive

    lost_at = None
    while True:
        try:
            with _pool(config, scheduler, workers, memory, downloads) as pool:
                click.echo(f"Measuring with {pool.description}.", err=True)
                lost_at = None
                drive.drive(config, survey, pool, show_progress)
                return
        except ClusterLost as lost:
            lost_at = lost_at or time.monotonic()
            if scheduler is None or time.monotonic() - lost_at > RECONNECT_S:
                raise
            click.echo(f"{lost} Trying again.", err=True)
            time.sleep(RECONNECT_EVERY_S)


def _pool(config, scheduler, workers, memory, downloads):
    if workers == 0 and scheduler is None:
        from app_tess.tasks.star_survey.one_process import OneProcess

        return contextlib.nullcontext(OneProcess())
    from app_tess.tasks.star_survey.dask_pool import open_pool

    return open_pool(config, scheduler, workers, memory, downloads)


def _print_failures(survey_id):
    from app_tess.storage import surveys

    failed = surveys.failures(survey_id)
    for tic_id, reason in failed[:FAILURES_SHOWN]:
        click.echo(f"  TIC {tic_id}: {reason}", err=True)
    if len(failed) > FAILURES_SHOWN:
        click.echo(f"  and {len(failed) - FAILURES_SHOWN:,} more: --report FILE lists all", err=True)


def _write_report(path, survey_id):
    """Write how each star stands, a line each (CSV)."""
    from app_tess.storage import surveys

    try:
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(surveys.REPORT_COLUMNS)
            writer.writerows(surveys.iter_report(survey_id))
    except OSError as error:
        raise ConfigurationError(f"--report {path}: {error.strerror or error}.") from error


COMMANDS = [survey_command]
