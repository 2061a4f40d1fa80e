"""Classify one TESS object by its folded views: five probabilities, scatter among the members, and the bins that
matter."""

import numpy as np
from scipy.special import logit

from app_tess.errors import AppTessError
from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.light_curve_model.class_calibration import apply_classes, own_features
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import CLASSES, GLOBAL_BINS, LOCAL_BINS, SCALAR_NAMES

OCCLUDED_BINS = {"global_view": 11, "local_view": 5}
"""Width of the occluded stretch in bins: a twentieth of the period, and a third of a transit duration."""

OCCLUSION_STEP = {"global_view": 4, "local_view": 2}
"""Bins between two occlusions, well below their width; the map is interpolated in between."""

LONGEST_PERIOD_D = 46.0
"""99 % of the TESS events in the training data have a shorter period [d]; most were observed in one sector."""

LOGIT_BOUND = float(logit(1 - 1e-6))
"""Largest log-odds of an occluded view."""

PC, FIRST_CLASS = HEADS.index("PC"), HEADS.index(CLASSES[0])


def _covered(view, width, centers):
    """Copies of a view, one per center, with a stretch around that bin set to 0, the out-of-transit level."""
    hidden = np.abs(centers[:, None] - np.arange(len(view))[None]) <= width // 2
    return np.where(hidden, 0.0, view[None])


def occlusion(network, global_view, local_view, secondary_view, scalars, head=PC):
    """Measure how much each stretch of the views contributes to the score.

    Returns
    -------
    dict of list
        `global_view` (201) and `local_view` (61): the head's log-odds for the full view minus those with the stretch
        around the bin occluded, linearly interpolated between the occluded centers. Positive where the data raise the
        score, negative where they lower it.

    References
    ----------
    Zeiler & Fergus 2014, ECCV; applied to transits by Shallue & Vanderburg 2018, AJ 155, 94, sec. 6.1.
    """
    views = {"global_view": global_view, "local_view": local_view}
    centers = {name: np.arange(0, len(view), OCCLUSION_STEP[name]) for name, view in views.items()}
    covered = {name: _covered(view, OCCLUDED_BINS[name], centers[name]) for name, view in views.items()}
    n_global, n_local = (len(centers[name]) for name in views)
    globals_ = np.concatenate(
        [global_view[None], covered["global_view"], np.repeat(global_view[None], n_local, axis=0)]
    )
    locals_ = np.concatenate([local_view[None], np.repeat(local_view[None], n_global, axis=0), covered["local_view"]])
    n = len(globals_)
    each = network.member_probabilities(
        globals_, locals_, np.repeat(secondary_view[None], n, axis=0), np.repeat(scalars, n, axis=0)
    )
    odds = bounded_logit(each[..., head].mean(axis=0), LOGIT_BOUND)
    moved = dict(zip(views, np.split(odds[0] - odds[1:], [n_global]), strict=True))
    return {
        name: np.round(np.interp(np.arange(len(view)), centers[name], moved[name]), 4).tolist()
        for name, view in views.items()
    }


def _caution(period_d, views):
    """A sentence if the object is unlike the training data, else None."""
    if period_d > LONGEST_PERIOD_D:
        return (
            f"The period of {period_d:.1f} d is longer than almost all in the network's training data, "
            "so its probabilities carry little weight."
        )
    if (views.get("empty_global") or 0) > GLOBAL_BINS / 2:
        return (
            "More than half of the global view is empty and was filled in, "
            "so the network's probabilities carry little weight."
        )
    return None


def _view(views, name, bins):
    """A view as an array; a row of NaN if the secondary is missing, and an error if another one is."""
    given = (views or {}).get(name)
    if name == "secondary_view" and given is None:
        return np.full(bins, np.nan, dtype=np.float32)
    view = np.asarray([] if given is None else given, dtype=np.float32)
    if view.shape != (bins,) or not np.isfinite(view).all():
        raise AppTessError(
            f"The network needs a {name.replace('_', ' ')} of {bins} finite bins; a single transit has none."
        )
    return view


def classify(views, scalars, tic_id=None, network=None, explain=True):
    """Classify one TESS object by its views.

    Parameters
    ----------
    views : dict
        `global_view` (201,), `local_view` (61,) and, if known, `secondary_view` (61,), as in
        astro.vetting.VettingReport.views.
    scalars : dict
        Numbers by the names in views_file.SCALAR_NAMES; None or absent where unknown.
    tic_id : int, optional
        A star in the training data is scored only by the members that were not trained on it.
    network : LightCurveNetwork, optional
        Default: the one that ships with the package.
    explain : bool
        Whether to compute the occlusion map, the slowest part.

    Returns
    -------
    dict
        probabilities (calibrated, by class: PC, EB, V, IS, J; they sum to 1), best (the most probable class), spread
        (standard deviation of each class's probability among members, before calibration), members, network (version),
        seen_in_training, uncalibrated (the members' mean probabilities, from which `star_context` calibrates them
        again), has_secondary, occlusion (of PC), and caution: a sentence if the object is unlike the training data,
        else None. It can be written as JSON.

    Raises
    ------
    AppTessError
        A view is missing or not finite.
    ArtifactError
        The network's files are missing or altered.
    """
    network = network or load_network()
    sizes = {"global_view": GLOBAL_BINS, "local_view": LOCAL_BINS, "secondary_view": LOCAL_BINS}
    whole, local, secondary = (_view(views, name, bins) for name, bins in sizes.items())
    row = np.array([[np.nan if (scalars or {}).get(name) is None else float(scalars[name]) for name in SCALAR_NAMES]])
    each = network.member_probabilities(whole[None], local[None], secondary[None], row)[:, 0, FIRST_CLASS:]
    seen = bool(tic_id is not None and network.was_trained_on("tess", [tic_id])[0])
    fold = int(fold_of_star([tic_id])[0]) if seen else FOLDS
    used = each[network.member_folds == fold] if seen else each
    own = own_features(used.mean(axis=0)[None], np.isfinite(secondary).all()[None])
    probability = apply_classes(network.manifest.classes_alone, own, np.array([fold]))[0]
    return {
        "probabilities": dict(zip(CLASSES, probability.tolist(), strict=True)),
        "best": CLASSES[int(probability.argmax())],
        "spread": dict(zip(CLASSES, each.std(axis=0).tolist(), strict=True)),
        "members": len(used),
        "network": network.version,
        "seen_in_training": seen,
        "uncalibrated": dict(zip(CLASSES, used.mean(axis=0).tolist(), strict=True)),
        "has_secondary": bool(np.isfinite(secondary).all()),
        "caution": _caution(row[0, 0], views),
        "occlusion": occlusion(network, whole, local, secondary, row) if explain else None,
    }
