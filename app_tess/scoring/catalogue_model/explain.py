"""Why a score is what it is: the share of each physical family, what was imputed, the domain, the nearest settled TOIs."""

from itertools import combinations
from math import factorial

import numpy as np
from scipy.special import expit

from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.features import DURATION, FAMILIES, FEATURES, HOST, MULTIPLICITY, SIGNAL, SIZE

NEIGHBOURS = 5
"""How many of the nearest settled TOIs are named."""

DOMAIN_SHARE = 0.99
"""A TOI further from the settled ones than this share of them is from the rest lies outside the training domain."""

EDGE_SHARE = 0.005
"""A feature below or above this share of the settled TOIs is called unusual."""

NOTICEABLE = 0.1
"""Log-odds below which a family is said to make no difference."""

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
"""Inputs whose absence is told, in words."""


class Explainer:
    """What explaining needs of the training rows; travels in the artifact beside the ensemble.

    Parameters
    ----------
    matrix : ndarray, shape (N, F)
        Imputed features of the settled TOIs; `names` are its columns.
    tois, dispositions : sequence of str, length N
    probabilities, labels : ndarray, shape (N,)
        Out-of-fold probabilities and verdicts, for the conformal thresholds.
    counted : ndarray of bool, shape (N,)
        Rows that set the reference and the thresholds: all but the known planets (KP), which are unlike open TOIs.
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
        self.far = float(np.quantile(np.sort(own, axis=1)[:, :NEIGHBOURS].mean(axis=1), DOMAIN_SHARE))

    def explain(self, pipeline, features, matrix, frame):
        """Explanations of scored rows, a list of dicts safe for JSON.

        Parameters
        ----------
        pipeline : the trained pipeline
        features : DataFrame, shape (N, F), with NaN where missing
        matrix : ndarray, shape (N, F), imputed
        frame : DataFrame, the scoring frame of the same rows
        """
        model = pipeline.named_steps["model"]
        base, shares = shapley_shares(model.decision_function, matrix, self.reference)
        distances = _distances(self._places(matrix), self.settled)
        rows = frame.to_dict("records")
        return [
            self._one(row, features.iloc[i].to_numpy(), matrix[i], base, shares[i], distances[i])
            for i, row in enumerate(rows)
        ]

    def _one(self, row, features, imputed, base, shares, distances):
        probability = float(expit(base + shares.sum()))
        names = calibrate.conformal_set(probability, self.thresholds)
        reasons = self._unusual(features)
        nearest = self._nearest(row["toi"], distances)
        far = float(np.mean([neighbour["distance"] for neighbour in nearest])) > self.far
        if far:
            reasons.append("It lies further from every settled TOI than 99 % of them lie from one another.")
        return {
            "probability": round(probability, 4),
            "base_probability": round(float(expit(base)), 4),
            "families": [_family(family, float(share)) for family, share in zip(FAMILIES, shares)],
            "missing": [
                {"column": column, "name": name} for column, name in INPUT_NAMES.items() if not _known(row.get(column))
            ],
            "imputed": [
                {
                    "feature": feature.name,
                    "formula": feature.formula,
                    "unit": feature.unit,
                    "used": round(float(value), 3),
                }
                for feature, given, value in zip(FEATURES, features, imputed)
                if np.isnan(given)
            ],
            "conformal_set": names,
            "band": "uncertain" if len(names) == 2 else names[0],
            "outside_domain": bool(far),
            "domain_reasons": reasons,
            "neighbours": nearest,
        }

    def _places(self, matrix):
        """Features in units of their spread, cut at four: where a TOI lies among the others."""
        return np.clip((matrix - self.middle) / self.scale, -4, 4)

    def _unusual(self, features):
        sentences = []
        for feature, value, low, high in zip(FEATURES, features, self.low, self.high):
            if value < low or value > high:
                side, edge = ("below", low) if value < low else ("above", high)
                sentences.append(
                    f"{feature.name} = {value:.3f} is {side} {edge:.3f}, the edge of 99 % of the settled TOIs."
                )
        return sentences

    def _nearest(self, toi, distances):
        order = [index for index in np.argsort(distances, kind="stable")[: NEIGHBOURS + 1] if self.tois[index] != toi]
        return [
            {
                "toi": str(self.tois[index]),
                "disposition": str(self.dispositions[index]),
                "distance": round(float(distances[index]), 3),
            }
            for index in order[:NEIGHBOURS]
        ]


def shapley_shares(log_odds, matrix, reference):
    """Exact Shapley shares of the five families in the log-odds.

    Families that are 'not known' take the reference's features (the median settled TOI). Shares add up:
    log-odds = base + sum(shares).

    Returns
    -------
    base : float, log-odds of the reference
    shares : ndarray, shape (N, 5), in the order of FAMILIES

    Source: Shapley 1953; Lundberg & Lee 2017, with families instead of single features.
    """
    members = [np.array([feature.family == family for feature in FEATURES]) for family in FAMILIES]
    usual = [(matrix[:, columns] == reference[columns]).all(axis=1) for columns in members]
    worth = {(): np.full(len(matrix), log_odds(reference[None, :])[0])}
    for size in range(1, len(FAMILIES) + 1):
        for known in combinations(range(len(FAMILIES)), size):
            worth[known] = worth[known[:-1]].copy()
            rows = ~usual[
                known[-1]
            ]  # to know a family that is as in the reference tells nothing: most stars have one TOI
            if rows.any():
                mask = np.any([members[number] for number in known], axis=0)
                worth[known][rows] = log_odds(np.where(mask, matrix[rows], reference))
    shares = np.zeros((len(matrix), len(FAMILIES)))
    count = len(FAMILIES)
    for known, value in worth.items():
        for number in set(range(count)) - set(known):
            chance = factorial(len(known)) * factorial(count - len(known) - 1) / factorial(count)
            shares[:, number] += chance * (worth[tuple(sorted((*known, number)))] - value)
    base = float(worth[()][0]) if len(matrix) else 0.0
    return base, shares


def _family(family, share):
    share = round(share, 3)  # the number and the words then round alike
    strength = "strongly" if abs(share) > 1 else "slightly" if abs(share) < 0.4 else "clearly"
    name = FAMILY_NAMES[family]
    words = (
        f"{name}: speaks {strength} {'for' if share > 0 else 'against'} a planet ({share:+.2f} in log-odds)."
        if abs(share) >= NOTICEABLE
        else f"{name}: makes little difference ({share:+.2f} in log-odds)."
    )
    return {"family": family, "name": name, "log_odds": share, "words": words}


def _known(value):
    return (isinstance(value, (int, float)) and np.isfinite(value) and value > 0) or (
        value is not None and isinstance(value, str)
    )


def _distances(places, settled):
    """Root mean square difference of features, shape (N, settled)."""
    squares = (places**2).sum(axis=1)[:, None] + (settled**2).sum(axis=1)[None, :] - 2 * places @ settled.T
    return np.sqrt(np.maximum(squares, 0) / places.shape[1])
