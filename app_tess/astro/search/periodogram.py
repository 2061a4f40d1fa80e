"""The box-least-squares periodogram of a light curve, by fast folding.

Periods are searched octave by octave. In each, the light curve is averaged in cells an eighth of the duration of a
central transit of the Sun at the octave's shortest period, so the periods tried lie as close as transits require: their
spacing in frequency grows as f^(2/3).

References
----------
Kovacs et al. 2002, A&A 391, 369 (box least squares). Ofir 2014, A&A 561, A138 (spacing of periods).
Shahaf et al. 2022, MNRAS 513, 2732 (fast folding). Pont et al. 2006, MNRAS 373, 231 (noise of box means).
Hippke & Heller 2019, A&A 623, A39 (signal detection efficiency).
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray, IntArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.physics import central_duration_h, scaled_axis
from app_tess.astro.robust import MAD_TO_SIGMA
from app_tess.astro.search.box_fit import Box
from app_tess.astro.search.fast_folding import FoldArray, fast_fold
from app_tess.astro.search.weighted_dips import WeightedDips

SHORTEST_PERIOD_D = 0.3
"""Shortest period searched [d]."""

CELL_DURATIONS = 0.125
"""Length of a cell, in durations of a central transit of the Sun at the octave's shortest period."""

WIDTHS = (2, 3, 4, 6, 8, 12, 16, 24)
"""Box widths [cells]: a quarter to three times the duration for the Sun, for stars of 60 to 0.04 solar densities."""

COARSE_CELL_DURATIONS, COARSE_WIDTHS = 0.25, (1, 2, 3, 4, 6, 8, 12)
"""The same where the fine grid would take too long: cells of twice the length, a quarter of the work."""

COARSE_LOSS = 0.03
"""Mean loss of a transit's significance on the coarse grid (`benchmarks.search_grid`)."""

GAP_D = 0.3
"""Time without data that is a gap [d]."""

MOST_WORK = 6000.0
"""Time span times the cube root of the longest period [d^(4/3)], in which the time of a search grows, from which the
grid is coarse: 26 sectors in a row have 5,000, three sectors that are five years apart 7,700."""

LONGEST_DUTY = 0.2
"""Longest box, in periods: eclipses of contact binaries take half of that and more."""

LEAST_COVERED = 0.35
"""Fraction of the observations expected in a box that it must hold: a box in a gap is no transit."""

TREND_BLOCKS = 60
"""Number of blocks of periods in which median and scatter of the power are measured for the SDE."""


@dataclass(frozen=True, eq=False)
class Periodogram:
    """The best box at every period tried, ascending in period; arrays of shape (N,).

    Attributes
    ----------
    period_d, epoch_btjd, duration_d : ndarray
        Period [d], mid-time of the first box [BTJD d] and its width [d].
    snr : ndarray
        Depth over its error, with red noise on the timescale of the box.
    sde : ndarray
        Signal detection efficiency: (snr - running median) / running scatter.
    """

    period_d: FloatArray
    epoch_btjd: FloatArray
    duration_d: FloatArray
    snr: FloatArray
    sde: FloatArray

    def __len__(self) -> int:
        return len(self.period_d)

    def box_at(self, index: int) -> Box:
        """Return the best box at one of the periods; its depth is not known."""
        period, epoch, duration, snr = (
            float(values[index]) for values in (self.period_d, self.epoch_btjd, self.duration_d, self.snr)
        )
        return Box(period, epoch, duration, math.nan, snr)


def solar_duration_d(period_d: float) -> float:
    """Return the duration of a central transit of a small planet across the Sun [d]."""
    return float(central_duration_h(period_d, float(scaled_axis(1.0, period_d)), 0.0)) / HOURS_PER_DAY


def needs_coarse_grid(span_d: float, longest_d: float) -> bool:
    """Return whether a light curve of this time span is searched on the coarse grid up to this period [d]."""
    return bool(span_d * longest_d ** (1 / 3) > MOST_WORK)


def longest_period_d(time_btjd: FloatArray) -> float:
    """Return the longest period that is searched [d]: half the time span, but no more than the time with data.

    A planet of a longer period has less than one transit in the data on average.
    """
    steps = np.diff(time_btjd)
    return float(min((time_btjd[-1] - time_btjd[0]) / 2, steps[steps < GAP_D].sum()))


def compute_periodogram(
    dips: WeightedDips, shortest_d: float, longest_d: float, is_coarse: bool | None = None
) -> Periodogram:
    """Search all periods from `shortest_d` to `longest_d` [d].

    Parameters
    ----------
    dips : WeightedDips
    shortest_d, longest_d : float
    is_coarse : bool, optional
        Which grid; by default as `needs_coarse_grid` says.

    Returns
    -------
    Periodogram
        Empty where the light curve is shorter than twice the shortest period.
    """
    if is_coarse is None:
        is_coarse = needs_coarse_grid(dips.span_d, longest_d)
    octaves = _octaves(shortest_d, longest_d)
    found = [part for low, high in octaves for part in _search_octave(dips, low, high, is_coarse)]
    if not found:
        return Periodogram(*(np.zeros(0) for _ in range(5)))
    period, epoch, duration, snr = (np.concatenate(values).astype(np.float64) for values in zip(*found, strict=True))
    inside = (period >= shortest_d) & (period <= longest_d)
    period, epoch, duration, snr = (values[inside] for values in (period, epoch, duration, snr))
    return Periodogram(period, epoch, duration, snr, detection_efficiency(snr))


