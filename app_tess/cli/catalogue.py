"""Commands on the catalogue: reset, predict, first-load, worker."""

import resource
import sys
import time

import click
from flask import current_app
from flask.cli import with_appcontext

from app_tess import logs, metrics
from app_tess.errors import AlreadyRunning
from app_tess.storage import catalogue, run_records
from app_tess.tasks import first_load, predict, reset, survey
from app_tess.tasks.run_execution import beating

FIRST_FOLDS = 6
"""Stars vetted before the site starts, so that the first page shows some folded transits (0.5 s each)."""


def _progress(done, total, doing):
    click.echo(f"  {done}/{total} {doing}", err=True)


def as_run(kind, story, tic_id=None, options=None, to_stderr=False):
    """Execute a task in this process under its own run, so that no worker executes the same task concurrently."""
    run_records.abort_lost_runs()  # a killed run must not block this one where no worker cleans up
    run = run_records.request_run(kind, tic_id, options)
    run_records.claim(run.id)
    run_id, started = run.id, time.monotonic()

    def report(done, total, doing):
        _progress(done, total, doing)
        run_records.report(run_id, done, total, doing)

    try:
        with beating(run_id):
            message = story(current_app.config["TESS"], report)
    except BaseException as error:
        run_records.end(run_id, "error", str(error) or type(error).__name__)
        raise
    run_records.end(run_id, "completed", message)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    click.echo(f"{message} ({time.monotonic() - started:.1f} s, peak memory {peak_mb:.0f} MB)", err=to_stderr)


@click.command("reset")
@with_appcontext
def reset_command():
    """Update the catalogue from ExoFOP and MAST (EXOFOP_URL, MAST_URL)."""
    as_run("reset", lambda config, report: reset.describe(reset.reset(config, report)))


@click.command("predict")
@with_appcontext
def predict_command():
    """Score every TOI with the stored model."""
    as_run("predict", predict.predict)


@click.command("first-load")
@with_appcontext
def first_load_command():
    """Load, score and vet the bundled sample if the database is empty, and queue an update from ExoFOP and MAST."""
    if catalogue.find_current_load() is not None:
        return
    click.echo("Empty database: loading the bundled sample ...", err=True)
    message = first_load.load_sample(current_app.config["TESS"], _progress)
    click.echo(message)
    click.echo(survey.survey(current_app.config["TESS"], _progress, FIRST_FOLDS))
    for kind, what in (("vet", "The vetting of the other stars"), ("reset", "A catalogue update from ExoFOP and MAST")):
        try:
            run = current_app.extensions["queue"].request(kind)
            click.echo(f"{what} is queued: see /runs/{run.id}.")
        except AlreadyRunning as running:
            click.echo(str(running))


@click.command("survey")
@click.option("--limit", type=click.IntRange(1), help="Maximum number of stars; default: all.")
@with_appcontext
def survey_command(limit):
    """Vet every star that has light curves and no result yet, most recent TOIs first; downloads their files."""
    click.echo(survey.survey(current_app.config["TESS"], _progress, limit))


@click.command("worker")
@with_appcontext
def worker_command():
    """Execute queued runs until Ctrl-C."""
    config = current_app.config["TESS"]
    logs.configure(config.log_format, config.secrets)
    if config.metrics_token:
        metrics.start(config.metrics_dir, "worker")
    current_app.extensions["queue"].work()


COMMANDS = [reset_command, predict_command, first_load_command, survey_command, worker_command]
