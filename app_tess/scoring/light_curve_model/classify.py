"""Classify one TESS object by its folded views: probabilities, scatter among the members, and the bins that matter."""

import numpy as np
from scipy.special import logit

from app_tess.errors import AppTessError
from app_tess.scoring.common.log_odds import bounded_logit
from app_tess.scoring.light_curve_model.network import HEADS
from app_tess.scoring.light_curve_model.trained_network import load_network
from app_tess.scoring.light_curve_model.views_file import GLOBAL_BINS, LOCAL_BINS, SCALAR_NAMES

OCCLUDED_BINS = {"global_view": 11, "local_view": 5}
"""Width of the occluded stretch in bins: a twentieth of the period, and a third of a transit duration."""

LONGEST_PERIOD_D = 46.0
"""99 % of the TESS events in the training data have a shorter period [d]; most were observed in one sector."""

LOGIT_BOUND = float(logit(1 - 1e-6))
"""Largest log-odds of an occluded view."""

TESS_PC, TESS_TRANSIT = HEADS.index("tess_pc"), HEADS.index("tess_transit")


def _covered(view, width):
    """Copies of a view, one per bin, with a stretch around that bin set to 0, the out-of-transit level."""
    bins = np.arange(len(view))
    hidden = np.abs(bins[:, None] - bins[None]) <= width // 2
    return np.where(hidden, 0.0, view[None])


def occlusion(network, global_view, local_view, scalars, head=TESS_PC):
    """Measure how much each stretch of the views contributes to the score.

    Returns
    -------
    dict of list
        `global_view` (201) and `local_view` (61): the head's log-odds for the full view minus those with the stretch
        around the bin occluded. Positive where the data raise the score, negative where they lower it.

    References
    ----------
    Zeiler & Fergus 2014, ECCV; applied to transits by Shallue & Vanderburg 2018, AJ 155, 94, sec. 6.1.
    """
    covered_global = _covered(global_view, OCCLUDED_BINS["global_view"])
    covered_local = _covered(local_view, OCCLUDED_BINS["local_view"])
    globals_ = np.concatenate([global_view[None], covered_global, np.repeat(global_view[None], LOCAL_BINS, axis=0)])
    locals_ = np.concatenate([local_view[None], np.repeat(local_view[None], GLOBAL_BINS, axis=0), covered_local])
    each = network.member_probabilities(globals_, locals_, np.repeat(scalars, len(globals_), axis=0))
    odds = bounded_logit(each[..., head].mean(axis=0), LOGIT_BOUND)
    moved = np.round(odds[0] - odds[1:], 4)
    return {"global_view": moved[:GLOBAL_BINS].tolist(), "local_view": moved[GLOBAL_BINS:].tolist()}


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


def classify(views, scalars, tic_id=None, network=None, explain=True):
    """Classify one TESS object by its views.

    Parameters
    ----------
    views : dict
        `global_view` (201,) and `local_view` (61,), as in astro.vetting.VettingReport.views.
    scalars : dict
        period_d, duration_d, depth_ppm, snr; None or absent where unknown.
    tic_id : int, optional
        A star in the training data is scored only by the members that were not trained on it.
    network : LightCurveNetwork, optional
        Default: the one that ships with the package.
    explain : bool
        Whether to compute the occlusion map, the slowest part.

    Returns
    -------
    dict
        probability_pc (a planet candidate rather than anything else), probability_transit (a planet or an eclipsing
        binary rather than junk), spread (standard deviation of probability_pc among members), members, network
        (version), seen_in_training, occlusion, and caution: a sentence if the object is unlike the training data, else
        None. It can be written as JSON.

    Raises
    ------
    AppTessError
        A view is missing or not finite.
    ArtifactError
        The network's files are missing or altered.
    """
    network = network or load_network()
    arrays = {}
    for name, bins in (("global_view", GLOBAL_BINS), ("local_view", LOCAL_BINS)):
        arrays[name] = np.asarray(
            (views or {}).get(name) if (views or {}).get(name) is not None else [], dtype=np.float32
        )
        if arrays[name].shape != (bins,) or not np.isfinite(arrays[name]).all():
            raise AppTessError(
                f"The network needs a {name.replace('_', ' ')} of {bins} finite bins; a single transit has none."
            )
    row = np.array([[np.nan if (scalars or {}).get(name) is None else float(scalars[name]) for name in SCALAR_NAMES]])
    mean = network.probabilities(
        arrays["global_view"][None],
        arrays["local_view"][None],
        row,
        *(() if tic_id is None else ("tess", np.array([tic_id]))),
    )[0]
    each = network.member_probabilities(arrays["global_view"], arrays["local_view"], row)[:, 0, TESS_PC]
    return {
        "probability_pc": float(mean[TESS_PC]),
        "probability_transit": float(mean[TESS_TRANSIT]),
        "spread": float(each.std()),
        "members": len(each),
        "network": network.version,
        "seen_in_training": bool(tic_id is not None and network.was_trained_on("tess", [tic_id])[0]),
        "caution": _caution(row[0, 0], views),
        "occlusion": occlusion(network, arrays["global_view"], arrays["local_view"], row) if explain else None,
    }
