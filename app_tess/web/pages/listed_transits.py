"""What a list of transits says of each: magnitude, precision, significance of the depth, and priority."""

from dataclasses import dataclass
from typing import Any

from app_tess.astro.observing.airmass import airmass_at
from app_tess.astro.observing.precision import magnitude_in, precision_ppm, significance
from app_tess.astro.observing.priority import Priority, detection_share, moon_share, timing_share


@dataclass(frozen=True)
class Facts:
    """What the catalogue says of a TOI and its star; units are in the names."""

    toi: str
    tic_id: int
    planet_name: str | None
    tfopwg_disposition: str | None
    depth_ppm: float | None
    tmag: float | None
    teff_k: float | None
    ra_deg: float
    dec_deg: float


@dataclass(frozen=True)
class ListedTransit:
    """An observable transit with the facts of its TOI.

    Parameters
    ----------
    transit : astro.observing.VisibleTransit
    facts : Facts
        Or a row of `storage.ephemerides` with the same attributes.
    airmass : float
        In the middle of the observable part.
    magnitude, precision_ppm, significance : float or None
        In the band of the telescope, per 5 minutes, and of the depth; None where magnitude or depth is unknown.
    priority : Priority or None
        None without a planet probability.
    """

    transit: Any
    facts: Any
    airmass: float
    magnitude: float | None
    precision_ppm: float | None
    significance: float | None
    priority: Priority | None


def list_transit(transit, facts, probability, telescope):
    """Return the ListedTransit for a telescope."""
    airmass = airmass_at(_altitude_watched(transit))
    magnitude = precision = detected = None
    if facts.tmag is not None:
        magnitude = magnitude_in(telescope.band, facts.tmag, facts.teff_k)
        precision = precision_ppm(telescope, magnitude, airmass)
        if facts.depth_ppm and transit.start is not None:
            detected = significance(facts.depth_ppm, precision, transit.watch_min, 60 * sum(transit.baseline_h))
    priority = None if probability is None else _priority(transit, probability, airmass, detected)
    return ListedTransit(transit, facts, airmass, magnitude, precision, detected, priority)


def _altitude_watched(transit):
    """Return the altitude in the middle of the observable part, between the three known ones [deg]."""
    low, middle, high = transit.altitude_deg
    if transit.start is None:
        return max(middle, 0.0)
    watched = transit.watch_from + (transit.watch_until - transit.watch_from) / 2
    place = (watched - transit.middle) / (transit.end - transit.middle)  # -1 at the start, 1 at the end
    return max(middle + place * (high - middle) if place > 0 else middle + place * (middle - low), 0.0)


def _priority(transit, probability, airmass, detected):
    duration_min = None if transit.start is None else (transit.end - transit.start).total_seconds() / 60
    return Priority(
        probability=probability,
        coverage=transit.watch_min / duration_min if duration_min else 0.5,
        altitude=1 / airmass,
        moon=moon_share(transit.moon_separation_deg, transit.moon_altitude_deg, transit.moon_illumination),
        timing=timing_share(transit.error_min, duration_min),
        detection=detection_share(detected),
    )


def _last_if_unknown(value, descending):
    return (value is None, -value if descending and value is not None else value or 0)


KEYS = {
    "priority": lambda row: _last_if_unknown(row.priority and row.priority.value, True),
    "merit": lambda row: _last_if_unknown(row.facts.planet_probability, True),
    "time": lambda row: row.transit.middle,
    "tmag": lambda row: _last_if_unknown(row.facts.tmag, False),
    "depth": lambda row: _last_if_unknown(row.facts.depth_ppm, True),
    "significance": lambda row: _last_if_unknown(row.significance, True),
}
"""The key by which each order of the form sorts."""
