"""Numbers that describe the shape of a fold: the trees' own input, as thresholds on them separate the classes."""

import numpy as np

OUT_OF_TRANSIT, HALF_WAY = 0.1, 0.42
"""Distances from mid-transit [periods] beyond which a bin is out of transit, and part of a secondary eclipse."""

HARMONICS = (1, 2, 3, 4)
"""Of the period: a variable star's fold is a wave, an ellipsoidal binary's one of the second harmonic."""

DEPTHS = (0.2, 0.5, 0.8)
"""Fractions of the depth at which a dip's width is measured: a V is narrow at the bottom, a U is not."""

EDGE, CORE = 12, slice(25, 36)
"""Bins at each end of a local view, and those in transit."""

SHAPE_INPUTS = 11 + 2 * len(HARMONICS) + len(DEPTHS) + 1 + 8 + 2


def shape_input(global_view, local_view, secondary_view, global_noise, local_noise):
    """Return the (N, 33) shape numbers of normalized and clipped views.

    Parameters
    ----------
    global_view, local_view, secondary_view : ndarray, shapes (N, 201), (N, 61), (N, 61)
        The secondary is 0 where it is unknown.
    global_noise, local_noise : ndarray, shape (N,)
        Point-to-point noise in units of the depth.
    """
    n, bins = global_view.shape
    phase = (np.arange(bins) - bins // 2) / bins
    out = np.abs(phase) > OUT_OF_TRANSIT
    half_way = global_view[:, np.abs(phase) > HALF_WAY]
    outside = global_view[:, out]
    deepest, mean = half_way.min(axis=1), half_way.mean(axis=1)
    numbers = [
        global_noise,
        local_noise,
        outside.std(axis=1),
        outside.std(axis=1) / global_noise,
        outside.max(axis=1),
        outside.min(axis=1),
        outside.min(axis=1) / global_noise,
        deepest,
        deepest / global_noise,
        mean,
        mean / global_noise,
    ]
    for harmonic in HARMONICS:
        angle = 2 * np.pi * harmonic * phase[out]
        numbers += [outside @ np.cos(angle) / out.sum(), np.abs(outside @ np.sin(angle)) / out.sum()]
    widths = [(local_view < -depth).mean(axis=1) for depth in DEPTHS]
    left, right = local_view[:, :EDGE].mean(axis=1), local_view[:, -EDGE:].mean(axis=1)
    middle = local_view.shape[1] // 2
    numbers += [
        *widths,
        widths[-1] / (widths[0] + 0.01),
        np.abs(local_view[:, :middle].mean(axis=1) - local_view[:, middle + 1 :].mean(axis=1)),
        left + right,
        np.abs(left - right),
        (local_view - local_view[:, ::-1]).std(axis=1) / local_noise,
        local_view.max(axis=1),
        (local_view**3).mean(axis=1),
        np.abs(local_view.argmin(axis=1) - middle),
        np.abs(global_view.argmin(axis=1) - bins // 2),
        secondary_view[:, CORE].mean(axis=1),
        np.median(np.abs(np.diff(global_view, axis=1)), axis=1) / (global_view.std(axis=1) + 1e-3),
    ]
    return np.column_stack(numbers).reshape(n, SHAPE_INPUTS).astype(np.float32)
