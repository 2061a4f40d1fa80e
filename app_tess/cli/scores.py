"""flask --app app_tess load-scores NAME FILE, and delete-scores: other classifiers' scores."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from app_tess.storage import classifiers
from app_tess.tasks.load_scores import load_scores


@click.command("load-scores")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--score-column", default="", help="The column of the scores, if not 'score' or 'NAME score'.")
@click.option("--date", default="", help="When the scores were given, YYYY-MM-DD, if the file has no column 'date'.")
@click.option("--version", default="", help="The classifier's version, if the file has no column 'version'.")
@with_appcontext
def load_scores_command(name, file, score_column, date, version):
    """Load the scores of the classifier NAME from FILE, replacing those under the same name.

    FILE is a CSV with the columns 'score' (0 to 1) and 'toi', or 'tic_id' and 'period' (in days); a column 'date'
    (YYYY-MM-DD) says when each score was given, and 'version' by which version. Case, blanks and units in the names do
    not matter: 'TIC ID' and 'Orbital Period [day]' are read too.
    """
    message, notes = load_scores(file, name, score_column, date, version)
    click.echo(message)
    for note in notes:
        click.echo(f"  {note}", err=True)


@click.command("delete-scores")
@click.argument("name")
@with_appcontext
def delete_scores_command(name):
    """Delete the scores of the classifier NAME."""
    classifiers.delete_scores(name)
    click.echo(f"Deleted the scores of {name}.")


COMMANDS = [load_scores_command, delete_scores_command]
