"""What each training row weighs."""

import numpy as np
import pandas as pd
import pytest

from app_tess.scoring.catalogue_model.pipeline import (
    AMBIGUOUS_WEIGHT,
    KNOWN_PLANET_WEIGHT,
    calibration_weights,
    training_weights,
)

DISPOSITIONS = pd.Series(["CP", "KP", "FP", "FA", "FP", "APC"])


def test_both_classes_weigh_the_same_and_known_planets_less():
    weight = training_weights(DISPOSITIONS)
    assert weight[:2].sum() == pytest.approx(weight[2:5].sum()) == pytest.approx(2.5)
    assert weight[1] / weight[0] == pytest.approx(KNOWN_PLANET_WEIGHT)
    assert weight[5] == AMBIGUOUS_WEIGHT


def test_only_dispositions_of_tess_discoveries_calibrate():
    weight = calibration_weights(DISPOSITIONS)
    assert weight[1] == weight[5] == 0.0
    assert weight[0] == pytest.approx(weight[2:5].sum())


def test_a_table_of_known_planets_alone_has_weights_that_are_finite():
    assert np.isfinite(calibration_weights(pd.Series(["KP", "FP", "FP"]))).all()
