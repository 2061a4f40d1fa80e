"""Stars whose truth is known, at ten-minute cadence to be fast: planets, binaries, blends, glitches, spots."""

from dataclasses import dataclass

import batman
import numpy as np

from app_tess.archives.products.spoc_light_curve import FLUXES
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import Flux, LightCurve
from app_tess.astro.physics import scaled_axis
from app_tess.astro.quality import TESS_MASKS

CADENCE_D = 10 / 1440
NOISE = 5e-4
CROWDSAP = 0.95
SUN = {"logg": 4.438, "stellar_radius_rsun": 1.0}


@dataclass(frozen=True)
class Orbit:
    """A transit of a Sun: period [d], radius ratio, impact parameter; the duration follows (circular orbit)."""

    period_d: float = 3.0
    radius_ratio: float = 0.1
    impact: float = 0.3
    epoch_btjd: float = 1326.0

    @property
    def axis_ratio(self):
        return scaled_axis(1.0, self.period_d)

    @property
    def duration_h(self):
        """First to fourth contact [h]; Winn 2010, eq. 14."""
        chord = np.sqrt((1 + self.radius_ratio) ** 2 - self.impact**2)
        sine = chord / np.sqrt(self.axis_ratio**2 - self.impact**2)
        return 24 * self.period_d / np.pi * np.arcsin(sine)

    @property
    def ephemeris(self):
        return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h)

    def dip(self, time_btjd):
        """Relative light lost, shape (N,): Mandel & Agol 2002 by batman, averaged over a cadence."""
        params = batman.TransitParams()
        params.t0, params.per, params.rp, params.a = self.epoch_btjd, self.period_d, self.radius_ratio, self.axis_ratio
        params.inc, params.ecc, params.w = np.degrees(np.arccos(self.impact / self.axis_ratio)), 0.0, 90.0
        params.limb_dark, params.u = "quadratic", [0.3, 0.25]
        return 1 - batman.TransitModel(params, time_btjd, supersample_factor=5, exp_time=CADENCE_D).light_curve(params)


def floor_depth(orbit, time_btjd):
    """The depth [ppm] that a measurement without noise would read: the median over the central 0.3 durations."""
    inside = orbit.ephemeris.in_transit(time_btjd, 0.3)
    return 1e6 * np.median(orbit.dip(time_btjd)[inside])


def sector_times(start=1325.0, days=27.0):
    """A sector's mid-cadence times [BTJD d], with its day without data."""
    time = start + np.arange(int(days / CADENCE_D)) * CADENCE_D
    return time[np.abs(time - start - days / 2) > 0.5]


def red_noise(rng, n, amplitude=NOISE / 2, memory_h=3.0):
    """Correlated noise: each cadence keeps a part of the one before."""
    keep = np.exp(-24 * CADENCE_D / memory_h)
    steps = rng.standard_normal(n) * amplitude * np.sqrt(1 - keep**2)
    noise = np.empty(n)
    noise[0] = amplitude * rng.standard_normal()
    for i in range(1, n):
        noise[i] = keep * noise[i - 1] + steps[i]
    return noise


def light_curve(relative_flux, time_btjd, rng, shift_px=0.0):
    """A LightCurve of a Sun; `shift_px` (N,) moves the image along the columns."""
    n = len(time_btjd)
    flux, error, zero = 1000 * relative_flux, np.full(n, 1000 * NOISE), np.zeros(n)
    return LightCurve(
        1234,
        1,
        1,
        1,
        86400 * CADENCE_D,
        time_btjd,
        {type_.name: Flux(type_, flux, error) for type_ in FLUXES},
        FLUXES[0].name,
        np.zeros(n, int),
        {mask.name: mask for mask in TESS_MASKS},
        100 + shift_px + 1e-3 * rng.standard_normal(n),
        200 + 1e-3 * rng.standard_normal(n),
        zero,
        zero,
        CROWDSAP,
        10.0,
        5772.0,
        SUN["logg"],
        SUN["stellar_radius_rsun"],
        0.0,
        0.0,
        "simulated in a test",
        False,
        "simulated_lc.fits",
    )


NOISES = ("white", "red", "spotted")


def random_star(rng, time_btjd, planet=True, noise="white"):
    """(LightCurve, Ephemeris) of a Sun with a planet of 0.1 to 2 % on a random orbit, or with none at its ephemeris."""
    period = np.exp(rng.uniform(np.log(0.8), np.log(9)))
    orbit = Orbit(period, rng.uniform(0.03, 0.14), rng.uniform(0, 0.85), time_btjd[0] + rng.uniform(0, period))
    flux = 1 + NOISE * rng.standard_normal(len(time_btjd))
    if planet:
        flux -= orbit.dip(time_btjd)
    if noise == "red":
        flux += red_noise(rng, len(time_btjd))
    if noise == "spotted":
        flux *= 1 + rng.uniform(5e-4, 1e-2) * np.sin(
            2 * np.pi * time_btjd / rng.uniform(2, 12) + rng.uniform(0, 2 * np.pi)
        )
    return light_curve(flux, time_btjd, rng), orbit.ephemeris
