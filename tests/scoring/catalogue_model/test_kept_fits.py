"""An interrupted training resumes, and ends with the bytes of one that was not interrupted."""

import pickle

import pytest

from app_tess.scoring.catalogue_model.ensemble import PlanetEnsemble
from app_tess.scoring.catalogue_model.kept_fits import KeptFits
from app_tess.scoring.catalogue_model.members import Member, extra_trees, support_vectors
from tests.scoring.catalogue_model.test_ensemble import made_up_matrix

MEMBERS = (Member("support vectors", support_vectors, 1), Member("extra trees", extra_trees, 1))


class Interrupted(Exception):
    """In place of the person who stops the training."""


def train(folder, stop_before=None):
    steps = []

    def progress(sentence):
        steps.append(sentence)
        if sentence == stop_before:
            raise Interrupted

    ensemble = PlanetEnsemble(members=MEMBERS, seed=7, folds=2, progress=progress, kept=KeptFits(folder))
    return pickle.dumps(ensemble.fit(*made_up_matrix()))


def test_an_interrupted_training_ends_with_the_same_bytes_and_repeats_no_fit(tmp_path):
    with pytest.raises(Interrupted):
        train(tmp_path / "one", stop_before="fold 2 of 2: extra trees")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "one").iterdir()}
    assert len(kept) == 3
    assert train(tmp_path / "one") == train(tmp_path / "two")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_other_inputs_are_computed_anew_and_the_folder_can_be_removed(tmp_path):
    kept = KeptFits(tmp_path / "unfinished")
    assert [kept.get(["a", 1], lambda: 5), kept.get(["a", 1], lambda: 6), kept.get(["a", 2], lambda: 7)] == [5, 5, 7]
    kept.remove()
    assert not kept.folder.exists()
