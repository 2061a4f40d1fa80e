"""Transits injected into real quiet light curves and simulated ones, for the benchmarks of the search."""

from dataclasses import dataclass, replace
from pathlib import Path

import batman
import numpy as np

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.light_curve import Flux, LightCurve
from app_tess.astro.physics import scaled_axis
from tests.support.simulated_stars import light_curve as make_light_curve
from tests.support.simulated_stars import red_noise, sector_times

PULSATING_OR_ECLIPSING = {117544915, 89356998}
"""Quiet stars that are not: an eclipsing binary of 1.48 d, and a star with one dip of 1 % in the sector."""

CADENCE_D = 120 / 86400


@dataclass(frozen=True)
class Injection:
    """A planet: period [d], epoch [BTJD d], radius ratio, impact parameter, and its star's mean density [solar]."""

    period_d: float
    epoch_btjd: float
    radius_ratio: float
    impact: float
    density_solar: float

    @property
    def axis(self):
        """a / R*."""
        return float(scaled_axis(self.density_solar, self.period_d))

    @property
    def depth_ppm(self):
        """Radius ratio squared, in ppm."""
        return 1e6 * self.radius_ratio**2

    @property
    def duration_h(self):
        """First to fourth contact [h]; Winn 2010, eq. 14."""
        chord = np.sqrt((1 + self.radius_ratio) ** 2 - self.impact**2)
        sine = chord / np.sqrt(self.axis**2 - self.impact**2)
        return float(24 * self.period_d / np.pi * np.arcsin(min(sine, 1.0)))

    def flux(self, time_btjd, exposure_d):
        """Relative flux, shape (N,)."""
        params = batman.TransitParams()
        params.t0, params.per, params.rp, params.a = self.epoch_btjd, self.period_d, self.radius_ratio, self.axis
        params.inc, params.ecc, params.w = np.degrees(np.arccos(self.impact / self.axis)), 0.0, 90.0
        params.limb_dark, params.u = "quadratic", [0.3, 0.25]
        return batman.TransitModel(params, time_btjd, supersample_factor=5, exp_time=exposure_d).light_curve(params)


def random_injection(rng, start_btjd, periods_d=(0.5, 13.0), depths_ppm=(100, 10_000)):
    """A planet with log-uniform period, depth and stellar density (0.1 to 10 solar), and a uniform impact."""
    period = float(np.exp(rng.uniform(*np.log(periods_d))))
    depth = float(np.exp(rng.uniform(*np.log(depths_ppm))))
    density = float(np.exp(rng.uniform(np.log(0.1), np.log(10))))
    return Injection(period, start_btjd + rng.uniform(0, period), np.sqrt(depth * 1e-6), rng.uniform(0, 0.85), density)


def inject(light_curve: LightCurve, planet: Injection) -> LightCurve:
    """The light curve with the planet's transits in every flux."""
    finite = np.isfinite(light_curve.time_btjd)
    factor = np.ones(len(finite))
    factor[finite] = planet.flux(light_curve.time_btjd[finite].astype(float), (light_curve.cadence_s or 120) / 86400)
    fluxes = {name: Flux(flux.type, flux.values * factor, flux.errors) for name, flux in light_curve.fluxes.items()}
    return replace(light_curve, fluxes=fluxes)


def quiet_stars(shared: Path):
    """(TIC id, LightCurve) of the quiet stars, ascending, without those known to eclipse."""
    found = []
    for path in sorted((shared / "light_curves/quiet").glob("*.fits")):
        curve = read_light_curve(path, path.name)
        if curve.tic_id not in PULSATING_OR_ECLIPSING:
            found.append((curve.tic_id, curve))
    return found


def halves(stars):
    """The stars on which thresholds are chosen, and those on which rates are reported: every second one."""
    return stars[0::2], stars[1::2]


def simulated_star(number, noise="red", days=27.0, sectors=1):
    """A simulated star without planets, at two-minute cadence in `sectors` consecutive sectors."""
    rng = np.random.default_rng([16, number])
    found = []
    for sector in range(sectors):
        coarse = sector_times(1325.0 + 27.4 * sector, days)
        time = (coarse[:, None] + CADENCE_D * np.arange(5)).ravel()
        flux = 1 + 1.1e-3 * rng.standard_normal(len(time))
        if noise == "red":
            flux += np.repeat(red_noise(rng, len(coarse), 1.5e-4, 6.0), 5)
        curve = make_light_curve(flux, time, rng)
        found.append(replace(curve, sector=sector + 1, cadence_s=120.0, source=f"simulated_{sector + 1}_lc.fits"))
    return found
