"""A secondary eclipse at phase 0.5, as expected for a circular orbit."""

from dataclasses import replace

import numpy as np

from app_tess.astro.constants import PPM
from app_tess.astro.folding import depth_windows
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.quantity import Finding, Quantity
from app_tess.astro.vetting.report import Measurement
from app_tess.astro.vetting.secondary import (
    AWAY_DURATIONS,
    dips_per_orbit,
    find_secondary,
    has_room,
    scatter_excess,
    why_no_secondary,
)

HALF_WAY = Quantity(
    "half_way",
    "Secondary eclipse at phase 0.5",
    "ppm",
    "mean at phase 0.5, one duration wide, less the mean beside it",
    "Batalha et al. 2010, ApJ 713, L103; error as the secondary's",
)

SIGNIFICANT = 3.0
"""Depth over error [sigma] that is a red flag; lower than for the search, because only one phase is tested."""


def measure(context: VettingContext) -> tuple[Measurement, ...]:
    """Measure the depth at phase 0.5."""
    searched = context.shared(find_secondary)
    if searched is None or not context.is_dip_significant:
        return (HALF_WAY.not_measured(why_no_secondary(context, searched)),)
    found = measure_half_way(context)
    if found is None:
        return (HALF_WAY.not_measured("no cadences lie half-way between transits"),)
    value, error = PPM * found[0], PPM * found[1]
    return (HALF_WAY.measured(value, error, _finding(value, error)),)


def measure_half_way(context: VettingContext) -> tuple[float, float] | None:
    """Return the relative depth at phase 0.5 and its error; None without cadences there.

    The light curve is flattened again with that phase masked. Depth and error are those of `secondary.search_box`, with
    the level measured around the dip.
    """
    ephemeris = context.ephemeris
    if not has_room(ephemeris):
        return None
    eclipse = replace(ephemeris, epoch_btjd=ephemeris.epoch_btjd + ephemeris.require_period() / 2)
    curve = context.stitched.flattened_again([ephemeris, eclipse])
    inside = eclipse.in_transit(curve.time_btjd)
    _, outside = depth_windows(eclipse.fold(curve.time_btjd), eclipse.duration_d, eclipse.period_d)
    outside &= ~ephemeris.in_transit(curve.time_btjd, 2 * AWAY_DURATIONS)
    if inside.sum() < 3 or outside.sum() < 3:
        return None
    dips = curve.flux[outside].mean() - curve.flux[inside]
    each_n, each_dip = dips_per_orbit(eclipse.transit_number(curve.time_btjd[inside]), dips)
    sigma = context.red_noise * curve.scatter
    white = sigma * np.sqrt(1 / inside.sum() + 1 / outside.sum())
    return float(dips.mean()), float(white * scatter_excess(each_n, each_dip, dips.mean(), sigma)[0])


def _finding(value: float, error: float) -> Finding:
    if value > SIGNIFICANT * error:
        return Finding(
            f"Possible secondary eclipse of {value:,.0f} ± {error:,.0f} ppm, {value / error:.1f} sigma, as on a"
            " circular orbit: a self-luminous companion, or thermal emission from a very hot planet.",
            True,
        )
    return Finding(f"No secondary eclipse there: {value:,.0f} ± {error:,.0f} ppm.", False)
