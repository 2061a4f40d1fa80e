"""An event of a pipeline's data validation, and the TOI it belongs to."""

from dataclasses import dataclass

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris


@dataclass(frozen=True, eq=False)
class ValidationEvent:
    """One threshold-crossing event: its ephemeris, and the detrended light curve with the fitted model.

    Arrays have shape (N,). `time_btjd` BTJD [d]; `phase_d` days from mid-transit; `flux`, `flux_detrended` and
    `model` relative to the star's mean and zero-centered (0.01 is 10,000 ppm), NaN in a gap; `pipeline` is the one that found it.
    """

    tic_id: int | None
    name: str
    pipeline: str
    period_d: float | None
    epoch_btjd: float | None
    duration_h: float | None
    depth_ppm: float | None
    time_btjd: np.ndarray
    phase_d: np.ndarray
    flux: np.ndarray
    model: np.ndarray
    flux_detrended: np.ndarray
    simulated: bool
    source: str

    @property
    def ephemeris(self):
        """The event's own Ephemeris."""
        return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h)


PERIOD_TOLERANCE = 0.002
"""Largest relative difference of two periods that are the same: catalogue and one-sector fits differ by 1e-3 at most."""


def match_event(events, ephemeris):
    """The event with an object's period and epoch, or None.

    Periods must agree to PERIOD_TOLERANCE, and at the event's epoch a transit of the object must fall within one duration
    (at least 0.1 d) plus three times the ephemeris' own error there, never more than a quarter period. An object without a
    period matches an event by epoch alone. The number of an event is never used.
    """
    best, best_offset = None, np.inf
    for event in events:
        if event.epoch_btjd is None or not event.period_d:
            continue
        tolerance = max((event.duration_h or ephemeris.duration_h or 2.4) / HOURS_PER_DAY, 0.1)
        theirs = event.ephemeris
        if ephemeris.is_single_transit:
            offset = abs(float(theirs.fold(ephemeris.epoch_btjd)))
        else:
            if abs(event.period_d / ephemeris.period_d - 1) > PERIOD_TOLERANCE:
                continue
            # compared where the event was measured: over years the smallest error of a period moves the transits
            offset = abs(float(ephemeris.fold(event.epoch_btjd)))
            tolerance = min(tolerance + 3 * (ephemeris.error_at(event.epoch_btjd) or 0.0), event.period_d / 4)
        if offset <= tolerance and offset < best_offset:
            best, best_offset = event, offset
    return best
