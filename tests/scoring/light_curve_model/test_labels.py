import numpy as np
import pytest

from app_tess.scoring.light_curve_model.labels import possible_classes
from app_tess.scoring.light_curve_model.views_file import ANY_JUNK, CLASSES


def classes(label="", disposition="", binary=False):
    """The classes that one event may belong to, as a set; all of them mean unknown."""
    (row,) = possible_classes([label], [disposition], [binary])
    return {name for name, possible in zip(CLASSES, row, strict=True) if possible}


UNKNOWN = set(CLASSES)


@pytest.mark.parametrize("disposition", ["CP", "KP"])
@pytest.mark.parametrize("label", ["", "PC", "EB", "J"])
def test_a_confirmed_planet_is_a_candidate_even_if_a_catalogue_lists_it_as_a_binary(disposition, label):
    assert classes(label, disposition, binary=True) == {"PC"}


def test_a_false_positive_is_a_binary_only_if_it_is_catalogued():
    assert classes("", "FP", binary=True) == classes("PC", "FA", binary=True) == {"EB"}
    assert classes("", "FP") == classes("", "FA") == UNKNOWN


def test_a_rejected_planet_candidate_is_no_longer_one_but_another_label_stays():
    assert classes("PC", "FP") == UNKNOWN
    assert classes("EB", "FP") == {"EB"} and classes("V", "FA") == {"V"}


def test_a_catalogued_binary_is_one_whether_the_eye_saw_a_planet_or_nothing_was_said():
    assert classes("PC", binary=True) == classes("EB", binary=True) == classes("", binary=True) == {"EB"}


def test_a_catalogued_binary_whose_fold_shows_junk_may_be_either():
    assert classes("J", binary=True) == {"EB", "J"} and classes("IS", binary=True) == {"EB", "IS"}
    assert classes(ANY_JUNK, binary=True) == {"EB", "V", "IS", "J"}


@pytest.mark.parametrize("disposition", ["PC", "APC"])
def test_an_open_candidate_in_the_binaries_catalogue_is_unknown_unless_the_eye_saw_a_planet(disposition):
    assert classes("", disposition, binary=True) == classes("EB", disposition, binary=True) == UNKNOWN
    assert classes("PC", disposition, binary=True) == {"PC"}
    assert classes("", disposition) == UNKNOWN


def test_without_other_sources_the_label_given_by_eye_counts():
    assert [classes(name) for name in CLASSES] == [{name} for name in CLASSES]
    assert classes(ANY_JUNK) == {"V", "IS", "J"}
    assert classes("O") == classes("") == UNKNOWN


def test_many_events_are_labeled_at_once():
    possible = possible_classes(np.array(["PC", "J"]), np.array(["", "KP"]), np.array([True, False]))
    assert possible.tolist() == [[False, True, False, False, False], [True, False, False, False, False]]
