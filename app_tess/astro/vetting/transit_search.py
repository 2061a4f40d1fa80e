"""Search for an object's transits where its uncertain ephemeris allows them, with boxes of several durations.

The predicted time of transit n is T0 + n P. An error of the epoch shifts all transits, one of the period shifts each in
proportion to its number. Both shifts are tried in a grid; the dips at all predicted times are summed for each.

References
----------
Kovacs et al. 2002, A&A 391, 369 (box search); Pont et al. 2006, MNRAS 373, 231 (noise of box means).
"""

import math
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.box_sums import CELLS, BoxSums

DURATIONS = tuple(2.0 ** (step / 2) for step in range(-3, 6))
"""Durations of the boxes, in units of the catalogue's: 0.35 to 5.7."""

SHORTEST_CADENCES, LONGEST_PERIODS = 3, 0.4
"""Range of the durations: cadences at least, periods at most."""

SEARCHED_SIGMA = 3.0
"""Half-width of the search, in propagated errors."""

FALSE_ALARM = 1e-3
"""Probability that noise exceeds the threshold anywhere in a search."""

ANYWHERE_SIGMA, ANYWHERE_DEPTHS = 7.1, (1 / 3, 3.0)
"""Significance and depth, in units of the catalogue's, of a dip that is taken for the transit although it lies outside
the propagated error: SPOC's threshold, and a factor of three."""

ALIKE = 0.1
"""Relative scatter of the depths of one object's transits that does not count against it."""

MOST_TRIED = 20_000_000
"""Boxes summed at most: the transits farthest from the best-known one are left out of larger searches."""

CLUSTER_GAP_D = 60.0
"""Gap that separates observing seasons [d]: a dip anywhere in phase is searched for in each."""


@dataclass(frozen=True)
class Dip:
    """The best position of a search.

    Attributes
    ----------
    number : int
        Transit to which `late_d` belongs.
    late_d : float
        Its time minus the predicted one [d].
    slope_d : float
        Shift of the period [d].
    duration_d, depth : float
        Duration of the box [d] and its mean relative dip.
    sigma, needed : float
        Significance, and the one that noise exceeds anywhere in the search with probability FALSE_ALARM.
    searched_d : float
        Half-width of the search for the least certain transit [d].
    """

    number: int
    late_d: float
    slope_d: float
    duration_d: float
    depth: float
    sigma: float
    needed: float
    searched_d: float

    @property
    def is_significant(self) -> bool:
        """True where noise is an unlikely cause."""
        return self.sigma >= self.needed


def predicted_numbers(stitched: StitchedLightCurve, ephemeris: Ephemeris, reach_d: float) -> IntArray:
    """Return the numbers of the transits predicted within `reach_d` of a cadence, ascending."""
    if ephemeris.period_d is None:
        nearest = np.min(np.abs(stitched.time_btjd - ephemeris.epoch_btjd))
        return np.zeros(int(nearest <= reach_d), dtype=int)
    cells = np.unique(np.floor((stitched.time_btjd - ephemeris.epoch_btjd) / ephemeris.period_d * 4)) / 4
    near = np.unique(np.concatenate([np.floor(cells), np.floor(cells) + 1])).astype(int)
    times = ephemeris.epoch_btjd + near * ephemeris.period_d
    after = np.searchsorted(stitched.time_btjd, times).clip(1, len(stitched.time_btjd) - 1)
    distance = np.minimum(np.abs(stitched.time_btjd[after] - times), np.abs(stitched.time_btjd[after - 1] - times))
    numbers: IntArray = near[distance <= reach_d]
    return numbers


