"""The commands: `flask --app app_tess NAME`. One file per family; each lists its own in COMMANDS.

A family is imported when one of its commands is run, and the database with it: `--help` starts without them.
"""

import copy
import functools
import importlib
import logging

import click
from flask.cli import FlaskGroup, ScriptInfo

from app_tess import logs
from app_tess.errors import AppTessError

OF_TRAINING = {"sklearn", "lightgbm", "tensorflow", "keras", "onnx", "tf2onnx"}
"""Libraries that only requirements-train.txt installs."""

FAMILIES = {
    "archive": {"archive": "Stand in for ExoFOP and MAST without a network."},
    "catalogue": {
        "reset": "Update the catalogue together with its scores.",
        "predict": "Score every TOI with the stored model.",
        "first-load": "Load the bundled sample into an empty database.",
        "worker": "Execute queued and scheduled runs.",
        "cancel": "Cancel a queued or executing run.",
    },
    "checksum": {"checksum": "Print the rows and SHA-256 of each table."},
    "light_curves": {
        "train-light-curves": "Train the light-curve network.",
        "evaluate-light-curves": "Evaluate the light-curve network.",
    },
    "look_up": {"look-up": "Look up stars at MAST."},
    "match": {
        "match": "List signals near a star that explain a dip.",
        "load-eclipsing-binaries": "Load a catalogue of eclipsing binaries.",
    },
    "migrations": {"db": "Create or migrate the tables."},
    "model": {
        "train": "Train the planet score.",
        "evaluate": "Evaluate the planet score on later dispositions.",
        "track-record": "Replay the scores of earlier dates.",
        "report": "Evaluate every pair of dates.",
    },
    "scores": {
        "load-scores": "Load the scores of another classifier.",
        "delete-scores": "Delete the scores of a classifier.",
    },
    "search": {"search": "Search a star for transits."},
    "survey": {"survey": "Search a list of stars for transits."},
    "vetting": {"vet": "Vet the TOIs of a star."},
}
"""Family -> name of a command -> what the list of all commands says of it."""


class _Command(click.Command):
    """A command of the list, which becomes the one in its family's file when it is run."""

    def __init__(self, name, family, short_help, before):
        super().__init__(name, short_help=short_help)
        self.family, self.before = family, before

    def make_context(self, info_name, args, parent=None, **extra):
        """Import the command and let it parse its arguments."""
        self.before()
        family = importlib.import_module(f"app_tess.cli.{self.family}")
        [command] = [command for command in family.COMMANDS if command.name == self.name]
        return _with_plain_errors(command).make_context(info_name, args, parent, **extra)


def init_app(app, before=lambda: None):
    """Register the commands of every family, each of which first calls `before`.

    Errors are reported as one sentence with exit code 1.
    """
    for family, commands in FAMILIES.items():
        for name, short_help in commands.items():
            app.cli.add_command(_Command(name, family, short_help, before))


def is_starting():
    """Return whether one of our commands, or the list of them, is being started: it serves no page.

    Flask makes the application to find our commands, but its own (`run`, `routes`, `shell`) make it while they run.
    """
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)


def _with_plain_errors(command):
    """Return a copy of the command, because the original is shared by all applications of the process."""
    command = copy.copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: _with_plain_errors(sub) for name, sub in command.commands.items()}
    if command.callback is not None:
        command.callback = _plain_errors(command.callback)
    return command


def _plain_errors(callback):
    @functools.wraps(callback)
    def run(*args, **options):
        from app_tess.storage.database import NotUsable

        config = click.get_current_context().ensure_object(ScriptInfo).load_app().config["TESS"]
        logs.configure(config.log_format, config.secrets, logging.WARNING)
        try:
            return callback(*args, **options)
        except AppTessError as error:
            raise click.ClickException(f"{error.field}: {error}" if error.field else str(error)) from error
        except ModuleNotFoundError as error:
            library = (error.name or "").partition(".")[0]
            if library not in OF_TRAINING:
                raise
            raise click.ClickException(
                f"{library} is missing, which serving does not need: pip install -r requirements-train.txt"
            ) from error
        except NotUsable as error:
            raise click.ClickException(f"The database cannot be used: {_cause(error)}") from error

    return run


def _cause(error):
    """Return what the database says, and what to do."""
    cause = str(error.orig).strip()
    if "disk is full" in cause or "No space left" in cause:  # SQLite's and PostgreSQL's words
        return f"{cause}. What was stored before has not changed. Free space on its disk, then start again."
    return f"{cause}. Is DATABASE_URL right? `flask --app app_tess db upgrade` creates the tables."
