"""Data augmentation: mirrored, shifted and slightly rescaled copies of the views, with some inputs hidden."""

import numpy as np

from app_tess.scoring.light_curve_model.views_file import EPHEMERIS_SCALARS, SCALAR_NAMES

SHIFT_BINS = 2
"""Largest shift: an epoch is known to about a thirtieth of a period or of the local view."""

SCALE_SPREAD = 0.05
"""Standard deviation of the factor on the depth."""

SCALAR_SPREAD = 0.03
"""Standard deviation of the logarithm of the factor on each scalar."""

SCALARS_HIDDEN = 0.05
"""Share of events whose scalars are all hidden, so that the network also works without them."""

STAR_HIDDEN, SECONDARY_HIDDEN = 0.1, 0.05
"""Share of events without what does not follow from the ephemeris, and without the secondary view."""


def augment(global_view, local_view, secondary_view, scalars, rng):
    """Return a random variant of each event.

    Parameters
    ----------
    global_view, local_view, secondary_view, scalars : ndarray, shapes (N, 201), (N, 61), (N, 61), (N, 9)
    rng : numpy.random.Generator

    Returns
    -------
    global_view, local_view, secondary_view, scalars
        Mirrored in time with probability 1/2 (all views alike); the global view rotated by up to SHIFT_BINS, the local
        and secondary views shifted with their edges repeated; depths and scalars scaled; some inputs hidden.
    """
    n = len(global_view)
    mirrored = rng.random(n)[:, None] < 0.5
    global_view, local_view, secondary_view = (
        np.where(mirrored, view[:, ::-1], view) for view in (global_view, local_view, secondary_view)
    )
    turn, slide = (rng.integers(-SHIFT_BINS, SHIFT_BINS + 1, (n, 1)) for _ in range(2))
    bins_g, bins_l = np.arange(global_view.shape[1])[None], np.arange(local_view.shape[1])[None]
    global_view = np.take_along_axis(global_view, (bins_g + turn) % bins_g.size, axis=1)
    slid = np.clip(bins_l + slide, 0, bins_l.size - 1)
    local_view, secondary_view = (np.take_along_axis(view, slid, axis=1) for view in (local_view, secondary_view))
    scale = (1 + SCALE_SPREAD * rng.standard_normal((n, 1))).astype(np.float32)
    secondary_view = np.where(rng.random((n, 1)) < SECONDARY_HIDDEN, np.nan, secondary_view * scale)
    scalars = scalars * np.exp(SCALAR_SPREAD * rng.standard_normal(scalars.shape))
    everything, star = rng.random((n, 1)) < SCALARS_HIDDEN, rng.random((n, 1)) < STAR_HIDDEN
    of_star = np.arange(len(SCALAR_NAMES))[None] >= len(EPHEMERIS_SCALARS)
    scalars = np.where(everything | (star & of_star), np.nan, scalars)
    return global_view * scale, local_view * scale, secondary_view, scalars
