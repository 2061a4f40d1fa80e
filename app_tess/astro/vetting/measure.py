"""Vetting: the measurements that tell a planet from an eclipsing binary, a blend or noise, each with error and verdict."""

import math
from dataclasses import asdict, replace

import numpy as np

from app_tess.astro.constants import RSUN_IN_REARTH
from app_tess.astro.folding import IN_TRANSIT_DURATIONS, make_views, measure_depth, require_noise
from app_tess.astro.physics import central_duration_h, density_solar_from_logg, scaled_axis
from app_tess.astro.vetting import findings
from app_tess.astro.vetting.centroid import measure_centroid
from app_tess.astro.vetting.report import Measurement, TransitRow, VettingReport
from app_tess.astro.vetting.secondary import find_secondary, measure_half_way
from app_tess.astro.vetting.shape import fit_trapezoid
from app_tess.astro.vetting.transit_depths import measure_transits, signal_to_noise, weighted_mean
from app_tess.astro.vetting.variability import measure_variability
from app_tess.errors import EphemerisError

WORTH_MASKING = 4.0
"""A second dip of this many sigma is measured again on a curve whose trend was drawn without it: unmasked it loses a tenth."""


def _plain(value):
    """A finite Python float, or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def _make(name, value=None, error=None, verdict=None, concern=None, *, needs=""):
    info = findings.CATALOGUE[name]
    if _plain(value) is None:
        return Measurement(
            name, info.title, None, None, info.unit, f"Not measured: {needs}.", None, info.formula, info.source
        )
    return Measurement(
        name, info.title, _plain(value), _plain(error), info.unit, verdict, concern, info.formula, info.source
    )


def _judged(name, value, error, **context):
    verdict, concern = findings.judge(name, value, error, **context)
    return _make(name, value, error, verdict, concern)


def _depths(stitched, ephemeris, rows, shared):
    depth = measure_depth(stitched, ephemeris)
    error = depth.depth_err_ppm * rows.red_noise_factor
    snr, snr_error = signal_to_noise(stitched, ephemeris, rows.red_noise_factor)
    return depth, [
        _judged("depth", depth.depth_ppm, error, diluted_by=_dilution(stitched)),
        _judged("snr", snr, snr_error)
        if math.isfinite(snr)
        else _make("snr", needs="the transits leave no cadence between them"),
        _judged("transits", len(rows), 0.0, period_d=ephemeris.period_d, shared=shared),
        _depth_scatter(rows),
    ]


def _dilution(stitched):
    """Share of other stars' light in the flux; None where it is unknown or has been subtracted."""
    return (1 - stitched.crowdsap) if not stitched.flux_type.crowding_corrected and stitched.crowdsap else None


def _depth_scatter(rows):
    if len(rows) < 3:
        return _make("depth_scatter", needs="it takes three transits")
    mean, _ = weighted_mean(rows.depth, rows.depth_err)
    chi2 = float((np.square(rows.depth - mean) / np.square(rows.depth_err)).sum() / (len(rows) - 1))
    return _judged("depth_scatter", chi2, math.sqrt(2 / (len(rows) - 1)), freedom=len(rows) - 1)


def _odd_even(rows):
    odd = rows.number % 2 == 1
    if not odd.any() or odd.all():
        return _make("odd_even", needs="it takes an odd and an even transit")
    (odd_depth, odd_err), (even_depth, even_err) = (
        weighted_mean(rows.depth[side], rows.depth_err[side]) for side in (odd, ~odd)
    )
    # where transits of one parity already differ among themselves by more than their errors, the errors are too small
    own = np.where(odd, odd_depth, even_depth)
    freedom = len(rows) - 2
    stretch = (
        math.sqrt(max(1.0, float((np.square((rows.depth - own) / rows.depth_err)).sum() / freedom)))
        if freedom > 0
        else 1.0
    )
    sigma = abs(odd_depth - even_depth) / (stretch * math.hypot(odd_err, even_err))
    return _judged("odd_even", sigma, 1.0, odd_ppm=1e6 * odd_depth, even_ppm=1e6 * even_depth)


