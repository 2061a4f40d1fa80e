"""Compute the features of the planet score in plain arrays; see feature_list for each one's formula and unit."""

import warnings

import numpy as np

from app_tess.astro.constants import RSUN_IN_REARTH, SUN_TEFF_K
from app_tess.astro.physics import (
    central_duration_h,
    depth_ppm_from_mmag,
    gravity_solar,
    implied_density_solar,
    luminosity_lsun,
    orbital_distance_au,
    scaled_axis,
)
from app_tess.scoring.catalogue_model import transit_physics as physics
from app_tess.scoring.catalogue_model.feature_list import FEATURE_NAMES, INPUT_COLUMNS, STAR_TOI_COUNT

DAYS_OBSERVED_PER_SECTOR = 27.4 * 0.9
"""A sector lasts 27.4 d; about a tenth is lost to downlinks and scattered light."""

MOST_TOIS_COUNTED = 4
"""The number of TOIs of a star is capped here."""


def feature_values(columns, count):
    """Compute the features of N TOIs.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (N,)
        Of a scoring frame: numbers, NaN where missing, and `sectors` as text; a column may be absent.
    count : int
        N.

    Returns
    -------
    ndarray, shape (N, F)
        In the order of FEATURE_NAMES; NaN where an input is missing.
    """
    unknown = np.full(count, np.nan)
    inputs = {name: columns.get(name, unknown) for name in INPUT_COLUMNS}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        star = _star(inputs)
        found = _size_and_duration(inputs, star) | _host(inputs, star) | _signal(inputs, star)
    found["star_tois"] = np.minimum(first_finite(inputs[STAR_TOI_COUNT], 1.0), MOST_TOIS_COUNTED)
    features = np.column_stack([found[name] for name in FEATURE_NAMES])
    return np.where(np.isfinite(features), features, np.nan)


def first_finite(values, otherwise):
    values = np.asarray(values, dtype=float)
    return np.where(np.isfinite(values), values, otherwise)


def _star(inputs):
    """Star and orbit, each from its best source: the TOI table, else the TIC row, else derived from other columns."""

    def either(column):
        other = "tic_distance_pc" if column == "stellar_distance_pc" else "tic_" + column
        return physics.first_known(physics.positive(inputs[column]), physics.positive(inputs[other]))

    period, listed_radius = physics.positive(inputs["period_d"]), physics.positive(inputs["planet_radius_rearth"])
    mmag = physics.positive(inputs["depth_mmag"])
    depth = physics.first_known(physics.positive(inputs["depth_ppm"]), depth_ppm_from_mmag(mmag))
    ratio = physics.radius_ratio(depth)
    tmag, distance, teff, logg = (either(name) for name in ("tmag", "stellar_distance_pc", "teff_k", "logg"))
    radius = physics.first_known(
        either("stellar_radius_rsun"),
        physics.positive(listed_radius / ratio / RSUN_IN_REARTH),
        physics.photometric_radius_rsun(tmag, distance, teff),
    )
    gravity = gravity_solar(logg)
    mass = physics.first_known(either("stellar_mass_msun"), gravity * radius**2)
    density = physics.first_known(gravity / radius, mass / radius**3)
    teff = physics.first_known(
        teff, physics.positive(inputs["equilibrium_temperature_k"]) * np.sqrt(2 * scaled_axis(density, period))
    )
    dwarf_density = np.clip(teff / SUN_TEFF_K, 0.5, 1.5) ** 1.5 / radius**3
    density = physics.first_known(density, dwarf_density)
    axis_au = orbital_distance_au(mass, period)
    return {
        "period": period,
        "depth": depth,
        "ratio": ratio,
        "tmag": tmag,
        "distance": distance,
        "teff": teff,
        "radius": radius,
        "density": density,
        "axis": scaled_axis(density, period),
        "insolation": luminosity_lsun(radius, teff) / axis_au**2,
    }


def _size_and_duration(inputs, star):
    duration = physics.positive(inputs["duration_h"])
    listed = physics.positive(inputs["planet_radius_rearth"])
    implied = star["ratio"] * star["radius"] * RSUN_IN_REARTH
    dilution = 1 + first_finite(physics.positive(inputs["tic_contamination_ratio"]), 0.0)
    radius = physics.first_known(listed, implied)
    insolation = physics.first_known(physics.positive(inputs["insolation_earth"]), star["insolation"])
    usual_giant = physics.inflated_giant_radius_rearth(insolation)
    expected = central_duration_h(star["period"], star["axis"], star["ratio"])
    return {
        "log_radius": np.log10(radius),
        "log_depth": np.log10(star["depth"]),
        "radius_ratio_listed_implied": np.log10(radius / (implied * np.sqrt(dilution))),
        "giant_excess": np.log10(radius / usual_giant),
        "desert_height": np.log10(radius) - (1.0 - 0.3 * np.log10(star["period"])),
        "duration_ratio": np.log10(duration / expected),
        "log_implied_density": np.log10(implied_density_solar(star["period"], duration, star["ratio"])),
        "impact_squared": physics.implied_impact_squared(star["period"], duration, star["axis"], star["ratio"]),
        "log_scaled_axis": np.log10(star["axis"]),
    }


def _host(inputs, star):
    listed = physics.positive(inputs["insolation_earth"])
    dwarf = np.where(np.isnan(star["teff"]), np.nan, physics.main_sequence_radius_rsun(star["teff"]))
    photometric = physics.photometric_radius_rsun(star["tmag"], star["distance"], star["teff"])
    # in coarse steps: the last digits reveal which pipeline computed the insolation, and `Source` is not a feature
    mismatch = np.round(np.clip(np.log10(listed / star["insolation"]), -1, 1), 1)
    return {
        "log_insolation": np.log10(physics.first_known(listed, star["insolation"])),
        "insolation_ratio": first_finite(mismatch, 0.0),
        "tmag": star["tmag"],
        "log_distance": np.log10(star["distance"]),
        "teff": star["teff"],
        "log_density": np.log10(star["density"]),
        "evolution": np.log10(star["radius"] / dwarf),
        "photometric_radius_ratio": np.clip(np.log10(photometric / star["radius"]), -1, 1),
    }


def _signal(inputs, star):
    snr, duration = physics.positive(inputs["snr"]), physics.positive(inputs["duration_h"])
    sectors = np.array([count_sectors(text) for text in inputs["sectors"]], dtype=float)
    transits = np.maximum(1.0, sectors * DAYS_OBSERVED_PER_SECTOR / first_finite(star["period"], 27.4))
    per_transit = np.log10(snr) - 0.5 * np.log10(transits)
    return {
        "log_snr": np.log10(snr),
        "log_snr_per_transit": per_transit,
        "noise_for_magnitude": np.log10(star["depth"]) - per_transit + 0.5 * np.log10(duration) - 0.2 * star["tmag"],
    }


def count_sectors(text):
    """Return the number of sectors in a list such as "1,27,67"; 1 if none is listed, since a TOI was observed."""
    return max(1, len([part for part in text.split(",") if part.strip()])) if isinstance(text, str) else 1
