"""The stored explanation of a score is read as it was written, and reported where it has another layout."""

from types import SimpleNamespace

import pytest

from app_tess.web.pages.reasons import explain
from tests.support.catalogues import EXPLANATION


def test_families_come_strongest_first():
    explanation, problem = explain(SimpleNamespace(explanation=EXPLANATION))
    assert problem is None
    assert [(family.name, family.log_odds) for family in explanation.ranked_families()] == [
        ("transit shape", 1.2),
        ("star", -0.3),
    ]


def test_a_toi_without_a_score_or_without_a_probability_has_no_explanation():
    assert explain(None) == (None, None)
    assert explain(SimpleNamespace(explanation=None)) == (None, None)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"families": None}, "families"),
        ({"families": [{"family": "star", "name": "star", "log_odds": "much", "words": ""}]}, "families[0].log_odds"),
        ({"neighbours": [{"toi": "1.01", "distance": 0.1}]}, "neighbours[0].disposition"),
        ({"outside_domain": []}, "outside_domain"),
        ({"band": "perhaps"}, "band"),
    ],
)
def test_an_explanation_of_another_layout_is_reported_by_its_key(changes, key):
    explanation, problem = explain(SimpleNamespace(explanation=EXPLANATION | changes))
    assert explanation is None and f"'{key}'" in problem and "Rescore" in problem
