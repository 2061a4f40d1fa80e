"""flask --app app_tess load-exominer FILE: load the scores published by NASA."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app_tess.tasks.load_exominer import load_exominer


@click.command("load-exominer")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def load_exominer_command(file):
    """Load the published ExoMiner scores from FILE, a CSV of github.com/nasa/ExoMiner, replacing previous ones."""
    click.echo(load_exominer(file))


COMMANDS = [load_exominer_command]
