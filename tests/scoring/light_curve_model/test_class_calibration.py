import numpy as np
import pytest

from app_tess.scoring.light_curve_model.class_calibration import (
    apply_classes,
    context_class_features,
    fit_classes,
    own_features,
)
from app_tess.scoring.light_curve_model.class_figures import measure_classes
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.views_file import CLASSES


def overconfident_sample(n=800):
    """True classes, and a network's probabilities that are too sure of them."""
    rng = np.random.default_rng(0)
    truth = rng.choice(5, n, p=[0.05, 0.15, 0.05, 0.05, 0.7])
    logits = 1.5 * np.eye(5)[truth] + rng.standard_normal((n, 5)) + np.log([0.05, 0.15, 0.05, 0.05, 0.7])
    odds = np.exp(3 * logits)
    return truth, odds / odds.sum(axis=1, keepdims=True), rng.permutation(n) + 10**6


def test_calibrated_probabilities_sum_to_one_and_agree_with_the_frequencies():
    truth, probability, star = overconfident_sample()
    features = own_features(probability, np.zeros(len(truth), bool))
    coefficients = fit_classes(features, truth, star, np.ones(len(truth)))
    after = apply_classes(coefficients, features, fold_of_star(star))
    assert after.sum(axis=1) == pytest.approx(np.ones(len(truth)))
    label = np.array(CLASSES)[truth]
    figures = measure_classes(label, after, star)
    assert figures.ece.value < 0.05
    assert figures.log_loss.value < -np.log(probability[np.arange(len(truth)), truth]).mean() - 0.1


def test_a_star_in_the_training_data_is_calibrated_without_its_fold():
    truth, probability, star = overconfident_sample()
    features = own_features(probability, np.zeros(len(truth), bool))
    fold = fold_of_star(star)
    spoiled = np.where(fold == 2, 0, truth)
    one, two = (fit_classes(features, labels, star, np.ones(len(truth))) for labels in (truth, spoiled))
    assert one.without_fold[2] == pytest.approx(np.array(two.without_fold[2]))
    assert one.all != pytest.approx(np.array(two.all))


def test_each_instrument_has_its_own_coefficients():
    truth, probability, star = overconfident_sample()
    two_minute = np.arange(len(truth)) % 2 == 0
    relabeled = np.where(two_minute & (truth == 4), 1, truth)
    features = own_features(probability, two_minute)
    after = apply_classes(fit_classes(features, relabeled, star, np.ones(len(truth))), features)
    assert after[two_minute, 1].mean() > 0.8 > 0.3 > after[~two_minute, 1].mean()


def test_the_mean_class_of_a_stars_other_events_counts_and_a_single_event_has_none():
    probability = np.array([[0.1, 0.1, 0.6, 0.1, 0.1], [0.2, 0.0, 0.4, 0.0, 0.4], [0.0, 0.0, 0.8, 0.2, 0.0], [0.2] * 5])
    nothing, two_minute = np.zeros(4, bool), np.array([False, True, False, True])
    features = context_class_features(probability, two_minute, np.array([7, 7, 7, 8]), nothing, nothing)
    others = np.array([[0.1, 0, 0.6, 0.1, 0.2], [0.05, 0.05, 0.7, 0.15, 0.05], [0.15, 0.05, 0.5, 0.05, 0.25], [0] * 5])
    assert features[:, -10:-5] == pytest.approx(others)
    assert features[:, -5:] == pytest.approx(others * two_minute[:, None])


def test_the_figures_count_events_by_true_and_most_probable_class():
    label = np.array(["PC", "PC", "EB", "V", "IS", "J"])
    probability = np.full((6, 5), 0.1)
    probability[np.arange(6), [0, 1, 1, 4, 3, 4]] = 0.6
    figures = measure_classes(label, probability, np.arange(6))
    assert figures.confusion["PC"] == {"PC": 1, "EB": 1, "V": 0, "IS": 0, "J": 0}
    assert figures.confusion["V"]["J"] == 1
    assert figures.PC.n == 6 and figures.PC.base_rate == pytest.approx(1 / 3)
    assert figures.accuracy.value == pytest.approx(4 / 6)
    assert figures.ece.value == pytest.approx(4 / 6 - 0.6)
    assert figures.log_loss.value == pytest.approx(-(4 * np.log(0.6) + 2 * np.log(0.1)) / 6)
    assert figures.IS.ap.value == 1.0
