"""How many dispositioned TOIs near a value are planets: the base rate behind each family of features."""

import math
from dataclasses import dataclass

import numpy as np

from app_tess.astro.dispositions import PLANETS
from app_tess.scoring.catalogue_model.explanation import ValueRate
from app_tess.scoring.catalogue_model.feature_list import DURATION, FEATURES, HOST, MULTIPLICITY, SIGNAL, SIZE


@dataclass(frozen=True)
class RatedValue:
    """A feature in whose terms base rates are given."""

    feature: str
    family: str
    words: str
    """As at the start of a sentence: "Planet radius 13.2 R_Earth"."""
    unit: str
    half_width: float
    """What counts as the same value: the feature within this, in its own unit (dex where it is a logarithm)."""
    decimals: int = 2
    is_logarithm: bool = True
    """Whether the feature is the decimal logarithm of the value."""

    def value_of(self, feature: float) -> float:
        """Return the value for a feature."""
        return 10**feature if self.is_logarithm else feature


FACTOR_1_2, FACTOR_1_5, FACTOR_2 = math.log10(1.2), math.log10(1.5), math.log10(2)

RATED_VALUES = (
    RatedValue("log_radius", SIZE, "Planet radius", "R⊕", FACTOR_1_2),
    RatedValue("log_depth", SIZE, "Transit depth", "ppm", FACTOR_1_5, 0),
    RatedValue("duration_ratio", DURATION, "Duration over that of a central transit", "", FACTOR_1_2),
    RatedValue("log_scaled_axis", DURATION, "a/R*", "", FACTOR_1_2, 1),
    RatedValue("log_insolation", HOST, "Insolation", "S⊕", FACTOR_2, 1),
    RatedValue("teff", HOST, "Effective temperature", "K", 250.0, 0, is_logarithm=False),
    RatedValue("log_density", HOST, "Stellar density", "ρ☉", FACTOR_1_5),
    RatedValue("log_snr", SIGNAL, "Signal-to-noise ratio", "", FACTOR_1_5, 1),
    RatedValue("star_tois", MULTIPLICITY, "Number of TOIs of the star", "", 0.0, 0, is_logarithm=False),
)
"""At least one of each family. The widths hold some hundred dispositioned TOIs each, where TOIs are common."""

RATED = {value.feature: value for value in RATED_VALUES}
assert all(feature.family == RATED[feature.name].family for feature in FEATURES if feature.name in RATED)


class ValueRates:
    """Counts of dispositioned TOIs by value.

    Parameters
    ----------
    table : mapping of str to ndarray, shape (M,)
        Of the dispositioned TOIs of the training: tic_id, disposition, and each rated feature.
    """

    def __init__(self, table):
        self.planet = np.isin(np.asarray(table["disposition"]).astype(str), list(PLANETS))
        self.features = {name: np.asarray(table[name], dtype=float) for name in RATED}
        self.is_planet = self.planet.tolist()
        self.sorted = {name: _Sorted(values, self.planet) for name, values in self.features.items()}
        rows_of_star: dict[int, list[int]] = {}
        for row, tic_id in enumerate(np.asarray(table["tic_id"]).tolist()):
            rows_of_star.setdefault(tic_id, []).append(row)
        self.rows_of_star = rows_of_star

    def rate(self, features, tic_ids):
        """Count the dispositioned TOIs near the values of N TOIs, leaving out each one's own star.

        Parameters
        ----------
        features : mapping of str to ndarray, shape (N,)
            Rated features of the TOIs, NaN where missing.
        tic_ids : list of int, length N

        Returns
        -------
        list of list of ValueRate
            Of each TOI, in the order of RATED_VALUES.
        """
        columns = [self._rate_one(RATED[name], np.asarray(features[name], dtype=float), tic_ids) for name in RATED]
        return [list(rates) for rates in zip(*columns, strict=True)]

    def _rate_one(self, rated, values, tic_ids):
        low, high = values - rated.half_width, values + rated.half_width
        own_values, found = self.features[rated.feature].tolist(), []
        columns = (values, low, high, *self.sorted[rated.feature].count(low, high))
        for tic_id, value, first, last, n, p in zip(tic_ids, *(column.tolist() for column in columns), strict=True):
            if math.isnan(value):
                found.append(ValueRate(rated.feature, None, None, None, 0, 0))
                continue
            at, start, stop = (_rounded(rated.value_of(end)) for end in (value, first, last))
            own = [row for row in self.rows_of_star.get(tic_id, ()) if first <= own_values[row] <= last]
            own_planets = sum(self.is_planet[row] for row in own)
            found.append(ValueRate(rated.feature, at, start, stop, n - len(own), p - own_planets))
        return found


class _Sorted:
    """Values in ascending order, with how many of those before each are planets."""

    def __init__(self, values, planet):
        order = np.argsort(values, kind="stable")[: int(np.isfinite(values).sum())]  # NaN comes last
        self.values = values[order]
        self.planets_before = np.concatenate([[0], np.cumsum(planet[order])])

    def count(self, low, high):
        """Return how many values lie in each [low, high], and how many of them are planets'; shape (N,) each."""
        first, end = np.searchsorted(self.values, low, "left"), np.searchsorted(self.values, high, "right")
        return end - first, self.planets_before[end] - self.planets_before[first]


def _rounded(value):
    """Return a value to five digits, or None for one too large for a number of JSON."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
