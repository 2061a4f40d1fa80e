"""Measure a signal that was found: duration, depth, period and epoch with their errors, and its aliases.

References
----------
Carter et al. 2008, ApJ 689, 499, eqs. 19 to 23: errors of mid-time and duration of a trapezoid,
T / SNR * sqrt(theta / 2) and T / SNR * sqrt(2 theta), with theta = ingress / T.
"""

import math
from dataclasses import replace

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY, PPM
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.flatten import window_length_d
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.search.box_fit import Box, fit_box, snr_at
from app_tess.astro.search.signal import Alias, Signal
from app_tess.astro.search.single_transits import SingleDip
from app_tess.astro.search.support import Events, find_events
from app_tess.astro.search.weighted_dips import WeightedDips, weigh
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.timing import Shape, fit_line, measure_times
from app_tess.astro.vetting.transit_depths import SYSTEMATIC_SHARE
from app_tess.astro.vetting.trapezoid import fit_trapezoid

USUAL_INGRESS = 0.2
"""Ingress over duration where the shape cannot be measured."""

WIDE_DUTY = 0.15
"""Duration over period from which a dip is remarked on."""

ALIKE_SIGMA = 3.0
"""Difference of two depths that is remarked on [sigma]."""


def measure_periodic(curve: StitchedLightCurve, box: Box, sde: float, observed: StitchedLightCurve) -> Signal | None:
    """Measure a periodic signal; None where no dip is left once its transits are masked in the trend.

    Parameters
    ----------
    curve : StitchedLightCurve
        Without the signals found before.
    box : Box
        Fitted to it.
    sde : float
        Of the peak of the periodogram.
    observed : StitchedLightCurve
        The light curve as it was observed, for the number of transits expected.
    """
    ephemeris = Ephemeris(box.period_d, box.epoch_btjd, HOURS_PER_DAY * box.duration_d)
    flat = curve.flattened_again([ephemeris], window_length_d([box.duration_d, curve.window_d / 3]))
    dips = weigh(flat)
    box = fit_box(dips, box)
    if box.snr <= 0:
        return None
    ephemeris = Ephemeris(box.period_d, box.epoch_btjd, HOURS_PER_DAY * box.duration_d)
    context = VettingContext(flat, ephemeris)
    snr = box.snr / context.red_noise
    duration_h, duration_err_h, ingress = _shape(context, snr)
    ephemeris = replace(ephemeris, duration_h=duration_h)
    depth, depth_err = _depth(VettingContext(flat, ephemeris), box, snr)
    events = find_events(dips, ephemeris, np.zeros(0), context.red_noise)
    timed = _timed(flat, ephemeris, Shape(ephemeris.duration_d, ingress), context.red_noise, events, snr)
    return Signal(
        0,
        timed.require_period(),
        timed.period_err_d,
        timed.epoch_btjd,
        timed.epoch_err_d or 0.0,
        duration_h,
        duration_err_h,
        PPM * depth,
        PPM * depth_err,
        snr,
        sde,
        int(events.is_observed.sum()),
        count_expected(observed, ephemeris),
        _aliases(dips, box, context.red_noise),
        _notes(dips, box, ephemeris, events, context.red_noise),
    )


def _timed(
    flat: StitchedLightCurve, ephemeris: Ephemeris, shape: Shape, red_noise: float, events: Events, snr: float
) -> Ephemeris:
    """Return the ephemeris with its errors: a line through the mid-times, or the box's without any."""
    times = measure_times(flat, ephemeris, shape, red_noise)
    if len(times) >= 2 and np.ptp([time.number for time in times]) > 0:
        return fit_line(times, ephemeris).ephemeris
    late_d = shape.duration_d / snr * math.sqrt(shape.ingress / 2)
    number = np.round((events.time_btjd - ephemeris.epoch_btjd) / ephemeris.require_period())
    spread = float(np.std(number[events.is_observed])) if events.is_observed.any() else 0.0
    return replace(ephemeris, epoch_err_d=late_d, period_err_d=late_d / spread if spread else None)


