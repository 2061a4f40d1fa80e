"""All members together, as they ship but for a shorter training of the network."""

import pickle

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from app_tess.scoring.catalogue_model.ensemble import PlanetEnsemble
from app_tess.scoring.catalogue_model.keras_step import KerasClassifierStep
from app_tess.scoring.catalogue_model.members import MEMBERS, Member, gaussianize


def short_network(seed):
    """The Keras member with two passes instead of sixty."""
    return make_pipeline(
        *gaussianize(seed), KerasClassifierStep(hidden=(8,), towers=2, epochs=2, batch_size=150, seed=seed)
    )


ALL = tuple(Member(member.name, short_network, 1) if member.name == "Keras network" else member for member in MEMBERS)


def made_up_matrix(count=200):
    random = np.random.default_rng(8)
    matrix = random.normal(size=(count, 5))
    return matrix, (matrix[:, 0] + 0.5 * matrix[:, 1] + random.normal(0, 0.5, count) > 0).astype(int)


@pytest.fixture(scope="module")
def twice():
    """The whole ensemble, trained from nothing two times from one seed."""
    pytest.importorskip("tensorflow", reason="the Keras member is trained by TensorFlow")
    matrix, labels = made_up_matrix()
    return matrix, [PlanetEnsemble(members=ALL, seed=7, folds=2, corrected=[0]).fit(matrix, labels) for _ in range(2)]


def test_the_same_seed_gives_the_same_scores_to_the_last_bit(twice):
    matrix, (one, two) = twice
    assert np.array_equal(one.predict_proba(matrix), two.predict_proba(matrix))


def test_every_member_with_a_weight_is_kept_and_a_pickle_gives_the_same_scores(twice):
    matrix, (one, _) = twice
    assert (
        set(one.models_)
        == {name for name, weight in one.weights_.items() if weight > 0}
        <= {member.name for member in MEMBERS}
    )
    assert "Keras network" in one.models_
    again = pickle.loads(pickle.dumps(one))  # noqa: S301 - pickled in this line
    assert np.array_equal(again.predict_proba(matrix), one.predict_proba(matrix))
