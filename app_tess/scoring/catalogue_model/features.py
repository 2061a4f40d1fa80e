"""The features of the planet score: one list, for training and for serving.

Only what is named in FEATURES reaches the model. What follows from vetting (Master, SG*, observation counts, TESS
disposition, comments, source, ...) is not here, nor are sky position, proper motion, listed errors and flags of
missingness: they tell how a TOI was found and followed up. (The model card measures the flags.)
"""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

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
from app_tess.scoring.catalogue_model.frame import STAR_TOI_COUNT

SIZE, DURATION, HOST, SIGNAL, MULTIPLICITY = "size", "density and duration", "host star", "signal", "multiplicity"

FAMILIES = (SIZE, DURATION, HOST, SIGNAL, MULTIPLICITY)
"""The physical families by which a score is explained."""

DAYS_OBSERVED_A_SECTOR = 27.4 * 0.9
"""A sector lasts 27.4 d; about a tenth is lost to downlinks and scattered light."""

MOST_TOIS_COUNTED = 4
"""Four and more TOIs of one star are the same thing to the model."""


@dataclass(frozen=True)
class Feature:
    """One column of the model's matrix."""

    name: str
    family: str
    unit: str
    formula: str
    source: str
    """The inputs it is made of, by their names in the scoring frame."""


FEATURES = (
    Feature(
        "log_radius",
        SIZE,
        "dex R_Earth",
        "log10 of the listed planet radius, or R* sqrt(depth) where none is listed",
        "planet_radius_rearth, depth_ppm, stellar_radius_rsun",
    ),
    Feature("log_depth", SIZE, "dex ppm", "log10 of the transit depth", "depth_ppm"),
    Feature(
        "radius_ratio_listed_implied",
        SIZE,
        "dex",
        "log10 of listed radius over R* sqrt(depth (1 + contratio)); high when grazing",
        "planet_radius_rearth, depth_ppm, stellar_radius_rsun, tic_contamination_ratio",
    ),
    Feature(
        "giant_excess",
        SIZE,
        "dex",
        "log10 of radius over the largest usual radius of giants as hot as this one",
        "planet_radius_rearth, insolation_earth",
    ),
    Feature(
        "desert_height",
        SIZE,
        "dex",
        "log10 radius - (1.0 - 0.3 log10 period): height above the Neptune desert's floor",
        "planet_radius_rearth, period_d",
    ),
    Feature(
        "duration_ratio",
        DURATION,
        "dex",
        "log10 of duration over that of a central transit of a star this dense",
        "duration_h, period_d, stellar density, depth_ppm",
    ),
    Feature(
        "log_implied_density",
        DURATION,
        "dex solar",
        "log10 of the stellar density that a central transit of this duration needs",
        "duration_h, period_d, depth_ppm",
    ),
    Feature(
        "impact_squared",
        DURATION,
        "",
        "(1+k)^2 - (pi T/P a/R*)^2: squared impact parameter, negative when it lasts too long",
        "duration_h, period_d, stellar density, depth_ppm",
    ),
    Feature(
        "log_scaled_axis", DURATION, "dex", "log10 of a/R* from stellar density and period", "period_d, stellar density"
    ),
    Feature(
        "log_insolation",
        HOST,
        "dex Earth",
        "log10 of listed insolation, or R*^2 Teff^4 / a^2 where none is listed",
        "insolation_earth, stellar_radius_rsun, teff_k, period_d",
    ),
    Feature(
        "insolation_ratio",
        HOST,
        "dex",
        "log10 of listed insolation over R*^2 Teff^4 / a^2, in steps of 0.1 within 1",
        "insolation_earth, stellar_radius_rsun, teff_k, period_d",
    ),
    Feature("tmag", HOST, "mag", "TESS magnitude", "tmag or tic_tmag"),
    Feature("log_distance", HOST, "dex pc", "log10 of the distance", "stellar_distance_pc or tic_distance_pc"),
    Feature(
        "teff", HOST, "K", "effective temperature", "teff_k or tic_teff_k, else from equilibrium temperature and a/R*"
    ),
    Feature(
        "log_density",
        HOST,
        "dex solar",
        "log10 of mean density: g / R*, or M / R*^3",
        "logg, stellar_radius_rsun, stellar_mass_msun",
    ),
    Feature(
        "evolution",
        HOST,
        "dex",
        "log10 of stellar radius over that of a dwarf of its temperature",
        "stellar_radius_rsun, teff_k",
    ),
    Feature(
        "photometric_radius_ratio",
        HOST,
        "dex",
        "log10 of the radius from magnitude, distance and temperature over the listed one",
        "tmag, stellar_distance_pc, teff_k, stellar_radius_rsun",
    ),
    Feature("log_snr", SIGNAL, "dex", "log10 of the signal-to-noise ratio", "snr"),
    Feature(
        "log_snr_per_transit",
        SIGNAL,
        "dex",
        "log10 of SNR over the root of the number of transits (sectors 24.7 d / period)",
        "snr, sectors, period_d",
    ),
    Feature(
        "noise_for_magnitude",
        SIGNAL,
        "dex",
        "log10 depth - log10 SNR + log10(transits)/2 + log10(duration)/2 - 0.2 tmag",
        "depth_ppm, snr, sectors, period_d, duration_h, tmag",
    ),
    Feature(
        "star_tois", MULTIPLICITY, "", "number of TOIs of the star in the table of that date, at most 4", STAR_TOI_COUNT
    ),
)

