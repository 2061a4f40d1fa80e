"""Log-odds and back."""

import numpy as np
import pytest
from scipy.special import expit

from app_tess.scoring.common.log_odds import bounded_logit


def test_log_odds_and_probability_are_each_others_inverse():
    probability = np.linspace(0.01, 0.99, 99)
    assert expit(bounded_logit(probability, 6.0)) == pytest.approx(probability, rel=1e-12)


def test_certainty_is_bounded_on_both_sides():
    assert bounded_logit([0.0, 1.0], 6.0).tolist() == [-6.0, 6.0]


def test_an_unknown_probability_has_unknown_log_odds():
    assert np.isnan(bounded_logit(np.nan, 6.0))
