"""The commands: `flask --app app_tess NAME`. One file per family; each lists its own in COMMANDS."""

import copy
import functools
import importlib
import logging

import click
from flask.cli import ScriptInfo

from app_tess import logs
from app_tess.errors import AppTessError
from app_tess.storage.database import NotUsable

FAMILIES = (
    "catalogue",
    "checksum",
    "archive",
    "model",
    "light_curves",
    "vetting",
    "search",
    "scores",
    "survey",
    "look_up",
    "match",
)


def init_app(app):
    """Register the commands of every family; errors are reported as one sentence with exit code 1."""
    for family in FAMILIES:
        for command in importlib.import_module(f"app_tess.cli.{family}").COMMANDS:
            app.cli.add_command(_with_plain_errors(command))


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
        config = click.get_current_context().ensure_object(ScriptInfo).load_app().config["TESS"]
        logs.configure(config.log_format, config.secrets, logging.WARNING)
        try:
            return callback(*args, **options)
        except AppTessError as error:
            raise click.ClickException(f"{error.field}: {error}" if error.field else str(error)) from error
        except NotUsable as error:
            raise click.ClickException(
                f"The database cannot be used: {str(error.orig).strip()}. Is DATABASE_URL right? "
                "`flask --app app_tess db upgrade` creates the tables."
            ) from error

    return run
