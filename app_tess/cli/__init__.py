"""The commands: `flask --app app_tess NAME`. One file a family; each lists its own in COMMANDS."""

import copy
import functools
import importlib

import click

from app_tess.errors import AppTessError
from app_tess.storage.database import NotUsable

FAMILIES = ("catalogue", "archive", "model", "light_curves", "vetting", "exominer")


def init_app(app):
    """Register every family's commands, and turn our errors into a sentence and exit code 1."""
    for family in FAMILIES:
        for command in importlib.import_module(f"app_tess.cli.{family}").COMMANDS:
            app.cli.add_command(_speak_plainly(command))


def _speak_plainly(command):
    """A copy of the command, for the families' own objects are shared by every application of the process."""
    command = copy.copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: _speak_plainly(sub) for name, sub in command.commands.items()}
    if command.callback is not None:
        command.callback = _plain(command.callback)
    return command


def _plain(callback):
    @functools.wraps(callback)
    def run(*args, **options):
        try:
            return callback(*args, **options)
        except AppTessError as error:
            raise click.ClickException(f"{error.field}: {error}" if error.field else str(error)) from error
        except NotUsable as error:
            raise click.ClickException(
                f"The database cannot be used: {str(error.orig).strip()}. Is DATABASE_URL right? "
                "`flask --app app_tess db upgrade` makes the tables."
            ) from error

    return run
