import numpy as np
import pytest

from app_tess.scoring.light_curve_network.star_context import apply_context, context_features, fit_context


def sample(n=3000):
    """Stars with three events each that share their truth; a score is a noisy look at it."""
    rng = np.random.default_rng(0)
    star = np.repeat(np.arange(n // 3) + 1000, 3)
    truth = np.repeat(rng.random(n // 3) < 0.3, 3)
    return 1 / (1 + np.exp(-(4 * truth - 2 + 2 * rng.standard_normal(n)))), truth, star


def test_the_others_of_a_star_are_its_best_and_mean_sibling():
    odds = np.array([2.0, -1.0, 0.5, 3.0])
    features = context_features(1 / (1 + np.exp(-odds)), np.array([7, 7, 7, 9]))
    assert features[0, 6:8] == pytest.approx([0.5, -0.25])
    assert features[1, 6:8] == pytest.approx([2.0, 1.25])
    assert features[3, 2] == 1 and features[3, 6] == 0
    assert features[0, 4] == 1


def test_siblings_that_share_the_truth_sharpen_the_score():
    probability, truth, star = sample()
    after = apply_context(fit_context(probability, truth, star), probability, star, np.ones(len(star), bool))
    assert ((after > 0.5) == truth).mean() > ((probability > 0.5) == truth).mean() + 0.05


def test_the_order_of_the_events_does_not_matter():
    probability, truth, star = sample(300)
    coefficients = fit_context(probability, truth, star)
    seen = np.zeros(300, bool)
    turned = np.random.default_rng(1).permutation(300)
    assert apply_context(coefficients, probability[turned], star[turned], seen) == pytest.approx(
        apply_context(coefficients, probability, star, seen)[turned])
