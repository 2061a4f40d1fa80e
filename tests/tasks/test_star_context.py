"""Signals of a star and of its neighbors are weighed together, by their transits and never by a disposition."""

import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.storage import vetting_results
from app_tess.storage.database import db
from app_tess.storage.eclipsing_binary_models import EclipsingBinary
from app_tess.storage.known_signals import signals_of_neighbors
from app_tess.storage.look_up_models import LookUp
from app_tess.storage.models import Star
from app_tess.tasks.star_context import ClassifiedSignal, classify_together
from app_tess.tasks.star_input import ListedNeighbor, StarInput
from app_tess.tasks.vet import vet_star
from tests.support.catalogues import star, toi
from tests.support.progress import quiet

WASP_46 = 231663901
NEW_STAR = 77
PLANET = {"PC": 0.6, "EB": 0.2, "V": 0.05, "IS": 0.05, "J": 0.1}


def classified(name="TOI-1.01", period_d=3.0, epoch_btjd=1500.0, depth_ppm=900.0):
    judgement = {
        "probabilities": dict(PLANET),
        "best": "PC",
        "uncalibrated": dict(PLANET),
        "has_secondary": True,
        "seen_in_training": False,
    }
    report = {"judgement": judgement, "scalars": {"depth_ppm": depth_ppm}}
    return ClassifiedSignal(name, Ephemeris(period_d, epoch_btjd, 2.4, 1e-5, 1e-3), report)


def beside(**values):
    known = {
        "kind": "eclipsing binary",
        "name": "TIC 8",
        "tic_id": 8,
        "separation_arcsec": 30.0,
        "period_d": 3.0,
        "period_err_d": None,
        "epoch_btjd": 1500.001,
        "epoch_err_d": None,
        "duration_h": 3.0,
        "depth_ppm": 200_000.0,
    }
    return ListedNeighbor(**known | values)


def together(*signals, neighbors=()):
    classify_together(StarInput(NEW_STAR, 10.0, 1.0, 1.0, (), (), None, tuple(neighbors)), list(signals))
    return [signal.report["judgement"] for signal in signals]


def test_a_planet_beside_a_deep_binary_with_its_ephemeris_becomes_less_of_one_and_the_binary_is_named():
    [judgement] = together(classified(), neighbors=[beside()])
    context = judgement["context"]
    assert context["alone"] == PLANET and judgement["probabilities"]["PC"] < 0.5
    assert sum(judgement["probabilities"].values()) == pytest.approx(1)
    [named] = context["deeper_neighbors"]
    assert (named["tic_id"], named["separation_arcsec"], named["period_ratio"]) == (8, 30.0, 1.0)
    assert named["depth_ratio"] == pytest.approx(200_000 / 900)
    assert "222 times as deep, on TIC 8, 30 arcsec away" in context["note"]
    assert "planet candidate from 60%" in context["note"].lower()


def test_a_binary_listed_at_twice_the_period_counts_as_well():
    [judgement] = together(classified(), neighbors=[beside(period_d=6.0)])
    assert judgement["context"]["deeper_neighbors"][0]["period_ratio"] == 0.5


@pytest.mark.parametrize(
    "values",
    [
        {"depth_ppm": 1000.0},
        {"depth_ppm": None},
        {"epoch_btjd": 1501.0},
        {"period_d": 3.3},
        {"period_d": None},
        {"period_d": 1e9},
    ],
)
def test_a_neighbor_that_is_not_deeper_or_dims_at_other_times_changes_nothing(values):
    [judgement] = together(classified(), neighbors=[beside(**values)])
    assert judgement["context"] is None and judgement["probabilities"] == PLANET


def test_another_planet_like_signal_of_the_star_counts():
    first, second = together(classified(), classified("TOI-1.02", period_d=7.1))
    assert first["context"]["other_signals"] == ["TOI-1.02"] and second["context"]["other_signals"] == ["TOI-1.01"]
    assert first["probabilities"]["PC"] > PLANET["PC"]


def test_a_signal_that_could_not_be_classified_is_left_out():
    single = classified("TOI-1.02")
    single.report["judgement"] = None
    [judgement, _] = together(classified(), single)
    assert judgement["context"] is None


def test_no_disposition_reaches_what_is_measured():
    assert not {"note", "disposition", "tfopwg_disposition"} & set(ListedNeighbor.__dataclass_fields__)


def test_neighbors_are_tois_and_binaries_of_other_stars_but_not_those_that_a_survey_has_added(app):
    near = {"dec_deg": 60.0}
    db.session.add_all([star(i, ra_deg=i / 3600, **near) for i in (1, 2, 3, 4)])
    db.session.add_all([star(5, ra_deg=1.0, **near)])
    db.session.flush()
    db.session.add_all([toi("1.01", 1), toi("2.01", 2), toi("5.01", 5)])
    db.session.add_all([EclipsingBinary(tic_id=i, signal=1, epoch_btjd=1500.0, period_d=1.0) for i in (1, 3, 4)])
    db.session.add_all([LookUp(tic_id=3, mast_url="", neighbour_count=7, notes=[])])
    db.session.add_all([LookUp(tic_id=4, mast_url="", neighbour_count=None, notes=[])])
    db.session.commit()
    found = signals_of_neighbors(db.session.get(Star, 1))
    assert [(one.kind, one.tic_id) for one in found] == [("TOI", 2), ("eclipsing binary", 3)]


def test_vetting_names_the_neighbor_that_was_used(sample, app):
    host = db.session.get(Star, WASP_46)
    planet = host.tois[0]
    db.session.add(star(NEW_STAR, ra_deg=host.ra_deg, dec_deg=host.dec_deg + 20 / 3600))
    db.session.flush()
    alike = {
        name: getattr(planet, name) for name in ("period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d")
    }
    db.session.add(toi("77.01", NEW_STAR, depth_ppm=10 * planet.depth_ppm, **alike))
    db.session.commit()
    vet_star(sample, WASP_46, quiet)
    judgement = vetting_results.results_of_star(WASP_46)["101.01"].report["judgement"]
    assert judgement["probabilities"]["PC"] < judgement["context"]["alone"]["PC"]
    assert "TIC 77, 20 arcsec away (TOI-77.01)" in judgement["context"]["note"]
    assert judgement["context"]["note"].split(";")[0] in app.test_client().get(f"/stars/{WASP_46}").text
