"""The floors inside the large rooms, and what the site imports when it starts."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

from app_tess import cli
from tests.support.imports import ROOT
from tests.test_floors import inside, room

INNER_FLOOR = {
    "scoring": {"common": 0, "catalogue_model": 1, "light_curve_model": 1, "evaluation": 2},
    "web": {"http": 0, "api": 1, "pages": 1},
}
"""The same inside the large rooms. What stands beside these folders (`web/__init__.py`) may import any of them."""

HEAVY = (
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


def test_starting_a_command_imports_neither_numpy_nor_the_pages_nor_other_commands():
    """What `--help` imports is what every command imports before its own work."""
    script = (
        "import sys; from flask.cli import main; sys.argv = ['flask', '--app', 'app_tess', '--help']\n"
        "try: main()\nfinally: print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "Update the catalogue together with its scores." in done.stdout
    assert modules & {*HEAVY, "numpy"} == set()
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
