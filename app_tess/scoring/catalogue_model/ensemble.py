"""The weighted, calibrated ensemble: the last step of the pipeline."""

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.members import MEMBERS, fit_member, member_logit

FOLDS = 5
"""Star-grouped folds for the out-of-fold predictions that teach the weights."""


class PlanetEnsemble(ClassifierMixin, BaseEstimator):
    """Members trained apart, joined by weights >= 0 learned on out-of-fold predictions.

    Parameters
    ----------
    corrected : sequence of int
        Columns whose linear effect is learned together with the weights.

    Attributes after fit
    --------------------
    weights_ : dict of member name -> weight >= 0 on its log-odds (0: it earned none and is not kept)
    slopes_ : ndarray, shape (C,), on the corrected columns in units of their spread
    intercept_ : float
    out_of_fold_ : dict of "probability" and "label" arrays, shape (N,), in the order of the training rows
    member_losses_ : out-of-fold log loss of the ensemble, without the correction, and dicts of member name -> log loss
        alone, and of the ensemble learned without it
    """

    def __init__(self, members=None, seed=0, folds=FOLDS, progress=None, corrected=()):
        self.members = members
        self.seed = seed
        self.folds = folds
        self.progress = progress
        self.corrected = corrected

    def fit(self, matrix, labels, sample_weight=None, verdict_weight=None, groups=None):
        """Train on a finite matrix (N, F), labels 0/1 and star ids (N,).

        `sample_weight` (N,) is for the members, `verdict_weight` (N,) for joining and calibrating them.
        """
        matrix, labels = np.asarray(matrix, dtype=float), np.asarray(labels).astype(int)
        weight = np.ones(len(labels)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        verdicts = weight if verdict_weight is None else np.asarray(verdict_weight, dtype=float)
        groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = matrix.shape[1]
        columns = matrix[:, list(self.corrected)]
        self.middle_, spread = np.median(columns, axis=0), columns.std(axis=0)
        self.spread_ = np.where(spread > 0, spread, 1.0)
        members = MEMBERS if self.members is None else self.members
        held_out = self._out_of_fold(members, matrix, labels, weight, groups)
        self._learn(members, held_out, self._corrections(matrix), labels, verdicts)
        self.models_ = {}
        for member in members:
            if self.weights_[member.name] > 0:
                self._say(f"training {member.name} on all {len(labels)} rows")
                self.models_[member.name] = fit_member(member, matrix, labels, weight, self.seed)
        self.progress = None
        return self

    def decision_function(self, matrix):
        """Calibrated log-odds of a planet, shape (N,)."""
        matrix = np.asarray(matrix, dtype=float)
        total = self.intercept_ + self._corrections(matrix) @ self.slopes_
        for name, models in self.models_.items():
            total += self.weights_[name] * member_logit(models, matrix)
        return total

    def predict_proba(self, matrix):
        """Calibrated probabilities, shape (N, 2); column 1 is the planet's."""
        planet = expit(self.decision_function(matrix))
        return np.column_stack([1 - planet, planet])

    def predict(self, matrix):
        return (self.predict_proba(matrix)[:, 1] >= 0.5).astype(int)

    def _corrections(self, matrix):
        """The corrected columns in units of their spread, cut at three: shape (N, C)."""
        return np.clip((matrix[:, list(self.corrected)] - self.middle_) / self.spread_, -3, 3)

    def _out_of_fold(self, members, matrix, labels, weight, groups):
        logits = np.full((len(labels), len(members)), np.nan)
        splitter = StratifiedGroupKFold(self.folds, shuffle=True, random_state=self.seed)
        for fold, (seen, held_out) in enumerate(splitter.split(matrix, labels, groups), 1):
            for column, member in enumerate(members):
                self._say(f"fold {fold} of {self.folds}: {member.name}")
                models = fit_member(member, matrix[seen], labels[seen], weight[seen], self.seed)
                logits[held_out, column] = member_logit(models, matrix[held_out])
        return logits

    def _learn(self, members, logits, corrections, labels, weight):
        weights, self.slopes_, self.intercept_ = calibrate.learn_weights(logits, labels, weight, corrections)
        weights = np.where(weights < 1e-3, 0.0, weights)
        self.weights_ = {member.name: float(value) for member, value in zip(members, weights)}
        log_odds = logits @ weights + corrections @ self.slopes_ + self.intercept_
        self.out_of_fold_ = {"probability": expit(log_odds), "label": labels, "weight": weight}
        self.member_losses_ = {
            "ensemble": calibrate.weighted_log_loss(log_odds, labels, weight),
            "uncorrected": _loss(logits, None, labels, weight),
            "alone": {},
            "without": {},
        }
        for column, member in enumerate(members):
            self.member_losses_["alone"][member.name] = _loss(logits[:, [column]], corrections, labels, weight)
            if len(members) > 1:
                self.member_losses_["without"][member.name] = _loss(
                    np.delete(logits, column, axis=1), corrections, labels, weight
                )

    def _say(self, sentence):
        if self.progress is not None:
            self.progress(sentence)

    def __getstate__(self):
        return super().__getstate__() | {"progress": None}


def _loss(logits, corrections, labels, weight):
    weights, slopes, intercept = calibrate.learn_weights(logits, labels, weight, corrections)
    corrected = 0.0 if corrections is None else corrections @ slopes
    return calibrate.weighted_log_loss(logits @ weights + corrected + intercept, labels, weight)
