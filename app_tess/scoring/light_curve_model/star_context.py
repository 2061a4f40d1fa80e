"""Calibrate the classes of one star's signals together, with what is known of them and of its neighbors' signals."""

import numpy as np

from app_tess.scoring.light_curve_model.class_calibration import apply_classes, context_class_features
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import CLASSES


def calibrate_together(tic_id, judgements, repeated, deeper_elsewhere, network=None):
    """Return the class probabilities of a star's signals by the second form of the calibration.

    Parameters
    ----------
    tic_id : int
    judgements : sequence of dict
        Of `classify`, one for each of the star's N signals.
    repeated, deeper_elsewhere : sequence of bool, length N
        Whether another signal of the star has the same ephemeris and an equal depth, and whether a neighboring star has
        a deeper signal with the same ephemeris.
    network : LightCurveNetwork, optional
        That of the judgements; default: the one that ships with the package.

    Returns
    -------
    list of dict
        Class -> probability, N times.
    """
    network = network or load_network()
    features = context_class_features(
        np.array([[one["uncalibrated"][name] for name in CLASSES] for one in judgements]),
        np.array([one["has_secondary"] for one in judgements]),
        np.full(len(judgements), tic_id),
        np.asarray(repeated, dtype=bool),
        np.asarray(deeper_elsewhere, dtype=bool),
    )
    seen = np.array([one["seen_in_training"] for one in judgements])
    fold = np.where(seen, fold_of_star(tic_id), FOLDS)
    found = apply_classes(network.manifest.classes_in_file, features, fold)
    return [dict(zip(CLASSES, row.tolist(), strict=True)) for row in found]
