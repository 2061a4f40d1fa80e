"""Variability in phase with the orbit: ellipsoidal stars vary at half the period, spotted binaries at the period."""

import math
from typing import NamedTuple

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.constants import MINUTES_PER_DAY, PPM
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement

FORMULA = "semi-amplitude out of transit; error: at nearby periods"
QUANTITIES = {
    0.5: Quantity(
        "variability_half", "Variability at half the period", "ppm", FORMULA, "Faigler & Mazeh 2011, MNRAS 415, 3921"
    ),
    1.0: Quantity("variability", "Variability at the period", "ppm", FORMULA, "as at half the period"),
    2.0: Quantity("variability_double", "Variability at twice the period", "ppm", FORMULA, "as at half the period"),
}
"""What is measured at which multiple of the orbital period."""

NOTABLE_RATIO = 6.0
"""Amplitude over that at nearby periods from which it is a red flag."""

NOTABLE_SHARE = 0.02
"""Amplitude over transit depth from which it is a red flag."""

BIN_D = 30 / MINUTES_PER_DAY
"""The light curve is averaged in bins of this length [d]."""

OFF_FACTORS = (0.74, 0.79, 0.84, 0.88, 1.13, 1.18, 1.24, 1.31)
"""Nearby periods, in units of the tested one, that show what amplitude other variability gives by chance."""


class Sinusoid(NamedTuple):
    """Relative semi-amplitude at a period, the median one at nearby periods, and their ratio."""

    amplitude: float
    background: float
    ratio: float


def _less_level(values: FloatArray, segment: IntArray, members: IntArray) -> FloatArray:
    """Return values less the mean of their segment."""
    return values - (np.bincount(segment, weights=values) / members)[segment]


def _sinusoid(
    time: FloatArray, flux: FloatArray, segment: IntArray, members: IntArray, period_d: float
) -> tuple[float, FloatArray]:
    """Fit a sinusoid together with a level for each segment; return its semi-amplitude and the flux without it.

    Subtracting each segment's mean from both gives the same fit (Frisch & Waugh 1933), for many sectors a thousand
    times faster.
    """
    angle = 2 * np.pi * time / period_d
    waves = np.column_stack([np.cos(angle), np.sin(angle)])
    design = np.column_stack([_less_level(wave, segment, members) for wave in waves.T])
    solution = np.linalg.lstsq(design, _less_level(flux, segment, members), rcond=None)[0]
    return math.hypot(*solution), flux - waves @ solution


def measure_variability(context: VettingContext) -> dict[float, Sinusoid]:
    """Measure semi-amplitudes at P/2, P and 2P out of transit, before flattening.

    The background is the median amplitude at OFF_FACTORS times the period of what remains after subtracting the
    sinusoid: in a short light curve a strong wave leaks into nearby periods.

    Returns
    -------
    dict
        Multiple of the orbital period -> Sinusoid; without periods longer than half the longest gapless stretch, which
        cannot be measured.
    """
    stitched, ephemeris = context.stitched, context.ephemeris
    if ephemeris.is_single_transit:
        return {}
    period = ephemeris.require_period()
    outside = ~ephemeris.in_transit(stitched.time_btjd, 1.5)
    time, flux = stitched.time_btjd[outside], stitched.normalised_flux[outside]
    if len(time) < 50:
        return {}
    slot = np.floor((time - time[0]) / BIN_D).astype(int)
    _, first, slot, count = np.unique(slot, return_index=True, return_inverse=True, return_counts=True)
    time, flux = (np.bincount(slot, weights=values) / count for values in (time, flux))
    segment = np.unique(stitched.segment[outside][first], return_inverse=True)[1]
    members = np.bincount(segment)
    longest = max(np.ptp(time[segment == number]) for number in range(segment.max() + 1))
    found = {}
    for multiple in QUANTITIES:
        tested = multiple * period
        if tested > longest / 2 or tested < 4 * BIN_D:
            continue
        amplitude, left = _sinusoid(time, flux, segment, members, tested)
        nearby = [_sinusoid(time, left, segment, members, tested * factor)[0] for factor in OFF_FACTORS]
        background = float(np.median(nearby))
        found[multiple] = Sinusoid(amplitude, background, amplitude / max(background, 1e-12))
    return found


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the semi-amplitudes at half the orbital period, at the period, and at twice the period."""
    found, depth_ppm = measure_variability(context), context.depth.depth_ppm
    return tuple(
        quantity.measured(
            PPM * found[multiple].amplitude, PPM * found[multiple].background, _finding(found[multiple], depth_ppm)
        )
        if multiple in found
        else quantity.not_measured("the period is unknown, too short, or too long for the data")
        for multiple, quantity in QUANTITIES.items()
    )


def _finding(wave: Sinusoid, depth_ppm: float) -> Finding:
    amplitude_ppm = PPM * wave.amplitude
    if wave.ratio > NOTABLE_RATIO and amplitude_ppm > NOTABLE_SHARE * depth_ppm:
        return Finding(
            f"The star varies by {amplitude_ppm:,.0f} ppm in phase with the orbit, {wave.ratio:.0f} times the amplitude"
            " at nearby periods: tidal distortion, or spots.",
            True,
        )
    return Finding("No variability in phase with the orbit.", False)
