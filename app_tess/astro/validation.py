"""Events of a pipeline's data validation, and their match to TOIs."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.errors import EphemerisError


@dataclass(frozen=True, eq=False)
class ValidationEvent:
    """One threshold-crossing event: its ephemeris, and the detrended light curve with the fitted model.

    Attributes
    ----------
    pipeline : str
        The pipeline that found the event.
    time_btjd : ndarray, shape (N,)
        BTJD [d], TDB.
    phase_d : ndarray, shape (N,)
        Time from mid-transit [d].
    flux, model, flux_detrended : ndarray, shape (N,)
        Relative to the mean of the star and centered on zero (0.01 is 10,000 ppm); NaN in a gap.
    """

    tic_id: int | None
    name: str
    pipeline: str
    period_d: float | None
    epoch_btjd: float | None
    duration_h: float | None
    depth_ppm: float | None
    time_btjd: FloatArray
    phase_d: FloatArray
    flux: FloatArray
    model: FloatArray
    flux_detrended: FloatArray
    simulated: bool
    source: str

    @property
    def ephemeris(self) -> Ephemeris:
        """The ephemeris of the event; EphemerisError without an epoch."""
        epoch_btjd = math.nan if self.epoch_btjd is None else self.epoch_btjd  # Ephemeris raises the error for NaN
        return Ephemeris(self.period_d, epoch_btjd, self.duration_h)


PERIOD_TOLERANCE = 0.002
"""Largest relative difference of two equal periods: catalogue and single-sector fits differ by 1e-3 at most."""


class Event(Protocol):
    """What `match_event` reads of an event."""

    @property
    def period_d(self) -> float | None: ...

    @property
    def epoch_btjd(self) -> float | None: ...

    @property
    def duration_h(self) -> float | None: ...

    @property
    def ephemeris(self) -> Ephemeris: ...


AnyEvent = TypeVar("AnyEvent", bound=Event)


def match_event(events: Iterable[AnyEvent], ephemeris: Ephemeris) -> AnyEvent | None:
    """Return the event with the period and epoch of an object, or None.

    The periods must agree to PERIOD_TOLERANCE. At the epoch of the event, a transit of the object must fall within one
    duration (at least 0.1 d) plus three times the timing error of the ephemeris, but within a quarter of the period;
    where the timing error is unknown, within a quarter of the period.
    An object without a period matches an event by epoch alone. The number of an event is never used.
    """
    best: AnyEvent | None = None
    best_offset = math.inf
    for event in events:
        if event.epoch_btjd is None or not event.period_d:
            continue
        tolerance = max((event.duration_h or ephemeris.duration_h or 2.4) / HOURS_PER_DAY, 0.1)
        try:
            theirs = event.ephemeris
        except EphemerisError:
            continue
        if ephemeris.period_d is None:
            offset = abs(float(theirs.fold(ephemeris.epoch_btjd)))
        else:
            if abs(event.period_d / ephemeris.period_d - 1) > PERIOD_TOLERANCE:
                continue
            # compared at the epoch of the event: over years, the smallest period error shifts the transits
            offset = abs(float(ephemeris.fold(event.epoch_btjd)))
            error_d = ephemeris.error_at(event.epoch_btjd)
            tolerance = min(tolerance + 3 * (math.inf if error_d is None else error_d), event.period_d / 4)
        if offset <= tolerance and offset < best_offset:
            best, best_offset = event, offset
    return best
