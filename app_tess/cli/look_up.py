"""flask --app app_tess look-up TIC_ID...: fetch stars without a TOI from MAST, like the button on their pages."""

import functools

import click
from flask.cli import with_appcontext

from app_tess.astro.identifiers import parse_tic_id
from app_tess.cli.catalogue import as_run
from app_tess.errors import AppTessError


@click.command("look-up")
@click.argument("tic_ids", nargs=-1, required=True, metavar="TIC_ID...")
@with_appcontext
def look_up_command(tic_ids):
    """Look up stars at MAST: TIC entry, data products, neighbors within 3 arcmin, newest light curves.

    A star that cannot be looked up is reported, and the others follow; the exit code is then 1.
    """
    failed = 0
    for number, text in enumerate(tic_ids, 1):
        try:
            tic_id = parse_tic_id(text)
            click.echo(f"{number} of {len(tic_ids)}: TIC {tic_id}", err=True)
            as_run("look-up", functools.partial(_story, tic_id), tic_id)
        except AppTessError as error:
            failed += 1
            click.echo(f"Error: {text}: {error}", err=True)
    if failed:
        raise click.ClickException(f"{failed} of {len(tic_ids)} could not be looked up.")


def _story(tic_id, config, report):
    from app_tess.tasks.look_up import look_up

    return look_up(config, tic_id, report)


COMMANDS = [look_up_command]
