"""Physical constants and TESS facts, each written once, with its unit and source.

The values of the Sun and the Earth are the IAU 2015 nominal ones (Resolution B3; Prsa et al. 2016, AJ 152, 41), from
`astropy.constants`. Derived values are rounded to the digits given in their descriptions: the features of the shipped
model were computed with the rounded values, and the rounding is far below any measurement error. The BTJD offset is in
`app_tess.astro.times`.
"""

from math import log10, pi

from astropy.constants import GM_earth, GM_jup, GM_sun, L_sun, R_earth, R_sun, au, sigma_sb

SECONDS_PER_DAY = 86400.0
MINUTES_PER_DAY = 1440.0
HOURS_PER_DAY = 24.0

JULIAN_YEAR_D = 365.25
"""Length of a Julian year [d]."""

PPM = 1e6
"""Parts per million in one."""

RSUN_IN_REARTH = round(R_sun.value / R_earth.value, 3)
"""Nominal solar radius [nominal equatorial Earth radii]: 109.076."""

MEARTH_IN_MJUP = GM_earth.value / GM_jup.value
MEARTH_IN_MSUN = GM_earth.value / GM_sun.value
"""Nominal mass of the Earth [nominal masses of Jupiter, and of the Sun]."""

SUN_LOGG = round(log10(100 * GM_sun.value / R_sun.value**2), 3)
"""log10 of the Sun's surface gravity [cm/s^2]: 4.438."""

SUN_TEFF_K = 5772.0
"""Nominal effective temperature of the Sun [K]."""

SUN_BOLOMETRIC_MAG = 4.74
"""Absolute bolometric magnitude of the Sun [mag] (IAU 2015 Resolution B2)."""

SUN_SCALED_AXIS_1D = round((GM_sun.value * SECONDS_PER_DAY**2 / (4 * pi**2)) ** (1 / 3) / R_sun.value, 4)
"""a/R* of a one-day orbit around a star of solar density, (G M P^2 / 4 pi^2)^(1/3) / R: 4.2083.

The mass of the planet is neglected.
"""

EARTH_EQUILIBRIUM_K = round((L_sun.value / (16 * pi * sigma_sb.value * au.value**2)) ** 0.25, 1)
"""Equilibrium temperature at the Earth's insolation, for zero albedo and full heat redistribution [K]: 278.3."""

HABITABLE_INSOLATION_EARTH = (0.2, 1.8)
"""Range of insolation [Earth's] in which a rocky planet may hold liquid water, by the optimistic limits.

The limits are early Mars around the coolest dwarfs (0.20 at 2600 K; 0.32 at the Sun's temperature) and recent Venus at
the Sun's temperature (1.78), as defined by Kopparapu et al. 2013, ApJ 765, 131, with the coefficients of Kopparapu et
al. 2014, ApJ 787, L29, table 1.
"""

TESS_PIXEL_ARCSEC = 21.0
"""Mean size of a TESS pixel on the sky [arcsec] (TESS Instrument Handbook, table 1.1)."""
