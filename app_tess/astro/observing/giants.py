"""What decides whether a TOI of a giant planet's size is a planet: catalogue values cannot.

From Saturn's size on, planets, brown dwarfs and the smallest stars have the same radius (Chen & Kipping 2017, ApJ 834,
17), and a faint eclipsing binary diluted by a brighter star may seem to have it, too.
"""

from math import log10

from app_tess.astro.constants import MEARTH_IN_MJUP, PPM
from app_tess.astro.observing.radial_velocity import semi_amplitude_ms

GIANT_REARTH = (9.0, 16.0)
"""Radii between which the catalogue score separates planets least well [R_Earth]."""

JUPITER_MJUP, DEUTERIUM_MJUP, HYDROGEN_MJUP = 1.0, 13.0, 80.0
"""A typical giant, and the least masses that burn deuterium (a brown dwarf) and hydrogen (a star) [M_Jupiter], rounded.

Source: Spiegel et al. 2011, ApJ 727, 57; Chabrier et al. 2023, A&A 671, A119.
"""

SPECTRUM = (
    "a second set of lines, or broad ones, reveals another star; gravity and temperature correct the star's radius, and"
    " with it the companion's."
)


def is_giant(radius_rearth: float | None) -> bool:
    """Return whether a radius [R_Earth] is that of a giant planet, a brown dwarf or a small star alike."""
    return radius_rearth is not None and GIANT_REARTH[0] <= radius_rearth <= GIANT_REARTH[1]


def deciding_observations(
    depth_ppm: float | None, period_d: float | None, star_msun: float | None, tmag: float | None
) -> dict[str, str]:
    """Return what would decide about a giant: the name of an observation -> a sentence on what to expect.

    Parameters
    ----------
    depth_ppm : float or None
        Transit depth [ppm].
    period_d : float or None
        Orbital period [d]; None for a single transit.
    star_msun, tmag : float or None
        The star's mass [M_Sun] and TESS magnitude.
    """
    return {
        "Centroid": _centroid(depth_ppm, tmag),
        "Radial velocity": _velocity(period_d, star_msun),
        "Spectrum": SPECTRUM,
    }


def _centroid(depth_ppm: float | None, tmag: float | None) -> str:
    shown = "the difference image, or photometry from the ground, shows which star fades"
    if not depth_ppm or not 0 < depth_ppm < PPM:
        return f"{shown}."
    fainter = -2.5 * log10(depth_ppm / PPM)
    limit = "" if tmag is None else f" (Tmag {tmag + fainter:.1f})"
    return f"{shown}. A neighbor up to {fainter:.1f} mag fainter{limit} in the aperture can cause this depth."


def _velocity(period_d: float | None, star_msun: float | None) -> str:
    if not period_d:
        return "the amplitude to expect is unknown, as the period is."
    if not star_msun:
        return "the amplitude to expect is unknown, as the star's mass is."
    planet, brown_dwarf, star = (
        f"{semi_amplitude_ms(mass / MEARTH_IN_MJUP, star_msun, period_d):,.0f} m/s"
        for mass in (JUPITER_MJUP, DEUTERIUM_MJUP, HYDROGEN_MJUP)
    )
    return (
        f"a semi-amplitude of {planet} for a planet of Jupiter's mass, {brown_dwarf} or more for a brown dwarf (from 13"
        f" Jupiter masses on) and {star} or more for an M dwarf (from 80 on); on a circular orbit."
    )
