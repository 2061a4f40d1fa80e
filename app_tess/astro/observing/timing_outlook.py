"""How the timing error of a transit grows, and when the transit is lost."""

import datetime as dt
from dataclasses import dataclass

from app_tess.astro.constants import HOURS_PER_DAY, MINUTES_PER_DAY, SECONDS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.times import BTJD_AT_UNIX_EPOCH, LAST_PREDICTION_BTJD


@dataclass(frozen=True)
class TimingOutlook:
    """The timing error of an object's transits, now and later.

    Attributes
    ----------
    error_d : float
        One standard deviation of the mid-transit time nearest to now [d].
    lost_btjd : float or None
        When the error reaches the duration of the transit [BTJD d]: an observation of the predicted transit then misses
        it in a third of all cases. None: not before LAST_PREDICTION_BTJD.
    """

    name: str
    ephemeris: Ephemeris
    now_btjd: float
    error_d: float
    lost_btjd: float | None

    def describe(self) -> str:
        """Return a sentence on the error now and the date on which the transit is lost."""
        minutes, hours = self.error_d * MINUTES_PER_DAY, self.ephemeris.duration_d * HOURS_PER_DAY
        now = f"± {minutes:.1f} min" if minutes < 100 else f"± {minutes / 60:.1f} h"
        start = f"{self.name}: the 1-sigma timing error is {now} now and"
        if self.lost_btjd is None:
            return f"{start} stays below the duration of {hours:.1f} h until 2099."
        if self.lost_btjd <= self.now_btjd:
            since = month_of(self.lost_btjd)
            return f"{start} has exceeded the duration of {hours:.1f} h since {since}: the transit is lost."
        return f"{start} reaches the duration of {hours:.1f} h in {month_of(self.lost_btjd)}: the transit is then lost."


def find_outlook(name: str, ephemeris: Ephemeris, now_btjd: float) -> TimingOutlook | None:
    """Return the outlook, or None where period, duration or an error is unknown."""
    error_d = ephemeris.error_at(now_btjd)
    if ephemeris.is_single_transit or not ephemeris.has_duration or error_d is None or ephemeris.period_err_d is None:
        return None
    lost = ephemeris.time_of_error(ephemeris.duration_d)
    return TimingOutlook(name, ephemeris, now_btjd, error_d, lost if lost <= LAST_PREDICTION_BTJD else None)


def date_of(btjd: float) -> dt.datetime:
    """Return a BTJD [d] as a date (the minute between UTC and TDB is neglected)."""
    return dt.datetime.fromtimestamp((btjd - BTJD_AT_UNIX_EPOCH) * SECONDS_PER_DAY, dt.UTC)


def month_of(btjd: float) -> str:
    """Return the month of a BTJD [d]: "2031-05"."""
    return f"{date_of(btjd):%Y-%m}"