def _octaves(shortest_d: float, longest_d: float) -> Iterator[tuple[float, float]]:
    low = shortest_d
    while low < longest_d:
        yield low, min(2 * low, longest_d)
        low *= 2


def _search_octave(
    dips: WeightedDips, low_d: float, high_d: float, is_coarse: bool
) -> Iterator[tuple[FloatArray, ...]]:
    """Yield period, epoch, duration and SNR of the best box at every period of an octave, for each base period."""
    all_widths = COARSE_WIDTHS if is_coarse else WIDTHS
    cell_d = (COARSE_CELL_DURATIONS if is_coarse else CELL_DURATIONS) * solar_duration_d(low_d)
    cells = dips.in_cells(cell_d)
    red_noise = {width: box_red_noise(cells, width) for width in all_widths}
    for base in range(int(low_d / cell_d), math.ceil(high_d / cell_d)):
        folded = fast_fold(cells, base)
        widths = [width for width in all_widths if width <= max(LONGEST_DUTY * base, all_widths[0])]
        power, column, width = _best_boxes(folded, widths, red_noise)
        period: FloatArray = cell_d * (base + np.arange(len(power)) / max(len(power) - 1, 1)).astype(np.float64)
        epoch: FloatArray = (dips.start_btjd + (column + width / 2) * cell_d).astype(np.float64)
        yield period, epoch, (width * cell_d).astype(np.float64), np.sqrt(np.maximum(power, 0.0)).astype(np.float64)


def _box_sums(folded: FoldArray, widths: list[int]) -> Iterator[tuple[int, FoldArray]]:
    """Yield, for ascending widths, the circular sums of that many columns; arrays of shape (2, M, P)."""
    columns = folded.shape[-1]
    wrapped = np.concatenate([folded, folded[..., : max(widths)]], axis=-1)
    sums: dict[int, FoldArray] = {1: wrapped}
    for width in widths:
        if width == 1:
            yield width, folded
            continue
        half = width // 2 if width % 2 == 0 else width - 1
        if half not in sums or width - half not in sums:  # 3 = 2 + 1; the others are twice an earlier one
            raise ValueError(f"a box of {width} cells is not made of those before it")
        one, other = sums[half], sums[width - half]
        size = wrapped.shape[-1] - width + 1
        sums[width] = one[..., :size] + other[..., half : half + size]
        yield width, sums[width][..., :columns]


def _best_boxes(
    folded: FoldArray, widths: list[int], red_noise: dict[int, float]
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the squared SNR, first column and width of the best box of each row; arrays of shape (M,).

    With s the weighted dip and r the weight in the box, and R all weight, SNR^2 = s^2 / (r (1 - r / R)).
    """
    rows, columns = folded.shape[1:]
    total = folded[1].sum(axis=1, keepdims=True)
    best = np.full(rows, -np.inf)
    where, widest = np.zeros(rows, int), np.full(rows, widths[0])
    for width, (dip, weight) in _box_sums(folded, widths):
        floor = np.maximum(LEAST_COVERED * width / columns * total, np.float32(1e-30))
        power = dip * np.abs(dip)
        power /= np.maximum(weight, floor) * (1 - weight / total)
        power[weight < floor] = 0.0
        column = power.argmax(axis=1)
        value = power[np.arange(rows), column] / red_noise[width] ** 2
        better = value > best
        best[better], where[better], widest[better] = value[better], column[better], width
    return best, where, widest


def box_red_noise(cells: FoldArray, width: int) -> float:
    """Return the factor by which the noise of boxes `width` cells long exceeds white noise; at least 1."""
    dip, weight = (np.convolve(values, np.ones(width), "valid")[:: max(width // 2, 1)] for values in cells)
    full = weight > 0.5 * np.median(weight[weight > 0]) if (weight > 0).any() else weight > 0
    if full.sum() < 20:
        return 1.0
    sigma = dip[full] / np.sqrt(weight[full])
    return max(1.0, MAD_TO_SIGMA * float(np.median(np.abs(sigma - np.median(sigma)))))


def detection_efficiency(snr: FloatArray) -> FloatArray:
    """Return (snr - running median) / running scatter; both are interpolated between blocks of neighboring periods."""
    if len(snr) == 0:
        return np.zeros(0)
    edges = np.linspace(0, len(snr), min(TREND_BLOCKS, max(len(snr) // 50, 1)) + 1).astype(int)
    middle = (edges[:-1] + edges[1:]) / 2
    median = np.array([np.median(snr[a:b]) for a, b in itertools.pairwise(edges)])
    left_over = snr - np.interp(np.arange(len(snr)), middle, median)
    spread = MAD_TO_SIGMA * float(np.median(np.abs(left_over)))
    efficiency: FloatArray = left_over / max(spread, 1e-12)
    return efficiency
