"""Locate an object's transits: where they happen, how long they last, and with which ephemeris they are measured.

The catalogue's ephemeris is kept where it predicts the transits well. Otherwise they are searched for within its
propagated error, then at all phases; their times are measured, and epoch and period refined from them.
"""

from dataclasses import replace

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.flatten import window_length_d
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.timed_ephemeris import TimedEphemeris
from app_tess.astro.vetting.context import VettingContext
from app_tess.astro.vetting.located import CATALOGUE, NOT_FOUND, REFINED, SUBSTANTIAL, Located
from app_tess.astro.vetting.timing import Line, MidTime, Shape, fit_line, measure_times
from app_tess.astro.vetting.transit_search import Dip, search_anywhere, search_predicted
from app_tess.astro.vetting.trapezoid import Trapezoid, fit_trapezoid

MOVED_SIGMA = 4.0
"""Deviation from the catalogue's prediction that counts as significant."""

DURATIONS_ALIKE = 1.3
"""Ratio of fitted to catalogue duration up to which the catalogue's is used."""

SEARCH_WINDOW_D, SEARCH_DURATIONS = 1.0, 5.0
"""Window of the trend for a search, when no transit can be masked [d], and at least this many durations."""

CLEARLY_DEEPER, DEEPER = 1.5, 1.1
"""Ratio of significances from which a dip outside the propagated error is preferred to one within it: generally, and
where that one is not as long as the catalogue's transit, because a long box may contain a short dip beside it."""

USUAL_INGRESS = 0.2
"""Ingress over duration of a template with the catalogue's duration."""

PASSES = 4
"""Times that shape and mid-times are measured, each on the ephemeris found before."""


def locate(stitched: StitchedLightCurve, catalogue: Ephemeris, depth_ppm: float | None = None) -> Located:
    """Locate an object's transits.

    Parameters
    ----------
    stitched : StitchedLightCurve
        Light curve without the transits of the star's other objects, flattened with the predicted transits masked.
    catalogue : Ephemeris
        With a duration.
    depth_ppm : float, optional
        The catalogue's depth [ppm].

    Returns
    -------
    Located
    """
    uncertainty = _uncertainty(stitched, catalogue)
    unknown = Located(catalogue, catalogue, CATALOGUE, uncertainty)
    dip, is_outside = _search(stitched, catalogue, depth_ppm, uncertainty)
    if dip is None:
        return unknown
    if not dip.is_significant:
        return replace(unknown, status=NOT_FOUND, dip=dip, is_outside=is_outside)
    located = replace(unknown, dip=dip, is_outside=is_outside)
    located = _time(stitched, _shifted(catalogue, dip), located)
    if located.line is None or not _leaves_transits_untimed(stitched, located):
        return located
    again = search_predicted(_unmasked(stitched, located.ephemeris), _in_catalogue_numbers(located.line, catalogue))
    if again is None or not again.is_significant:
        return located
    return _time(stitched, _shifted(_in_catalogue_numbers(located.line, located.ephemeris), again), located)


