"""The strongest peak of a periodogram as a candidate: its box at full cadence, and the transits that make it up."""

from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.search.box_fit import Box, fit_box
from app_tess.astro.search.periodogram import Periodogram
from app_tess.astro.search.support import Events, find_events, together
from app_tess.astro.search.weighted_dips import WeightedDips
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.transit_depths import red_noise_factor

MULTIPLES = (2, 3, 4, 5, 6, 7)
"""Multiples of a period at which every second, third, ... transit is tried alone."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A periodic dip: box, transits, their significance together, and the SDE of the peak."""

    box: Box
    ephemeris: Ephemeris
    events: Events
    snr: float
    sde: float


def strongest(
    curve: StitchedLightCurve, dips: WeightedDips, periodogram: Periodogram, dumps_btjd: FloatArray
) -> Candidate:
    """Return the candidate at the highest peak.

    Where the dips of only every m-th transit are more significant alone than all together, the period is m times that
    of the peak: eclipses of two depths at phases 0 and 0.4 appear at a fifth of the period.
    """
    top = int(np.argmax(periodogram.snr))
    box = fit_box(dips, periodogram.box_at(top))
    ephemeris = _ephemeris(box)
    red_noise = red_noise_factor(curve, ephemeris)
    events = find_events(dips, ephemeris, dumps_btjd, red_noise)
    multiple = _better_multiple(events, box, dips.span_d / 2)
    if multiple is not None:
        box = fit_box(dips, multiple)
        ephemeris = _ephemeris(box)
        events = find_events(dips, ephemeris, dumps_btjd, red_noise)
    return Candidate(box, ephemeris, events, box.snr / red_noise, float(periodogram.sde[top]))


def _ephemeris(box: Box) -> Ephemeris:
    return Ephemeris(box.period_d, box.epoch_btjd, HOURS_PER_DAY * box.duration_d)


def _better_multiple(events: Events, box: Box, longest_d: float) -> Box | None:
    """Return the box at the multiple of the period whose transits are most significant; None where that is once."""
    number = np.round((events.time_btjd - box.epoch_btjd) / box.period_d).astype(int)
    best, found = together(events, events.is_observed), None
    for multiple in MULTIPLES:
        if multiple * box.period_d > longest_d:
            break
        for phase in range(multiple):
            chosen = events.is_observed & (number % multiple == phase)
            if chosen.sum() >= 2 and (sigma := together(events, chosen)) > best:
                best = sigma
                found = replace(box, period_d=multiple * box.period_d, epoch_btjd=box.epoch_btjd + phase * box.period_d)
    return found
