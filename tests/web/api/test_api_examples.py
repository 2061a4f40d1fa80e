"""The examples of /api/examples, each run as it stands there, against the site on a real port."""

import re
import shutil
import subprocess
from html import unescape

import astropy.units as u
import numpy as np
import pytest

from tests.support.live import live_site
from tests.support.loaded import loaded_app


@pytest.fixture(scope="module")
def site(tmp_path_factory, shared_sample_archive, prepared):
    with (
        loaded_app(prepared, tmp_path_factory.mktemp("examples"), shared_sample_archive) as app,
        live_site(app) as address,
    ):
        yield app, address


@pytest.fixture(scope="module")
def examples(site):
    """Label -> code, as the page shows it to a reader at that address."""
    app, address = site
    page = app.test_client().get("/api/examples", base_url=address).text
    return {
        label: unescape(code) for label, code in re.findall(r'aria-label="([^"]+)"><code>(.*?)</code>', page, re.DOTALL)
    }


def run_python(code, capsys):
    """The example's names after it ran, and what it printed."""
    names = {}
    exec(compile(code, "example", "exec"), names)  # noqa: S102  (the examples of our own page)
    return names, capsys.readouterr().out


def test_the_page_has_an_example_of_each_tool(examples):
    assert {"curl", "pandas", "astropy", "pyvo", "stilts"} <= examples.keys()


def test_curl(examples, tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed on this machine")
    for _ in range(2):  # the second time the server answers 304, and curl leaves the file as it is
        subprocess.run(["bash", "-ec", examples["curl"]], cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "short.csv").read_text().startswith("toi,")
    assert (tmp_path / "tois.json").read_text().rstrip().endswith("}")


def test_pandas(examples, capsys):
    names, printed = run_python(examples["pandas"], capsys)
    assert (
        len(names["tois"])
        and all(isinstance(toi, str) and "." in toi for toi in names["tois"]["toi"])
        and "planet_probability" in printed
    )


def test_astropy_gives_each_column_its_unit(examples, capsys):
    names, printed = run_python(examples["astropy"], capsys)
    assert "km" in printed and "lyr" in printed and names["tois"]["period_d"].unit == u.day


def test_csv_and_json_get_their_units_from_beside_the_data(examples, capsys):
    names, _ = run_python(examples["astropy, CSV and JSON"], capsys)
    with_units, _ = run_python(examples["astropy"], capsys)
    for table in ("tois", "stars"):
        for name in with_units[table].colnames:
            theirs, ours = with_units[table][name].unit, names[table][name].unit
            assert theirs == ours or theirs.is_equivalent(ours), name
    periods = [np.ma.filled(found["tois"]["period_d"], np.nan).tolist() for found in (names, with_units)]
    assert np.array_equal(*periods, equal_nan=True)


def test_pyvo(examples, capsys):
    names, printed = run_python(examples["pyvo"], capsys)
    assert 231663901 in names["found"]["tic_id"] and "planet_probability" in printed


def test_stilts(examples):
    if shutil.which("stilts") is None:
        pytest.skip("stilts (TOPCAT's engine) is not installed on this machine")
    done = subprocess.run(["bash", "-ec", examples["stilts"]], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and "231663901" in done.stdout, done.stderr
