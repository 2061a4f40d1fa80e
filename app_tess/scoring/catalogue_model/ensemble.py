"""The weighted, calibrated ensemble: the last step of the pipeline."""

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold

from app_tess.scoring.catalogue_model import calibrate
from app_tess.scoring.catalogue_model.members import MEMBERS, fit_member, member_logit

FOLDS = 5
"""Star-grouped folds for the out-of-fold predictions to which the weights are fitted."""


class PlanetEnsemble(ClassifierMixin, BaseEstimator):
    """Members trained separately, combined with weights >= 0 fitted to out-of-fold predictions.

    Parameters
    ----------
    corrected : sequence of int
        Columns whose linear effect is fitted together with the weights.
    kept : KeptFits, optional
        Where the fit of each member is kept until the training is complete.

    Attributes
    ----------
    weights_ : dict of str to float
        Weight >= 0 of each member on its log-odds. A member of weight 0 is not kept.
    slopes_ : ndarray, shape (C,)
        On the corrected columns in units of their standard deviation.
    intercept_ : float
    out_of_fold_ : dict of str to ndarray, shape (N,)
        "probability", "label" and "weight" in the order of the training rows.
    member_losses_ : dict
        Out-of-fold log loss of the "ensemble", of the "uncorrected" ensemble, and dicts by member name: "alone", and of
        the ensemble "without" it.
    """

    def __init__(self, members=None, seed=0, folds=FOLDS, progress=None, corrected=(), kept=None):
        self.members = members
        self.seed = seed
        self.folds = folds
        self.progress = progress
        self.corrected = corrected
        self.kept = kept

    def fit(self, matrix, labels, sample_weight=None, calibration_weight=None, groups=None):
        """Train on a finite matrix (N, F), labels 0/1 (N,) and star identifiers (N,).

        `sample_weight` (N,) is for the members, `calibration_weight` (N,) for combining and calibrating them.
        """
        matrix, labels = np.asarray(matrix, dtype=float), np.asarray(labels).astype(int)
        weight = np.ones(len(labels)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        calibration = weight if calibration_weight is None else np.asarray(calibration_weight, dtype=float)
        groups = np.arange(len(labels)) if groups is None else np.asarray(groups)
        self.classes_ = np.array([0, 1])
        self.n_features_in_ = matrix.shape[1]
        columns = matrix[:, list(self.corrected)]
        self.middle_, spread = np.median(columns, axis=0), columns.std(axis=0)
        self.spread_ = np.where(spread > 0, spread, 1.0)
        members = MEMBERS if self.members is None else self.members
        held_out = self._out_of_fold(members, matrix, labels, weight, groups)
        self._fit_weights(members, held_out, self.corrections(matrix), labels, calibration)
        self.models_ = {}
        for member in members:
            if self.weights_[member.name] > 0:
                self._report(f"training {member.name} on all {len(labels)} rows")
                self.models_[member.name] = self._fit(member, matrix, labels, weight)
        self.progress = self.kept = None
        return self

    def decision_function(self, matrix):
        """Return the calibrated log-odds of a planet, shape (N,)."""
        matrix = np.asarray(matrix, dtype=float)
        total = self.intercept_ + self.corrections(matrix) @ self.slopes_
        for name, models in self.models_.items():
            total += self.weights_[name] * member_logit(models, matrix)
        return total

    def predict_proba(self, matrix):
        """Return calibrated probabilities, shape (N, 2); column 1 is that of a planet."""
        planet = expit(self.decision_function(matrix))
        return np.column_stack([1 - planet, planet])

    def predict(self, matrix):
        return (self.predict_proba(matrix)[:, 1] >= 0.5).astype(int)

    def corrections(self, matrix):
        """Return the corrected columns in units of their standard deviation, clipped at three: shape (N, C)."""
        return calibrate.corrected_columns(matrix, self.corrected, self.middle_, self.spread_)

    def _out_of_fold(self, members, matrix, labels, weight, groups):
        logits = np.full((len(labels), len(members)), np.nan)
        splitter = StratifiedGroupKFold(self.folds, shuffle=True, random_state=self.seed)
        for fold, (seen, held_out) in enumerate(splitter.split(matrix, labels, groups), 1):
            for column, member in enumerate(members):
                self._report(f"fold {fold} of {self.folds}: {member.name}")
                logits[held_out, column] = self._fit(member, matrix[seen], labels[seen], weight[seen], matrix[held_out])
        return logits

    def _fit(self, member, matrix, labels, weight, later=None):
        """Train a member, or take it as it was kept; its models, or if `later` is given only their log-odds on it."""

        def compute():
            models = fit_member(member, matrix, labels, weight, self.seed)
            return models if later is None else member_logit(models, later)

        if self.kept is None:
            return compute()
        settings = (member.name, member.seeds, repr(member.build(self.seed)), self.seed)
        return self.kept.get([*settings, matrix, labels, weight, *([] if later is None else [later])], compute)

    def _fit_weights(self, members, logits, corrections, labels, weight):
        weights, self.slopes_, self.intercept_ = calibrate.fit_weights(logits, labels, weight, corrections)
        weights = np.where(weights < 1e-3, 0.0, weights)
        self.weights_ = {member.name: float(value) for member, value in zip(members, weights, strict=True)}
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

    def _report(self, sentence):
        if self.progress is not None:
            self.progress(sentence)

    def __getstate__(self):
        return super().__getstate__() | {"progress": None, "kept": None}


def _loss(logits, corrections, labels, weight):
    weights, slopes, intercept = calibrate.fit_weights(logits, labels, weight, corrections)
    corrected = 0.0 if corrections is None else corrections @ slopes
    return calibrate.weighted_log_loss(logits @ weights + corrected + intercept, labels, weight)