def _uncertainty(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> float | None:
    """Return the largest propagated error of a predicted time in the data [d]; None where it is unknown."""
    errors = [ephemeris.error_at(float(time)) for time in stitched.time_btjd[[0, -1]]]
    return None if any(error is None for error in errors) else max(error for error in errors if error is not None)


def _unmasked(stitched: StitchedLightCurve, ephemeris: Ephemeris) -> StitchedLightCurve:
    """Return the light curve for a search: no transit masked, and a long window, which does not follow one."""
    return stitched.flattened_again([], max(SEARCH_WINDOW_D, SEARCH_DURATIONS * ephemeris.duration_d))


def _search(
    stitched: StitchedLightCurve, catalogue: Ephemeris, depth_ppm: float | None, uncertainty: float | None
) -> tuple[Dip | None, bool]:
    """Return the dip taken for the transits, and whether it lies outside the propagated error."""
    well_known = uncertainty is None or uncertainty <= SUBSTANTIAL * catalogue.duration_d  # None: if found there
    dip = search_predicted(stitched, catalogue)
    if dip is not None and dip.is_significant and well_known and _is_alike(dip.duration_d, catalogue.duration_d, 2.0):
        return dip, False
    wide = _unmasked(stitched, catalogue)
    dip = search_predicted(wide, catalogue)
    other = search_anywhere(wide, catalogue, depth_ppm and depth_ppm * 1e-6)
    if other is None:
        return dip, False
    if dip is not None and dip.is_significant:
        needed = CLEARLY_DEEPER if _is_alike(dip.duration_d, catalogue.duration_d, 2.0) else DEEPER
        if other.sigma < needed * dip.sigma:
            return dip, False
    return other, abs(other.late_d) > max(3 * (uncertainty or 0.0), catalogue.duration_d / 2)


def _is_alike(one: float, other: float, factor: float) -> bool:
    return 1 / factor <= one / other <= factor


def _shifted(ephemeris: Ephemeris, dip: Dip) -> Ephemeris:
    """Return the ephemeris moved to a dip, with the dip's duration where it differs much."""
    duration_h = ephemeris.duration_h
    if not _is_alike(dip.duration_d, ephemeris.duration_d, 2.0):
        duration_h = HOURS_PER_DAY * dip.duration_d
    period = None if ephemeris.period_d is None else ephemeris.period_d + dip.slope_d
    epoch = ephemeris.epoch_btjd + dip.late_d - dip.number * dip.slope_d
    return replace(ephemeris, period_d=period, epoch_btjd=epoch, duration_h=duration_h)


def _in_catalogue_numbers(line: Line, durations_of: Ephemeris) -> Ephemeris:
    """Return the ephemeris of a line, counted from the catalogue's epoch, with the duration of another."""
    refined = line.ephemeris
    epoch = refined.epoch_btjd - line.first_number * refined.require_period()
    return replace(refined, epoch_btjd=epoch, epoch_err_d=refined.error_at(epoch), duration_h=durations_of.duration_h)


def _leaves_transits_untimed(stitched: StitchedLightCurve, located: Located) -> bool:
    """Return whether the data hold transits that are still uncertain and were not timed, as in a distant sector."""
    if located.line is None:
        return False
    refined = located.line.ephemeris
    first, last = (min(t.time_btjd for t in located.times), max(t.time_btjd for t in located.times))
    ends = [time for time in stitched.time_btjd[[0, -1]] if not first - 30 < time < last + 30]
    return any((refined.error_at(float(time)) or 0.0) > refined.duration_d / 4 for time in ends)


def _time(stitched: StitchedLightCurve, linear: Ephemeris, located: Located) -> Located:
    """Measure duration and mid-times near an ephemeris that has the catalogue's numbers, and refine it from them."""
    catalogue, folded, fit = located.catalogue, linear, None
    for _ in range(PASSES):
        curve = _masked(stitched, folded, catalogue)
        context = VettingContext(curve, folded)
        found = fit_trapezoid(context)
        if found is None:
            break
        fit = found
        differs = _differs(fit, catalogue)
        shapes = [Shape(fit.duration_h / HOURS_PER_DAY, fit.ingress)]
        if differs:  # a fold smeared by timing variations is too long
            shapes.append(Shape(catalogue.duration_d, USUAL_INGRESS))
        measured = [measure_times(curve, linear, shape, context.red_noise) for shape in shapes]
        strengths = [sum(time.sigma**2 for time in times) for times in measured]
        smeared = differs and strengths[1] > CLEARLY_DEEPER**2 * strengths[0]
        linear = replace(linear, duration_h=fit.duration_h if differs and not smeared else catalogue.duration_h)
        times = tuple(_from_catalogue(measured[1 if smeared else 0], catalogue))
        line = fit_line(list(times), catalogue) if times and catalogue.period_d is not None else None
        located = replace(located, times=times, line=line)
        if line is not None:
            linear = _in_catalogue_numbers(line, linear)
        again = _timed(linear, located, 0)
        if again == folded or (_is_settled(again, folded) and not fit.at_limit):
            break
        folded = again
    return _decide(located, linear, fit)


def _is_settled(one: Ephemeris, other: Ephemeris) -> bool:
    """Return whether two ephemerides with the same numbers differ too little to measure again."""
    near = abs(one.epoch_btjd - other.epoch_btjd) < SUBSTANTIAL * one.duration_d
    return (
        near
        and one.duration_h == other.duration_h
        and isinstance(one, TimedEphemeris) == isinstance(other, TimedEphemeris)
    )


def _differs(fit: Trapezoid, ephemeris: Ephemeris) -> bool:
    """Return whether a fitted duration differs from the one in use by more than its error allows."""
    listed_h = HOURS_PER_DAY * ephemeris.duration_d
    return fit.at_limit or (
        abs(fit.duration_h - listed_h) > 5 * fit.duration_err_h
        and not _is_alike(fit.duration_h, listed_h, DURATIONS_ALIKE)
    )


def _masked(stitched: StitchedLightCurve, ephemeris: Ephemeris, catalogue: Ephemeris) -> StitchedLightCurve:
    """Return the light curve flattened with the transits masked where they are; itself where they are as predicted."""
    if ephemeris == catalogue:
        return stitched
    return stitched.flattened_again([ephemeris], window_length_d([stitched.window_d / 3, ephemeris.duration_d]))


def _from_catalogue(times: list[MidTime], catalogue: Ephemeris) -> list[MidTime]:
    """Return mid-times with their deviations from the catalogue's predictions."""
    return [
        replace(time, late_d=time.time_btjd - catalogue.epoch_btjd - time.number * (catalogue.period_d or 0.0))
        for time in times
    ]


def _timed(linear: Ephemeris, located: Located, first_number: int) -> Ephemeris:
    """Return the ephemeris with each transit's measured deviation, where the times scatter."""
    if not located.times_scatter or any(time.transits > 1 for time in located.times):
        return linear
    period = linear.require_period()
    deviations = []
    for time in located.times:
        number = time.number - first_number
        deviations.append((number, time.time_btjd - linear.epoch_btjd - number * period))
    names = ("period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d")
    return TimedEphemeris(**{name: getattr(linear, name) for name in names}, deviations=tuple(deviations))


def _decide(located: Located, linear: Ephemeris, fit: Trapezoid | None) -> Located:
    """Return the location with the ephemeris to measure with: the catalogue's, or the refined one where it matters."""
    catalogue = located.catalogue
    duration_h = linear.duration_h
    uncertain = located.uncertainty_d is None or located.uncertainty_d > SUBSTANTIAL * catalogue.duration_d
    if located.line is not None:
        refined = replace(located.line.ephemeris, duration_h=duration_h)
        first = located.line.first_number
        moved = _has_moved(located, refined)
    elif located.times:
        time = located.times[0]
        refined = replace(catalogue, epoch_btjd=time.time_btjd, epoch_err_d=time.error_d, duration_h=duration_h)
        first, moved = 0, abs(time.late_d) > max(SUBSTANTIAL * catalogue.duration_d, MOVED_SIGMA * time.error_d)
    else:
        refined, first, moved = _by_search_alone(located, linear)
    known_to_be_uncertain = uncertain and located.uncertainty_d is not None
    if moved or known_to_be_uncertain:
        return replace(located, status=REFINED, ephemeris=_timed(refined, located, first))
    kept = replace(catalogue, duration_h=duration_h)
    return replace(located, status=CATALOGUE, ephemeris=_timed(kept, located, 0))


def _has_moved(located: Located, refined: Ephemeris) -> bool:
    """Return whether a timed transit is predicted elsewhere by the refined than by the catalogue's ephemeris."""
    limit = SUBSTANTIAL * located.catalogue.duration_d
    for time in located.times:
        predicted = time.time_btjd - time.late_d
        shift = abs(float(refined.from_transit(predicted)))
        if shift > max(limit, MOVED_SIGMA * (refined.error_at(predicted) or 0.0)):
            return True
    return False


def _by_search_alone(located: Located, linear: Ephemeris) -> tuple[Ephemeris, int, bool]:
    """Return the ephemeris of a dip that is too shallow to time, the number of its epoch, and whether it has moved."""
    dip, catalogue = located.dip, located.catalogue
    if dip is None:
        return catalogue, 0, False
    error = max(dip.duration_d / 8, dip.duration_d / 2 / dip.sigma)
    epoch = linear.epoch_btjd + dip.number * (linear.period_d or 0.0)
    refined = replace(linear, epoch_btjd=epoch, epoch_err_d=error)
    return refined, dip.number, abs(dip.late_d) > SUBSTANTIAL * catalogue.duration_d + error
