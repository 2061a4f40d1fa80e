"""Does the star vary in step with the orbit? Ellipsoidal stars do at half the period, spotted binaries at the period."""

import math

import numpy as np

from app_tess.astro.constants import MINUTES_PER_DAY

BIN_D = 30 / MINUTES_PER_DAY
OFF_FACTORS = (0.74, 0.79, 0.84, 0.88, 1.13, 1.18, 1.24, 1.31)
"""Neighbouring periods, in units of the tested one, that show what amplitude the star's other changes give by chance."""


def _less_level(values, segment, members):
    """Values less the mean of their stretch."""
    return values - (np.bincount(segment, weights=values) / members)[segment]


def _sinusoid(time, flux, segment, members, period_d):
    """(semi-amplitude, flux without it) of the best sinusoid of a period, fitted together with a level for each stretch.

    To take each stretch's mean out of both is the same fit (Frisch & Waugh 1933), and of many sectors a thousand times quicker.
    """
    angle = 2 * np.pi * time / period_d
    waves = np.column_stack([np.cos(angle), np.sin(angle)])
    design = np.column_stack([_less_level(wave, segment, members) for wave in waves.T])
    solution = np.linalg.lstsq(design, _less_level(flux, segment, members), rcond=None)[0]
    return math.hypot(*solution), flux - waves @ solution


def measure_variability(stitched, ephemeris):
    """Semi-amplitudes at P/2, P and 2P out of transit, before flattening.

    Returns a list of (name, period_d, amplitude, background, ratio): amplitudes relative; background is the median at OFF_FACTORS
    times the period, of what is left when the sinusoid is taken out: in a short curve a strong wave leaks into its neighbours. Periods longer than half the longest stretch are left out: nothing can be said of them.
    """
    period = ephemeris.require_period()
    outside = ~ephemeris.in_transit(stitched.time_btjd, 1.5)
    time, flux, segment = (
        values[outside] for values in (stitched.time_btjd, stitched.normalised_flux, stitched.segment)
    )
    if len(time) < 50:
        return []
    slot = np.floor((time - time[0]) / BIN_D).astype(int)
    _, first, slot, count = np.unique(slot, return_index=True, return_inverse=True, return_counts=True)
    time, flux = (np.bincount(slot, weights=values) / count for values in (time, flux))
    segment = np.unique(segment[first], return_inverse=True)[1]
    members = np.bincount(segment)
    longest = max(np.ptp(time[segment == number]) for number in range(segment.max() + 1))
    found = []
    for name, tested in (("P/2", period / 2), ("P", period), ("2P", 2 * period)):
        if tested > longest / 2 or tested < 4 * BIN_D:
            continue
        amplitude, left = _sinusoid(time, flux, segment, members, tested)
        background = float(
            np.median([_sinusoid(time, left, segment, members, tested * factor)[0] for factor in OFF_FACTORS])
        )
        found.append((name, tested, amplitude, background, amplitude / max(background, 1e-12)))
    return found
