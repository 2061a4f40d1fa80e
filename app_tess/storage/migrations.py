"""Alembic's commands for the tables of this site; `migrations/env.py` connects them with the application's database."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(revision: str = "head") -> None:
    """Bring the tables forward to a revision, within an application's context."""
    command.upgrade(_config(), revision)


def downgrade(revision: str = "-1") -> None:
    """Take the tables back to a revision, by default the one before."""
    command.downgrade(_config(), revision)


def show_current() -> None:
    """Print the revision of the tables."""
    command.current(_config())


def check() -> None:
    """Compare the tables with the models; alembic's CommandError where a migration is missing."""
    command.check(_config())


def write_revision(message: str) -> None:
    """Write a migration into `migrations/versions` with what differs between the tables and the models."""
    command.revision(_config(), message, autogenerate=True)


def newest_revision() -> str | None:
    """Return the revision that this version of the site needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _config() -> Config:
    config = Config(FOLDER / "alembic.ini", stdout=sys.stdout)
    config.set_main_option("script_location", str(FOLDER))
    return config
