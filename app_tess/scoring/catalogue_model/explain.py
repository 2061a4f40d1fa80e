"""Explain scores: the contribution of each family of features, imputed values, the training domain, and similar
TOIs."""

from math import isnan

import numpy as np

from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.contributions import contributions, missing, set_columns, shapley_shares
from app_tess.scoring.catalogue_model.feature_list import FAMILIES, FEATURE_NAMES, FEATURES
from app_tess.scoring.catalogue_model.value_rates import RATED
from app_tess.scoring.common.log_odds import probability_of

NEIGHBORS = 5
"""Number of similar dispositioned TOIs that are listed."""

DOMAIN_SHARE = 0.99
"""A TOI is outside the training domain if its neighbors are farther away than those of this fraction of the training
TOIs."""

EDGE_SHARE = 0.005
"""A feature below this quantile of the training TOIs, or above its complement, is reported as unusual."""

FAMILY_COLUMNS = [
    np.array([column for column, feature in enumerate(FEATURES) if feature.family == family]) for family in FAMILIES
]
"""Columns of each family in the matrix of features."""

DISTANCE_ROWS = 64
"""Rows whose distances to all dispositioned TOIs are computed together: they fit the processor's cache."""

DISTANCE_PARTS = 16
"""Parts of a row of distances whose smallest values limit how far the nearest are: that is faster than sorting."""

_IMPUTED = [{"feature": one.name, "formula": one.formula, "unit": one.unit} for one in FEATURES]


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
        """Yield the explanations of the scores of N rows.

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
        dict
            The JSON of an `explanation.Explanation`, in dicts and lists: as dataclasses they would take twice the time.
        """
        base, shares = shapley_shares(worth)
        rated = {name: features[:, FEATURE_NAMES.index(name)] for name in RATED}
        base_probability = round(float(probability_of(base)), 4)
        for one in zip(
            probability_of(base + shares.sum(axis=1)).tolist(),
            contributions(shares, columns),
            missing(columns, len(features)),
            _imputed(features, matrix),
            self._all_unusual(features),
            self._nearest(columns["toi"], self._places(matrix)),
            training.rates.rate(rated, columns["tic_id"].tolist()),
            training.held_out_probabilities(columns["toi"]).tolist(),
            strict=True,
        ):
            yield self._one(base_probability, *one)

    def _one(self, base_probability, probability, families, missing, imputed, reasons, nearest, rates, held_out):
        far = sum([neighbor["distance"] for neighbor in nearest]) > self.far * len(nearest)
        if far:
            reasons.append(
                "Its nearest neighbors among the dispositioned TOIs are farther away than those of 99 % of them."
            )
        explanation = {
            "probability": round(probability, 4),
            "base_probability": base_probability,
            "families": families,
            "missing": missing,
            "imputed": imputed,
            "conformal_set": calibrate.conformal_set(probability, self.thresholds),
            "outside_domain": far,
            "domain_reasons": reasons,
            "neighbours": nearest,
            "rates": rates,
        }
        return explanation if isnan(held_out) else explanation | {"held_out_probability": round(held_out, 4)}

    def _places(self, matrix):
        """Features in units of their spread, clipped at four."""
        return np.clip((matrix - self.middle) / self.scale, -4, 4)

    def unusual(self, features):
        """Return which features, shape (F,), are beyond those of 99 % of the training TOIs, in sentences."""
        return self._all_unusual(features[None])[0]

    def _all_unusual(self, features):
        """Return the sentences of `unusual` for each of N rows (N, F)."""
        found = zip(features, set_columns((features < self.low) | (features > self.high)), strict=True)
        return [[self._beyond(number, row[number]) for number in numbers] for row, numbers in found]

    def _beyond(self, number, value):
        feature, low, high = FEATURES[number], self.low[number], self.high[number]
        side, edge = ("below", low) if value < low else ("above", high)
        return (
            f"{feature.title}: {feature.text_of(value)}, {side} {feature.text_of(edge)}, "
            "the edge of 99 % of the dispositioned TOIs."
        )

    def _nearest(self, tois, places):
        """Return the nearest dispositioned TOIs of each of N TOIs, without itself."""
        squares, count = (self.settled**2).sum(axis=1), len(self.settled)
        factors = np.vstack([-2 * self.settled.T, squares])
        parts = min(DISTANCE_PARTS, count // (NEIGHBORS + 1))
        nearest: list[list[dict]] = [[] for _ in tois]
        for start in range(0, len(places), DISTANCE_ROWS):
            some = places[start : start + DISTANCE_ROWS]
            # squared distances, less the square of the place itself, which changes no order
            ranks = np.column_stack([some, np.ones(len(some))]) @ factors
            # the smallest of each column of parts: NEIGHBORS + 1 of them lie below a limit, so as many distances do
            smallest = ranks[:, : count // parts * parts].reshape(len(some), parts, -1).min(axis=1)
            limit = np.partition(smallest, NEIGHBORS, axis=1)[:, NEIGHBORS, None]
            rows, others = np.divmod(np.flatnonzero(ranks <= limit), count)
            distances = _root_mean(ranks[rows, others] + (some**2).sum(axis=1)[rows], places.shape[1])
            order = np.lexsort((distances, rows))
            for row, other, distance in zip(
                *(one[order].tolist() for one in (start + rows, others, distances)), strict=True
            ):
                if len(nearest[row]) < NEIGHBORS and self.tois[other] != tois[row]:
                    nearest[row].append(
                        {
                            "toi": self.tois[other],
                            "disposition": self.dispositions[other],
                            "distance": round(distance, 3),
                        }
                    )
        return nearest


def _imputed(features, matrix):
    """Return of each of N rows the features that could not be computed, with what is used in their place."""
    found = zip(matrix, set_columns(np.isnan(features)), strict=True)
    return [[_IMPUTED[number] | {"used": round(float(row[number]), 3)} for number in numbers] for row, numbers in found]


def _distances(places, others):
    """Root-mean-square difference of features, shape (N, M), between N and M places."""
    squares = (places**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :] - 2 * places @ others.T
    return _root_mean(squares, places.shape[1])


def _root_mean(squares, count):
    """Return the root of the mean of squares from their sum, which rounding may leave below zero."""
    return np.sqrt(np.maximum(squares, 0) / count)
