"""Convert views and scalars to the network's input arrays, in training and in scoring alike."""

import numpy as np

from app_tess.scoring.light_curve_model.views_file import GLOBAL_BINS, LOCAL_BINS

CLIP = (-1.5, 2.0)
"""Views are clipped here: 0 is the out-of-transit flux, -1 the deepest point; above +2 is a flare or a glitch."""

SCALAR_SCALES = {
    "log_period": (0.3, 1.2),
    "log_duration": (-1.95, 0.9),
    "log_depth": (8.1, 1.9),
    "log_snr": (2.9, 1.0),
    "log_duty": (-2.2, 1.2),
}
"""Mean and standard deviation of the natural logarithm of each scalar among the events of Yu et al. 2019: fixed, so
that training on other data cannot change the inputs of a trained network."""

SCALAR_INPUTS = len(SCALAR_SCALES) + 1
GLOBAL_CHANNELS, LOCAL_CHANNELS = 4, 2


def _noise(views):
    """Point-to-point noise of each view in units of the depth, shape (N, 1): 1 / noise is a signal-to-noise ratio."""
    return 1.4826 * np.median(np.abs(np.diff(views, axis=1)), axis=1, keepdims=True) / np.sqrt(2) + 1e-3


def _in_noise_units(views, noise):
    """arcsinh of the view over its noise, which makes a secondary eclipse of 1 % of the primary visible."""
    return np.arcsinh(views / (2 * noise)) / 3


def global_input(views):
    """Convert (N, 201) global views to (N, 201, 4): the view, the view half a period later, and both in units of noise.

    The shifted copy puts a secondary eclipse at phase 0.5, at the ends of the view, in the middle.
    """
    clipped = np.clip(views, *CLIP)
    scaled = _in_noise_units(clipped, _noise(clipped))
    half = GLOBAL_BINS // 2
    return np.stack([clipped, np.roll(clipped, half, axis=1), scaled, np.roll(scaled, half, axis=1)], axis=-1).astype(
        np.float32
    )


def local_input(views):
    """Convert (N, 61) local views to (N, 61, 2): the view, and the view in units of noise."""
    clipped = np.clip(views, *CLIP)
    return np.stack([clipped, _in_noise_units(clipped, _noise(clipped))], axis=-1).astype(np.float32)


def scalar_input(scalars):
    """Convert (N, 4) period_d, duration_d, depth_ppm, snr to (N, 6): scaled logarithms, and a 1 if they are known.

    A row with a missing or impossible value (NaN, not positive; an SNR may be 0) becomes all zeros.
    """
    scalars = np.asarray(scalars, dtype=float).reshape(-1, 4)
    period, duration, depth, snr = scalars.T
    with np.errstate(invalid="ignore"):
        known = np.isfinite(scalars).all(axis=1) & (period > 0) & (duration > 0) & (depth > 0) & (snr >= 0)
    safe = np.where(known[:, None], scalars, 1.0)
    period, duration, depth, snr = safe.T
    logs = [np.log(period), np.log(duration), np.log(np.clip(depth, 10, 1e6)), np.log1p(snr), np.log(duration / period)]
    scaled = [
        np.clip((values - mean) / spread, -4, 4)
        for values, (mean, spread) in zip(logs, SCALAR_SCALES.values(), strict=True)
    ]
    return (np.column_stack([*scaled, np.ones(len(safe))]) * known[:, None]).astype(np.float32)


def network_inputs(global_view, local_view, scalars):
    """Return the three input arrays by name for a batch of events; see global_input, local_input, scalar_input."""
    global_view = np.asarray(global_view, dtype=np.float32).reshape(-1, GLOBAL_BINS)
    local_view = np.asarray(local_view, dtype=np.float32).reshape(-1, LOCAL_BINS)
    return {
        "global_view": global_input(global_view),
        "local_view": local_input(local_view),
        "scalars": scalar_input(scalars),
    }
