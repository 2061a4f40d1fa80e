"""Vet one object: run every test on a stitched light curve and make the input views of the network."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from app_tess.astro.constants import MINUTES_PER_DAY, PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import require_noise
from app_tess.astro.physics import density_solar_from_logg
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting import (
    centroid,
    companion_radius,
    depth,
    depth_scatter,
    duration,
    half_way,
    odd_even,
    secondary,
    shape,
    single_event,
    snr,
    transit_count,
    transit_times,
    variability,
)
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.ephemeris_note import describe
from app_tess.astro.vetting.located import Located
from app_tess.astro.vetting.other_objects import without_others
from app_tess.astro.vetting.report import Measurement, TransitRow, VettingReport
from app_tess.astro.views import make_views

VettingTest = Callable[[VettingContext], tuple[Measurement, ...]]

TESTS: tuple[VettingTest, ...] = (
    depth.measure,
    snr.measure,
    transit_count.measure,
    transit_times.measure,
    depth_scatter.measure,
    odd_even.measure,
    secondary.measure,
    half_way.measure,
    shape.measure,
    duration.measure,
    companion_radius.measure,
    single_event.measure,
    variability.measure,
    centroid.measure,
)
"""Every vetting test, in the order in which its measurements are shown."""


def measure(
    stitched: StitchedLightCurve,
    ephemeris: Ephemeris,
    label: str,
    *,
    others: Sequence[Ephemeris] = (),
    stellar_radius_rsun: float | None = None,
    density_solar: float | None = None,
    located: Located | None = None,
) -> VettingReport:
    """Run all vetting tests on one object, named by `label`.

    Parameters
    ----------
    stitched : StitchedLightCurve
        Flattened with the transits of this object masked.
    ephemeris : Ephemeris
        With a duration. For a single transit, what needs a period is not measured.
    others : sequence of Ephemeris
        Of the star's other objects, whose transits would appear as a secondary eclipse and are excluded.
    stellar_radius_rsun, density_solar : float, optional
        Of the star [solar units]; by default from the file's header (LOGG, RADIUS).
    located : Located, optional
        Where the transits were found; by default where the ephemeris predicts them.

    Returns
    -------
    VettingReport

    Raises
    ------
    NoUsableData
        No cadence lies in transit or around it, or the light curve has no noise.
    EphemerisError
        The object has no duration.
    """
    require_noise(stitched)
    stitched, shared = without_others(stitched, ephemeris, others)
    radius = stellar_radius_rsun or stitched.stellar_radius_rsun
    if not density_solar and stitched.logg is not None and radius:
        density_solar = density_solar_from_logg(stitched.logg, radius)
    context = VettingContext(stitched, ephemeris, radius, density_solar, shared, located)
    measurements = tuple(measured for test in TESTS for measured in test(context))
    views, scalars = _views(context)
    return VettingReport(
        stitched.tic_id,
        label,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        context.duration_h,
        measurements,
        _transit_rows(context),
        views,
        scalars,
        provenance_of_curve(stitched) | {"red_noise_factor": context.red_noise},
        stitched.simulated,
        _cautions(context),
        None if located is None else describe(located, others),
    )


DETRENDING_FAILED = 2.0
"""Scatter out of transit over the point-to-point noise from which the trend counts as not removed."""


RESOLVED_CADENCES = 3.0
"""Cadences in a transit from which its shape can be seen."""


def _cautions(context: VettingContext) -> tuple[str, ...]:
    """Return a sentence for each reason why no measurement of the object can be trusted much."""
    stitched, ephemeris, found = context.stitched, context.ephemeris, []
    if stitched.excess_scatter >= DETRENDING_FAILED:
        found.append(
            f"Detrending failed: out of transit the light curve scatters by {PPM * stitched.scatter:,.0f} ppm,"
            f" {stitched.excess_scatter:.1f} times the point-to-point noise, so every measurement is affected by"
            " variability."
        )
    if not ephemeris.is_single_transit and len(context.rows) == 1:
        found.append(
            "Only one full transit was observed, so the fold shows a single event and the period cannot be verified."
        )
    cadences = ephemeris.duration_d / stitched.cadence_d if stitched.cadence_d > 0 else math.inf
    if cadences < RESOLVED_CADENCES:
        found.append(
            f"The transit lasts {cadences:.1f} cadences of {MINUTES_PER_DAY * stitched.cadence_d:.0f} min, so its depth"
            " is underestimated and its shape is not resolved."
        )
    return tuple(found)


def _transit_rows(context: VettingContext) -> tuple[TransitRow, ...]:
    rows = context.rows
    return tuple(
        TransitRow(int(number), float(time), PPM * float(depth), PPM * float(error))
        for number, time, depth, error in zip(rows.number, rows.time_btjd, rows.depth, rows.depth_err, strict=True)
    )


def _views(context: VettingContext) -> tuple[dict[str, Any] | None, dict[str, float | None] | None]:
    """Return the views as plain lists and the scalar inputs of the network; (None, None) for a single transit."""
    ephemeris = context.ephemeris
    if ephemeris.is_single_transit:
        return None, None
    # without a significant secondary the view is centered on phase 0.5, as for a circular orbit
    found = context.shared(secondary.find_secondary)
    is_shown = found and found.sigma >= secondary.SIGNIFICANT and context.is_dip_significant
    phase = found.phase if found and is_shown else 0.5
    views = make_views(context.stitched, ephemeris, phase)
    lists = {
        name: None if value is None else [round(float(v), 5) for v in value]
        for name, value in (
            ("global_view", views.global_view),
            ("local_view", views.local_view),
            ("odd_view", views.odd_view),
            ("even_view", views.even_view),
            ("secondary_view", views.secondary_view),
        )
    }
    numbers = {
        "secondary_phase": views.secondary_phase,
        "empty_global": views.empty_global,
        "empty_local": views.empty_local,
        "filled": views.filled,
    }
    signal_to_noise, _ = context.shared(snr.signal_to_noise)
    return {**lists, **numbers}, {
        "period_d": ephemeris.period_d,
        "duration_d": ephemeris.duration_d,
        "depth_ppm": context.depth.depth_ppm,
        "snr": None if math.isnan(signal_to_noise) else max(signal_to_noise, 0.0),
        "transits": len(context.rows) or None,
        "stellar_radius_rsun": context.stellar_radius_rsun,
        "density_solar": context.density_solar,
        "odd_even_ratio": odd_even.depth_ratio(context),
    }


def provenance_of_curve(stitched: StitchedLightCurve) -> dict[str, Any]:
    """Return the flux type, quality mask, sectors and cadence counts of a light curve as plain values for JSON."""
    return {
        "flux": stitched.flux_type.name,
        "mask": stitched.mask,
        "left_out": list(stitched.left_out),
        "window_d": stitched.window_d,
        "detrending": stitched.detrending.method,
        "excess_scatter": stitched.excess_scatter,
        "scatter_ppm": PPM * stitched.scatter,
        "sectors": stitched.sectors,
        "cadences": [{**asdict(count), "dropped": count.dropped} for count in stitched.counts],
    }