def _domination(rows):
    if len(rows) < 3:
        return _make("single_event", needs="it takes three transits")
    power = np.square(np.clip(rows.depth / rows.depth_err, 0, None))
    if power.sum() <= 0:
        return _make("single_event", needs="no transit is seen as a dip")
    share, strongest = float(power.max() / power.sum()), int(np.argmax(power))
    # d(SNR_i^2) = 2 SNR_i: what each transit's own noise adds to the share
    slope = np.where(np.arange(len(power)) == strongest, 1 - share, share)
    error = 2 * math.sqrt(float((np.square(slope) * power).sum())) / float(power.sum())
    return _judged("single_event", share, error, transits=len(rows), strongest_sigma=math.sqrt(float(power[strongest])))


def _secondaries(stitched, ephemeris, rows, depth):
    if ephemeris.is_single_transit:
        return None, [_make(name, needs="a single transit has no phase") for name in findings.SECONDARY_NAMES]
    found = find_secondary(stitched, ephemeris, rows.red_noise_factor)
    if found is not None and found.sigma > WORTH_MASKING:
        eclipse = replace(ephemeris, epoch_btjd=ephemeris.epoch_btjd + found.phase * ephemeris.period_d)
        found = find_secondary(stitched.flattened_again([ephemeris, eclipse]), ephemeris, rows.red_noise_factor)
    if found is None:
        return None, [
            _make(name, needs="the period leaves no room beside the transit, or is too long")
            for name in findings.SECONDARY_NAMES
        ]
    half_way = measure_half_way(stitched, ephemeris, rows.red_noise_factor)
    context = {"primary_ppm": depth.depth_ppm, "phase": found.phase, "sigma": found.sigma, "places": found.places}
    return found, [
        _judged("secondary_depth", 1e6 * found.depth, 1e6 * found.depth_err, **context),
        _judged("secondary_phase", found.phase, ephemeris.duration_d / ephemeris.period_d / 4, **context),
        _judged("secondary_sigma", found.sigma, 1.0, **context),
        _make("half_way", needs="no cadence lies half-way between transits")
        if half_way is None
        else _judged("half_way", 1e6 * half_way[0], 1e6 * half_way[1]),
    ]


def _shapes(stitched, ephemeris, rows, depth, density, radius_rsun):
    shape = fit_trapezoid(stitched, ephemeris, rows.red_noise_factor)
    seen = depth.depth_ppm > 3 * depth.depth_err_ppm * rows.red_noise_factor
    if shape is None or not seen:
        why = "the dip is not significant" if shape else "too few points near the transit"
        measured = [_make(name, needs=why) for name in ("v_shape", "duration", "duration_ratio")]
    else:
        ratio = math.sqrt(max(shape.depth, 0))
        measured = [
            _judged("v_shape", shape.ingress, shape.ingress_err, radius_ratio=ratio),
            _judged("duration", shape.duration_h, shape.duration_err_h, catalogue_h=ephemeris.duration_h),
        ]
        if density is None or ephemeris.is_single_transit:
            measured.append(_make("duration_ratio", needs="the star's density or the period is unknown"))
        else:
            expected = float(central_duration_h(ephemeris.period_d, scaled_axis(density, ephemeris.period_d), ratio))
            measured.append(
                _judged(
                    "duration_ratio", shape.duration_h / expected, shape.duration_err_h / expected, expected_h=expected
                )
            )
    if not seen or not radius_rsun:
        measured.append(
            _make("companion_radius", needs="the star's radius is unknown" if seen else "the dip is not significant")
        )
    else:
        undiluted_ppm = depth.depth_ppm / (1 - (_dilution(stitched) or 0.0))
        radius = radius_rsun * RSUN_IN_REARTH * math.sqrt(max(undiluted_ppm, 0) * 1e-6)
        error = radius * rows.red_noise_factor * depth.depth_err_ppm / depth.depth_ppm / 2
        measured.append(_judged("companion_radius", radius, error))
    return measured


def _variabilities(stitched, ephemeris, depth):
    names = {"P/2": "variability_half", "P": "variability", "2P": "variability_double"}
    found = {} if ephemeris.is_single_transit else {row[0]: row for row in measure_variability(stitched, ephemeris)}
    return [
        _judged(key, 1e6 * found[name][2], 1e6 * found[name][3], ratio=found[name][4], depth_ppm=depth.depth_ppm)
        if name in found
        else _make(key, needs="the period is unknown, too short, or too long for the data")
        for name, key in names.items()
    ]


