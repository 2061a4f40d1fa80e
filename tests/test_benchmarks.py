"""Benchmarks are run by hand, so nothing else notices that one no longer works."""

import ast
import importlib
import pkgutil
import sys

import pytest

import benchmarks
from app_tess.archives.sample import render_product
from benchmarks import measuring, our_way, side_by_side
from benchmarks.site import ROOT, Site
from tests.support.loaded import loaded_app

IN_ANOTHER_ENVIRONMENT = {"lightkurve_way"}
"""Run by the Python that has lightkurve, which needs an older pandas."""
FILE = "tess2018206045859-s0001-0000000231663901-0120-s_lc.fits"
OF_FILES = ("sector", "fold", "vet")
OF_THE_DATABASE = ("reset", "reset_changed", "reset_first", "copy", "pandas_csv", "pandas_json", "pandas_vot")


@pytest.mark.parametrize(
    "name", sorted({module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - IN_ANOTHER_ENVIRONMENT)
)
def test_a_benchmark_can_be_imported(name):
    assert importlib.import_module(f"benchmarks.{name}").__doc__


@pytest.mark.parametrize("way", OF_FILES)
def test_each_way_of_the_comparison_works_on_a_light_curve(tmp_path, way):
    path = tmp_path / FILE
    path.write_bytes(render_product(FILE))
    assert our_way.WAYS[way](path) > 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_each_way_of_the_comparison_works_on_a_database(
    prepared, tmp_path, database_url, shared_sample_archive, monkeypatch
):
    settings = {
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "EXOFOP_URL": shared_sample_archive.exofop_url,
        "MAST_URL": shared_sample_archive.mast_url,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with loaded_app(prepared, tmp_path, shared_sample_archive, database_url):
        assert all(our_way.WAYS[way](None) > 0 for way in OF_THE_DATABASE)


def test_the_rows_name_ways_that_exist(monkeypatch):
    """lightkurve's ways run in its own environment, so that here only their names can be compared."""
    called = []
    monkeypatch.setattr(side_by_side, "told", lambda command, *_where, **_settings: called.append(command))
    monkeypatch.setattr(side_by_side, "process", lambda *_command: None)
    for row in side_by_side.pictures("a Python with lightkurve"):
        row.ours()
        row.theirs()
    for row in side_by_side.commands(Site(0, "", {}))[1:2]:
        row.ours()
        row.theirs()
    for row in side_by_side.exports(Site(0, "", {})):
        row.theirs()
    of_lightkurve = _ways((ROOT / "benchmarks" / "lightkurve_way.py").read_text())
    ours = {command[3] for command in called if "benchmarks.our_way" in command}
    theirs = {command[2] for command in called if "benchmarks.our_way" not in command}
    assert ours <= our_way.WAYS.keys() and theirs == of_lightkurve == set(OF_FILES)


def _ways(source):
    [ways] = [
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "WAYS"
    ]
    return {key.value for key in ways.keys}


def test_the_peak_memory_is_that_of_the_measured_program():
    """A program that is started by a large one is not large for that."""
    ballast = bytearray(400_000_000)
    ballast[::4096] = b"x" * len(ballast[::4096])
    small = measuring.process([sys.executable, "-c", "pass"])
    large = measuring.told([sys.executable, "-c", "held = b'x' * 100_000_000; print(4.5)"])
    assert 5 < small.peak_mb < 60 and 95 < large.peak_mb < 160 and large.value == 4.5


def test_a_measured_program_that_fails_ends_the_benchmark_with_its_message():
    with pytest.raises(SystemExit, match="this went wrong"):
        measuring.process([sys.executable, "-c", "import sys; sys.exit('this went wrong')"])
