"""The dip of a published event at any time: transits, grazing eclipses, secondaries, false alarms."""

from functools import cache
from typing import Any

import batman
import numpy as np

from app_tess.archives.sample.catalogue import Event, Star
from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import HOURS_PER_DAY, SUN_TEFF_K

LIMB_DARKENING = np.array(
    # Teff [K], u1, u2
    [
        (2800, 0.18, 0.42),
        (3500, 0.25, 0.32),
        (4500, 0.42, 0.18),
        (5800, 0.32, 0.24),
        (6500, 0.26, 0.27),
        (10000, 0.15, 0.25),
    ]
)
"""Quadratic limb darkening in the TESS band, rounded. Source: Claret 2017, A&A 600, A30, table 25."""

SUPERSAMPLING = 5
"""Model points averaged over one exposure: ingress of the smallest planets here takes two exposures."""

LONGEST_PERIOD_D = 1e4
"""Stands for the unknown period of a single transit [d]."""


def event_dip(star: Star, event: Event, time_btjd: FloatArray, exposure_d: float, sector: int) -> FloatArray:
    """Return the fraction of the observed star's light that one event removes.

    Parameters
    ----------
    time_btjd : ndarray, shape (N,)
        Mid-exposure times [BTJD d].
    exposure_d : float
        Exposure time [d], over which the model is averaged.
    sector : int
        A false alarm happens only in the sectors listed as `instrumental`.

    Returns
    -------
    ndarray, shape (N,)
        0 outside the event, about depth_ppm * 1e-6 in its middle. Depth is defined as the mean of the central half.

    Source: Mandel & Agol 2002, ApJ 580, L171, by batman (Kreidberg 2015, PASP 127, 1161).
    """
    if event.disposition == "FA":
        return _instrumental_dip(event, time_btjd) if sector in star.instrumental else np.zeros_like(time_btjd)
    offset, cycle = _time_from_middle(event, time_btjd)
    dip = np.zeros_like(time_btjd)
    near = np.abs(offset) < event.duration_h / 48 * 1.2
    if near.any():
        # A neighbour's eclipse is deeper, and is diluted by the star in whose aperture it falls.
        dilution = (1 - star.crowding) / star.crowding if event.centroid_shift_px else 1.0
        params = _orbit(star, event, event.depth_ppm * 1e-6 / dilution)
        dip[near] = dilution * (1.0 - _flux(params, offset[near], exposure_d))
        dip[near] *= np.where(cycle[near] % 2 == 1, 1.0 - event.odd_even, 1.0)
    if event.secondary_ppm and event.period_d:
        dip += _secondary_dip(star, event, event.period_d, offset, exposure_d)
    return dip


def transit_times(event: Event, start_btjd: float, stop_btjd: float) -> FloatArray:
    """Return the mid-transit times between two dates [BTJD d], shape (n,)."""
    if event.period_d is None:
        times = np.array([event.epoch_btjd])
    else:
        first = np.ceil((start_btjd - event.epoch_btjd) / event.period_d)
        last = np.floor((stop_btjd - event.epoch_btjd) / event.period_d)
        times = event.epoch_btjd + event.period_d * np.arange(first, last + 1)
    return times[(times >= start_btjd) & (times <= stop_btjd)]


def _time_from_middle(event: Event, time_btjd: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the time from the nearest mid-transit [d] and the number of its cycle."""
    period_d = event.period_d or LONGEST_PERIOD_D
    cycle = np.round((time_btjd - event.epoch_btjd) / period_d)
    return time_btjd - event.epoch_btjd - cycle * period_d, cycle


def _flux(params: Any, offset_d: FloatArray, exposure_d: float, kind: str = "primary") -> FloatArray:
    model = batman.TransitModel(
        params, offset_d, transittype=kind, supersample_factor=SUPERSAMPLING, exp_time=exposure_d
    )
    return np.asarray(model.light_curve(params), dtype=np.float64)


def _secondary_dip(star: Star, event: Event, period_d: float, offset_d: FloatArray, exposure_d: float) -> FloatArray:
    """Return the secondary eclipse, half a period later (a circular orbit)."""
    half = period_d / 2
    params = _orbit(star, event, event.depth_ppm * 1e-6)
    params.fp = event.secondary_ppm * 1e-6
    params.t_secondary = half
    dip = np.zeros_like(offset_d)
    near = np.abs(np.abs(offset_d) - half) < event.duration_h / 48 * 1.2
    if near.any():
        dip[near] = 1.0 + params.fp - _flux(params, np.abs(offset_d[near]), exposure_d, "secondary")
    return dip


def _instrumental_dip(event: Event, time_btjd: FloatArray) -> FloatArray:
    """Return a sudden drop with a slow recovery, unlike a transit."""
    offset, _ = _time_from_middle(event, time_btjd)
    duration_d = event.duration_h / HOURS_PER_DAY
    since = offset + duration_d / 2
    dip = 1.4 * event.depth_ppm * 1e-6 * np.exp(-np.clip(since, 0, None) / duration_d)
    return np.where((since >= 0) & (since < 3 * duration_d), dip, 0.0)


def _orbit(star: Star, event: Event, depth: float) -> Any:
    """Return batman's parameters of the circular orbit with the published period, duration and impact parameter."""
    ratio = _radius_ratio(star, event, depth)
    return _parameters(star, event, ratio)


def _parameters(star: Star, event: Event, ratio: float) -> Any:
    period_d = event.period_d or LONGEST_PERIOD_D
    half_angle = np.pi * event.duration_h / HOURS_PER_DAY / period_d
    # Winn 2010 (arXiv:1001.2010), eq. 14, solved for a/R*.
    chord_squared = max((1 + ratio) ** 2 - event.impact**2, 1e-4)
    axis_ratio = np.sqrt(event.impact**2 + chord_squared / np.sin(half_angle) ** 2)
    params = batman.TransitParams()
    params.t0, params.per, params.rp, params.a = 0.0, period_d, ratio, axis_ratio
    params.inc = np.degrees(np.arccos(min(event.impact / axis_ratio, 1.0)))
    params.ecc, params.w = 0.0, 90.0
    teff_k = star.teff_k or SUN_TEFF_K
    params.limb_dark = "quadratic"
    params.u = [float(np.interp(teff_k, LIMB_DARKENING[:, 0], LIMB_DARKENING[:, i])) for i in (1, 2)]
    return params


@cache
def _radius_ratio(star: Star, event: Event, depth: float) -> float:
    """Return the Rp/R* whose transit has this depth, by bisection."""
    low, high = max(1e-4, event.impact - 1 + 1e-4), 0.95
    offset_d = np.linspace(-0.25, 0.25, 25) * event.duration_h / HOURS_PER_DAY
    for _ in range(40):
        middle = (low + high) / 2
        params = _parameters(star, event, middle)
        found = np.mean(1 - batman.TransitModel(params, offset_d).light_curve(params))
        low, high = (middle, high) if found < depth else (low, middle)
    return (low + high) / 2
