"""Commands on the catalogue and its runs: reset, predict, first-load, survey, worker, cancel."""

import contextlib
import functools
import resource
import signal
import sys
import threading
import time
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.local import LocalProxy

from app_tess import logs, metrics
from app_tess.errors import AlreadyRunning, AppTessError, InvalidInput
from app_tess.storage import catalogue, run_records
from app_tess.storage.database import DatabaseDown, NotUsable, db
from app_tess.storage.switching import holding
from app_tess.tasks.run_execution import beating, reporter

NOTES_SHOWN = 20
"""Notes on omitted cells and rows that the command prints."""
FIRST_FOLDS = 6
"""Stars vetted before the site starts, so that the first page shows some folded transits (0.5 s each)."""


def _progress(done, total, doing):
    click.echo(f"  {done}/{total} {doing}", err=True)


def as_run(kind, story, tic_id=None, options=None, to_stderr=False):
    """Execute a task in this process under its own run, so that no worker executes the same task concurrently."""
    claim, started, stopping = run_records.begin_run(kind, tic_id, options), time.monotonic(), threading.Event()
    try:
        with logs.in_run(claim.run_id), beating(claim, stopping), holding(claim), _interrupted_by_sigterm():
            message = story(current_app.config["TESS"], reporter(claim, stopping, _progress))
        run_records.end(claim, "completed", message)
    except BaseException as error:
        _end_run(claim, error)
        raise
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    click.echo(f"{message} ({time.monotonic() - started:.1f} s, peak memory {peak_mb:.0f} MB)", err=to_stderr)


def _end_run(claim, error):
    with contextlib.suppress(*DatabaseDown, *NotUsable):  # the first error is the one to report
        db.session.rollback()
        if isinstance(error, AppTessError):
            run_records.end(claim, "error", str(error))
        elif isinstance(error, Exception):
            run_records.end_unfinished(claim, "error", f"{type(error).__name__}.")
        else:
            run_records.end_unfinished(claim, "aborted", "The command was interrupted.")


@contextlib.contextmanager
def _interrupted_by_sigterm():
    """Let SIGTERM within the context do what Ctrl-C does."""

    def interrupt(*_signal):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command("reset")
@click.option("--force", is_flag=True, help="Load the tables also where they cannot be an update of the stored ones.")
@with_appcontext
def reset_command(force):
    """Update the catalogue from ExoFOP and MAST (EXOFOP_URL, MAST_URL), together with its scores."""
    from app_tess.tasks import reset

    options = {"force": True} if force else {}
    as_run("reset", functools.partial(reset.reset_and_predict, **options), options=options or None)
    load = catalogue.find_current_load()
    notes = load.skipped if load else []
    for sentence in notes[:NOTES_SHOWN]:
        click.echo(f"  {sentence}", err=True)
    if len(notes) > NOTES_SHOWN:
        click.echo(f"  and {len(notes) - NOTES_SHOWN:,} more notes: see the page of the run", err=True)


@click.command("predict")
@with_appcontext
def predict_command():
    """Score every TOI with the stored model."""
    from app_tess.tasks import predict

    as_run("predict", predict.predict)


@click.command("first-load")
@with_appcontext
def first_load_command():
    """Load, score and vet the bundled sample if the database is empty, and queue an update from ExoFOP and MAST."""
    if catalogue.find_current_load() is not None:
        return
    from app_tess.tasks import first_load, survey

    click.echo("Empty database: loading the bundled sample ...", err=True)
    message = first_load.load_sample(current_app.config["TESS"], _progress)
    click.echo(message)
    click.echo(survey.survey(current_app.config["TESS"], _progress, FIRST_FOLDS))
    for kind, what in (("vet", "The vetting of the other stars"), ("reset", "A catalogue update from ExoFOP and MAST")):
        try:
            run = run_records.request_run(kind, requested_by="command")
            click.echo(f"{what} is queued: see /runs/{run.id}.")
        except AlreadyRunning as running:
            click.echo(str(running))


@click.command("survey")
@click.option("--limit", type=click.IntRange(1), help="Maximum number of stars; default: all.")
@with_appcontext
def survey_command(limit):
    """Vet every star that has light curves and no result yet, most recent TOIs first; downloads their files."""
    from app_tess.tasks import survey

    click.echo(survey.survey(current_app.config["TESS"], _progress, limit))


@click.command("worker")
@with_appcontext
def worker_command():
    """Execute queued runs, and scheduled catalogue updates (UPDATE_SCHEDULE), until SIGTERM or Ctrl-C."""
    from app_tess.tasks.worker import Worker

    app = cast(LocalProxy[Flask], current_app)._get_current_object()
    config = app.config["TESS"]
    logs.configure(config.log_format, config.secrets)
    if config.metrics_token:
        metrics.start(config.metrics_dir, "worker")
    Worker(app, config).work()


@click.command("cancel")
@click.argument("run_id", type=int)
@with_appcontext
def cancel_command(run_id):
    """Cancel a queued or executing run: it stores nothing from now on."""
    run = run_records.cancel(run_id)
    if run.status != "cancelled":
        raise InvalidInput(f"Run {run_id} has already ended: {run.status}.")
    click.echo(run.message)


COMMANDS = [reset_command, predict_command, first_load_command, survey_command, worker_command, cancel_command]
