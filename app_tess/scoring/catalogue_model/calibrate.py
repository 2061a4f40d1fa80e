"""From members' opinions to one probability that can be believed: learned weights, calibration, conformal sets."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

LOGIT_BOUND = 6.0
"""Members' log-odds are cut here: one member alone can never claim more than 99.75 %."""

CONFORMAL_ERROR = 0.1
"""Share of planets, and of the others, that may fall outside their conformal set."""

DRIFT_ALLOWANCE = 0.8
"""The sets are drawn for this part of the error: later verdicts are not exchangeable with those that taught, and miss more."""

MEMBER_RIDGE = 1.0
"""Pull of the members' weights towards an equal mean: some hundred verdicts cannot tell good members apart."""

CORRECTION_RIDGE = 0.001
"""Pull of the corrections' slopes towards zero."""

PLANET, OTHER = "planet", "not a planet"


def learn_weights(member_logits, labels, sample_weight, corrections=None, ridge=MEMBER_RIDGE):
    """Learn how far to trust each member, from its out-of-fold log-odds.

    Parameters
    ----------
    member_logits : ndarray, shape (N, M)
        Out-of-fold log-odds of each member: from models that have not seen the row's star.
    labels, sample_weight : ndarray, shape (N,)
    corrections : ndarray, shape (N, C), or None
        Features whose effect on the log-odds is learned beside the members.
    ridge : float
        Pull of the members' weights towards an equal mean.

    Returns
    -------
    weights : ndarray, shape (M,), each >= 0
    slopes : ndarray, shape (C,), of either sign
    intercept : float
        The calibrated log-odds are `member_logits @ weights + corrections @ slopes + intercept`: weights that sum to
        less than one soften members that are too sure, more than one sharpen them (Platt scaling and stacking in one fit).
    """
    count = member_logits.shape[1]
    inputs = member_logits if corrections is None else np.column_stack([member_logits, corrections])
    extra = inputs.shape[1] - count
    share = np.asarray(sample_weight) / np.sum(sample_weight)
    target = np.append(np.full(count, 1 / count), np.zeros(extra))
    pull = np.append(np.full(count, ridge), np.full(extra, CORRECTION_RIDGE))

    def loss(parameters):
        log_odds = inputs @ parameters[:-1] + parameters[-1]
        value = np.sum(share * (np.logaddexp(0, log_odds) - labels * log_odds))
        distance = parameters[:-1] - target
        slope = share * (expit(log_odds) - labels)
        gradient = np.append(inputs.T @ slope + 2 * pull * distance, slope.sum())
        return value + np.sum(pull * distance**2), gradient

    bounds = [(0, None)] * count + [(None, None)] * (extra + 1)
    found = minimize(loss, np.append(target, 0.0), jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[:count], found[count:-1], float(found[-1])


def weighted_log_loss(log_odds, labels, sample_weight):
    """Mean log loss [nat] of log-odds under sample weights."""
    losses = np.logaddexp(0, log_odds) - labels * log_odds
    return float(np.sum(losses * sample_weight) / np.sum(sample_weight))


def conformal_thresholds(probabilities, labels, error=CONFORMAL_ERROR):
    """Lowest probability at which `planet` stays possible, and highest at which `not a planet` does.

    Each is a quantile of the out-of-fold probabilities of its own class (Mondrian conformal prediction; Vovk et al.
    2005, ch. 4.5), so that at least 1 - error of each class keep their true label in their set, whatever the base rate.
    """
    planets, others = probabilities[labels == 1], probabilities[labels == 0]
    drawn = DRIFT_ALLOWANCE * error
    low = np.quantile(planets, max(0.0, np.floor(drawn * (len(planets) + 1)) / len(planets)), method="lower")
    high = np.quantile(others, min(1.0, np.ceil((1 - drawn) * (len(others) + 1)) / len(others)), method="higher")
    return {"planet_from": float(low), "other_up_to": float(high), "error": error}


def conformal_set(probability, thresholds):
    """The labels that cannot be ruled out at this probability, as a list; both mean 'uncertain'."""
    labels = [PLANET] if probability >= thresholds["planet_from"] else []
    labels += [OTHER] if probability <= thresholds["other_up_to"] else []
    return labels or [PLANET if probability >= 0.5 else OTHER]
