"""/model shows what the model's own files say, and says so where a file is missing."""

import json

import numpy as np
import pytest

from app_tess.scoring.catalogue_model.artifact import ARTIFACTS_DIRECTORY, read_manifest
from app_tess.scoring.common.metrics import METRICS, measure
from tests.support.loaded import loaded_app

FIGURE = {"value": 0.9, "low": 0.85, "high": 0.95}


def judgement(train_date="2022-06-06", labels_date="2023-07-16", n=60):
    """An evaluation as `scoring.evaluate` writes it, of made-up scores."""
    generator = np.random.default_rng(n)
    labels = generator.integers(0, 2, n)
    scores = np.clip(labels * 0.4 + generator.uniform(0, 0.6, n), 0, 1)
    figures = measure(labels, scores, np.arange(n), resamples=20)
    return {
        "train": "a.csv",
        "train_date": train_date,
        "labels": "b.csv",
        "labels_date": labels_date,
        "n": n,
        "n_train": 500,
        "base_rate": float(labels.mean()),
        "model": figures,
        "baselines": {
            "majority": dict.fromkeys(METRICS, FIGURE) | {"auc": {"value": None, "low": None, "high": None}},
            "seed_network": figures,
        },
        "slices": {
            "radius": {
                "below 2 R_Earth": {"n": 10, "base_rate": 0.5} | figures,
                "2-4 R_Earth": {"n": 3, "base_rate": None},
            }
        },
        "reliability": [
            {"from": 0, "to": 0.5, "n": 30, "mean_probability": 0.3, "share_of_planets": 0.1},
            {"from": 0.5, "to": 1, "n": 30, "mean_probability": 0.7, "share_of_planets": 0.9},
        ],
        "curves": {"false_positive_rate": [0, 0.2, 1], "recall": [0.5, 0.9, 1], "precision": [1, 0.8, 0.5]},
        "scores": [{"toi": "101.01", "tic_id": 1, "probability": 0.9, "verdict": "CP"}],
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("model"), shared_sample_archive) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def files(app, tmp_path):
    """A folder in the model's place; returns a writer of its files."""
    app.config["MODEL_DIRECTORY"] = tmp_path
    yield lambda name, content: (tmp_path / name).write_text(
        content if isinstance(content, str) else json.dumps(content)
    )
    del app.config["MODEL_DIRECTORY"]


def test_the_page_shows_the_stored_model(client):
    page = client.get("/model")
    assert page.status_code == 200 and len(page.data) < 150_000
    assert "What the probability means" in page.text and read_manifest(ARTIFACTS_DIRECTORY)["sha256"][:12] in page.text


def test_a_manifest_is_shown_with_its_data_members_and_features(client, files):
    files(
        "manifest.json",
        {
            "name": "catalogue ensemble",
            "sha256": "0123456789abcdef",
            "feature_names": ["tmag", "log_depth"],
            "training_data": {
                "date": "2025-04-05",
                "n_tois": 7525,
                "n_settled": 2280,
                "base_rate": 0.4561,
                "dispositions": {"CP": 492},
                "files": [{"name": "toi.csv", "rows": 7525, "sha256": "ab" * 32}],
            },
            "members": {
                "Keras network": {"weight": 0.1587, "log_loss_alone": 0.3355, "ensemble_log_loss_without": None}
            },
            "metrics": {"protocol": "out-of-fold predictions", "auc": FIGURE},
        },
    )
    page = client.get("/model").text
    for words in (
        "Keras network",
        "0.159",
        "2,280",
        "46 %",
        "log10 of the transit depth",
        "0.900 (0.850 to 0.950)",
        "abababab",
    ):
        assert words in page


@pytest.mark.parametrize(
    "evaluation",
    [
        judgement(),
        [judgement(), judgement("2023-07-16", "2025-04-06", 80)],
        {"pairs": [judgement(), judgement("2023-07-16", "2025-04-06", 80)]},
        {"rolling": {"first": judgement(), "second": judgement("2023-07-16", "2025-04-06", 80)}},
    ],
)
def test_every_judgement_of_the_file_has_its_table_and_picture(client, files, evaluation):
    files("evaluation.json", evaluation)
    page = client.get("/model").text
    count = page.count('<h3 id="judgement-')
    assert count == (1 if isinstance(evaluation, dict) and "model" in evaluation else 2)
    assert "Trained on 2022-06-06, judged by the verdicts until 2023-07-16" in page
    assert "seed network" in page and f"{judgement()['model']['auc']['value']:.3f} (" in page
    for number in range(1, count + 1):
        for theme in ("light", "dark"):
            png = client.get(f"/model/judgement-{number}.png?theme={theme}")
            slices = client.get(f"/model/slices-{number}.png?theme={theme}")
            assert png.mimetype == slices.mimetype == "image/png" and png.data != slices.data
    assert page.count('class="picture"') == 2 * count
    assert client.get(f"/model/judgement-{count + 1}.png").status_code == 404
    assert client.get("/model/judgement-1.png?theme=red").status_code == 400


def test_every_pair_is_told_in_a_row_beside_its_best_baseline_and_not_as_a_judgement(client, files):
    pair = judgement() | {"above_baselines": {"auc": True, "ap": False, "brier": None}}
    aim = {
        "train_date": None,
        "labels_date": "2023-07-16",
        "figure": "auc",
        "wanted": 0.95,
        "got": FIGURE,
        "reached": False,
    }
    files(
        "evaluation.json",
        {"pairs": [judgement()], "every_pair": [pair] * 3, "with_tic_rows": [pair], "aimed_at": [aim]},
    )
    page = client.get("/model").text
    assert page.count('<h3 id="judgement-') == 1 and page.count("2022-06-06 to 2023-07-16") == 4
    best = max(figures["auc"]["value"] or 0 for figures in pair["baselines"].values())
    assert f"{pair['model']['auc']['value']:.3f} / {best:.3f}</td>" in page
    assert page.count("<td>not by average precision</td>") == 4 and "On 3 of the 3 pairs" in page
    assert "2019 to 2023-07-16" in page and "Further figures" not in page


def test_what_else_the_file_holds_is_shown_by_its_own_names(client, files):
    files(
        "evaluation.json",
        {
            "pairs": [judgement()],
            "exominer": {"n": 90, "ours": {"auc": FIGURE}, "both": {"auc": FIGURE}},
            "leak_lesson": {"cross_validation": FIGURE, "future": {"value": 0.5, "low": None, "high": None}},
            "remark": "looked at <twice>",
        },
    )
    page = client.get("/model").text
    for words in ("ExoMiner", "Leak lesson", "0.900 (0.850 to 0.950)", "looked at &lt;twice&gt;"):
        assert words.lower() in page.lower()


@pytest.mark.parametrize("content", [None, "not json", "[]", "{}", "3"])
def test_a_missing_or_broken_evaluation_is_a_sentence(client, files, content):
    if content is not None:
        files("evaluation.json", content)
    page = client.get("/model")
    assert page.status_code == 200 and "no evaluation file" in page.text
    assert client.get("/model/judgement-1.png").status_code == 404


def test_the_card_and_the_file_can_be_fetched(client, files):
    assert client.get("/model/card.md").status_code == 404 and client.get("/model/evaluation.json").status_code == 404
    files("MODEL_CARD.md", "# Card")
    files("evaluation.json", judgement())
    assert client.get("/model/card.md").text == "# Card"
    assert client.get("/model/evaluation.json").json["n"] == 60
