"""The log-odds of each coalition of families are those that the trained ensemble itself gives to such rows."""

import pickle
from itertools import product
from math import factorial

import numpy as np
import pytest

from app_tess.scoring.catalogue_model import pipeline_file
from app_tess.scoring.catalogue_model.explain import FAMILY_COLUMNS
from app_tess.scoring.catalogue_model.feature_list import FAMILIES, MULTIPLICITY
from app_tess.scoring.catalogue_model.frame import join_stars
from app_tess.scoring.catalogue_model.pipeline_manifest import ARTIFACTS_DIRECTORY, PIPELINE_NAME
from tests.scoring.support import made_up_tois
from tests.support.explained import score_and_explain


@pytest.fixture(scope="module")
def loaded():
    return pipeline_file.load()


@pytest.fixture(scope="module")
def pipeline():
    """The shipped pipeline with the libraries of its training."""
    return pickle.loads((ARTIFACTS_DIRECTORY / PIPELINE_NAME).read_bytes())  # noqa: S301 - our own


@pytest.fixture(scope="module")
def frame():
    """Two TOIs of one star first, then one with unknown SNR and temperature."""
    tois = made_up_tois(40)
    tois.loc[1, "tic_id"] = tois.loc[0, "tic_id"]
    tois.loc[2, ["snr", "teff_k"]] = np.nan
    return join_stars(tois)


def test_every_coalition_has_the_ensembles_own_log_odds(loaded, pipeline, frame):
    model = pipeline.named_steps["model"]
    matrix = np.asarray(pipeline[:-1].transform(frame))
    reference = model.explainer_.reference
    matrix[3, FAMILY_COLUMNS[0]] = reference[FAMILY_COLUMNS[0]]  # a family with nothing to add
    matrix[4] = reference
    matrix[5:8] *= 1000  # beyond all training data, where the members' log-odds are clipped
    worth = loaded.model.worth(matrix)
    assert worth.shape == (32, 40)
    for coalition, values in enumerate(worth):
        rows = np.tile(reference, (len(matrix), 1))
        for family, columns in enumerate(FAMILY_COLUMNS):
            if coalition >> family & 1:
                rows[:, columns] = matrix[:, columns]
        assert values == pytest.approx(model.decision_function(rows), abs=1e-9)


def test_a_value_on_the_edge_of_a_split_takes_the_side_that_the_ensemble_takes(loaded, pipeline, frame):
    model = pipeline.named_steps["model"]
    matrix = np.asarray(pipeline[:-1].transform(frame))
    for row, [tree] in enumerate(model.models_["histogram boosting"][0]._predictors[:40]):
        split = tree.nodes[0]
        matrix[row, split["feature_idx"]] = split["num_threshold"]
    for row, one in enumerate(model.models_["extra trees"][0].estimators_[:20]):
        matrix[row, one.tree_.feature[0]] = one.tree_.threshold[0]  # which is rounded to 32 bits in the comparison
    worth = loaded.model.worth(matrix)
    assert worth[-1] == pytest.approx(model.decision_function(matrix), abs=1e-9)


def shapley_values(worth, families):
    """Return each family's Shapley value from the worth of every coalition, by the definition (Shapley 1953, eq. 13).

    Parameters
    ----------
    worth : sequence of float, shape (2**families,)
        Bit f of the index says whether family f takes part.
    """
    shares = np.zeros(families)
    for family, coalition in product(range(families), range(2**families)):
        if not coalition >> family & 1:
            size = coalition.bit_count()
            weight = factorial(size) * factorial(families - size - 1) / factorial(families)
            shares[family] += weight * (worth[coalition | 1 << family] - worth[coalition])
    return shares


def test_the_stored_models_explanations_are_the_exact_shapley_values(loaded, pipeline, frame):
    model, frame = pipeline.named_steps["model"], frame.iloc[:4]
    matrix = np.asarray(pipeline[:-1].transform(frame))
    worth = []
    for coalition in range(2 ** len(FAMILY_COLUMNS)):
        rows = np.tile(model.explainer_.reference, (len(matrix), 1))
        for family, columns in enumerate(FAMILY_COLUMNS):
            if coalition >> family & 1:
                rows[:, columns] = matrix[:, columns]
        worth.append(model.decision_function(rows))
    scores = score_and_explain(loaded, frame)
    for row, explanation in enumerate(scores["explanation"]):
        shares = [family["log_odds"] for family in explanation["families"]]
        assert shares == pytest.approx(shapley_values(np.array(worth)[:, row], len(FAMILY_COLUMNS)), abs=0.001)
    assert scores["explanation"][0]["families"][FAMILIES.index(MULTIPLICITY)]["log_odds"] > 1
