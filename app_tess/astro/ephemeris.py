"""The linear ephemeris of a transiting object: period, mid-transit time, duration, and their uncertainties."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app_tess.astro.arrays import BoolArray, FloatArray, IntArray
from app_tess.astro.constants import HOURS_PER_DAY, MINUTES_PER_DAY
from app_tess.astro.times import BTJD_OFFSET_D, EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD
from app_tess.errors import EphemerisError

SAME_SIGNAL = 0.01
"""Largest relative difference in period at which events that two surveys found on one star count as the same signal."""

SHORTEST_PERIOD_D = 37 / MINUTES_PER_DAY
"""Shortest orbital period of any planet, brown dwarf or star that burns hydrogen, set by its Roche limit [d].

The densest old brown dwarfs reach 37 minutes (Rappaport et al. 2021, ApJ 913, 118); planets of iron, 4 hours (Rappaport
et al. 2013, ApJL 773, L15). The shortest period of a TOI in 2025 is 3.6 hours.
"""
LONGEST_PERIOD_D = 1e6
"""Longest period that is folded or predicted, 2,700 years [d]: no transit survey measures longer ones."""


def _number(value: float | None) -> float | None:
    """Return a finite float, or None for None, NaN and infinity (a blank cell in the catalogue)."""
    if value is None:
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def _require_sensible(period_d: float) -> None:
    if period_d < SHORTEST_PERIOD_D:
        raise EphemerisError(
            f"A period of {period_d:.6g} d is shorter than {SHORTEST_PERIOD_D * MINUTES_PER_DAY:.0f} minutes, the"
            " shortest orbit outside the Roche limit of any companion (Rappaport et al. 2021, ApJ 913, 118), so nothing"
            " is folded or predicted."
        )
    if period_d > LONGEST_PERIOD_D:
        raise EphemerisError(
            f"A period of {period_d:.6g} d is longer than {LONGEST_PERIOD_D:,.0f} d, so nothing is folded or predicted."
        )


@dataclass(frozen=True)
class Ephemeris:
    """A linear ephemeris: mid-transit n happens at epoch_btjd + n * period_d.

    Parameters
    ----------
    period_d : float or None
        Orbital period [d]. None, NaN or 0 stands for a single transit, which can be marked in time but not folded.
    epoch_btjd : float
        A mid-transit time, BTJD [d], TDB.
    duration_h : float or None
        Transit duration, first to fourth contact [h]; None where unknown.
    period_err_d, epoch_err_d : float or None
        One standard deviation [d]; None, NaN, 0 or less where unknown.

    Raises
    ------
    EphemerisError
        The epoch is missing, is a BJD (above 2.4e6) or lies outside EARLIEST_EPOCH_BTJD to LATEST_EPOCH_BTJD; or the
        period is negative or outside SHORTEST_PERIOD_D to LONGEST_PERIOD_D.
    """

    period_d: float | None
    epoch_btjd: float
    duration_h: float | None = None
    period_err_d: float | None = None
    epoch_err_d: float | None = None

    def __post_init__(self) -> None:
        for name in ("period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d"):
            object.__setattr__(self, name, _number(getattr(self, name)))
        if self.epoch_btjd is None:
            raise EphemerisError("This object has no transit epoch, so its transits cannot be placed in time.")
        if self.epoch_btjd > 2_400_000:
            raise EphemerisError(f"The epoch {self.epoch_btjd:.10g} is a BJD; subtract 2457000 to get BTJD.")
        if not EARLIEST_EPOCH_BTJD <= self.epoch_btjd <= LATEST_EPOCH_BTJD:
            raise EphemerisError(
                f"The epoch BTJD {self.epoch_btjd:.10g} (BJD {self.epoch_btjd + BTJD_OFFSET_D:.10g}) is not the time of"
                " an observed transit, so its transits cannot be placed in time."
            )
        if self.period_d is not None and self.period_d < 0:
            raise EphemerisError(f"A period of {self.period_d:.6g} d is negative.")
        # catalogues write an unknown period, duration or error as 0
        for name in ("period_d", "duration_h", "period_err_d", "epoch_err_d"):
            if getattr(self, name) is not None and getattr(self, name) <= 0:
                object.__setattr__(self, name, None)

        if self.period_d is not None:
            _require_sensible(self.period_d)

    @property
    def is_single_transit(self) -> bool:
        """True where no period is known."""
        return self.period_d is None

    @property
    def has_duration(self) -> bool:
        """True where in-transit points can be identified: a duration is known and shorter than the period."""
        return self.duration_h is not None and (
            self.period_d is None or self.duration_h / HOURS_PER_DAY < self.period_d
        )

    @property
    def duration_d(self) -> float:
        """Transit duration, first to fourth contact [d].

        Raises
        ------
        EphemerisError
            The catalogue has no duration, or one as long as the period.
        """
        if self.duration_h is None:
            raise EphemerisError("This object has no transit duration, so in-transit points cannot be identified.")
        if not self.has_duration:
            raise EphemerisError(
                f"A transit of {self.duration_h:.6g} h does not fit into a period of {self.period_d:.6g} d."
            )
        return self.duration_h / HOURS_PER_DAY

    def require_period(self) -> float:
        """Return the period [d]; raise EphemerisError for a single transit."""
        if self.period_d is None:
            raise EphemerisError("This object has no period (a single transit), so its light curve cannot be folded.")
        return self.period_d

    def fold(self, time_btjd: npt.ArrayLike) -> FloatArray:
        """Fold observation times on this ephemeris.

        Parameters
        ----------
        time_btjd : array_like, shape (N,)
            Barycentric TESS Julian Date [d], TDB. NaN stays NaN.

        Returns
        -------
        ndarray, shape (N,)
            Time from the nearest mid-transit [d], in [-period_d/2, period_d/2).

        Raises
        ------
        EphemerisError
            The period is unknown (a single transit).

        References
        ----------
        Shallue & Vanderburg 2018, AJ 155, 94, sec. 3.3.
        """
        period = self.require_period()
        elapsed = np.asarray(time_btjd, dtype=float) - self.epoch_btjd
        folded = elapsed - period * np.floor(elapsed / period + 0.5)  # np.mod takes five times as long
        folded = np.where(folded >= period / 2, folded - period, folded)  # rounding may leave the interval
        return np.where(folded < -period / 2, folded + period, folded)

    def from_transit(self, time_btjd: npt.ArrayLike) -> FloatArray:
        """Return the time from the nearest mid-transit [d]; for a single transit, time minus epoch."""
        if self.is_single_transit:
            return np.asarray(time_btjd, dtype=float) - self.epoch_btjd
        return self.fold(time_btjd)

    def transit_number(self, time_btjd: npt.ArrayLike) -> IntArray:
        """Return the integer number of the transit nearest to each time; 0 is the one at epoch_btjd."""
        if self.period_d is None:
            return np.zeros(np.shape(time_btjd), dtype=int)
        elapsed = np.asarray(time_btjd, dtype=float) - self.epoch_btjd
        return np.floor(np.nan_to_num(elapsed) / self.period_d + 0.5).astype(int)

    def in_transit(self, time_btjd: npt.ArrayLike, durations: float = 1.0) -> BoolArray:
        """Return which times lie within `durations`/2 transit durations of a mid-transit; False for NaN times."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.from_transit(time_btjd)) <= durations * self.duration_d / 2

    def transit_times(self, start_btjd: float, stop_btjd: float) -> FloatArray:
        """Return the mid-transit times [BTJD d] in [start, stop], ascending; for a single transit, its epoch alone."""
        if self.period_d is None:
            return np.array([t for t in (self.epoch_btjd,) if start_btjd <= t <= stop_btjd])
        first = math.ceil((start_btjd - self.epoch_btjd) / self.period_d)
        last = math.floor((stop_btjd - self.epoch_btjd) / self.period_d)
        return self.epoch_btjd + self.period_d * np.arange(first, last + 1, dtype=float)

    def error_at(self, time_btjd: float) -> float | None:
        """Return the uncertainty of the nearest mid-transit, one standard deviation [d].

        It is sqrt(epoch_err^2 + (n period_err)^2) for transit number n. The errors of epoch and period are taken as
        uncorrelated, because the catalogue gives no covariance.

        Returns
        -------
        float or None
            None where a required error is missing: the epoch's, or the period's for any transit but number 0.
        """
        number = int(self.transit_number(time_btjd))
        if self.epoch_err_d is None or (number and self.period_err_d is None):
            return None
        return math.hypot(self.epoch_err_d, number * (self.period_err_d or 0.0))

    def time_of_error(self, error_d: float) -> float:
        """Return when, after the epoch, the timing error has grown to a value [BTJD d]: `error_at` inverted.

        The epoch, where the epoch's error alone is as large; infinity, where the period's error is unknown.
        """
        if self.period_err_d is None:
            return math.inf
        number = math.sqrt(max(error_d**2 - (self.epoch_err_d or 0.0) ** 2, 0.0)) / self.period_err_d
        return self.epoch_btjd + number * self.require_period()
