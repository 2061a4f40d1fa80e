"""flask --app app_tess db: create the tables, and follow the models."""

import click
from alembic.util import CommandError
from flask.cli import with_appcontext

from app_tess.storage import migrations


@click.group("db")
def db_group():
    """Create or migrate the tables of the database that DATABASE_URL names."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade_command(revision):
    """Bring the tables forward to REVISION, by default the newest."""
    _reported(migrations.upgrade, revision)


@db_group.command("downgrade")
@click.argument("revision", default="-1")
@with_appcontext
def downgrade_command(revision):
    """Take the tables back to REVISION, by default the one before."""
    _reported(migrations.downgrade, revision)


@db_group.command("current")
@with_appcontext
def current_command():
    """Print the revision of the tables."""
    _reported(migrations.show_current)


@db_group.command("check")
@with_appcontext
def check_command():
    """Fail where the models need a migration that is not written."""
    _reported(migrations.check)


@db_group.command("migrate")
@click.option("-m", "--message", required=True, help="What it does, as in a commit.")
@with_appcontext
def migrate_command(message):
    """Write a migration with what differs between the tables and the models."""
    _reported(migrations.write_revision, message)


def _reported(run, *arguments):
    """Run one of Alembic's commands; its errors become one sentence."""
    try:
        run(*arguments)
    except CommandError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = [db_group]
