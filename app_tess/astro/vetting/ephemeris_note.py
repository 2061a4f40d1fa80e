"""Say in sentences which ephemeris an object is measured with, and why."""

from collections.abc import Sequence

from app_tess.astro.constants import HOURS_PER_DAY, MINUTES_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.timed_ephemeris import TimedEphemeris
from app_tess.astro.vetting.located import NOT_FOUND, REFINED, Located
from app_tess.astro.vetting.report import EphemerisUsed, TimeRow, ephemeris_values
from app_tess.astro.vetting.transit_search import SEARCHED_SIGMA


def describe(located: Located, others: Sequence[Ephemeris] = ()) -> EphemerisUsed:
    """Return the ephemeris used, with its note, the measured times and the ephemerides of the star's other objects."""
    return EphemerisUsed(
        status=located.status,
        note=" ".join(_sentences(located)),
        used=ephemeris_values(located.ephemeris),
        catalogue=ephemeris_values(located.catalogue),
        deviations=_deviations(located.ephemeris),
        times=tuple(
            TimeRow(time.number, time.time_btjd, time.error_d, time.late_d, time.transits) for time in located.times
        ),
        others=tuple({"used": ephemeris_values(other), "deviations": _deviations(other)} for other in others),
    )


def _deviations(ephemeris: Ephemeris) -> tuple[tuple[int, float], ...]:
    return ephemeris.deviations if isinstance(ephemeris, TimedEphemeris) else ()


def _sentences(located: Located) -> list[str]:
    found = [_prediction(located)]
    if located.status == NOT_FOUND and located.dip is not None:
        found.append(
            f"No significant transit was found within {_hours(located.dip.searched_d)} of the predicted times"
            f" ({located.dip.sigma:.1f} sigma; {located.dip.needed:.1f} are needed for this search), so the predicted"
            " times are used."
        )
    if located.status == REFINED:
        found += _refinement(located)
    if located.times_scatter and located.line is not None:
        found.append(
            f"The transits deviate from a linear ephemeris by {MINUTES_PER_DAY * located.line.rms_d:.1f} min (rms), so"
            " the fold is aligned on the measured times."
        )
    used_h, listed_h = located.ephemeris.duration_h, located.catalogue.duration_h
    if used_h != listed_h:
        found.append(
            f"The catalogue's duration of {listed_h:.2f} h disagrees with the light curve: a duration of {used_h:.2f} h"
            " was fitted here and is used for all measurements."
        )
    return found


def _prediction(located: Located) -> str:
    if located.uncertainty_d is None:
        return "The catalogue gives no timing error for these transits."
    in_durations = located.uncertainty_d / located.catalogue.duration_d
    return (
        f"The catalogue predicts these transits to ±{_length(located.uncertainty_d)} (1 sigma),"
        f" {in_durations:.2g} transit durations."
    )


def _refinement(located: Located) -> list[str]:
    where = _where(located)
    ephemeris = located.ephemeris
    values = f"epoch BTJD {_with_error(ephemeris.epoch_btjd, ephemeris.epoch_err_d)} d"
    if ephemeris.period_d is not None:
        values = f"period {_with_error(ephemeris.period_d, ephemeris.period_err_d)} d, {values}"
    source = (
        f"{len(located.times)} measured mid-time{'' if len(located.times) == 1 else 's'}"
        if located.times
        else "the search"
    )
    prior = " and the catalogue's values with their errors" if located.line and located.line.used_prior else ""
    return [where, f"Ephemeris refined here from {source}{prior}: {values}. All measurements use it."]


def _where(located: Located) -> str:
    """Say how far from the prediction the transits were found."""
    late = [time.late_d for time in located.times] or ([located.dip.late_d] if located.dip else [0.0])
    first, last = late[0], late[-1]
    shift = lateness(first) if abs(first - last) < 0.2 * abs(first) else f"{lateness(first)} to {lateness(last)}"
    if located.is_outside:
        return (
            f"They were found {shift}, outside the propagated error: timing variations, an outdated ephemeris, or"
            " transits of another object."
        )
    reach = "" if located.dip is None else f" within {_hours(located.dip.searched_d)} ({SEARCHED_SIGMA:.0f} sigma)"
    return f"They were searched for{reach} and found {shift}."


def _hours(half_width_d: float) -> str:
    return f"±{HOURS_PER_DAY * half_width_d:.1f} h"


def lateness(late_d: float) -> str:
    """Return how early or late transits are, in the unit that suits the deviation [d]."""
    return f"{_length(abs(late_d))} {'early' if late_d < 0 else 'late'}"


def _length(time_d: float) -> str:
    if time_d < 1 / HOURS_PER_DAY:
        return f"{MINUTES_PER_DAY * time_d:.1f} min"
    return f"{HOURS_PER_DAY * time_d:.1f} h" if time_d < 4 else f"{time_d:.1f} d"


def _with_error(value: float, error: float | None) -> str:
    return f"{value:.6f}" if not error else f"{value:.7f} ± {error:.2g}"
