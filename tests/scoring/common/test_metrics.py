"""Figures of merit agree with scikit-learn and have intervals from resampling stars."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from app_tess.scoring.common.metrics import METRICS, PRECISIONS, Figure, bootstrap, measure, star_resamples


@pytest.fixture
def scored():
    random = np.random.default_rng(4)
    labels = (random.random(300) < 0.4).astype(float)
    probability = np.round(np.clip(0.5 + 0.3 * (labels - 0.5) + random.normal(0, 0.2, 300), 0.01, 0.99), 2)
    return labels, probability, np.repeat(np.arange(150), 2)


def test_values_agree_with_scikit_learn_even_with_ties(scored):
    labels, probability, stars = scored
    figures = measure(labels, probability, stars, resamples=50)
    assert figures.auc.value == pytest.approx(roc_auc_score(labels, probability), abs=1e-4)
    assert figures.ap.value == pytest.approx(average_precision_score(labels, probability), abs=1e-4)
    assert figures.brier.value == pytest.approx(brier_score_loss(labels, probability), abs=1e-4)
    assert figures.log_loss.value == pytest.approx(log_loss(labels, probability), abs=1e-4)


def test_every_figure_lies_in_its_interval(scored):
    for name, figure in vars(measure(*scored)).items():
        # the calibration error of a resample is higher than the sample's own: its noise is counted twice
        assert figure.low <= figure.value + (0.05 if name == "ece" else 0) and figure.value <= figure.high


def test_no_knowledge_has_an_auc_of_one_half(scored):
    labels, _, stars = scored
    assert measure(labels, np.full(300, 0.4), stars, resamples=20).auc.value == 0.5


def test_one_class_alone_gives_null_not_nan():
    figures = measure(np.ones(30), np.linspace(0.1, 0.9, 30), np.arange(30), resamples=20)
    assert figures.auc == Figure(None, None, None)
    assert set(vars(figures)) == set(METRICS)


def test_a_star_is_drawn_with_all_its_tois():
    counts = next(star_resamples(np.array([5, 5, 9]), 40, seed=0))
    assert (counts[:, 0] == counts[:, 1]).all()


def test_the_same_seed_gives_the_same_intervals_however_many_resamples_are_held_at_once(scored, monkeypatch):
    figures = measure(*scored)
    monkeypatch.setattr("app_tess.scoring.common.metrics.RESAMPLES_AT_ONCE", 7)
    assert measure(*scored) == figures


def test_figures_are_not_rounded_unless_asked(scored):
    labels, probability, stars = scored
    figures = bootstrap(("auc", "ap"), labels, probability, stars, resamples=20)
    assert figures["auc"].value == pytest.approx(roc_auc_score(labels, probability))
    assert figures["ap"].value == pytest.approx(average_precision_score(labels, probability))
    assert figures == bootstrap(("auc", "ap"), labels, probability, stars, resamples=20)


def test_every_interval_has_a_width(scored):
    names = ("auc", "ap", "accuracy", *(f"recall_at_precision_{percent}" for percent in PRECISIONS))
    for figure in bootstrap(names, *scored).values():
        assert figure.low <= figure.value <= figure.high and figure.low < figure.high


def test_recall_at_a_precision_is_the_highest_available():
    answers = np.array([1, 1, 0, 1, 0, 0], bool)
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.2, 0.1])
    figures = bootstrap(("recall_at_precision_99",), answers, scores, np.arange(6))
    assert figures["recall_at_precision_99"].value == pytest.approx(2 / 3)
