"""Dips that happen once: the deepest boxes of a light curve, against the level on both sides.

References
----------
Kovacs et al. 2002, A&A 391, 369 (box). Osborn et al. 2016, MNRAS 457, 2273 (single transits and their false alarms).
"""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.search.periodogram import box_red_noise
from app_tess.astro.search.support import holds_no_dump, is_independent
from app_tess.astro.search.weighted_dips import WeightedDips

DURATIONS_D = tuple(hours / HOURS_PER_DAY for hours in (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 16.0))
"""Durations of the boxes [d]."""

CELLS = 8
"""Cells per box."""

LEAST_FULL = 0.6
"""Weight in a box and on either side of it, over the typical one."""

LEVEL_SHARE = 0.4
"""Difference of the levels before and after, over the depth, above which a dip is a step or a ramp."""

EDGE_SNR, EDGE_FULL, EDGE_LEVEL_SHARE = 50.0, 0.2, 0.15
"""Beside a gap, a dip of at least this significance is an eclipse, with at least this weight toward the edge (over the
typical one) and at most this difference of levels (over the depth). The detector settles in a shallower ramp."""


@dataclass(frozen=True)
class SingleDip:
    """A dip: mid-time and duration [d], relative depth, and significance with red noise."""

    time_btjd: float
    duration_d: float
    depth: float
    snr: float


def find_deepest(dips: WeightedDips, dumps_btjd: FloatArray) -> SingleDip | None:
    """Return the most significant dip of any duration that is not in a dump, a step or a ramp.

    At an edge, only a deep eclipse counts whose light has recovered when the data end.
    """
    found = [dip for duration in DURATIONS_D if (dip := _deepest(dips, duration, dumps_btjd)) is not None]
    return max(found, key=lambda dip: dip.snr, default=None)


def _deepest(dips: WeightedDips, duration_d: float, dumps_btjd: FloatArray) -> SingleDip | None:
    cell_d = duration_d / CELLS
    cells = dips.in_cells(cell_d)
    if cells.shape[1] < 4 * CELLS:
        return None
    red_noise = box_red_noise(cells, CELLS)
    dip, weight = (_boxes(values.astype(np.float64)) for values in cells)
    typical = float(np.median(weight[weight > 0]))
    middle = slice(CELLS, -CELLS)
    inside, held = dip[middle], weight[middle]
    before, held_before, after, held_after = (
        dip[: -2 * CELLS],
        weight[: -2 * CELLS],
        dip[2 * CELLS :],
        weight[2 * CELLS :],
    )
    beside = np.minimum(held_before, held_after)
    full = np.minimum(beside, held) >= LEAST_FULL * typical
    at_edge = (held >= LEAST_FULL * typical) & (beside >= EDGE_FULL * typical)
    if not at_edge.any():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        level_before, level_after = before / held_before, after / held_after
        level = (before + after) / (held_before + held_after)
        depth = inside / held - level
        error = red_noise * np.sqrt(1 / held + 1 / (held_before + held_after))
        step = np.abs(level_before - level_after)
        good = full & (
            step < np.maximum(LEVEL_SHARE * depth, 3 * red_noise * np.sqrt(1 / held_before + 1 / held_after))
        )
        good &= step < depth
        whole = at_edge & (step < EDGE_LEVEL_SHARE * depth) & (depth > EDGE_SNR * error)
        snr = np.where(good | whole, depth / error, 0.0)
    times: FloatArray = (dips.start_btjd + (np.arange(len(snr)) + 1.5 * CELLS) * cell_d).astype(np.float64)
    for index in np.argsort(-snr)[:50]:
        if snr[index] <= 0:
            break
        if is_independent(dips.time_btjd, times[[index]], duration_d, dumps_btjd)[0] or (
            whole[index] and holds_no_dump(times[[index]], duration_d, dumps_btjd)[0]
        ):
            return SingleDip(float(times[index]), duration_d, float(depth[index]), float(snr[index]))
    return None


def _boxes(cells: FloatArray) -> FloatArray:
    running = np.concatenate([[0.0], np.cumsum(cells)])
    boxes: FloatArray = running[CELLS:] - running[:-CELLS]
    return boxes
