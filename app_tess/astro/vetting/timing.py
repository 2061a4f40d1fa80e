"""Mid-transit times of single transits, or of several where one is too shallow, and a line through them.

References
----------
Winn 2010, arXiv:1001.2010, sec. 2.4 (times from a fitted template); Agol & Fabrycky 2018, Handbook of Exoplanets
(timing variations).
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray, distinct
from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import StitchedLightCurve

CELLS = 24
"""Cells per transit duration in which the light curve is averaged."""

REACH_DURATIONS, FEWER_TRANSITS = (3.0, 1.0), 60
"""Largest deviation that is looked for [durations]: with up to FEWER_TRANSITS transits, and with more."""

BESIDE_DURATIONS = 1.5
"""Half-width of the template, with the level beside the transit [durations]."""

SIGNIFICANT = 5.0
"""Significance of a transit, or of several together, from which its time is measured."""

GROUPED_SIGMA = 7.0
"""Significance for which consecutive shallow transits are combined."""

LEAST_COVERED = 0.5
"""Fraction of a template that must be observed."""

FLOOR_D, FLOOR_CADENCES = 0.3 / MINUTES_PER_DAY, 0.1
"""Smallest error of a time, [d] and in cadences: limb darkening, and ingresses with few cadences."""

PRIOR_LIMIT = 4.0
"""Difference from the catalogue's epoch or period [sigma] beyond which it is not used as a prior."""


@dataclass(frozen=True)
class MidTime:
    """A measured mid-transit time.

    Attributes
    ----------
    number : int
        Of the transit, counted from the epoch; that of the middle one for several transits.
    time_btjd, error_d : float
        Time [BTJD d] and its standard deviation [d].
    late_d : float
        Measured minus predicted time, O - C [d].
    transits : int
        How many were combined.
    sigma : float
        Significance of the dip.
    """

    number: int
    time_btjd: float
    error_d: float
    late_d: float
    transits: int
    sigma: float


@dataclass(frozen=True)
class Shape:
    """The trapezoid that is moved over the light curve: duration [d], and ingress over duration."""

    duration_d: float
    ingress: float


def measure_times(stitched: StitchedLightCurve, ephemeris: Ephemeris, shape: Shape, red_noise: float) -> list[MidTime]:
    """Measure the mid-transit times, of single transits or, where these are shallow, of several together.

    For each position of a trapezoid of fixed shape, level and depth follow from a linear fit. Significance squared,
    depth^2 / error^2, is the decrease of chi2; a parabola through its peak gives the time, and the error where it has
    decreased by one.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
        Predicted times. For a single transit, its epoch.
    shape : Shape
    red_noise : float
        Factor by which the noise of one cadence is increased.
    """
    number = ephemeris.transit_number(stitched.time_btjd)
    single = _time_groups(stitched, ephemeris, shape, red_noise, number)
    strengths = np.array([time.sigma for time in single])
    if len(strengths) == 0:
        return []
    typical = float(np.median(strengths))
    if typical >= SIGNIFICANT or len(strengths) < 3:
        return [time for time in single if time.sigma >= SIGNIFICANT]
    together = math.ceil((GROUPED_SIGMA / max(typical, 0.5)) ** 2)
    grouped = _time_groups(stitched, ephemeris, shape, red_noise, number, together)
    return [time for time in grouped if time.sigma >= SIGNIFICANT]


