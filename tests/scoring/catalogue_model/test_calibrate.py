"""The weights of the members, and the coverage of the conformal sets."""

import numpy as np
import pytest
from scipy.special import expit

from app_tess.scoring.catalogue_model import calibrate


@pytest.fixture
def members():
    random = np.random.default_rng(2)
    labels = (random.random(2000) < 0.4).astype(int)
    good = 2.0 * (2 * labels - 1) + random.normal(0, 2, 2000)
    noise = random.normal(0, 2, 2000)
    return np.column_stack([good, noise]), labels


def test_an_uninformative_member_gets_almost_no_weight(members):
    weights, _, _ = calibrate.fit_weights(*members, np.ones(2000), ridge=0.0)
    assert weights[0] > 0.5 and weights[1] < 0.05 and (weights >= 0).all()


def test_an_anticorrelated_member_gets_zero_not_a_negative_weight(members):
    logits, labels = members
    weights, _, _ = calibrate.fit_weights(-logits[:, :1], labels, np.ones(2000), ridge=0.0)
    assert weights[0] == 0.0


def test_a_feature_whose_effect_the_members_miss_is_corrected(members):
    logits, labels = members
    missed = np.random.default_rng(3).normal(size=2000) - labels
    _weights, slopes, _ = calibrate.fit_weights(logits, labels, np.ones(2000), missed[:, None])
    assert slopes[0] == pytest.approx(-1.0, abs=0.25)
    _, idle, _ = calibrate.fit_weights(logits, labels, np.ones(2000), np.random.default_rng(4).normal(size=(2000, 1)))
    assert idle[0] == pytest.approx(0.0, abs=0.2)


def test_combined_members_are_calibrated(members):
    logits, labels = members
    weights, _, intercept = calibrate.fit_weights(3 * logits, labels, np.ones(2000))
    assert expit(3 * logits @ weights + intercept).mean() == pytest.approx(labels.mean(), abs=0.01)


def test_the_conformal_set_covers_each_class_as_promised(members):
    logits, labels = members
    probability = expit(logits[:, 0])
    thresholds = calibrate.conformal_thresholds(probability[:1000], labels[:1000])
    for label, name in ((1, calibrate.PLANET), (0, calibrate.OTHER)):
        sets = [calibrate.conformal_set(p, thresholds) for p in probability[1000:][labels[1000:] == label]]
        assert np.mean([name in names for names in sets]) == pytest.approx(0.92, abs=0.03)


def test_a_probability_between_the_thresholds_is_uncertain():
    thresholds = {"planet_from": 0.3, "other_up_to": 0.6, "error": 0.1}
    assert calibrate.conformal_set(0.45, thresholds) == [calibrate.PLANET, calibrate.OTHER]
    assert calibrate.conformal_set(0.1, thresholds) == [calibrate.OTHER]
