"""Physical constants and TESS facts, each written once, with its unit and source.

The values of the Sun and the planets are the IAU 2015 nominal ones (Resolution B3; Prsa et al. 2016, AJ 152, 41), those
of physics the SI's of 2019. All are those of `astropy.constants`: a test compares them. They are written out because
that module takes longer to import than the site to start. Values derived from them are rounded to the digits given in
their descriptions: the features of the shipped model were computed with the rounded values, and the rounding is far
below any measurement error. The BTJD offset is in `app_tess.astro.times`.
"""

from math import log10, pi

GM_SUN = 1.3271244e20
GM_EARTH = 3.986004e14
GM_JUPITER = 1.2668653e17
"""Nominal mass parameters [m^3/s^2]."""

R_SUN = 6.957e8
R_EARTH = 6.3781e6
"""Nominal radii, the Earth's equatorial [m]."""

L_SUN = 3.828e26
"""Nominal solar luminosity [W]."""

AU = 149_597_870_700.0
"""Astronomical unit [m] (IAU 2012 Resolution B2)."""

SPEED_OF_LIGHT = 299_792_458.0
PLANCK = 6.62607015e-34
BOLTZMANN = 1.380649e-23
"""Speed of light [m/s], Planck's constant [J s], Boltzmann's constant [J/K]."""

STEFAN_BOLTZMANN = 2 * pi**5 * BOLTZMANN**4 / (15 * PLANCK**3 * SPEED_OF_LIGHT**2)
"""Stefan-Boltzmann constant [W m^-2 K^-4]: 5.670374e-8."""

SECONDS_PER_DAY = 86400.0
MINUTES_PER_DAY = 1440.0
HOURS_PER_DAY = 24.0

JULIAN_YEAR_D = 365.25
"""Length of a Julian year [d]."""

PPM = 1e6
"""Parts per million in one."""

RSUN_IN_REARTH = round(R_SUN / R_EARTH, 3)
"""Nominal solar radius [nominal equatorial Earth radii]: 109.076."""

MEARTH_IN_MJUP = GM_EARTH / GM_JUPITER
MEARTH_IN_MSUN = GM_EARTH / GM_SUN
"""Nominal mass of the Earth [nominal masses of Jupiter, and of the Sun]."""

SUN_LOGG = round(log10(100 * GM_SUN / R_SUN**2), 3)
"""log10 of the Sun's surface gravity [cm/s^2]: 4.438."""

SUN_TEFF_K = 5772.0
"""Nominal effective temperature of the Sun [K]."""

SUN_BOLOMETRIC_MAG = 4.74
"""Absolute bolometric magnitude of the Sun [mag] (IAU 2015 Resolution B2)."""

SUN_SCALED_AXIS_1D = round((GM_SUN * SECONDS_PER_DAY**2 / (4 * pi**2)) ** (1 / 3) / R_SUN, 4)
"""a/R* of a one-day orbit around a star of solar density, (G M P^2 / 4 pi^2)^(1/3) / R: 4.2083.

The mass of the planet is neglected.
"""

EARTH_EQUILIBRIUM_K = round((L_SUN / (16 * pi * STEFAN_BOLTZMANN * AU**2)) ** 0.25, 1)
"""Equilibrium temperature at the Earth's insolation, for zero albedo and full heat redistribution [K]: 278.3."""

HABITABLE_INSOLATION_EARTH = (0.2, 1.8)
"""Range of insolation [Earth's] in which a rocky planet may hold liquid water, by the optimistic limits.

The limits are early Mars around the coolest dwarfs (0.20 at 2600 K; 0.32 at the Sun's temperature) and recent Venus at
the Sun's temperature (1.78), as defined by Kopparapu et al. 2013, ApJ 765, 131, with the coefficients of Kopparapu et
al. 2014, ApJ 787, L29, table 1.
"""

TESS_PIXEL_ARCSEC = 21.0
"""Mean size of a TESS pixel on the sky [arcsec] (TESS Instrument Handbook, table 1.1)."""
