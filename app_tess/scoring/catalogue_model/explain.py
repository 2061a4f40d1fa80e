"""Explain scores: the contribution of each family of features, imputed values, the training domain, and similar
TOIs."""

from math import factorial, isfinite, isnan

import numpy as np

from app_tess.fields import TOI_FIELDS
from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.explanation import (
    Explanation,
    FamilyContribution,
    ImputedFeature,
    MissingInput,
    Neighbor,
)
from app_tess.scoring.catalogue_model.feature_list import (
    DURATION,
    FAMILIES,
    FEATURE_NAMES,
    FEATURES,
    HOST,
    MULTIPLICITY,
    SIGNAL,
    SIZE,
)
from app_tess.scoring.catalogue_model.value_rates import RATED
from app_tess.scoring.common.log_odds import probability_of

NEIGHBORS = 5
"""Number of similar dispositioned TOIs that are listed."""

DOMAIN_SHARE = 0.99
"""A TOI is outside the training domain if its neighbors are farther away than those of this fraction of the training
TOIs."""

EDGE_SHARE = 0.005
"""A feature below this quantile of the training TOIs, or above its complement, is reported as unusual."""

NOTICEABLE = 0.1
"""A family of smaller log-odds is described as making little difference."""

FAMILY_NAMES = {
    SIZE: "Size of the companion",
    DURATION: "Density and duration",
    HOST: "Host star and orbit",
    SIGNAL: "Strength of the signal",
    MULTIPLICITY: "Other candidates of the star",
}

INPUT_NAMES = {
    "period_d": "orbital period",
    "duration_h": "transit duration",
    "depth_ppm": "transit depth",
    "planet_radius_rearth": "planet radius",
    "insolation_earth": "insolation",
    "snr": "signal-to-noise ratio",
    "tmag": "TESS magnitude",
    "stellar_distance_pc": "distance",
    "teff_k": "effective temperature",
    "logg": "surface gravity",
    "stellar_radius_rsun": "stellar radius",
    "stellar_mass_msun": "stellar mass",
}
"""Inputs whose absence is reported, in words."""

FAMILY_INPUTS = {
    SIZE: ("planet_radius_rearth", "depth_ppm"),
    DURATION: ("duration_h", "period_d"),
    HOST: ("stellar_radius_rsun", "teff_k", "insolation_earth"),
    SIGNAL: ("snr",),
    MULTIPLICITY: (),
}
"""Catalogue values shown with a family; they are its main inputs, and not all of them."""

FAMILY_COLUMNS = [
    np.array([column for column, feature in enumerate(FEATURES) if feature.family == family]) for family in FAMILIES
]
"""Columns of each family in the matrix of features."""

ROW_COLUMNS = list(dict.fromkeys(["toi", *INPUT_NAMES, *(name for names in FAMILY_INPUTS.values() for name in names)]))
"""Columns of the scoring frame that are reported with a score."""

DISTANCE_ROWS = 64
"""Rows whose distances to all dispositioned TOIs are computed together: they fit the processor's cache."""

_FIELDS = {field.name: field for field in TOI_FIELDS}
_FORMS = {
    family: [
        (name, f"{INPUT_NAMES[name]} {{:,.{_FIELDS[name].decimals}f}} {_FIELDS[name].unit.symbol}".strip())
        for name in names
    ]
    for family, names in FAMILY_INPUTS.items()
}
"""How a family's values are written, by column."""


