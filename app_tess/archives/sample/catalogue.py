"""The bundled catalogue: systems.toml as values, and what follows from its published numbers."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app_tess.archives.sample.sectors import full_frame_name, light_curve_name, validation_name
from app_tess.astro import physics

SYSTEMS_FILE = Path(__file__).with_name("systems.toml")


@dataclass(frozen=True)
class Event:
    """A TOI: what is published, and what the simulation adds (see systems.toml for the units)."""

    toi: str
    disposition: str
    epoch_btjd: float
    duration_h: float
    depth_ppm: float
    radius_rearth: float
    impact: float
    reference: str
    period_d: float | None = None
    period_err_d: float | None = None
    epoch_err_d: float | None = None
    planet: str = ""
    comment: str = ""
    secondary_ppm: float = 0.0
    odd_even: float = 0.0
    centroid_shift_px: float = 0.0


@dataclass(frozen=True)
class Star:
    """A star with its TOIs and simulated products; None for what is not published."""

    name: str
    tic_id: int
    ra_deg: float
    dec_deg: float
    pm_ra_masyr: float
    pm_dec_masyr: float
    sectors: tuple[int, ...]
    events: tuple[Event, ...]
    tmag: float
    teff_k: float | None = None
    logg: float | None = None
    radius_rsun: float | None = None
    mass_msun: float | None = None
    metallicity_dex: float | None = None
    distance_pc: float | None = None
    light_curves: tuple[int, ...] = ()
    fast_light_curves: tuple[int, ...] = ()
    full_frame_light_curves: tuple[int, ...] = ()
    validation: tuple[tuple[int, int], ...] = ()
    instrumental: tuple[int, ...] = ()
    crowding: float = 0.99
    variability: tuple[float, float] = (0.0, 10.0)

    @property
    def density_solar(self) -> float | None:
        """Mean density over the Sun's, M / R^3; None without a mass or radius."""
        if self.mass_msun is None or self.radius_rsun is None:
            return None
        return self.mass_msun / self.radius_rsun**3

    @property
    def luminosity_lsun(self) -> float | None:
        """R^2 (Teff / 5772 K)^4, with the IAU 2015 nominal solar temperature."""
        if self.radius_rsun is None or self.teff_k is None:
            return None
        return physics.luminosity_lsun(self.radius_rsun, self.teff_k)

    def product_names(self) -> list[str]:
        """Names of the files that can be simulated for this star."""
        return (
            [light_curve_name(self.tic_id, sector) for sector in self.light_curves]
            + [light_curve_name(self.tic_id, sector, fast=True) for sector in self.fast_light_curves]
            + [full_frame_name(self.tic_id, sector) for sector in self.full_frame_light_curves]
            + [validation_name(self.tic_id, first, last) for first, last in self.validation]
        )


def orbital_distance_au(star: Star, event: Event) -> float | None:
    """Semi-major axis by Kepler's third law [au]; None without a period or a stellar mass."""
    if event.period_d is None or star.mass_msun is None:
        return None
    return physics.orbital_distance_au(star.mass_msun, event.period_d)


def insolation_earth(star: Star, event: Event) -> float | None:
    """Flux that the planet receives, over the Earth's: L / a^2."""
    distance = orbital_distance_au(star, event)
    return None if distance is None or star.luminosity_lsun is None else star.luminosity_lsun / distance**2


def equilibrium_temperature_k(star: Star, event: Event) -> float | None:
    """Temperature of a black body at the planet's place: 278.3 K S^(1/4) for an albedo of 0."""
    insolation = insolation_earth(star, event)
    return None if insolation is None else physics.equilibrium_temperature_k(insolation)


@cache
def load_stars() -> tuple[Star, ...]:
    """Read systems.toml into a tuple of Star, in the order of the file."""
    entries = tomllib.loads(SYSTEMS_FILE.read_text(encoding="utf-8"))["star"]
    return tuple(_parse_star(entry) for entry in entries)


def find_star(tic_id: int) -> Star | None:
    """Return the star with this TIC id, or None."""
    return next((star for star in load_stars() if star.tic_id == tic_id), None)


def _parse_star(entry: dict[str, Any]) -> Star:
    events = tuple(Event(**{"reference": entry["reference"]} | toi) for toi in entry["tois"])
    lists = ("light_curves", "fast_light_curves", "full_frame_light_curves", "instrumental", "variability")
    optional: dict[str, Any] = {name: tuple(entry[name]) for name in lists if name in entry}
    if "crowding" in entry:
        optional["crowding"] = entry["crowding"]
    return Star(
        name=entry["name"],
        tic_id=entry["tic_id"],
        ra_deg=entry["position"][0],
        dec_deg=entry["position"][1],
        pm_ra_masyr=entry["proper_motion"][0],
        pm_dec_masyr=entry["proper_motion"][1],
        sectors=tuple(entry["sectors"]),
        events=events,
        validation=tuple(tuple(pair) for pair in entry.get("validation", ())),
        **optional,
        **entry["star"],
    )
