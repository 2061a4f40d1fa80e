"""The plots of the evaluation report."""

import numpy as np
import pytest

from app_tess.plots import model_report
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation.report_schema import Curves, ReliabilityBin, SubsetFigures
from app_tess.scoring.evaluation.track_record_schema import TrackRecord, YearFigures
from tests.support.reports import UNDEFINED, made_up_figures, made_up_pair

FIGURE = Figure(0.91, 0.88, 0.94)
FIGURES = made_up_figures(auc=FIGURE, ap=FIGURE, brier=Figure(0.11, 0.09, 0.13), ece=Figure(0.05, 0.03, 0.09))


@pytest.fixture
def pair():
    share = list(np.linspace(0.1, 1.0, 10))
    return made_up_pair(
        n=236,
        base_rate=0.42,
        model=FIGURES,
        reliability=[ReliabilityBin(0.0, 0.5, 120, 0.1, 0.05), ReliabilityBin(0.5, 1.0, 116, 0.9, 0.95)],
        curves=Curves(share, share, share[::-1]),
        slices={
            "radius": {
                "2-4 R_Earth": SubsetFigures(60, 0.7, **vars(FIGURES)),
                "below 2 R_Earth": SubsetFigures(3, 1.0),
            },
            "disposition": {"PC": SubsetFigures(200, 0.5, **vars(FIGURES))},
        },
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (model_report.render_evaluation, ("AUC 0.910", "0.90 predicted, 0.95 planets of 116")),
        (model_report.slices_chart, ("2-4 R_Earth (n 60) 0.910", "PC (n 200) 0.910")),
    ],
)
def test_each_picture_of_a_pair_is_a_png_whose_text_states_the_figures(draw, words, theme, pair):
    picture = draw(pair, theme=theme)
    assert picture.png.startswith(b"\x89PNG")
    assert all(word in picture.alt for word in words)


def test_a_slice_too_small_for_figures_is_not_drawn(pair):
    assert "below 2" not in model_report.slices_chart(pair).alt


def test_a_pair_without_slices_has_an_empty_chart_not_an_error():
    assert model_report.slices_chart(made_up_pair(slices={})).png.startswith(b"\x89PNG")


def test_a_year_with_dispositions_of_one_kind_only_is_not_drawn():
    years = [
        YearFigures(200, 0.4, **vars(FIGURES), year="2023"),
        YearFigures(3, 1.0, **(vars(FIGURES) | {"auc": UNDEFINED}), year="2024"),
    ]
    picture = model_report.years_chart(TrackRecord("toi_2025", None, [], years))
    assert picture.png.startswith(b"\x89PNG") and "2023 AUC 0.910" in picture.alt and "2024" not in picture.alt


def test_the_same_file_gives_the_same_picture(pair):
    assert model_report.render_evaluation(pair).png == model_report.render_evaluation(pair).png
