"""How many dispositioned TOIs near a value are planets: the base rate behind each family of features."""

import math
from dataclasses import dataclass

import numpy as np

from app_tess.astro.dispositions import PLANETS
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
        list of list of dict
            Of each TOI, in the order of RATED_VALUES: the JSON of an `explanation.ValueRate`.
        """
        of_star = [(number, row) for number, tic_id in enumerate(tic_ids) for row in self.rows_of_star.get(tic_id, ())]
        own = np.array(of_star, dtype=int).reshape(-1, 2).T
        columns = [self._rate_one(rated, np.asarray(features[name], dtype=float), own) for name, rated in RATED.items()]
        return [list(rates) for rates in zip(*columns, strict=True)]

    def _rate_one(self, rated, values, own):
        """Return the rates of one feature; `own`: numbers of the TOIs, and the rows of their stars in the table."""
        low, high = values - rated.half_width, values + rated.half_width
        numbers, rows = own
        theirs = self.features[rated.feature][rows]
        inside = (low[numbers] <= theirs) & (theirs <= high[numbers])
        found, planets = self.sorted[rated.feature].count(low, high)
        found = found - np.bincount(numbers[inside], minlength=len(values))
        planets = planets - np.bincount(numbers[inside & self.planet[rows]], minlength=len(values))
        columns = (*(_written(rated, ends) for ends in (values, low, high)), found.tolist(), planets.tolist())
        return [
            {"feature": rated.feature, "value": at, "low": start, "high": stop, "n": n, "planets": p}
            for at, start, stop, n, p in zip(*columns, strict=True)
        ]


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


def _written(rated, features):
    """Return values to five digits, each None where there is none or it is too large for a number of JSON."""
    values = map(rated.value_of, features.tolist())
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]
