"""Frozen scores, counted and listed by how they compare with the later disposition."""

from app_tess.scoring.evaluation.replay import count_predictions, figures_by_year
from app_tess.scoring.evaluation.track_record_schema import LONGEST_LIST, PredictionCounts, ReplayedScore
from tests.support.reports import made_up_date


def frozen(toi, probability, disposition, year="2026"):
    return ReplayedScore(toi, int(float(toi)), probability, disposition, disposition in ("CP", "KP"), year)


def test_predictions_are_counted_correct_and_incorrect():
    counts = count_predictions(
        [
            frozen("101.01", 0.9, "CP"),
            frozen("102.01", 0.8, "FP"),
            frozen("103.01", 0.2, "FA"),
            frozen("104.01", 0.1, "KP"),
        ]
    )
    assert counts == PredictionCounts(planets_right=1, planets_wrong=1, others_right=1, others_wrong=1)


def test_figures_come_by_year():
    years = figures_by_year([frozen("101.01", 0.9, "CP", "2025"), frozen("102.01", 0.3, "FP", "2026")])
    assert [(year.year, year.n) for year in years] == [("2025", 1), ("2026", 1)]
    assert figures_by_year([]) == []


def test_only_planets_that_were_predicted_to_be_planets_are_correct_planets():
    date = made_up_date(
        [frozen("1.01", 0.95, "CP"), frozen("2.01", 0.05, "CP"), frozen("3.01", 0.6, "KP"), frozen("4.01", 0.92, "FP")]
    )
    assert [score.toi for score in date.correct_planets()] == ["1.01", "3.01"]
    assert [score.toi for score in date.incorrect_planets()] == ["4.01"]
    assert [score.toi for score in date.missed_planets()] == ["2.01"]


def test_the_most_confident_are_listed_first_and_no_more_than_a_page_holds():
    date = made_up_date([frozen(f"{number}.01", number / 100, "CP") for number in range(1, 100)])
    assert [score.probability for score in date.correct_planets()[:2]] == [0.99, 0.98]
    assert [score.probability for score in date.missed_planets()[:2]] == [0.01, 0.02]
    assert len(date.correct_planets()) == LONGEST_LIST and len(date.missed_planets()) == 10
