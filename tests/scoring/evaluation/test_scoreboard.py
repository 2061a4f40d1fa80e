"""Classifiers graded on later dispositions, alone and in pairs."""

import datetime as dt

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from app_tess.scoring.evaluation.scoreboard import (
    SMALLEST_CLASS,
    GivenScore,
    GradedToi,
    build_scoreboard,
    is_later,
    kinds_of,
)

BEFORE, AFTER = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
OPEN = dt.date(2024, 6, 1)


@pytest.fixture
def tois():
    """Sixty TOIs of thirty stars, every other one a planet, open until mid-2024."""
    small, large = kinds_of(1.5, 9.0, 2.0, 2), kinds_of(12.0, 13.0, None, 1)
    return [
        GradedToi(f"{number}.01", number // 2, number % 3 == 0, OPEN, small if number % 2 else large)
        for number in range(60)
    ]


def scores(tois, skill, day, seed):
    noise = np.random.default_rng(seed).normal(size=len(tois))
    values = 1 / (1 + np.exp(-(skill * (np.array([toi.is_planet for toi in tois]) - 0.5) + noise)))
    return {toi.toi: GivenScore(float(value), day) for toi, value in zip(tois, values, strict=True)}


def test_a_score_counts_only_if_the_toi_was_open_on_its_day_or_later():
    toi = GradedToi("1.01", 1, True, OPEN, {})
    assert is_later(toi, GivenScore(0.5, OPEN)) and is_later(toi, GivenScore(0.5, BEFORE))
    assert not is_later(toi, GivenScore(0.5, AFTER))
    assert not is_later(GradedToi("1.01", 1, True, None, {}), GivenScore(0.5, BEFORE))


def test_dated_scores_are_graded_on_later_dispositions_and_undated_ones_apart(tois):
    dated = scores(tois, 2, BEFORE, 1)
    late = {toi: GivenScore(given.score, AFTER) for toi, given in list(dated.items())[:20]}
    undated = {toi: GivenScore(given.score, None) for toi, given in list(dated.items())[20:]}
    board = build_scoreboard(tois, {"ours": dated, "theirs": late | undated, "none": {"9.99": GivenScore(1, None)}})
    ours, not_graded, as_undated, empty = board.entries
    assert (ours.title, ours.figures.n, ours.not_later) == ("ours", 60, 0)
    assert (not_graded.title, not_graded.figures.n, not_graded.not_later) == ("theirs", 0, 20)
    assert (as_undated.title, as_undated.figures.n, as_undated.not_later) == ("theirs (undated)", 40, 0)
    assert empty.figures.n == 0 and empty.figures.auc is None and empty.figures.base_rate is None
    assert [(pair.first, pair.second, pair.n, pair.undated) for pair in board.pairs][1] == (
        "ours",
        "theirs (undated)",
        40,
        True,
    )


def test_figures_are_those_of_sklearn_with_intervals_around_them(tois):
    given = scores(tois, 2, BEFORE, 2)
    (entry,) = build_scoreboard(tois, {"ours": given}).entries
    labels, values = [toi.is_planet for toi in tois], [given[toi.toi].score for toi in tois]
    assert entry.figures.auc.value == pytest.approx(roc_auc_score(labels, values), abs=1e-4)
    assert entry.figures.base_rate == pytest.approx(1 / 3, abs=1e-4)
    assert entry.figures.auc.low < entry.figures.auc.value < entry.figures.auc.high


def test_a_pair_is_compared_on_the_tois_that_both_scored_in_the_same_resamples(tois):
    good, bad = scores(tois, 6, BEFORE, 3), scores(tois, 0, BEFORE, 4)
    shared = dict(list(bad.items())[6:])
    same = {toi: GivenScore(given.score**2, BEFORE) for toi, given in good.items()}
    first, second, third = build_scoreboard(tois, {"good": good, "bad": shared, "same": same}).pairs
    labels = [toi.is_planet for toi in tois[6:]]
    gap = roc_auc_score(labels, [good[toi].score for toi in shared]) - roc_auc_score(
        labels, [given.score for given in shared.values()]
    )
    assert first.n == 54 and first.difference.value == pytest.approx(gap, abs=2e-4) and first.difference.low > 0
    assert (second.difference.value, second.difference.low, second.difference.high) == (0, 0, 0)
    assert third.difference.value == pytest.approx(-gap, abs=2e-4)
    assert (first.better, second.better, third.better) == (1, 0, 2)
    assert sum(part.n for part in first.kinds["period"].values()) == 54
    (whole,) = build_scoreboard(tois, {"good": good, "bad": bad}).pairs
    assert "TOIs of the star: one" in whole.better_on(1) and whole.better_on(2) == []


def test_kinds_with_too_few_of_a_class_are_only_counted(tois):
    (entry,) = build_scoreboard(tois, {"ours": scores(tois, 2, BEFORE, 5)}).entries
    small = entry.kinds["planet radius"]["below 2 R_Earth"]
    assert small.n == 30 and small.auc is not None and entry.kinds["period"]["single transit"].n == 30
    few = [toi for toi in tois if toi.is_planet][: SMALLEST_CLASS - 1] + [toi for toi in tois if not toi.is_planet]
    (entry,) = build_scoreboard(few, {"ours": scores(few, 2, BEFORE, 6)}).entries
    assert entry.figures.n == SMALLEST_CLASS - 1 + 40 and entry.figures.auc is None


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ((2.0, 10.0, 3.0, 1), ("2-4 R_Earth", "10 to 12", "3 to 10 d", "one")),
        ((None, None, None, 3), ("unknown", "unknown", "single transit", "several")),
        ((40.0, 18.5, 700.0, 2), ("above 16 R_Earth", "12 and fainter", "10 d and longer", "several")),
    ],
)
def test_kinds_have_their_lower_limit_and_not_their_upper(values, classes):
    assert tuple(kinds_of(*values).values()) == classes
