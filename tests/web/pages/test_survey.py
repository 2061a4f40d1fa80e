"""The survey page: what was searched and detected, in the order of class and SDE, and how it agrees with TOIs."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from app_tess.astro.search import completeness
from app_tess.storage import searches, surveys
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.tasks.reset import reset
from tests.support.imports import ROOT
from tests.support.progress import quiet
from tests.tasks.test_search import a_signal

COLUMNS = ("period_d", "sde", "same_as", "light_curve_class")


@pytest.fixture
def tois(app, config, at, shared_sample_archive, prepared):
    """Three TOIs of different stars, with a period and an epoch."""
    here = at(config, shared_sample_archive)
    prepared.fill(app, here, "sample", lambda: reset(here, quiet))
    single = select(Toi).where(Toi.period_d.is_not(None), Toi.candidate_number == 1).order_by(Toi.tic_id).limit(3)
    return list(db.session.scalars(single))


def search(toi, *signals, masked=False):
    row = {"tic_id": toi.tic_id, "masked_known": masked, "simulated": True, "periodogram": {}, "provenance": {}}
    searches.record_search(row | {name: [] for name in ("notes", "rejected", "known", "listed")}, signals)


def a_classified(number, sde, best=None, same_as=None, period_d=2.0):
    signal = a_signal(number, sde=sde, period_d=period_d) | {"same_as": same_as}
    if best:
        signal["report"] = {"judgement": {"best": best, "probabilities": {"PC": 0.9}}}
    return signal


@pytest.fixture
def found(tois):
    """A recovered TOI, a missed one, one that was masked; signals of two classes, one without, and a single transit."""
    again = f"TOI-{tois[0].toi}"
    search(tois[0], a_classified(1, 9.0, "EB", again), a_classified(2, 8.0, "PC"), a_classified(3, 20.0, "PC"))
    search(tois[1], a_classified(1, 30.0), a_classified(2, None, period_d=None))
    search(tois[2], masked=True)
    return tois


def listed(client, query=""):
    rows = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/signals.csv{query}").text)))
    return [(row["light_curve_class"], row["sde"]) for row in rows]


def test_without_a_search_the_page_says_how_to_begin(client):
    page = client.get("/survey")
    assert page.status_code == 200 and "No star has been searched yet" in page.text


def test_signals_are_listed_by_class_and_sde(client, found):
    assert listed(client) == [("PC", "20.0"), ("PC", "8.0"), ("EB", "9.0"), ("", "30.0"), ("", "")]
    page = client.get("/survey").text
    order = re.findall(r"#signal-(\d)", page)
    assert order == ["3", "2", "1", "1", "2"] and "single transit" in page and "simulated" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("light_curve_class=PC,EB", 3),
        ("light_curve_class=none", 2),
        ("new=no", 1),
        ("new=yes", 4),
        ("sde_min=9", 3),
        ("kind=single", 1),
        ("kind=periodic", 4),
        ("survey=1", 0),
        ("page_size=2&page=3", 1),
    ],
)
def test_a_filter_is_the_same_for_page_and_files(client, found, query, count):
    assert len(listed(client, f"?{query}")) == count
    assert len(re.findall(r"#signal-", client.get(f"/survey?{query}").text)) == count
    body = client.get(f"/api/v1/signals.json?{query}").json
    assert body["count"] == count and all(set(COLUMNS) <= row.keys() for row in body["rows"])


@pytest.mark.parametrize("query", ["light_curve_class=X", "new=x", "kind=x", "sde_min=-1", "survey=0", "nonsense=1"])
def test_a_wrong_filter_is_refused(client, query):
    assert client.get(f"/survey?{query}").status_code == client.get(f"/api/v1/signals.csv?{query}").status_code == 400


def test_it_counts_recovered_missed_and_new(client, found):
    page = client.get("/survey").text
    counts = dict(re.findall(r"<dt>(.+?)</dt><dd>(?:<a [^>]+>)?(\d+)", page))
    assert counts["Signals that are no TOI"] == "4" and counts["TOIs recovered"] == "1"
    missed = page.partition('id="missed"')[2]
    assert f">TOI-{found[1].toi}<" in missed and f">TOI-{found[2].toi}<" not in missed


def test_a_survey_and_its_failures_are_listed_and_limit_the_signals(client, found):
    options = {"search": True, "mask_known": False, "mask": "default", "flux": None}
    survey = surveys.begin("file", "my list", {found[0].tic_id: None, 1: None}, options)[0]
    failure = surveys.StarResult(1, {"state": "failed", "message": "It is not there."})
    surveys.record_batch(survey.id, survey.driver, [failure], None)
    page = client.get("/survey").text
    assert f"{survey.id}: my list" in page and "TIC 1: It is not there." in page
    assert len(listed(client, f"?survey={survey.id}")) == 3


def test_the_completeness_is_that_of_the_documentation():
    text = (ROOT / "docs/science/search-completeness.md").read_text(encoding="utf-8")
    real = text.partition("## Real quiet stars")[2]
    assert f"{completeness.RECOVERED} of {completeness.INJECTED} recovered." in real
    assert f"| depth [ppm] | {' | '.join(completeness.COLUMNS)} |" in real
    for depth, cells in completeness.ROWS.items():
        assert f"| {depth} | {' | '.join(f'{percent} % of {number}' for percent, number in cells)} |" in real
