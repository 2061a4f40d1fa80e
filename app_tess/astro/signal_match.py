"""Whose signal is it? Compare observed transit times with the ephemeris of a catalogued signal, at P, P/2 and 2P.

The criterion on period and time is that of `ephemeris_match.in_step`, which also finds TOIs that are one signal.

References
----------
Coughlin et al. 2014, AJ 147, 119: false positives of Kepler found by matching ephemerides, also at ratios of periods.
"""

import math
from dataclasses import dataclass

import numpy as np

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import LONGEST_PERIOD_D, SHORTEST_PERIOD_D, Ephemeris
from app_tess.astro.ephemeris_match import NEAREST_TOLERANCE_D, SHARE_OF_DURATION, in_step
from app_tess.astro.times import EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD
from app_tess.errors import EphemerisError, InvalidInput

MOST_TIMES = 50

RATIOS = (1.0, 0.5, 2.0)
"""Observed period / catalogued period. 1/2: both eclipses of a binary were taken for one signal. 2: every other transit
was missed, or the catalogue has taken both eclipses for one signal."""


MOST_SIGMA = 3.0
"""With a larger difference, in units of its error, a match is not firm though the transits overlap."""


@dataclass(frozen=True)
class ObservedSignal:
    """Transits that somebody has seen.

    Parameters
    ----------
    times_btjd : tuple of float
        One or more mid-transit times, BTJD [d], TDB.
    time_err_d : float or None
        One standard deviation of each [d]; None where unknown: it then counts as 0.
    period_d, period_err_d, duration_h, depth_ppm : float or None
        None where unknown. The transits between two epochs are counted with the more precise of both periods; with
        either, where the error of this one is unknown.
    """

    times_btjd: tuple[float, ...]
    time_err_d: float | None = None
    period_d: float | None = None
    period_err_d: float | None = None
    duration_h: float | None = None
    depth_ppm: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no observed transit can be.

        Raises
        ------
        InvalidInput
            `field` is the parameter's name.
        """
        if not 0 < len(self.times_btjd) <= MOST_TIMES:
            found = len(self.times_btjd)
            text = (
                f"{found} times; at most {MOST_TIMES} are possible." if found else "missing: give a mid-transit time."
            )
            raise InvalidInput(text, field="time_btjd")
        for time in self.times_btjd:
            if time > 2_400_000:
                raise InvalidInput(f"{time:.10g} is a BJD; subtract 2457000 to get BTJD.", field="time_btjd")
            _require("time_btjd", time, EARLIEST_EPOCH_BTJD, LATEST_EPOCH_BTJD)
        _require("time_err_d", self.time_err_d, 0.0, 10.0)
        _require("period_d", self.period_d, SHORTEST_PERIOD_D, LONGEST_PERIOD_D)
        _require("period_err_d", self.period_err_d, 0.0, 10.0)
        _require("duration_h", self.duration_h, 0.01, 1000.0)
        _require("depth_ppm", self.depth_ppm, 0.1, 999_999.0)
        if self.period_d and self.duration_h and self.duration_h / HOURS_PER_DAY >= self.period_d:
            raise InvalidInput(f"{self.duration_h:g} h is not shorter than the period.", field="duration_h")


def _require(name: str, value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:  # NaN is not either
        raise InvalidInput(f"{value:.10g} is outside {low:.6g} to {high:.10g}.", field=name)


@dataclass(frozen=True)
class TimeDifference:
    """An observed transit and the predicted one nearest to it."""

    time_btjd: float
    predicted_btjd: float
    difference_d: float
    """Observed minus predicted [d]."""
    error_d: float | None
    """One standard deviation of the difference [d], with the errors of epoch and period propagated; None: unknown."""

    @property
    def sigma(self) -> float | None:
        """The difference in units of its error; None where the error is unknown."""
        return self.difference_d / self.error_d if self.error_d else None


UNKNOWN_ERROR, BEYOND_ERROR, TIME_ERROR_NOT_GIVEN = "unknown error", "beyond error", "time error not given"
DOUBTS = {
    UNKNOWN_ERROR: "within 6 % of the period; the error of the prediction, which would decide, is unknown",
    BEYOND_ERROR: "the transits overlap, but differ by more than 3σ: timing variations, underestimated errors, or "
    "another signal",
    TIME_ERROR_NOT_GIVEN: "the transits overlap, but differ by more than 3σ of the prediction; the error of the "
    "observed time, which would decide, was not given",
}
"""Doubt -> what it means."""


@dataclass(frozen=True)
class SignalMatch:
    """How a catalogued signal explains an observed one."""

    ratio: float
    """Observed period / catalogued period, one of RATIOS. Without an observed period: 1, or 1/2 where transits are half
    a catalogued period from the epoch."""
    differences: tuple[TimeDifference, ...]
    doubt: str = ""
    """Why the match is only a possible one, one of DOUBTS; empty for a firm one."""

    @property
    def is_firm(self) -> bool:
        """Whether the times agree within what is known of their errors."""
        return not self.doubt

    @property
    def largest(self) -> TimeDifference:
        """The largest of the differences."""
        return max(self.differences, key=lambda difference: abs(difference.difference_d))


def match_signal(observed: ObservedSignal, known: Ephemeris) -> SignalMatch | None:
    """Return how a catalogued ephemeris explains all observed transits; None where it does not.

    Parameters
    ----------
    observed : ObservedSignal
    known : Ephemeris
        Of a single transit too: it explains times that coincide with it, or lie whole observed periods away.

    Returns
    -------
    SignalMatch or None
        The first of RATIOS that fits; firm ones are preferred.
    """
    found = [match for ratio in RATIOS if (match := _match_at(observed, known, ratio)) is not None]
    return next((match for match in found if match.is_firm), found[0] if found else None)


def _match_at(observed: ObservedSignal, known: Ephemeris, ratio: float) -> SignalMatch | None:
    folded = _folded(observed, known, ratio)
    if folded is None:
        return None
    duration_d = max(observed.duration_h or 0.0, known.duration_h or 0.0) / HOURS_PER_DAY
    if folded.period_d is None:
        differences = _counted_by_known(observed, folded)
        tolerance_d = max(SHARE_OF_DURATION * duration_d, NEAREST_TOLERANCE_D)
        limits_d = [max(tolerance_d, 3 * (difference.error_d or 0.0)) for difference in differences]
        agree = all(abs(d.difference_d) < limit_d for d, limit_d in zip(differences, limits_d, strict=True))
        return SignalMatch(ratio, differences, _doubt(observed, differences)) if agree else None
    scale = min(ratio, 1.0) / ratio
    compared_d = observed.period_d * scale if observed.period_d else folded.period_d
    by_known = (_counted_by_known(observed, folded), folded.period_d, compared_d)
    ways = [by_known]
    if observed.period_d and known.period_d:
        error_d = observed.period_err_d and observed.period_err_d * scale
        by_observed = (_counted_by_observed(observed, folded, compared_d, error_d), compared_d, folded.period_d)
        ways = [by_known, by_observed]
        if error_d and (folded.period_err_d is None or error_d < folded.period_err_d):
            ways = [by_observed]
        elif error_d:
            ways = [by_known]
    for is_firm in (True, False):
        for differences, period_d, other_period_d in ways:
            if _agree(differences, period_d, other_period_d, duration_d, is_firm):
                return SignalMatch(ratio, differences, _doubt(observed, differences) if is_firm else UNKNOWN_ERROR)
    return None


def _doubt(observed: ObservedSignal, differences: tuple[TimeDifference, ...]) -> str:
    """Return why overlapping transits may be another signal's; empty where each difference is within its error."""
    if all(difference.sigma is None or abs(difference.sigma) <= MOST_SIGMA for difference in differences):
        return ""
    return BEYOND_ERROR if observed.time_err_d else TIME_ERROR_NOT_GIVEN