FEATURE_NAMES = tuple(feature.name for feature in FEATURES)

INPUT_COLUMNS = (
    "period_d",
    "duration_h",
    "depth_ppm",
    "depth_mmag",
    "planet_radius_rearth",
    "insolation_earth",
    "equilibrium_temperature_k",
    "snr",
    "tmag",
    "stellar_distance_pc",
    "teff_k",
    "logg",
    "stellar_radius_rsun",
    "stellar_mass_msun",
    "sectors",
    STAR_TOI_COUNT,
    "tic_tmag",
    "tic_distance_pc",
    "tic_teff_k",
    "tic_logg",
    "tic_stellar_radius_rsun",
    "tic_stellar_mass_msun",
    "tic_contamination_ratio",
)
"""The allow-list: no other column of a scoring frame can change a score."""


class FeatureBuilder(TransformerMixin, BaseEstimator):
    """Scoring frame -> DataFrame of FEATURE_NAMES, same index; NaN where an input is missing."""

    def fit(self, frame, labels=None):
        self.fitted_ = True
        return self

    def transform(self, frame):
        return build_features(frame)

    def get_feature_names_out(self, input_features=None):
        return np.array(FEATURE_NAMES, dtype=object)


def build_features(frame):
    """The features of each TOI, shape (N, F), columns FEATURE_NAMES; see FEATURES for each one's formula and unit."""
    inputs = frame.reindex(columns=list(INPUT_COLUMNS))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        star = _star(inputs)
        columns = _size_and_duration(inputs, star) | _host(inputs, star) | _signal(inputs, star)
    count = first_finite(inputs[STAR_TOI_COUNT], 1.0)
    columns["star_tois"] = np.minimum(count, MOST_TOIS_COUNTED)
    features = pd.DataFrame(columns, index=frame.index)[list(FEATURE_NAMES)]
    return features.where(np.isfinite(features))


def first_finite(values, otherwise):
    values = np.asarray(values, dtype=float)
    return np.where(np.isfinite(values), values, otherwise)


def _star(inputs):
    """Star and orbit, each from its best source: the TOI table, else the TIC row, else what other columns imply."""

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
    # Coarse steps: the last digits tell which pipeline computed the insolation, which is the forbidden `Source`.
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
    sectors = inputs["sectors"].map(count_sectors).to_numpy(dtype=float)
    transits = np.maximum(1.0, sectors * DAYS_OBSERVED_A_SECTOR / first_finite(star["period"], 27.4))
    per_transit = np.log10(snr) - 0.5 * np.log10(transits)
    return {
        "log_snr": np.log10(snr),
        "log_snr_per_transit": per_transit,
        "noise_for_magnitude": np.log10(star["depth"]) - per_transit + 0.5 * np.log10(duration) - 0.2 * star["tmag"],
    }


def count_sectors(text):
    """Number of sectors in "1,27,67"; 1 where none are listed (a TOI was seen at least once)."""
    return max(1, len([part for part in text.split(",") if part.strip()])) if isinstance(text, str) else 1
