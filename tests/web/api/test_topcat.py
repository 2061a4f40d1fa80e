"""TOPCAT reads what we serve: its engine, stilts, checks every VOTable and drives the cone search over real HTTP."""

import shutil
import subprocess

import pytest

from tests.support.live import live_site
from tests.support.loaded import loaded_app

pytestmark = pytest.mark.skipif(
    shutil.which("stilts") is None, reason="stilts (TOPCAT's engine) is not installed on this machine"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory, shared_sample_archive, prepared):
    with (
        loaded_app(prepared, tmp_path_factory.mktemp("topcat"), shared_sample_archive) as app,
        live_site(app) as address,
    ):
        yield address


def stilts(*arguments):
    return subprocess.run(["stilts", *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "path",
    [
        "tois.vot",
        "stars.vot",
        "stars.vot?q=nothing-is-called-so",
        "cone?RA=0&DEC=0&SR=180&VERB=3",
        "cone?RA=0&DEC=0&SR=0",
        "cone?RA=0&DEC=0&SR=180&MAXREC=2",
        "cone?RA=x",
    ],
)
def test_votlint_finds_nothing(address, path):
    done = stilts("votlint", "ucd=true", "unit=true", f"votable={address}/api/v1/{path}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_cone_search_comes_back_as_a_table(address):
    done = stilts("cone", f"serviceurl={address}/api/v1/cone", "lon=318.737", "lat=-55.872", "radius=0.5", "ofmt=csv")
    assert done.returncode == 0 and "231663901" in done.stdout and "WARNING" not in done.stderr


def test_an_error_is_shown_in_the_services_own_words(address):
    done = stilts("cone", f"serviceurl={address}/api/v1/cone", "lon=318.737", "lat=-55.872", "radius=500", "ofmt=csv")
    assert done.returncode != 0 and "SR: 500.0 is outside 0 to 180 degrees." in done.stderr


def test_a_multiple_cone_search_finds_the_standards_columns(address, tmp_path):
    (tmp_path / "places.csv").write_text("name,lon,lat\nWASP-46,318.737,-55.872\nnothing,10,89\n")
    done = stilts(
        "coneskymatch",
        f"in={tmp_path / 'places.csv'}",
        "ifmt=csv",
        f"serviceurl={address}/api/v1/cone",
        "ra=lon",
        "dec=lat",
        "sr=0.5",
        "verb=1",
        "find=best",
        "usefoot=false",
        "ofmt=csv",
    )
    assert done.returncode == 0 and "231663901" in done.stdout
    assert "standard" not in done.stderr  # it warns of a service that lacks them
