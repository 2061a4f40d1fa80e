"""Combine and calibrate the members of the ensemble, and draw the conformal sets."""

import numpy as np

LOGIT_BOUND = 6.0
"""Log-odds of the members are clipped here, which limits a single member to 99.75 %."""

CONFORMAL_ERROR = 0.1
"""Fraction of planets, and of the others, that may fall outside their conformal set."""

DRIFT_ALLOWANCE = 0.8
"""The sets are drawn for this fraction of the error, because later dispositions are not exchangeable with those
trained on."""

MEMBER_RIDGE = 1.0
"""Ridge penalty that pulls the weights towards an equal mean: a few hundred dispositions cannot rank good members."""

CORRECTION_RIDGE = 0.001
"""Ridge penalty that pulls the slopes of the corrections towards zero."""

PLANET, OTHER = "planet", "not a planet"


def fit_weights(member_logits, labels, sample_weight, corrections=None, ridge=MEMBER_RIDGE):
    """Fit the weight of each member to out-of-fold log-odds.

    Parameters
    ----------
    member_logits : ndarray, shape (N, M)
        Out-of-fold log-odds of each member, from models that were not trained on the row's star.
    labels, sample_weight : ndarray, shape (N,)
    corrections : ndarray, shape (N, C), or None
        Features whose linear effect on the log-odds is fitted together with the weights.
    ridge : float
        Penalty that pulls the weights towards an equal mean.

    Returns
    -------
    weights : ndarray, shape (M,), each >= 0
    slopes : ndarray, shape (C,), of either sign
    intercept : float
        The calibrated log-odds are `member_logits @ weights + corrections @ slopes + intercept`: weights that sum to
        less than one soften overconfident members, more than one sharpen them (Platt scaling and stacking in one fit).
    """
    from scipy.optimize import minimize
    from scipy.special import expit

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


def corrected_columns(matrix, columns, middle, spread):
    """Return the corrected columns (N, C) in units of their standard deviation, clipped at three."""
    return np.clip((matrix[:, list(columns)] - middle) / spread, -3, 3)


def weighted_log_loss(log_odds, labels, sample_weight):
    """Return the weighted mean log loss [nat] of log-odds."""
    losses = np.logaddexp(0, log_odds) - labels * log_odds
    return float(np.sum(losses * sample_weight) / np.sum(sample_weight))


def conformal_thresholds(probabilities, labels, error=CONFORMAL_ERROR):
    """Find from which probability the conformal set contains `planet`, and up to which it contains `not a planet`.

    Each is a quantile of the out-of-fold probabilities of that class, so that the set contains the true label for at
    least 1 - error of each class, whatever the base rate.

    References
    ----------
    Mondrian conformal prediction: Vovk et al. 2005, Algorithmic Learning in a Random World, ch. 4.5.
    """
    planets, others = probabilities[labels == 1], probabilities[labels == 0]
    drawn = DRIFT_ALLOWANCE * error
    low = np.quantile(planets, max(0.0, np.floor(drawn * (len(planets) + 1)) / len(planets)), method="lower")
    high = np.quantile(others, min(1.0, np.ceil((1 - drawn) * (len(others) + 1)) / len(others)), method="higher")
    return {"planet_from": float(low), "other_up_to": float(high), "error": error}


def conformal_set(probability, thresholds):
    """Return the labels that cannot be excluded at this probability; both together mean 'uncertain'."""
    labels = [PLANET] if probability >= thresholds["planet_from"] else []
    labels += [OTHER] if probability <= thresholds["other_up_to"] else []
    return labels or [PLANET if probability >= 0.5 else OTHER]
