"""Data augmentation: mirrored, shifted and slightly rescaled copies of the views."""

import numpy as np

SHIFT_BINS = 2
"""Largest shift: an epoch is known to about a thirtieth of a period or of the local view."""

SCALE_SPREAD = 0.05
"""Standard deviation of the factor on the depth."""

SCALAR_SPREAD = 0.03
"""Standard deviation of the logarithm of the factor on each scalar."""

SCALARS_HIDDEN = 0.1
"""Share of events whose scalars are hidden, so that the network also works without them."""


def augment(global_view, local_view, scalars, rng):
    """Return a random variant of each event.

    Parameters
    ----------
    global_view, local_view, scalars : ndarray, shapes (N, 201), (N, 61), (N, 4)
    rng : numpy.random.Generator

    Returns
    -------
    global_view, local_view, scalars
        Mirrored in time with probability 1/2 (both views alike); the global view rotated by up to SHIFT_BINS, the local
        view shifted with its edge repeated; depths and scalars scaled.
    """
    n = len(global_view)
    mirrored = rng.random(n)[:, None] < 0.5
    global_view = np.where(mirrored, global_view[:, ::-1], global_view)
    local_view = np.where(mirrored, local_view[:, ::-1], local_view)
    turn, slide = (rng.integers(-SHIFT_BINS, SHIFT_BINS + 1, (n, 1)) for _ in range(2))
    bins_g, bins_l = np.arange(global_view.shape[1])[None], np.arange(local_view.shape[1])[None]
    global_view = np.take_along_axis(global_view, (bins_g + turn) % bins_g.size, axis=1)
    local_view = np.take_along_axis(local_view, np.clip(bins_l + slide, 0, bins_l.size - 1), axis=1)
    scale = (1 + SCALE_SPREAD * rng.standard_normal((n, 1))).astype(np.float32)
    scalars = scalars * np.exp(SCALAR_SPREAD * rng.standard_normal(scalars.shape))
    scalars = np.where(rng.random((n, 1)) < SCALARS_HIDDEN, np.nan, scalars)
    return global_view * scale, local_view * scale, scalars
