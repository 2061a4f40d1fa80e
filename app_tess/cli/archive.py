"""flask --app app_tess archive serve: a local stand-in for ExoFOP and MAST."""

import sys
import threading

import click

from app_tess.errors import AppTessError

DEFAULT_PORT = 8765
"""Not assigned by IANA to a common service; loopback only."""


@click.group("archive")
def archive_group():
    """Stand in for ExoFOP and MAST, for development and tests without a network."""


@archive_group.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True, help="0: any free port."
)
@click.option(
    "--data",
    "data_dir",
    type=click.Path(),
    help="Folder with toi.csv, tic.csv, products.csv and files/; default: the bundled sample.",
)
@click.option("--fault", "faults", metavar="KIND", multiple=True, help="Fail in this way; --faults lists the kinds.")
@click.option("--faults", "list_faults", is_flag=True, help="List the kinds of faults, and exit.")
def serve(port, data_dir, faults, list_faults):
    """Serve the formats of ExoFOP and MAST on 127.0.0.1 until Ctrl-C."""
    # Imported here so that the other commands start without astropy's tables.
    from app_tess.archives.sample.fault_kinds import BY_NAME
    from app_tess.archives.sample.server import SampleArchive

    if list_faults:
        for kind in BY_NAME.values():
            click.echo(f"{kind.name:20} {kind.description}")
        return
    if unknown := [name for name in faults if name not in BY_NAME]:
        raise click.BadParameter(f"'{unknown[0]}' is not one of {', '.join(BY_NAME)}.", param_hint="--fault")
    try:
        with SampleArchive(data_dir, port=port) as archive:
            for name in faults:
                BY_NAME[name].apply(archive, 1.0)
            click.echo(f"Serving {archive.contents.description}. To use it:")
            click.echo(f"  export EXOFOP_URL={archive.exofop_url}")
            click.echo(f"  export MAST_URL={archive.mast_url}")
            for name in faults:
                click.echo(f"Injected fault: {BY_NAME[name].description}.", err=True)
            click.echo("Press Ctrl-C to stop.", err=True)
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The sample archive has stopped.", err=True)
    except AppTessError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = [archive_group]
