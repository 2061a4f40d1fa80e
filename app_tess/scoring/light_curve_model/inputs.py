"""Convert views and scalars to the network's input arrays, in training and in scoring alike."""

import numpy as np

from app_tess.astro.physics import implied_density_solar
from app_tess.scoring.light_curve_model.shape_input import shape_input
from app_tess.scoring.light_curve_model.views_file import GLOBAL_BINS, LOCAL_BINS, SCALAR_NAMES

CLIP = (-1.5, 2.0)
"""Views are clipped here: 0 is the out-of-transit flux, -1 the deepest point; above +2 is a flare or a glitch."""

SCALAR_SCALES = {
    "log_period": (0.3, 1.2),
    "log_duration": (-1.95, 0.9),
    "log_depth": (8.1, 1.9),
    "log_snr": (2.9, 1.0),
    "log_duty": (-2.2, 1.2),
    "log_transits": (2.5, 1.2),
    "tmag": (11.0, 1.3),
    "log_radius": (0.4, 0.6),
    "log_density": (-0.9, 1.3),
    "odd_even": (0.0, 0.2),
    "log_companion": (1.9, 1.1),
    "log_density_ratio": (0.0, 2.0),
}
"""Mean and standard deviation of each derived scalar, about those of the events of Yu et al. 2019: fixed, so that
training on other data cannot change the inputs of a trained network."""

RSUN_REARTH_SQRT_PPM = 109.1e-3
"""Radius of a companion [R_Earth] of a star of 1 R_sun with a depth of 1 ppm."""

KNOTS = np.linspace(-2.4, 2.4, 9)
"""Centers of the hat functions, in standard deviations, in which each scalar is also expressed: a network of a few
layers otherwise does not learn the thresholds that decision trees find in them (Gorishniy et al. 2022, NeurIPS 35)."""

SCALAR_INPUTS = (len(KNOTS) + 2) * len(SCALAR_SCALES)
GLOBAL_CHANNELS, LOCAL_CHANNELS = 4, 5


def _normalized(views):
    """The views (N, bins) with median 0 and deepest point -1: what our own views are, and not those of every file."""
    views = views - np.median(views, axis=1, keepdims=True)
    depth = -views.min(axis=1, keepdims=True)
    return views / np.where(depth > 0, depth, 1)


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
    clipped = np.clip(_normalized(views), *CLIP)
    scaled = _in_noise_units(clipped, _noise(clipped))
    half = GLOBAL_BINS // 2
    return np.stack([clipped, np.roll(clipped, half, axis=1), scaled, np.roll(scaled, half, axis=1)], axis=-1).astype(
        np.float32
    )


def local_input(views, secondary):
    """Convert (N, 61) local and secondary views to (N, 61, 5): each as it is and in units of noise, and what is known.

    An unknown secondary view, a row of NaN, becomes 0, and the last channel is 1 where it is known.
    """
    clipped = np.clip(_normalized(views), *CLIP)
    noise = _noise(clipped)
    known = np.isfinite(secondary).all(axis=1, keepdims=True)
    second = np.clip(np.where(known, secondary, 0.0), *CLIP)
    channels = [clipped, _in_noise_units(clipped, noise), second, _in_noise_units(second, noise)]
    return np.stack([*channels, np.broadcast_to(known, clipped.shape)], axis=-1).astype(np.float32)


def scalar_input(scalars):
    """Convert (N, 9) scalars, in the order of SCALAR_NAMES, to (N, 132): scaled values, hat functions, known or not.

    A missing or impossible value (NaN, not positive; an SNR may be 0) and what follows from it become 0.
    """
    scalars = np.asarray(scalars, dtype=float).reshape(-1, len(SCALAR_NAMES))
    period, duration, depth, snr, transits, tmag, radius, density, ratio = scalars.T
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        period, duration, depth, transits, radius, density, ratio = (
            np.where(values > 0, values, np.nan)
            for values in (period, duration, depth, transits, radius, density, ratio)
        )
        depth = np.clip(depth, 10, 1e6)
        companion = RSUN_REARTH_SQRT_PPM * radius * np.sqrt(depth)
        implied = implied_density_solar(period, 24 * duration, np.sqrt(depth / 1e6))
        values = {
            "log_period": np.log(period),
            "log_duration": np.log(duration),
            "log_depth": np.log(depth),
            "log_snr": np.log1p(np.where(snr >= 0, snr, np.nan)),
            "log_duty": np.log(duration / period),
            "log_transits": np.log(transits),
            "tmag": tmag,
            "log_radius": np.log(radius),
            "log_density": np.log(density),
            "odd_even": np.abs(np.log(ratio)),
            "log_companion": np.log(companion),
            "log_density_ratio": np.log(implied / density),
        }
    scaled = np.column_stack([(values[name] - mean) / spread for name, (mean, spread) in SCALAR_SCALES.items()])
    known = np.isfinite(scaled)
    scaled = np.where(known, np.clip(scaled, -4, 4), 0.0)
    inside = np.clip(scaled, KNOTS[0], KNOTS[-1])[:, :, None]
    hats = np.clip(1 - np.abs(inside - KNOTS) / (KNOTS[1] - KNOTS[0]), 0, None) * known[:, :, None]
    return np.concatenate([scaled, known, hats.reshape(len(scaled), -1)], axis=1).astype(np.float32)


def network_inputs(global_view, local_view, secondary_view, scalars):
    """Return the four input arrays by name for a batch of events.

    See global_input, local_input, scalar_input, and shape_input for `shape`, which only the trees take.
    """
    global_view = np.asarray(global_view, dtype=np.float32).reshape(-1, GLOBAL_BINS)
    local_view, secondary_view = (
        np.asarray(view, dtype=np.float32).reshape(-1, LOCAL_BINS) for view in (local_view, secondary_view)
    )
    global_channels, local_channels = global_input(global_view), local_input(local_view, secondary_view)
    whole, local, secondary = global_channels[:, :, 0], local_channels[:, :, 0], local_channels[:, :, 2]
    return {
        "global_view": global_channels,
        "local_view": local_channels,
        "scalars": scalar_input(scalars),
        "shape": shape_input(whole, local, secondary, _noise(whole)[:, 0], _noise(local)[:, 0]),
    }
