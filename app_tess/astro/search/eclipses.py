"""Eclipses that a Gaussian process took for the star's variability: found with a plain trend, so as to be masked."""

from dataclasses import replace

import numpy as np

from app_tess.astro.arrays import BoolArray
from app_tess.astro.detrending import LEFT_OVER, Detrending, left_over_noise
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.search.candidate import strongest
from app_tess.astro.search.periodogram import compute_periodogram, longest_period_d
from app_tess.astro.search.weighted_dips import weigh
from app_tess.astro.stitching import StitchedLightCurve

MOST_ECLIPSES = 3
"""Primary and secondary, and one more."""

EXPLAINED = 0.5
"""Share of the left-over noise that may remain once the eclipses are masked; a spotted star keeps most of it."""

CLEAR_SNR = 30.0
"""Significance of an eclipse that is deep enough to mislead the process."""


def find_eclipses(stitched: StitchedLightCurve, window_d: float, shortest_d: float) -> list[Ephemeris]:
    """Return the eclipses in a light curve whose trend is a Gaussian process; empty if it varies in another way.

    Parameters
    ----------
    stitched : StitchedLightCurve
    window_d : float
        Window of the plain trend [d].
    shortest_d : float
        Shortest period [d]; the longest is half the time span.
    """
    if stitched.detrending.rotation is None:
        return []
    plain = replace(stitched, detrending=Detrending(window_d)).flattened_again([])
    noise = _left_over(plain, [])
    found: list[Ephemeris] = []
    for _ in range(MOST_ECLIPSES):
        curve = plain.flattened_again(found)
        kept = _outside(curve, found)
        if kept.sum() < 0.3 * len(kept):
            break
        dips = weigh(curve.where(kept))
        periodogram = compute_periodogram(dips, shortest_d, longest_period_d(stitched.time_btjd))
        if len(periodogram) == 0:
            break
        candidate = strongest(curve.where(kept), dips, periodogram, np.zeros(0))
        if candidate.snr < CLEAR_SNR:
            break
        found.append(candidate.ephemeris)
        left = _left_over(plain, found)
        if left < max(EXPLAINED * noise / 4, LEFT_OVER):
            break
    return found if found and _left_over(plain, found) < EXPLAINED * noise else []


def _outside(curve: StitchedLightCurve, ephemerides: list[Ephemeris]) -> BoolArray:
    outside = np.ones(len(curve.time_btjd), bool)
    for ephemeris in ephemerides:
        outside &= ~ephemeris.in_transit(curve.time_btjd, 2.0)
    return outside


def _left_over(plain: StitchedLightCurve, found: list[Ephemeris]) -> float:
    """Return the scatter of hourly means over that expected, away from the eclipses."""
    curve = plain.flattened_again(found)
    return left_over_noise(curve.time_btjd, curve.normalised_flux, curve.trend, _outside(curve, found))