def _agree(
    differences: tuple[TimeDifference, ...], period_d: float, other_period_d: float, duration_d: float, is_firm: bool
) -> bool:
    """Return whether all times and the periods agree; `is_firm`: an unknown error is no excuse for a difference."""
    unknown_d = 0.0 if is_firm else math.inf
    return all(
        in_step(
            period_d,
            difference.predicted_btjd,
            duration_d,
            other_period_d,
            difference.time_btjd,
            unknown_d if difference.error_d is None else difference.error_d,
        )
        for difference in differences
    )


def _folded(observed: ObservedSignal, known: Ephemeris, ratio: float) -> Ephemeris | None:
    """Return the ephemeris whose transits the observed ones must be at this ratio; None where the ratio says nothing.

    At 2P each observed transit is one of the catalogued ones; at P/2 every other one is.
    """
    if known.period_d is None:
        if ratio != 1.0:
            return None
        return Ephemeris(observed.period_d, known.epoch_btjd, known.duration_h, None, known.epoch_err_d)
    if ratio == 2.0 and observed.period_d is None:
        return None
    scale = min(ratio, 1.0)
    try:
        return Ephemeris(
            known.period_d * scale,
            known.epoch_btjd,
            known.duration_h,
            None if known.period_err_d is None else known.period_err_d * scale,
            known.epoch_err_d,
        )
    except EphemerisError:  # half of a period that is no orbit's
        return None


def _counted_by_known(observed: ObservedSignal, folded: Ephemeris) -> tuple[TimeDifference, ...]:
    """Compare the times with the catalogued transits nearest to them."""
    found = []
    for time in observed.times_btjd:
        number = 0 if folded.period_d is None else round((time - folded.epoch_btjd) / folded.period_d)
        predicted = folded.epoch_btjd + number * (folded.period_d or 0.0)
        error_d = folded.error_at(predicted)
        found.append(_difference(time, predicted, error_d, observed.time_err_d))
    return tuple(found)


def _counted_by_observed(
    observed: ObservedSignal, folded: Ephemeris, period_d: float, period_err_d: float | None
) -> tuple[TimeDifference, ...]:
    """Compare the times with the catalogued epoch, from which they lie whole observed periods away."""
    found = []
    for time in observed.times_btjd:
        number = round((time - folded.epoch_btjd) / period_d)
        error_d = folded.epoch_err_d
        if error_d is not None and number:
            error_d = math.hypot(error_d, number * period_err_d) if period_err_d else None
        found.append(_difference(time, folded.epoch_btjd + number * period_d, error_d, observed.time_err_d))
    return tuple(found)


def _difference(time: float, predicted: float, error_d: float | None, time_err_d: float | None) -> TimeDifference:
    error_d = None if error_d is None else math.hypot(error_d, time_err_d or 0.0)
    return TimeDifference(time, predicted, time - predicted, error_d)


def matching_ratio(observed_period_d: float, known_period_d: float) -> float | None:
    """Return the first of RATIOS at which two periods agree within one sector; None where none does.

    For a signal whose transit times are unknown, of which the period alone can be compared.
    """
    for ratio in RATIOS:
        compared_d = observed_period_d / ratio
        if in_step(known_period_d, 0.0, np.nan, compared_d, 0.0):
            return ratio
    return None
