"""Explanations of every shape are read without a fault."""

from types import SimpleNamespace

import pytest

from app_tess.web.pages.reasons import explain


@pytest.mark.parametrize(
    "explanation",
    [
        None,
        {},
        [],
        "words",
        {"families": None, "missing": "x", "outside_domain": [], "neighbours": 3},
        {"probability": 0.5},
        {
            "families": [None, 3, {}, {"name": "x"}, {"name": "x", "log_odds": "much"}],
            "neighbours": [None, {}, {"tic_id": 1}],
        },
    ],
)
def test_what_is_missing_or_odd_is_left_out(explanation):
    assert not explain(SimpleNamespace(explanation=explanation))
    assert not explain(None)


def test_families_come_strongest_first_and_a_strange_toi_is_said_to_be_so():
    told = explain(
        SimpleNamespace(
            explanation={
                "families": [
                    {"name": "star", "log_odds": 0.2},
                    {"name": "shape", "log_odds": -2.0, "words": "shape: speaks strongly."},
                ],
                "outside_domain": True,
            }
        )
    )
    assert [(family["name"], family["text"]) for family in told.families] == [
        ("shape", "speaks strongly."),
        ("star", ""),
    ]
    assert told.warnings == ["Unlike the TOIs that the model learned from."]
