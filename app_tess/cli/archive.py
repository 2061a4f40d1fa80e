"""flask --app app_tess archive serve: a sample of ExoFOP and MAST on this machine."""

import sys
import threading

import click

from app_tess.errors import AppTessError

DEFAULT_PORT = 8765
"""Unassigned by IANA for anything common; only on the loopback."""


@click.group("archive")
def archive_group():
    """Stand in for ExoFOP and MAST, for trying and testing without the network."""


@archive_group.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any free one.")
@click.option(
    "--data",
    "data_dir",
    type=click.Path(),
    help="Folder with toi.csv, tic.csv, products.csv and files/; without it, the bundled sample is served.",
)
def serve(port, data_dir):
    """Serve ExoFOP's and MAST's formats on 127.0.0.1 until Ctrl-C."""
    # Imported here so that the other commands start without astropy's tables.
    from app_tess.archives.sample.server import SampleArchive

    try:
        with SampleArchive(data_dir, port=port) as archive:
            click.echo(f"Serving {archive.contents.description}. To use it:")
            click.echo(f"  export EXOFOP_URL={archive.exofop_url}")
            click.echo(f"  export MAST_URL={archive.mast_url}")
            click.echo("Ctrl-C ends it.", err=True)
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The sample archive has ended.", err=True)
    except AppTessError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = [archive_group]
