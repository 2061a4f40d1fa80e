"""The transits of a stored star: the ephemerides of its TOIs."""

import contextlib

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import toi_name
from app_tess.errors import EphemerisError, MissingData


def ephemeris_of(toi):
    """Return the transit ephemeris of a stored TOI."""
    return Ephemeris(toi.period_d, toi.epoch_btjd, toi.duration_h, toi.period_err_d, toi.epoch_err_d)


def why_not_folded(toi):
    """Return the reason why a stored TOI's light curve cannot be folded; None if it can."""
    try:
        ephemeris_of(toi).require_period()
    except EphemerisError as error:
        return str(error)
    return None


def placed_tois(star):
    """Yield (toi, Ephemeris) of each TOI whose transits can be placed in time; the others are left out."""
    for toi in star.tois:
        with contextlib.suppress(EphemerisError):
            yield toi, ephemeris_of(toi)


def marked_transits(star):
    """Return (name, Ephemeris) of each TOI whose transits can be placed in time."""
    return [(toi_name(toi.toi), ephemeris) for toi, ephemeris in placed_tois(star)]


def other_ephemerides(star, toi):
    """Return the Ephemeris of each of the star's other TOIs that has one."""
    return [ephemeris for name, ephemeris in marked_transits(star) if name != toi_name(toi.toi)]


def find_toi(star, toi_id):
    """Return a star's TOI; MissingData if it has no such TOI."""
    for toi in star.tois:
        if toi.toi == toi_id:
            return toi
    raise MissingData(f"TIC {star.tic_id} has no TOI {toi_id}.")
