"""The features of the planet score: the one list that training, scoring and the model page use.

Only the features in FEATURES reach the model. Left out is all that follows from vetting (Master, SG*, observation
counts, TESS disposition, comments, source, ...), and sky position, proper motion, listed errors and flags of missing
values, which reflect how a TOI was found and followed up. The model card reports what the flags would contribute.
"""

from dataclasses import dataclass

from app_tess.fields.field import capitalized

STAR_TOI_COUNT = "star_toi_count"
"""Scoring-frame column: number of TOIs that the row's star has in the table of that date."""

SIZE, DURATION, HOST, SIGNAL, MULTIPLICITY = "size", "density and duration", "host star", "signal", "multiplicity"

FAMILIES = (SIZE, DURATION, HOST, SIGNAL, MULTIPLICITY)
"""The physical families of features in terms of which a score is explained."""


@dataclass(frozen=True)
class Feature:
    """One column of the model's matrix."""

    name: str
    family: str
    unit: str
    formula: str
    source: str
    """Its inputs, by their names in the scoring frame."""

    @property
    def title(self):
        """What the feature measures, in words; of a logarithm, the quantity itself."""
        text = self.formula.removeprefix("log10 of ").removeprefix("the ")
        return text if text.startswith("a/R*") else capitalized(text)

    def text_of(self, value):
        """Return a value in words with its unit; of a logarithm, the value of the quantity itself."""
        is_log = self.formula.startswith("log10 of ")
        number = f"{float(f'{10**value if is_log else value:.3g}'):,g}"
        unit = self.unit.removeprefix("dex").strip() if is_log else self.unit
        return f"{number} {unit}".strip()


FEATURES = (
    Feature(
        "log_radius",
        SIZE,
        "dex R_Earth",
        "log10 of the listed planet radius, or R* sqrt(depth) if none is listed",
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
"""The inputs of all features: no other column of a scoring frame can change a score."""