def _centroids(stitched, ephemeris, depth):
    shift = measure_centroid(stitched, ephemeris, depth.depth_ppm * 1e-6)
    if shift is None:
        return _make("centroid_shift", needs="the files hold no usable centroids in and beside transit")
    return _judged("centroid_shift", shift.shift_px, shift.shift_err_px, sigma=shift.sigma, lever=shift.lever)


def measure(stitched, ephemeris, label, *, others=(), stellar_radius_rsun=None, density_solar=None):
    """Measure everything about one object.

    Parameters
    ----------
    stitched : StitchedLightCurve
        Made by light_curve.stitch with this object's ephemeris among those masked.
    ephemeris : Ephemeris
        With a duration. A single transit gets what can be measured of one transit, and no views.
    label : str
        "TOI-101.01".
    others : sequence of Ephemeris
        The star's other objects: cadences in their transits are left out, or they would pass for a secondary of this one.
    stellar_radius_rsun, density_solar : float, optional
        Of the star; from the file's header (LOGG, RADIUS) where not given.

    Returns
    -------
    VettingReport

    Raises
    ------
    NoUsableData
        No cadence in transit, or none beside it; a curve without any noise.
    EphemerisError
        The object has no duration.
    """
    require_noise(stitched)
    stitched, shared = _without_others(stitched, ephemeris, others)
    radius = stellar_radius_rsun or stitched.stellar_radius_rsun
    density = density_solar
    if not density and stitched.logg is not None and radius:
        density = density_solar_from_logg(stitched.logg, radius)
    rows = measure_transits(stitched, ephemeris)
    depth, measurements = _depths(stitched, ephemeris, rows, shared)
    secondary, of_secondary = _secondaries(stitched, ephemeris, rows, depth)
    measurements += [
        _odd_even(rows),
        *of_secondary,
        *_shapes(stitched, ephemeris, rows, depth, density, radius),
        _domination(rows),
        *_variabilities(stitched, ephemeris, depth),
        _centroids(stitched, ephemeris, depth),
    ]
    views, scalars = _views(stitched, ephemeris, secondary, depth, {m.name: m for m in measurements})
    return VettingReport(
        stitched.tic_id,
        label,
        ephemeris.period_d,
        ephemeris.epoch_btjd,
        ephemeris.duration_h,
        tuple(measurements),
        tuple(
            TransitRow(int(n), float(t), 1e6 * float(d), 1e6 * float(e))
            for n, t, d, e in zip(rows.number, rows.time_btjd, rows.depth, rows.depth_err)
        ),
        views,
        scalars,
        provenance_of_curve(stitched) | {"red_noise_factor": rows.red_noise_factor},
        stitched.simulated,
    )


def _without_others(stitched, ephemeris, others):
    """(the curve without the transits of the star's other objects, False); where none of this one's would be left they are spared, True.

    The catalogue may list one signal twice, with its period and a multiple of it: each is still seen.
    """
    cut = stitched.without_transits(others)
    left, there = (ephemeris.in_transit(curve.time_btjd, IN_TRANSIT_DURATIONS).any() for curve in (cut, stitched))
    return (stitched.without_transits(others, spared=ephemeris), True) if there and not left else (cut, False)


def _views(stitched, ephemeris, secondary, depth, by_name):
    """The views as lists and the network's scalars; (None, None) for a single transit."""
    try:
        # a weak second dip is as likely noise: then the view shows phase 0.5, where a circular orbit would have it
        phase = secondary.phase if secondary and secondary.sigma >= findings.SIGNIFICANT_SECONDARY else 0.5
        views = make_views(stitched, ephemeris, phase)
    except EphemerisError:
        return None, None
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
    snr = by_name["snr"].value
    return {**lists, **numbers}, {
        "period_d": ephemeris.period_d,
        "duration_d": ephemeris.duration_d,
        "depth_ppm": depth.depth_ppm,
        "snr": None if snr is None else max(snr, 0.0),
    }


def provenance_of_curve(stitched):
    """What became of a light curve's cadences and files, as plain values: known even where nothing can be measured in it."""
    return {
        "flux": stitched.flux_type.name,
        "mask": stitched.mask,
        "left_out": list(stitched.left_out),
        "window_d": stitched.window_d,
        "scatter_ppm": 1e6 * stitched.scatter,
        "sectors": stitched.sectors,
        "cadences": [{**asdict(count), "dropped": count.dropped} for count in stitched.counts],
    }
