"""The footnote on the score of a TOI with a final disposition: which model gave it, and what that model had seen."""

import json
from types import SimpleNamespace

import pytest

from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.evaluation.track_record_schema import ReplayedScore
from app_tess.storage.database import db, now
from app_tess.storage.score_models import GradedScore
from app_tess.web.pages.earlier_score import earlier_scores
from tests.support import catalogues
from tests.support.catalogues import EXPLANATION, WASP46
from tests.support.reports import made_up_date, made_up_manifest, made_up_track_record


@pytest.fixture
def model(app, tmp_path):
    """A folder in the model's place, with its manifest."""
    app.config["MODEL_DIRECTORY"] = tmp_path
    (tmp_path / "manifest.json").write_text(json.dumps(to_json(made_up_manifest())))
    with app.test_request_context():
        yield tmp_path
    del app.config["MODEL_DIRECTORY"]


def star_with(disposition, **changes):
    score = SimpleNamespace(planet_probability=0.673, explanation=EXPLANATION | changes)
    toi = SimpleNamespace(toi="4000.01", tfopwg_disposition=disposition)
    return SimpleNamespace(tic_id=WASP46, tois=[toi], scores={"4000.01": score})


def footnote(detail):
    found = earlier_scores(detail).get("4000.01")
    return found and f"{found.before} {found.probability:.3f} {found.after}"


def test_a_known_planet_has_the_score_of_models_trained_without_its_star(model):
    assert footnote(star_with("KP")) == (
        "Known before TESS, so no earlier score exists. Trained without this star, the model gives 0.659 "
        "(values of 2025-04-05)."
    )


def test_a_disposition_that_came_after_the_training_leaves_the_score_in_use(model):
    assert footnote(star_with("CP", held_out_probability=None)) == (
        "Trained before confirmation, the model gives 0.673 (catalogue of 2025-04-05; today's values)."
    )


def test_a_toi_that_was_open_in_a_dated_catalogue_has_the_score_of_that_date(model):
    scores = [ReplayedScore("4000.01", 7, value, "FP", False, "2023") for value in (0.123, 0.9)]
    older = made_up_date([ReplayedScore("4000.01", 7, 0.5, "FP", False, "2023")], date="2021-08-13")
    record = made_up_track_record([older, made_up_date(scores)])
    (model / "track_record.json").write_text(json.dumps(to_json(record)))
    assert footnote(star_with("FP")) == (
        "Before this disposition the model gave 0.123 (trained on the catalogue of 2022-06-06, when this TOI was open, "
        "with its values)."
    )
    assert "Before this" not in footnote(star_with("CP")), "the replay knows another disposition: it is out of date"


def test_the_score_that_this_site_gave_before_the_disposition_comes_first(model):
    catalogues.fill()
    db.session.add(
        GradedScore(
            toi="4000.01",
            tic_id=WASP46,
            load_id=1,
            scored_at=now(),
            planet_probability=0.71,
            verdict_before="PC",
            verdict_after="CP",
        )
    )
    db.session.commit()
    assert footnote(star_with("CP")).startswith("Before confirmation the model gave 0.710 (score of 20")


@pytest.mark.parametrize("disposition", ["PC", "APC", None])
def test_an_open_toi_has_no_footnote(model, disposition):
    assert earlier_scores(star_with(disposition)) == {}


def test_a_score_stored_by_an_earlier_version_is_not_shown(model):
    """It may be that of a model which had seen the disposition."""
    assert earlier_scores(star_with("CP", band="planet")) == {}
