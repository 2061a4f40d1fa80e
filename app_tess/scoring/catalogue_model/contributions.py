"""What each family of features contributes to a score, in words with the values behind it, and what is missing."""

from functools import partial
from math import factorial

import numpy as np

from app_tess.fields import TOI_FIELDS
from app_tess.scoring.catalogue_model.feature_list import DURATION, FAMILIES, HOST, MULTIPLICITY, SIGNAL, SIZE

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

_FIELDS = {field.name: field for field in TOI_FIELDS}
_FORMS = {
    family: [
        (name, f"{INPUT_NAMES[name]} {{:,.{_FIELDS[name].decimals}f}} {_FIELDS[name].unit.symbol}".strip())
        for name in names
    ]
    for family, names in FAMILY_INPUTS.items()
}
"""How a family's values are written, by column."""
_MISSING = [{"column": column, "name": name} for column, name in INPUT_NAMES.items()]


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


def contributions(shares, columns):
    """Yield the contribution of each family to each of N rows."""
    by_family = [
        map(partial(_contribution, family), share, _values(family, columns, len(shares)))
        for family, share in zip(FAMILIES, shares.T.tolist(), strict=True)
    ]
    return map(list, zip(*by_family, strict=True))


def _contribution(family, share, values):
    share = round(share, 3)  # rounded first, so that number and words agree
    strength = "strongly" if abs(share) > 1 else "slightly" if abs(share) < 0.4 else "clearly"
    name = FAMILY_NAMES[family]
    effect = f"counts {strength} {'for' if share > 0 else 'against'} a planet"
    words = f"{name}{values}: {effect if abs(share) >= NOTICEABLE else 'makes little difference'}."
    return {"family": family, "name": name, "log_odds": share, "words": words}


def _values(family, columns, count):
    """Return the values behind a family for each row: " (planet radius 13.19 R⊕, ...)"; empty without any."""
    texts = [
        [form.format(value) if known else "" for value, known in zip(values.tolist(), _known(values), strict=True)]
        for values, form in ((columns[column], form) for column, form in _FORMS[family] if column in columns)
    ]
    if not texts:
        return [""] * count
    joined = (", ".join(filter(None, row)) for row in zip(*texts, strict=True))
    return [f" ({text})" if text else "" for text in joined]


def _known(values):
    """Return which values of a column are finite and positive, as a list."""
    values = np.asarray(values, dtype=float)
    return (np.isfinite(values) & (values > 0)).tolist()


def missing(columns, count):
    """Return of each of N rows the inputs without a value."""
    known = [_known(columns[column]) if column in columns else [False] * count for column in INPUT_NAMES]
    return [[_MISSING[number] for number in numbers] for numbers in set_columns(~np.array(known, dtype=bool).T)]


def set_columns(mask):
    """Return of each row of a matrix of bool the numbers of the columns that are set."""
    found: list[list[int]] = [[] for _ in mask]
    for row, column in zip(*(one.tolist() for one in np.nonzero(mask)), strict=True):
        found[row].append(column)
    return found