def measure_single(curve: StitchedLightCurve, dip: SingleDip) -> Signal:
    """Measure a single transit."""
    ephemeris = Ephemeris(None, dip.time_btjd, HOURS_PER_DAY * dip.duration_d)
    flat = curve.flattened_again([ephemeris])
    context = VettingContext(flat, ephemeris)
    duration_h, duration_err_h, ingress = _shape(context, dip.snr)
    box = Box(math.inf, dip.time_btjd, dip.duration_d, dip.depth, dip.snr)
    depth, depth_err = _depth(VettingContext(flat, replace(ephemeris, duration_h=duration_h)), box, dip.snr)
    late_d = max(duration_h / HOURS_PER_DAY / dip.snr * math.sqrt(ingress / 2), dip.duration_d / 16)
    return Signal(
        0,
        None,
        None,
        dip.time_btjd,
        late_d,
        duration_h,
        duration_err_h,
        PPM * depth,
        PPM * depth_err,
        dip.snr,
        None,
        1,
        1,
    )


def _shape(context: VettingContext, snr: float) -> tuple[float, float, float]:
    """Return duration and its error [h], and the ingress over duration: of a trapezoid, or of the box."""
    fit = fit_trapezoid(context)
    if fit is None or fit.at_limit:
        return context.duration_h, context.duration_h / snr * math.sqrt(2 * USUAL_INGRESS), USUAL_INGRESS
    return fit.duration_h, fit.duration_err_h, max(fit.ingress, 0.05)


def _depth(context: VettingContext, box: Box, snr: float) -> tuple[float, float]:
    """Return relative depth and error, of the floor of the fold as in vetting; of the box where it has no cadences."""
    try:
        return context.depth.depth_ppm / PPM, context.depth_err_ppm / PPM
    except NoUsableData:
        return box.depth, box.depth / snr


def count_expected(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> int:
    """Return how many mid-times lie between the first and the last cadence of a sector."""
    inside = [stitched.time_btjd[stitched.sector == sector] for sector in np.unique(stitched.sector)]
    return sum(len(ephemeris.transit_times(float(times[0]), float(times[-1]))) for times in inside)


def _aliases(dips: WeightedDips, box: Box, red_noise: float) -> tuple[Alias, ...]:
    """Return the signal at half and twice its period, at the best phase of each."""
    return tuple(
        Alias(name, factor * box.period_d, snr_at(dips, factor * box.period_d, box.duration_d) / red_noise)
        for name, factor in (("P/2", 0.5), ("P", 1.0), ("2P", 2.0))
    )


def _notes(dips: WeightedDips, box: Box, ephemeris: Ephemeris, events: Events, red_noise: float) -> tuple[str, ...]:
    """Return sentences on odd and even transits, a dip at phase 0.5, and a dip that takes up much of the period."""
    notes = []
    number = np.round((events.time_btjd - box.epoch_btjd) / box.period_d).astype(int)
    odd, even = (_mean_depth(events, events.is_observed & (number % 2 == parity)) for parity in (1, 0))
    if odd and even and abs(odd[0] - even[0]) > ALIKE_SIGMA * math.hypot(odd[1], even[1]):
        notes.append(
            f"Odd and even transits differ ({PPM * odd[0]:,.0f} and {PPM * even[0]:,.0f} ppm): the period may be"
            f" {2 * box.period_d:.6g} d."
        )
    half_way = replace(ephemeris, epoch_btjd=box.epoch_btjd + box.period_d / 2)
    others = find_events(dips, half_way, np.zeros(0), red_noise)
    second = _mean_depth(others, others.is_observed)
    if second and second[0] > ALIKE_SIGMA * second[1]:
        alike = abs(second[0] - box.depth) < ALIKE_SIGMA * math.hypot(second[1], box.depth / box.snr * red_noise)
        notes.append(
            f"A dip of {PPM * second[0]:,.0f} ppm half a period later"
            + (f" is as deep: the period may be {box.period_d / 2:.6g} d." if alike else " is shallower: a secondary?")
        )
    if ephemeris.duration_d > WIDE_DUTY * box.period_d:
        notes.append(
            f"The dip takes up {100 * ephemeris.duration_d / box.period_d:.0f} % of the period, as in a contact binary"
            " or a variable star, not a planet's transit."
        )
    return tuple(notes)


def _mean_depth(events: Events, chosen: np.ndarray) -> tuple[float, float] | None:
    """Return the weighted mean depth of some events and its error, with a systematic one; None without events."""
    if not chosen.any():
        return None
    error = np.abs(events.depth[chosen] / np.where(events.sigma[chosen] == 0, 1e-30, events.sigma[chosen]))
    weight = 1 / np.square(np.maximum(error, 1e-30))
    depth = float((weight * events.depth[chosen]).sum() / weight.sum())
    return depth, float(np.hypot(1 / np.sqrt(weight.sum()), SYSTEMATIC_SHARE * depth))
