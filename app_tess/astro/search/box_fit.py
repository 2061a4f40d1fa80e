"""The box that fits best near a period, epoch and duration: at full cadence, with the errors of all of them."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.search.weighted_dips import WeightedDips

STEPS = 16
"""Steps of the phase per duration."""

LENGTHS = (6, 7, 8, 10, 12, 14, 16, 19, 22, 26, 32)
"""Box lengths tried [steps]: 0.4 to 2 durations."""

REACH_DURATIONS = 2.5
"""Half-width of the stretches used, around each predicted mid-time [durations]."""

TRIED = 25
"""Periods tried in each of two passes."""


@dataclass(frozen=True)
class Box:
    """A box-shaped periodic dip: times and duration [d], relative depth, and significance against white noise."""

    period_d: float
    epoch_btjd: float
    duration_d: float
    depth: float
    snr: float


def fit_box(dips: WeightedDips, box: Box, passes: int = 2) -> Box:
    """Refine a box.

    Parameters
    ----------
    dips : WeightedDips
    box : Box
        Its epoch is right to one duration over the whole time span.
    passes : int
        0: only the epoch and the duration are refined.

    Returns
    -------
    Box
        Its epoch is that of a transit in the middle of the data. The box itself where no cadence lies near a transit.
    """
    cycles = max(dips.span_d / box.period_d, 1.0)
    half = 1.5 * box.duration_d / cycles if passes else 0.0
    for _ in range(max(passes, 1)):
        found = _best_near(dips, box, np.linspace(-half, half, TRIED if passes else 1))
        if found is None:
            return box
        box, half = found, half / 8
    return box


def _best_near(dips: WeightedDips, box: Box, shifts: FloatArray) -> Box | None:
    """Return the best box for any of these shifts of the period [d]."""
    number = np.floor((dips.time_btjd - box.epoch_btjd) / box.period_d + 0.5)
    from_transit = dips.time_btjd - box.epoch_btjd - number * box.period_d
    reach, step = min(REACH_DURATIONS * box.duration_d, box.period_d / 2), box.duration_d / STEPS
    near = np.abs(from_transit) <= reach
    if not near.any():
        return None
    number, from_transit, weight = number[near], from_transit[near], dips.weight[near]
    middle = float(np.floor(np.average(number, weights=weight) + 0.5))
    cells, total = int(2 * reach / step) + 1, float(dips.weight.sum())
    best: tuple[float, float, int, int, float] | None = None
    for shift in shifts:
        cell = ((from_transit - (number - middle) * shift + reach) / step).astype(int).clip(0, cells - 1)
        sums = [np.bincount(cell, weights=w, minlength=cells) for w in (weight * dips.dip[near], weight)]
        dip, held = (np.concatenate([[0.0], np.cumsum(values)]) for values in sums)
        for length in LENGTHS:
            if length >= cells:
                break
            inside, holds = dip[length:] - dip[:-length], held[length:] - held[:-length]
            power = inside / np.sqrt(np.maximum(holds, 1e-30) * np.maximum(1 - holds / total, 1e-9))
            power[holds < 0.3 * np.max(holds)] = 0.0
            first = int(np.argmax(power))
            if best is None or power[first] > best[0]:
                depth = float(inside[first] / holds[first] / max(1 - holds[first] / total, 1e-9))
                best = (float(power[first]), float(shift), first, length, depth)
    if best is None or best[0] <= 0:
        return None
    snr, shift, first, length, depth = best
    late = (first + length / 2) * step - reach
    period = box.period_d + shift
    return Box(period, box.epoch_btjd + middle * box.period_d + late, length * step, depth, snr)


def snr_at(dips: WeightedDips, period_d: float, duration_d: float) -> float:
    """Return the significance of the best box of one duration at a period, at any phase, against white noise."""
    cells = max(int(np.ceil(period_d / duration_d * 8)), 16)
    phase = np.mod(dips.time_btjd - dips.start_btjd, period_d) / period_d
    cell = (phase * cells).astype(int).clip(0, cells - 1)
    width = max(round(duration_d / period_d * cells), 1)
    dip, weight = (np.bincount(cell, weights=w, minlength=cells) for w in (dips.weight * dips.dip, dips.weight))
    wrapped = [np.concatenate([[0.0], np.cumsum(np.concatenate([v, v[: width - 1]]))]) for v in (dip, weight)]
    inside, holds = (values[width:] - values[:-width] for values in wrapped)
    total = float(weight.sum())
    power = inside / np.sqrt(np.maximum(holds, 1e-30) * np.maximum(1 - holds / total, 1e-9))
    power[holds < 0.3 * total * width / cells] = 0.0
    return float(power.max())
