import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from app_tess.scoring.light_curve_model.metrics import describe


def sample(n=500, seed=0):
    rng = np.random.default_rng(seed)
    answers = rng.random(n) < 0.3
    return answers, np.round(1 / (1 + np.exp(-(2 * answers + rng.standard_normal(n)))), 2), np.arange(n) // 2


def test_auc_and_ap_are_scikit_learns_even_with_ties():
    answers, scores, stars = sample()
    figures = describe(answers, scores, stars)
    assert figures["auc"]["value"] == pytest.approx(roc_auc_score(answers, scores))
    assert figures["ap"]["value"] == pytest.approx(average_precision_score(answers, scores))
    assert figures["n"] == 500 and figures["base_rate"] == pytest.approx(answers.mean())


def test_every_figure_lies_in_its_interval_and_the_interval_is_repeatable():
    answers, scores, stars = sample()
    figures = describe(answers, scores, stars)
    for name in ("auc", "ap", "accuracy", "recall_at_precision_90"):
        assert figures[name]["low"] <= figures[name]["value"] <= figures[name]["high"]
        assert figures[name]["low"] < figures[name]["high"]
    assert figures == describe(answers, scores, stars)


def test_recall_at_a_precision_is_the_most_that_can_be_had():
    answers = np.array([1, 1, 0, 1, 0, 0], bool)
    figures = describe(answers, np.array([0.9, 0.8, 0.7, 0.6, 0.2, 0.1]), np.arange(6))
    assert figures["recall_at_precision_99"]["value"] == pytest.approx(2 / 3)


def test_a_file_with_one_class_only_has_no_figures():
    assert describe(np.ones(5, bool), np.linspace(0, 1, 5), np.arange(5))["auc"] == {
        "value": None,
        "low": None,
        "high": None,
    }
