"""The stored explanation of a score is read as it was written, and reported where it has another layout."""

from types import SimpleNamespace

import pytest
from sqlalchemy import update

from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.web.pages.reasons import explain, rate_sentences, wilson_interval
from tests.support import catalogues
from tests.support.catalogues import EXPLANATION
from tests.support.loaded import commit_as_a_new_version


@pytest.fixture
def database_url():
    """SQLite alone: nothing here depends on the database."""
    return ""


def test_families_come_strongest_first():
    explanation, problem = explain(SimpleNamespace(explanation=EXPLANATION))
    assert problem is None
    assert [(family.name, family.log_odds) for family in explanation.ranked_families()] == [
        ("transit shape", 1.2),
        ("star", -0.3),
    ]


def test_a_toi_without_a_score_or_without_a_probability_has_no_explanation():
    assert explain(None) == (None, None)
    assert explain(SimpleNamespace(explanation=None)) == (None, None)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"families": None}, "families"),
        ({"families": [{"family": "star", "name": "star", "log_odds": "much", "words": ""}]}, "families[0].log_odds"),
        ({"neighbours": [{"toi": "1.01", "distance": 0.1}]}, "neighbours[0].disposition"),
        ({"outside_domain": []}, "outside_domain"),
        ({"rates": None}, "rates"),
        ({"band": "planet"}, "band"),
    ],
)
def test_an_explanation_of_another_layout_is_reported_by_its_key(changes, key):
    explanation, problem = explain(SimpleNamespace(explanation=EXPLANATION | changes))
    assert explanation is None and f"'{key}'" in problem and "Rescore" in problem


def test_a_rate_states_value_interval_fraction_and_number():
    explanation, _ = explain(SimpleNamespace(explanation=EXPLANATION))
    assert rate_sentences(explanation, "size") == [
        "Planet radius 13.19 R⊕: 62 % of the dispositioned TOIs of 10.99 to 15.83 R⊕ are not planets (58 to 66 %, "
        "n = 512).",
        "Transit depth 18,961 ppm: too few dispositioned TOIs of 12,640 to 28,440 ppm for a rate (n = 3).",
    ]
    assert rate_sentences(explanation, "density and duration") == [
        "Duration over that of a central transit: no value in the catalogue."
    ]
    assert rate_sentences(explanation, "multiplicity") == [
        "Number of TOIs of the star 1: 55 % of the dispositioned TOIs of 1 are not planets (53 to 57 %, n = 2,000)."
    ]


@pytest.mark.parametrize(
    ("count", "n", "low", "high"), [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1)]
)
def test_the_interval_of_a_fraction_is_wilsons(count, n, low, high):
    assert wilson_interval(count, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("radius", "disposition", "shown"), [(11.0, "PC", True), (11.0, "CP", False), (3.0, "PC", False)]
)
def test_an_open_giant_names_what_would_decide(app, client, radius, disposition, shown):
    catalogues.fill()
    catalogues.score()
    changes = {"planet_radius_rearth": radius, "tfopwg_disposition": disposition, "depth_ppm": 1e4}
    db.session.execute(update(Toi).where(Toi.toi == "101.01").values(changes))
    commit_as_a_new_version()
    page = client.get(f"/stars/{catalogues.WASP46}").text
    assert ("What would decide:" in page and "<strong>Radial velocity:</strong>" in page) == shown
