"""What stands in the sky over a place, and when it is dark there. Altitudes, twilight and the Moon are astroplan's.

Ephemerides are in BJD (TDB), the time at which light passes the solar system's barycentre; an observer's clock shows UTC
where he stands, up to 8.3 minutes (light travel) and 69 s (TDB - UTC) away from it. astroplan's own transit times leave both
out (its EclipsingSystem warns of it), so `observer_utc` puts them in.
Source: Eastman, Siverd & Gaudi 2010, PASP 122, 935.
"""

import datetime as dt
import warnings
from dataclasses import dataclass

import astropy.units as u
import numpy as np
from astroplan import Observer, TargetAlwaysUpWarning, TargetNeverUpWarning
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.coordinates.erfa_astrom import ErfaAstromInterpolator, erfa_astrom
from astropy.time import Time
from astropy.utils import iers

from app_tess.astro.times import BTJD_OFFSET_D

iers.conf.auto_download = (
    False  # the installed astropy-iers-data is good to a second for years: no page waits for a download
)
iers.conf.auto_max_age = None
iers.conf.iers_degraded_accuracy = "ignore"
erfa_astrom.set(ErfaAstromInterpolator(900 * u.s))  # 6,000 altitudes in a fifth of the time, 1e-10 deg away

NAUTICAL_DEG, ASTRONOMICAL_DEG, HORIZON_DEG = -12.0, -18.0, -0.833
"""The Sun's altitude when photometry becomes possible, when the sky is dark, and when it rises (refraction and radius)."""
DAWN = dt.timedelta(hours=6)
"""Before local noon, in mean time: who asks later in the morning means the coming night."""
HALF_DAY = dt.timedelta(hours=12)


def observer_at(site):
    """astroplan's Observer at a Site; without air, so altitudes are true, not lifted by refraction."""
    return Observer(
        name=site.name,
        location=EarthLocation.from_geodetic(
            site.longitude_deg * u.deg, site.latitude_deg * u.deg, site.elevation_m * u.m
        ),
    )


def observer_utc(bjd_tdb, coordinates, location):
    """Barycentric times as an observer's clock shows them.

    Parameters
    ----------
    bjd_tdb : ndarray, shape (N,)
        BJD (TDB) [d].
    coordinates : SkyCoord, scalar or shape (N,)
    location : EarthLocation

    Returns
    -------
    Time, shape (N,), scale UTC
        Good to 0.05 s: the light-travel time is taken at the barycentric instead of the observer's instant.
    """
    bjd = Time(
        np.full(np.shape(bjd_tdb), BTJD_OFFSET_D),
        np.asarray(bjd_tdb) - BTJD_OFFSET_D,
        format="jd",
        scale="tdb",
        location=location,
    )
    clock = (bjd - bjd.light_travel_time(coordinates, "barycentric", ephemeris="builtin")).utc
    return Time(clock.jd1, clock.jd2, format="jd", scale="utc")  # astroplan places its own observer


def noon_after(moment, site):
    """The first local mean noon after a UTC moment: there the astronomer's night ends."""
    noon = moment.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(hours=12 - site.longitude_deg / 15)
    while noon > moment:
        noon -= dt.timedelta(days=1)
    return noon + dt.timedelta(days=1)


def evening_of(moment, site):
    """The date of the evening on which a night begins, in local mean time."""
    return (moment + dt.timedelta(hours=site.longitude_deg / 15 - 12)).date()


def is_ever_dark(site, start, nights):
    """Does the Sun reach -12 deg at any local midnight of these nights? Near the poles it does not in summer."""
    midnights = Time(noon_after(start + DAWN, site) - HALF_DAY) + np.arange(nights) * u.day
    return bool((observer_at(site).sun_altaz(midnights).alt.deg <= NAUTICAL_DEG).any())


@dataclass(frozen=True)
class Twilight:
    """A night's edges, UTC; None where the Sun does not cross that altitude. `dusk`, `dawn`: the Sun at -12 deg;
    `dark_from`, `dark_until`: at -18 deg."""

    dusk: dt.datetime | None
    dark_from: dt.datetime | None
    dark_until: dt.datetime | None
    dawn: dt.datetime | None


def find_twilight(site, moment):
    """The Twilight of the night that ends at the noon after a moment."""
    observer, noon = observer_at(site), noon_after(moment, site)
    began, ends = Time(noon - 2 * HALF_DAY), Time(noon)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", (TargetAlwaysUpWarning, TargetNeverUpWarning))  # told by None
        return Twilight(
            *(
                _moment(find(when, which=which))
                for find, when, which in (
                    (observer.twilight_evening_nautical, began, "next"),
                    (observer.twilight_evening_astronomical, began, "next"),
                    (observer.twilight_morning_astronomical, ends, "previous"),
                    (observer.twilight_morning_nautical, ends, "previous"),
                )
            )
        )


def _moment(time):
    return None if np.any(time.mask) else time.to_datetime(timezone=dt.UTC)


@dataclass(frozen=True)
class NightTracks:
    """Altitudes through one night [deg], for a plot: `times` (UTC datetimes, shape (N,)), Sun and Moon, and each target's."""

    times: np.ndarray
    sun_altitude_deg: np.ndarray
    moon_altitude_deg: np.ndarray
    altitudes_deg: list


def night_tracks(site, targets, moment, step_min=10):
    """Altitudes of targets, Sun and Moon from the noon before a moment to the noon after it, cut to when the Sun is down."""
    observer, noon = observer_at(site), noon_after(moment, site)
    times = Time(noon - 2 * HALF_DAY) + np.arange(0, 1440 + step_min, step_min) * u.min
    sun = observer.sun_altaz(times).alt.deg
    down = sun < HORIZON_DEG + 2
    if down.any():
        times, sun = times[down], sun[down]
    altitudes = [
        observer.altaz(times, SkyCoord(target.ra_deg * u.deg, target.dec_deg * u.deg)).alt.deg for target in targets
    ]
    return NightTracks(times.to_datetime(timezone=dt.UTC), sun, observer.moon_altaz(times).alt.deg, altitudes)