class Explainer:
    """Reference values from the training rows; pickled with the ensemble, whose attribute names are thus fixed.

    Parameters
    ----------
    matrix : ndarray, shape (N, F)
        Imputed features of the dispositioned TOIs.
    tois, dispositions : sequence of str, length N
    probabilities, labels : ndarray, shape (N,)
        Out-of-fold probabilities, and 1 for planets, for the conformal thresholds.
    counted : ndarray of bool, shape (N,)
        Rows that define the reference and the thresholds: all but the known planets (KP), which are unlike open TOIs.
    """

    def __init__(self, matrix, tois, dispositions, probabilities, labels, counted):
        self.reference = np.median(matrix[counted], axis=0)
        self.low, self.high = np.quantile(matrix, [EDGE_SHARE, 1 - EDGE_SHARE], axis=0)
        self.middle = np.median(matrix, axis=0)
        spread = np.subtract(*np.quantile(matrix, [0.84, 0.16], axis=0)) / 2
        self.scale = np.where(spread > 0, spread, 1.0)
        self.settled = self._places(matrix)
        self.tois, self.dispositions = np.array(tois, dtype=object), np.array(dispositions, dtype=object)
        self.thresholds = calibrate.conformal_thresholds(probabilities[counted], labels[counted])
        own = _distances(self.settled, self.settled)
        np.fill_diagonal(own, np.inf)
        self.far = float(np.quantile(np.sort(own, axis=1)[:, :NEIGHBORS].mean(axis=1), DOMAIN_SHARE))

    def explain(self, worth, features, matrix, columns, training):
        """Yield the explanations of the scores of N rows, each of which takes 10 kB of memory.

        Parameters
        ----------
        worth : ndarray, shape (2**K, N)
            From `ScoringModel.worth`.
        features : ndarray, shape (N, F)
            NaN where missing.
        matrix : ndarray, shape (N, F)
            The features, imputed.
        columns : mapping of str to ndarray, shape (N,)
            Of the scoring frame of the same rows.
        training : TrainingTois

        Yields
        ------
        Explanation
        """
        base, shares = shapley_shares(worth)
        rated = {name: features[:, FEATURE_NAMES.index(name)] for name in RATED}
        rates = training.rates.rate(rated, columns["tic_id"].tolist())
        held_out = training.held_out_probabilities(columns["toi"]).tolist()
        probabilities = probability_of(base + shares.sum(axis=1)).tolist()
        names = [name for name in ROW_COLUMNS if name in columns]
        rows = [
            dict(zip(names, values, strict=True))
            for values in zip(*(columns[name].tolist() for name in names), strict=True)
        ]
        places, base_probability = self._places(matrix), round(float(probability_of(base)), 4)
        nearest = [
            one
            for i in range(0, len(rows), DISTANCE_ROWS)
            for one in self._nearest(columns["toi"][i : i + DISTANCE_ROWS], places[i : i + DISTANCE_ROWS])
        ]
        for one in zip(rows, features, matrix, probabilities, shares.tolist(), nearest, rates, held_out, strict=True):
            yield self._one(base_probability, *one)

    def _one(self, base_probability, row, features, imputed, probability, shares, nearest, rates, held_out):
        names = calibrate.conformal_set(probability, self.thresholds)
        reasons = self.unusual(features)
        far = sum(neighbor.distance for neighbor in nearest) > self.far * len(nearest)
        if far:
            reasons.append(
                "Its nearest neighbors among the dispositioned TOIs are farther away than those of 99 % of them."
            )
        return Explanation(
            probability=round(probability, 4),
            base_probability=base_probability,
            families=[_family(family, share, row) for family, share in zip(FAMILIES, shares, strict=True)],
            missing=[MissingInput(column, name) for column, name in INPUT_NAMES.items() if not _known(row.get(column))],
            imputed=[
                ImputedFeature(FEATURES[n].name, FEATURES[n].formula, FEATURES[n].unit, round(float(imputed[n]), 3))
                for n in np.flatnonzero(np.isnan(features))
            ],
            conformal_set=names,
            outside_domain=far,
            domain_reasons=reasons,
            neighbours=nearest,
            rates=rates,
            held_out_probability=None if isnan(held_out) else round(held_out, 4),
        )

    def _places(self, matrix):
        """Features in units of their spread, clipped at four."""
        return np.clip((matrix - self.middle) / self.scale, -4, 4)

    def unusual(self, features):
        """Return which features, shape (F,), are beyond those of 99 % of the training TOIs, in sentences."""
        sentences = []
        for number in np.flatnonzero((features < self.low) | (features > self.high)):
            feature, low, high = FEATURES[number], self.low[number], self.high[number]
            side, edge = ("below", low) if features[number] < low else ("above", high)
            sentences.append(
                f"{feature.title}: {feature.text_of(features[number])}, {side} {feature.text_of(edge)}, "
                "the edge of 99 % of the dispositioned TOIs."
            )
        return sentences

    def _nearest(self, tois, places):
        """Return the nearest dispositioned TOIs of a few, each without itself."""
        distances = _distances(places, self.settled)
        last = np.partition(distances, NEIGHBORS, axis=1)[:, NEIGHBORS, None]
        rows, others = np.nonzero(distances <= last)
        found = distances[rows, others]
        order = np.lexsort((found, rows))
        nearest: list[list[Neighbor]] = [[] for _ in tois]
        for row, other, distance in zip(*(one[order].tolist() for one in (rows, others, found)), strict=True):
            if len(nearest[row]) < NEIGHBORS and self.tois[other] != tois[row]:
                nearest[row].append(Neighbor(self.tois[other], self.dispositions[other], round(distance, 3)))
        return nearest


def shapley_shares(worth):
    """Compute the exact Shapley values of K families in the log-odds.

    The values add up: log-odds of all families = base + sum(shares).

    Parameters
    ----------
    worth : ndarray, shape (2**K, N)
        Log-odds of each coalition of families, from `coalitions.coalition_log_odds`.

    Returns
    -------
    base : float
        Log-odds of the reference, in which no family is known.
    shares : ndarray, shape (N, K)

    References
    ----------
    Shapley 1953, Contributions to the Theory of Games II, 307; Lundberg & Lee 2017, NeurIPS 30, with families in place
    of single features.
    """
    count = len(worth).bit_length() - 1
    coalitions = np.arange(len(worth))
    size = np.bitwise_count(coalitions)
    chance = np.array([factorial(n) * factorial(count - n - 1) / factorial(count) for n in range(count)])
    shares = np.empty((worth.shape[1], count))
    for k in range(count):
        without = coalitions[coalitions >> k & 1 == 0]
        shares[:, k] = chance[size[without]] @ (worth[without | 1 << k] - worth[without])
    base = float(worth[0, 0]) if worth.shape[1] else 0.0
    return base, shares


def _family(family, share, row):
    share = round(share, 3)  # rounded first, so that number and words agree
    strength = "strongly" if abs(share) > 1 else "slightly" if abs(share) < 0.4 else "clearly"
    name = FAMILY_NAMES[family]
    effect = f"counts {strength} {'for' if share > 0 else 'against'} a planet"
    words = f"{name}{_values(family, row)}: {effect if abs(share) >= NOTICEABLE else 'makes little difference'}."
    return FamilyContribution(family, name, share, words)


def _values(family, row):
    """Return the values behind a family: " (planet radius 13.19 R⊕, transit depth 18,961 ppm)"; empty without any."""
    known = [form.format(row[column]) for column, form in _FORMS[family] if _known(row.get(column))]
    return f" ({', '.join(known)})" if known else ""


def _known(value):
    return isinstance(value, str) or (isinstance(value, (int, float)) and isfinite(value) and value > 0)


def _distances(places, others):
    """Root-mean-square difference of features, shape (N, M), between N and M places."""
    squares = (places**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :] - 2 * places @ others.T
    return np.sqrt(np.maximum(squares, 0) / places.shape[1])
