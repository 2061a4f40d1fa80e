"""The commands: `flask --app app_tess NAME`. One file a family; each lists its own in COMMANDS."""
import functools
import importlib

import click

from app_tess.errors import AppTessError

FAMILIES = ("catalogue", "archive", "model", "light_curves")


def init_app(app):
    """Register every family's commands, and turn our errors into a sentence and exit code 1."""
    for family in FAMILIES:
        for command in importlib.import_module(f"app_tess.cli.{family}").COMMANDS:
            app.cli.add_command(_speak_plainly(command))


def _speak_plainly(command):
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            _speak_plainly(sub)
    if command.callback is not None and not hasattr(command.callback, "speaks_plainly"):
        command.callback = _plain(command.callback)
    return command


def _plain(callback):
    @functools.wraps(callback)
    def run(*args, **options):
        try:
            return callback(*args, **options)
        except AppTessError as error:
            raise click.ClickException(str(error)) from error

    run.speaks_plainly = True
    return run