def _time_groups(
    stitched: StitchedLightCurve,
    ephemeris: Ephemeris,
    shape: Shape,
    red_noise: float,
    number: IntArray,
    together: int = 1,
) -> list[MidTime]:
    """Return the time of each group of `together` consecutive transits in which a dip is found."""
    step = shape.duration_d / CELLS
    reach = _reach(ephemeris, shape, len(distinct(number)), together)
    half = reach + BESIDE_DURATIONS * shape.duration_d
    distance, flux = ephemeris.from_transit(stitched.time_btjd), stitched.flux
    parts = math.ceil(stitched.cadence_d / step)
    if parts > 1:  # a long exposure covers several cells
        within = stitched.cadence_d * ((np.arange(parts) + 0.5) / parts - 0.5)
        distance, flux, number = (distance[:, None] + within).ravel(), np.repeat(flux, parts), np.repeat(number, parts)
    near = np.abs(distance) < half
    if not near.any():
        return []
    cells = 2 * math.ceil(half / step)
    groups, row = np.unique(np.floor_divide(number[near], together), return_inverse=True)
    cell = np.clip(((distance[near] / step) + cells / 2).astype(int), 0, cells - 1)
    size = len(groups) * cells
    count = np.bincount(row * cells + cell, minlength=size).reshape(-1, cells) / parts
    dip = np.bincount(row * cells + cell, weights=1 - flux[near], minlength=size).reshape(-1, cells) / parts
    power, late = _slide(count, dip, _template(shape, parts), step / stitched.cadence_d, stitched.scatter * red_noise)
    members = np.bincount(row)
    mean_number = np.bincount(row, weights=number[near]) / members
    numbers = number[near] - number[near].min()
    span = int(numbers.max()) + 1
    each = np.bincount(np.unique(row * span + numbers) // span, minlength=len(groups))  # transits of a group
    found = []
    for i in range(len(groups)):
        peak = _peak(power[i], late, step)
        if peak is not None:
            late_d, error_d, sigma = peak
            n = round(float(mean_number[i]))
            middle = ephemeris.epoch_btjd + n * (ephemeris.period_d or 0.0) + late_d
            found.append(
                MidTime(
                    n,
                    middle,
                    math.hypot(error_d, FLOOR_D, FLOOR_CADENCES * stitched.cadence_d),
                    late_d,
                    int(each[i]),
                    sigma,
                )
            )
    return found


def _reach(ephemeris: Ephemeris, shape: Shape, transits: int, together: int) -> float:
    """Return the largest deviation that is looked for [d]."""
    durations = REACH_DURATIONS[0] if transits <= FEWER_TRANSITS and together == 1 else REACH_DURATIONS[1]
    room = math.inf if ephemeris.period_d is None else ephemeris.period_d / 2 - shape.duration_d
    return max(min(durations * shape.duration_d, room), shape.duration_d / 4)


def _template(shape: Shape, parts: int) -> FloatArray:
    """Return the trapezoid, averaged in cells and an exposure of `parts` cells, to BESIDE_DURATIONS on either side."""
    width = int(2 * BESIDE_DURATIONS * CELLS)
    fine = (np.arange(5 * width) + 0.5) / 5 / CELLS - BESIDE_DURATIONS
    depth = np.clip((0.5 - np.abs(fine)) / max(shape.ingress, 0.01), 0, 1)
    exposure = np.ones(parts) if parts % 2 else np.r_[0.5, np.ones(parts - 1), 0.5]  # of odd length: no shift
    return np.convolve(depth.reshape(width, 5).mean(axis=1), exposure / parts, mode="same")


def _slide(
    count: FloatArray, dip: FloatArray, template: FloatArray, cadences: float, noise: float
) -> tuple[FloatArray, FloatArray]:
    """Return the signed significance squared at each position, shape (groups, positions), and the positions [cells].

    `cadences` is the expected number in a cell.
    """
    width = len(template)
    n, y = (np.lib.stride_tricks.sliding_window_view(values, width, axis=1) for values in (count, dip))
    kernels = np.column_stack([np.ones(width), template, template**2])
    total, inside, squares = np.moveaxis(n @ kernels, -1, 0)
    summed, weighted = np.moveaxis(y @ kernels[:, :2], -1, 0)
    beside = n @ (template == 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        information = squares - inside**2 / total
        depth = (weighted - inside * summed / total) / information
    needed = LEAST_COVERED * template.sum() * cadences
    usable = (inside >= max(needed, 2)) & (beside >= max(needed, 2)) & (information > 0)
    power = np.where(usable, np.sign(depth) * depth**2 * information / noise**2, -np.inf)
    positions = np.arange(power.shape[1]) + width / 2 - count.shape[1] / 2
    return power, positions


def _peak(power: FloatArray, positions: FloatArray, step_d: float) -> tuple[float, float, float] | None:
    """Return position and error of the highest peak [d] and its significance; None at an edge, or without a dip."""
    top = int(np.argmax(power))
    if not power[top] > 0 or top in (0, len(power) - 1):
        return None
    around = np.flatnonzero(power > max(power[top] - 4, 0.5 * power[top]))
    first, last = min(around[0], top - 1), max(around[-1], top + 1)
    first, last = max(first, top - CELLS // 2), min(last, top + CELLS // 2)
    x, y = positions[first : last + 1], power[first : last + 1]
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    if len(x) < 3:
        return None
    curvature, slope, _ = np.polyfit(x - positions[top], y, 2)
    if curvature >= 0 or abs(shift := -slope / (2 * curvature)) > CELLS / 4:
        return None
    return float((positions[top] + shift) * step_d), float(step_d / math.sqrt(-curvature)), float(math.sqrt(power[top]))


@dataclass(frozen=True)
class Line:
    """A linear ephemeris through mid-times, and the scatter about it.

    Attributes
    ----------
    ephemeris : Ephemeris
        With its errors, at the transit for which epoch and period are least correlated.
    first_number : int
        Number of its epoch, counted from the former epoch.
    chi2, freedom : float, int
        Of the mid-times about the best line through them alone.
    rms_d : float
        Root mean square of the residuals about that line [d].
    used_prior : bool
        True where the catalogue's epoch and period entered the fit.
    """

    ephemeris: Ephemeris
    first_number: int
    chi2: float
    freedom: int
    rms_d: float
    used_prior: bool


def fit_line(times: list[MidTime], ephemeris: Ephemeris) -> Line:
    """Fit epoch and period to mid-times by weighted least squares, with the catalogue's values and errors as priors.

    A prior that differs from the times by more than PRIOR_LIMIT is dropped. With one time and no prior, the period
    stays. Errors are multiplied by sqrt(reduced chi2) where that exceeds one.

    Parameters
    ----------
    times : list of MidTime
        At least one; deviations from `ephemeris`.
    ephemeris : Ephemeris
        With a period.
    """
    number, late, error = (
        np.array(column) for column in zip(*((t.number, t.late_d, t.error_d) for t in times), strict=True)
    )
    design = np.column_stack([np.ones(len(number)), number]) / error[:, None]
    several = np.ptp(number) > 0.5
    if several:
        alone = np.linalg.lstsq(design, late / error, rcond=None)[0]
    else:
        alone = np.array([np.average(late, weights=error**-2.0), 0.0])
    residual = late / error - design @ alone
    chi2, freedom = float(residual @ residual), max(len(number) - 2, 0)
    stretch = max(chi2 / freedom, 1.0) if freedom else 1.0
    normal, right = design.T @ design / stretch, design.T @ (late / error) / stretch
    covariance = np.linalg.inv(normal) if several else np.diag([1 / normal[0, 0], (ephemeris.period_err_d or 0.0) ** 2])
    shift, used_prior = alone, False
    if ephemeris.epoch_err_d and ephemeris.period_err_d:
        prior = np.diag([ephemeris.epoch_err_d**-2.0, ephemeris.period_err_d**-2.0])
        joint = np.linalg.solve(normal + prior, right)
        strain = joint @ prior @ joint + np.sum((late / error - design @ joint) ** 2) / stretch - chi2 / stretch
        if strain < PRIOR_LIMIT**2:
            shift, covariance, used_prior = joint, np.linalg.inv(normal + prior), True
    first = round(-covariance[0, 1] / covariance[1, 1]) if several or used_prior else round(float(number[0]))
    lever = np.array([1.0, first]) if several or used_prior else np.array([1.0, 0.0])
    period = ephemeris.require_period()
    refined = replace(
        ephemeris,
        period_d=period + shift[1],
        epoch_btjd=ephemeris.epoch_btjd + first * period + float(lever @ shift),
        period_err_d=math.sqrt(covariance[1, 1]),
        epoch_err_d=math.sqrt(lever @ covariance @ lever),
    )
    rms = float(np.sqrt(np.mean(np.square(residual * error))))
    return Line(refined, int(first), chi2, freedom, rms, used_prior)
