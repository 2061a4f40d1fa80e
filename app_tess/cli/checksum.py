"""Command that shows whether a restored database holds what the backed-up one held."""

import click
from flask.cli import with_appcontext

from app_tess.storage.checksum import table_checksums


@click.command("checksum")
@with_appcontext
def checksum_command():
    """Print the number of rows and the SHA-256 of each table: equal before a backup and after its restoration."""
    for found in table_checksums():
        click.echo(f"{found.sha256}  {found.rows:>8}  {found.table}")


COMMANDS = [checksum_command]
