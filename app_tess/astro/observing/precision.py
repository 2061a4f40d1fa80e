"""Expected precision of differential photometry from the ground, and the significance of a transit.

Two noises are added in quadrature: the scintillation of the star, and the photon noise of star and dark sky. Read
noise, comparison stars, moonlight and slow (red) noise are left out, so that the precision is the best to be expected.

References
----------
Young 1967, AJ 72, 747.
Osborn et al. 2015, MNRAS 452, 1707.
Bessell, Castelli & Plez 1998, A&A 333, 231, table A2: fluxes of a star of magnitude 0.
Binney & Merrifield 1998, Galactic Astronomy, table 2.1: widths of the bands.
Patat 2003, A&A 400, 1183: dark sky at Paranal.
"""

import math
from dataclasses import dataclass

from app_tess.astro.constants import BOLTZMANN, PLANCK, PPM, SPEED_OF_LIGHT

BIN_S = 300.0
"""The precision is stated for a time of 5 minutes [s]."""
EFFICIENCY = 0.4
"""Share of the photons at the telescope that optics, filter and detector count; typical for a CCD camera."""
SCINTILLATION_C = 1.5
"""Osborn's C_Y [m^(2/3) s^(1/2)]: his median at observatories is 1.3 to 1.7; 1 gives Young's formula within 7 %."""
TURBULENCE_M = 8000.0
"""Scale height of the atmospheric turbulence [m]."""
APERTURE_ARCSEC = 5.0
"""Radius of the photometric aperture, for the sky in it [arcsec]."""
DEFAULT_TEFF_K = 5772.0
"""Temperature taken where the catalogue has none [K], the Sun's."""


@dataclass(frozen=True)
class Band:
    """A photometric band.

    Parameters
    ----------
    wavelength_nm, width_nm : float
        Effective wavelength and full width at half maximum [nm].
    zero_flux : float
        Flux of a star of magnitude 0 [1e-9 erg / (s cm^2 angstrom)].
    sky_mag : float
        Brightness of the dark sky [mag / arcsec^2].
    extinction_mag : float
        Extinction at a high site [mag / air mass].
    """

    name: str
    wavelength_nm: float
    width_nm: float
    zero_flux: float
    sky_mag: float
    extinction_mag: float

    @property
    def zero_photons(self) -> float:
        """Photons of a star of magnitude 0 above the atmosphere [1 / (s cm^2 angstrom)]."""
        photon_erg = 1e7 * PLANCK * SPEED_OF_LIGHT / (self.wavelength_nm * 1e-9)
        return self.zero_flux * 1e-9 / photon_erg


BANDS = {
    band.name: band
    for band in (
        Band("B", 438.0, 94.0, 6.32, 22.64, 0.25),
        Band("V", 545.0, 88.0, 3.631, 21.61, 0.13),
        Band("R", 641.0, 138.0, 2.177, 20.87, 0.09),
        Band("I", 798.0, 149.0, 1.126, 19.71, 0.05),
    )
}
"""Johnson's B and V, Cousins' R and I."""
TESS_BAND = BANDS["I"]
"""The TESS band is centered on I, and its magnitudes equal those in I within 0.1 mag for most stars."""


@dataclass(frozen=True)
class Telescope:
    """Aperture [m] and filter of a telescope, and its elevation above sea level [m]."""

    aperture_m: float
    band: Band
    elevation_m: float


def scintillation(aperture_m: float, airmass: float, time_s: float, elevation_m: float, c_y: float) -> float:
    """Return the relative scintillation noise of an integration.

    sigma^2 = 1e-5 C_Y^2 D^(-4/3) t^-1 X^3 exp(-2 h / 8000 m), with the aperture D [m], the time t [s], the air mass X
    and the elevation h [m] (Osborn et al. 2015, eq. 7).
    """
    variance = 1e-5 * c_y**2 * aperture_m ** (-4 / 3) / time_s * airmass**3 * math.exp(-2 * elevation_m / TURBULENCE_M)
    return math.sqrt(variance)


def young_scintillation(aperture_m: float, airmass: float, time_s: float, elevation_m: float) -> float:
    """Return the relative scintillation noise by Young's formula, 0.09 D^(-2/3) X^1.75 exp(-h / 8000 m) / sqrt(2 t).

    D is in cm. It underestimates the median noise at most observatories; stated for comparison.
    """
    diameter_cm = 100 * aperture_m
    height = math.exp(-elevation_m / TURBULENCE_M)
    return float(0.09 * diameter_cm ** (-2 / 3) * airmass**1.75 * height / math.sqrt(2 * time_s))


def magnitude_in(band: Band, tmag: float, teff_k: float | None, tess_band: Band = TESS_BAND) -> float:
    """Return the magnitude in a band from the TESS magnitude, with the color of a black body.

    A black body is good to some 0.2 mag from 4,000 to 8,000 K; M dwarfs are fainter in V and B than it says.
    """
    teff_k = teff_k or DEFAULT_TEFF_K
    return tmag + _black_body_mag(band, teff_k) - _black_body_mag(tess_band, teff_k)


def _black_body_mag(band: Band, teff_k: float) -> float:
    wavelength_m = band.wavelength_nm * 1e-9
    exponent = PLANCK * SPEED_OF_LIGHT / (wavelength_m * BOLTZMANN * teff_k)
    return 2.5 * math.log10(band.wavelength_nm**5 * math.expm1(min(exponent, 700)) * band.zero_flux)


def photon_noise(telescope: Telescope, magnitude: float, airmass: float, time_s: float) -> float:
    """Return the relative photon noise of an integration, of the star and the dark sky in the aperture."""
    band, area_cm2 = telescope.band, math.pi * (50 * telescope.aperture_m) ** 2
    scale = band.zero_photons * 10 * band.width_nm * area_cm2 * EFFICIENCY * time_s
    star = scale * 10 ** (-0.4 * (magnitude + band.extinction_mag * airmass))
    sky = scale * 10 ** (-0.4 * band.sky_mag) * math.pi * APERTURE_ARCSEC**2
    return math.sqrt(star + sky) / star


def precision_ppm(telescope: Telescope, magnitude: float, airmass: float, time_s: float = BIN_S) -> float:
    """Return the expected precision of an integration [ppm]: scintillation and photon noise in quadrature."""
    scintillating = scintillation(telescope.aperture_m, airmass, time_s, telescope.elevation_m, SCINTILLATION_C)
    return PPM * math.hypot(scintillating, photon_noise(telescope, magnitude, airmass, time_s))


def significance(depth_ppm: float, noise_ppm: float, in_transit_min: float, baseline_min: float) -> float:
    """Return the depth in units of its error, (depth / sigma) / sqrt(1 / n_in + 1 / n_out), for white noise.

    Parameters
    ----------
    depth_ppm, noise_ppm : float
        Depth of the transit, and precision per 5 minutes [ppm].
    in_transit_min, baseline_min : float
        Observed time in and out of transit [min]; without either the depth cannot be measured, and 0 is returned.
    """
    if in_transit_min <= 0 or baseline_min <= 0:
        return 0.0
    inside, outside = in_transit_min * 60 / BIN_S, baseline_min * 60 / BIN_S
    return depth_ppm / noise_ppm / math.sqrt(1 / inside + 1 / outside)
