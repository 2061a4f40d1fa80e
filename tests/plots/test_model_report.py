"""The pictures of the model card."""

import numpy as np
import pytest

from app_tess.plots import model_report

FIGURE = {"value": 0.91, "low": 0.88, "high": 0.94}


@pytest.fixture
def pair():
    share = list(np.linspace(0.1, 1.0, 10))
    return {
        "train": "toi_2022-06-06.csv.gz",
        "labels": "toi_2023-07-16.csv.gz",
        "n": 236,
        "base_rate": 0.42,
        "model": {"auc": FIGURE, "ap": FIGURE, "ece": {"value": 0.05, "low": 0.03, "high": 0.09}},
        "reliability": [
            {"mean_probability": 0.1, "share_of_planets": 0.05, "n": 120},
            {"mean_probability": 0.9, "share_of_planets": 0.95, "n": 116},
        ],
        "curves": {"false_positive_rate": share, "recall": share, "precision": share[::-1]},
        "slices": {
            "radius": {
                "2-4 R_Earth": {"n": 60, "base_rate": 0.7, "auc": FIGURE},
                "below 2 R_Earth": {"n": 3, "base_rate": 1.0},
            },
            "disposition": {"PC": {"n": 200, "base_rate": 0.5, "auc": FIGURE}},
        },
    }


RECORD = {
    "years": [
        {"year": "2023", "n": 200, "auc": FIGURE, "brier": {"value": 0.11, "low": 0.09, "high": 0.13}},
        {"year": "2024", "n": 3, "auc": {"value": None, "low": None, "high": None}},
    ]
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "draw, told",
    [
        (model_report.render_judgement, ("AUC 0.910", "0.90 given, 0.95 planets of 116")),
        (model_report.slices_chart, ("2-4 R_Earth (n 60) 0.910", "PC (n 200) 0.910")),
    ],
)
def test_each_picture_of_a_pair_is_a_png_whose_text_states_the_figures(draw, told, theme, pair):
    picture = draw(pair, theme=theme)
    assert picture.png.startswith(b"\x89PNG")
    assert all(words in picture.alt for words in told)


def test_a_slice_too_small_for_figures_is_not_drawn(pair):
    assert "below 2" not in model_report.slices_chart(pair).alt


def test_a_judgement_without_slices_has_an_empty_chart_not_an_error(pair):
    assert model_report.slices_chart(pair | {"slices": {}}).png.startswith(b"\x89PNG")


def test_a_year_with_verdicts_of_one_kind_only_is_not_drawn():
    picture = model_report.years_chart(RECORD)
    assert picture.png.startswith(b"\x89PNG") and "2023 AUC 0.910" in picture.alt and "2024" not in picture.alt


def test_the_same_file_gives_the_same_picture(pair):
    assert model_report.render_judgement(pair).png == model_report.render_judgement(pair).png