def search_predicted(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> Dip | None:
    """Search within three propagated errors of the predicted times, and at least half a duration.

    Shifts are weighted by their prior probability: significance squared less (shift / error) squared.

    Returns
    -------
    Dip or None
        None where no cadence lies within reach.
    """
    period = ephemeris.period_d or math.inf
    largest = min(SEARCHED_SIGMA * (_largest_error(stitched, ephemeris) or 0.0), period / 2)
    numbers = predicted_numbers(stitched, ephemeris, largest + ephemeris.duration_d / 2)
    if len(numbers) == 0:
        return None
    best_known = int(numbers[np.argmin(np.abs(numbers))])
    epoch_err = ephemeris.error_at(ephemeris.epoch_btjd + best_known * (ephemeris.period_d or 0.0)) or 0.0
    period_err = ephemeris.period_err_d or 0.0
    return _search(stitched, ephemeris, numbers, best_known, epoch_err, period_err, largest)


def _largest_error(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float | None:
    return max(
        (error for time in stitched.time_btjd[[0, -1]] if (error := ephemeris.error_at(float(time))) is not None),
        default=None,
    )


def search_anywhere(stitched: StitchedLightCurve, ephemeris: Ephemeris, depth: float | None) -> Dip | None:
    """Search one observing season at all phases: for transits outside the propagated error, as in TOI-216.

    Parameters
    ----------
    stitched : StitchedLightCurve
    ephemeris : Ephemeris
    depth : float or None
        The catalogue's relative depth; dips that differ from it by more than a factor of three do not count.

    Returns
    -------
    Dip or None
        None where no transit is predicted in the data, or nothing passes the threshold.
    """
    if ephemeris.period_d is None:
        return None
    found = []
    season = np.concatenate([[0], np.cumsum(np.diff(stitched.time_btjd) > CLUSTER_GAP_D)])
    for number in range(int(season[-1]) + 1):
        curve = stitched.where(season == number)
        numbers = predicted_numbers(curve, ephemeris, ephemeris.duration_d)
        if len(numbers):
            dip = _search(
                curve,
                ephemeris,
                numbers,
                int(numbers[0]),
                ephemeris.period_d / 6,
                0.0,
                ephemeris.period_d / 2,
                weighted=False,
            )
            if dip is not None and dip.sigma >= max(dip.needed, ANYWHERE_SIGMA) and _has_depth(dip, depth):
                found.append(dip)
    return max(found, key=lambda dip: dip.sigma, default=None)


def _has_depth(dip: Dip, depth: float | None) -> bool:
    return not depth or ANYWHERE_DEPTHS[0] < dip.depth / depth < ANYWHERE_DEPTHS[1]


def _search(
    stitched: StitchedLightCurve,
    ephemeris: Ephemeris,
    numbers: IntArray,
    best_known: int,
    epoch_err_d: float,
    period_err_d: float,
    searched_d: float,
    weighted: bool = True,
) -> Dip | None:
    """Return the best dip of all durations; None where no box holds enough cadences."""
    durations = _durations(stitched, ephemeris)
    found, trials = [], 0.0
    for duration_d in durations:
        boxes = BoxSums(stitched, duration_d)
        late, slope = _shifts(numbers - best_known, epoch_err_d, period_err_d, duration_d, ephemeris.period_d)
        kept = numbers
        while len(late) * len(slope) * len(kept) > MOST_TRIED and len(kept) > 1:
            kept = kept[np.argsort(np.abs(kept - best_known))[: len(kept) // 2]]
            _, slope = _shifts(kept - best_known, epoch_err_d, period_err_d, duration_d, ephemeris.period_d)
        trials += max(len(late) * len(slope) / 4, 1.0)
        best = _best_shift(
            boxes,
            ephemeris,
            kept,
            best_known,
            late,
            slope,
            (epoch_err_d, period_err_d) if weighted else (0.0, 0.0),
            duration_d / stitched.cadence_d,
        )
        if best is not None:
            found.append((*best, duration_d))
    if not found:
        return None
    _, late_d, slope_d, depth, sigma, duration_d = max(found)
    needed = _threshold(trials)
    return Dip(best_known, late_d, slope_d, duration_d, depth, sigma, needed, searched_d)


def _threshold(trials: float) -> float:
    """Return the significance that noise exceeds in any of these trials with probability FALSE_ALARM."""
    from scipy.special import ndtri

    return float(-ndtri(FALSE_ALARM / trials))


def _durations(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> list[float]:
    shortest = SHORTEST_CADENCES * stitched.cadence_d
    longest = max(LONGEST_PERIODS * (ephemeris.period_d or math.inf), ephemeris.duration_d)
    return [d for factor in DURATIONS if shortest <= (d := factor * ephemeris.duration_d) <= longest] or [
        ephemeris.duration_d
    ]


def _shifts(
    numbers: IntArray, epoch_err_d: float, period_err_d: float, duration_d: float, period_d: float | None
) -> tuple[FloatArray, FloatArray]:
    """Return the shifts of the best-known transit and of the period that are tried [d], a quarter of a box apart."""
    step = 2 * duration_d / CELLS
    half = min(max(SEARCHED_SIGMA * epoch_err_d, duration_d / 2), (period_d or math.inf) / 2)
    late = np.arange(-math.ceil(half / step), math.ceil(half / step) + 1).astype(np.float64) * step
    farthest = int(np.abs(numbers).max())
    count = math.ceil(SEARCHED_SIGMA * period_err_d * farthest / step) if farthest else 0
    return late, np.arange(-count, count + 1).astype(np.float64) * (step / max(farthest, 1))


def _best_shift(
    boxes: BoxSums,
    ephemeris: Ephemeris,
    numbers: IntArray,
    best_known: int,
    late: FloatArray,
    slope: FloatArray,
    errors_d: tuple[float, float],
    cadences: float,
) -> tuple[float, float, float, float, float] | None:
    """Return score, shift, shift of the period, mean dip and significance of the best pair of shifts."""
    times = ephemeris.epoch_btjd + numbers * (ephemeris.period_d or 0.0)
    best: tuple[float, float, float, float, float] | None = None
    epoch_prior, period_prior = (
        np.square(shift / error) if error else np.zeros(len(shift))
        for shift, error in zip((late, slope), errors_d, strict=True)
    )
    for one_slope, one_prior in zip(slope, period_prior, strict=True):
        index = boxes.index(times + (numbers - best_known) * one_slope + late[:, None])
        count, dip = boxes.count[index], boxes.dip[index]
        total, summed = count.sum(axis=1), dip.sum(axis=1)
        depth = summed / np.maximum(total, 1)
        # one deep glitch among many transits is no transit: the scatter between them widens the error
        expected = np.maximum(count, 1) * (boxes.noise**2 + count * np.square(ALIKE * depth[:, None]))
        spread = (np.square(dip - depth[:, None] * count) / expected).sum(axis=1)
        excess = spread / np.maximum((count >= 3).sum(axis=1) - 1, 1)
        sigma = depth * np.sqrt(total) / boxes.noise / np.sqrt(np.maximum(excess, 1))
        score = np.where((total >= 0.5 * cadences) & (depth > 0), sigma**2 - epoch_prior - one_prior, -np.inf)
        top = int(np.argmax(score))
        if np.isfinite(score[top]) and (best is None or score[top] > best[0]):
            best = (float(score[top]), float(late[top]), float(one_slope), float(depth[top]), float(sigma[top]))
    return best
