"""The floors inside the large rooms, and what the site imports when it starts."""

import importlib
import os
import pkgutil
import subprocess
import sys

import pytest

from app_tess import cli
from tests.support.catalogues import WASP46
from tests.support.imports import ROOT
from tests.support.loaded import filled_app
from tests.test_floors import inside, room

INNER_FLOOR = {
    "scoring": {"common": 0, "catalogue_model": 1, "light_curve_model": 1, "evaluation": 2},
    "web": {"http": 0, "api": 1, "pages": 1},
}
"""The same inside the large rooms. What stands beside these folders (`web/__init__.py`) may import any of them."""

HEAVY = (
    "alembic",
    "astroplan",
    "astropy",
    "astroquery",
    "dask",
    "distributed",
    "icalendar",
    "keras",
    "lightgbm",
    "matplotlib",
    "onnxruntime",
    "pandas",
    "requests",
    "scipy",
    "sklearn",
    "tensorflow",
)
"""Libraries that take long to import: only what needs one waits for it."""


def inner_room(module):
    return module.split(".")[2] if module.count(".") > 1 else None


@pytest.mark.parametrize("large", INNER_FLOOR)
def test_the_rooms_inside_a_large_room_have_floors_too(large):
    floor = INNER_FLOOR[large]
    wrong = []
    for found in inside():
        here, there = inner_room(found.importer), inner_room(found.imported)
        if {room(found.importer), room(found.imported)} == {large} and here != there and here in floor:
            wrong += [] if there in floor and floor[there] < floor[here] else [str(found)]
    assert wrong == []


def test_starting_the_site_imports_no_heavy_library():
    """A command or a page that needs none starts at once; what needs one imports it inside the function."""
    script = "import sys; from app_tess import create_app; create_app(); print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(HEAVY) == set()


def test_the_first_table_and_star_page_import_no_heavy_library(config, make_app):
    """What a web process needs later is loaded when it has begun to serve, see `app_tess.web.warm_up`."""
    filled_app(make_app, config)
    script = (
        "import sys; from app_tess.wsgi import app; client = app.test_client()\n"
        f"for path in ('/', '/?page_size=25', '/stars/{WASP46}'): assert client.get(path).status_code == 200, path\n"
        "print(*sys.modules, sep='\\n')"
    )
    settings = {"DATABASE_URL": config.sqlalchemy_url, "INSTANCE_DIR": str(config.instance_dir)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & set(HEAVY) == set()


def test_the_list_of_commands_imports_neither_the_database_nor_the_pages_nor_any_command():
    script = (
        "import sys; from flask.cli import main; sys.argv = ['flask', '--app', 'app_tess', '--help']\n"
        "try: main()\nfinally: print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "Update the catalogue together with its scores." in done.stdout
    assert modules & {*HEAVY, "numpy", "sqlalchemy", "flask_sqlalchemy", "app_tess.storage"} == set()
    assert [name for name in modules if name.startswith(("app_tess.web", "app_tess.cli."))] == []


def test_the_list_of_commands_names_those_of_every_family():
    files = {module.name for module in pkgutil.iter_modules(cli.__path__)}
    named = {
        family: [command.name for command in importlib.import_module(f"app_tess.cli.{family}").COMMANDS]
        for family in files
    }
    assert {family: sorted(names) for family, names in named.items()} == {
        family: sorted(commands) for family, commands in cli.FAMILIES.items()
    }
