"""The units of catalogue fields: astropy's spelling, the CDS standard's, and the symbol shown to readers, once each.

References
----------
CDS: Standards for Astronomical Catalogues 2.0, sec. 3.2, https://cds.unistra.fr/doc/catstd-3.2.htx.
VOTable 1.3 asks for it; the VOUnits of VOTable 1.4 have neither Earth radii nor logarithms of units.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """One unit in three spellings."""

    astropy: str
    """What `astropy.units.Unit` reads; empty for a pure number."""
    cds: str
    symbol: str
    """What a page shows. Two units can be the same for a program and differ for a reader: a day, and a date in BTJD."""


NONE = Unit("", "", "")
DAY = Unit("d", "d", "d")
BTJD = Unit("d", "d", "BTJD")
"""Days since BJD 2457000 (TDB)."""
HOUR = Unit("h", "h", "h")
KELVIN = Unit("K", "K", "K")
PARSEC = Unit("pc", "pc", "pc")

DEGREE = Unit("deg", "deg", "deg")
MILLIARCSECOND = Unit("mas", "mas", "mas")
MILLIARCSECOND_PER_YEAR = Unit("mas/yr", "mas.yr-1", "mas/yr")

MAGNITUDE = Unit("mag", "mag", "mag")
MILLIMAGNITUDE = Unit("mmag", "mmag", "mmag")
PARTS_PER_MILLION = Unit("1e-6", "ppm", "ppm")
DEX = Unit("dex(1)", "[-]", "dex")
DEX_CGS = Unit("dex(cm/s2)", "[cm.s-2]", "cgs")
"""The logarithm of an acceleration in cm/s2."""

EARTH_MASS = Unit("earthMass", "Mgeo", "M⊕")
EARTH_RADIUS = Unit("earthRad", "Rgeo", "R⊕")
EARTH_INSOLATION = Unit("", "", "S⊕")
SOLAR_RADIUS = Unit("solRad", "Rsun", "R☉")
SOLAR_MASS = Unit("solMass", "solMass", "M☉")
SOLAR_DENSITY = Unit("", "", "ρ☉")
SOLAR_LUMINOSITY = Unit("solLum", "Lsun", "L☉")

ASTROMETRIC = (DEGREE, MILLIARCSECOND, MILLIARCSECOND_PER_YEAR)
LOGARITHMIC = (MAGNITUDE, MILLIMAGNITUDE, DEX, DEX_CGS)
"""On these scales a difference, not a share, says how far two values are apart."""
