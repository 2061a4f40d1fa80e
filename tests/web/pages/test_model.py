"""/model and /model/record show the files of the model, and report it where one is missing or unreadable."""

import html
import json
import re

import pytest

from app_tess.scoring.catalogue_model.pipeline_manifest import ARTIFACTS_DIRECTORY, read_manifest
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.evaluation.report_schema import TargetResult, read_evaluation
from app_tess.scoring.light_curve_model.real_files import read_real_files
from tests.support.loaded import loaded_app
from tests.support.reports import FIGURE, made_up_evaluation, made_up_manifest, made_up_pair


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
        content if isinstance(content, str) else json.dumps(to_json(content))
    )
    del app.config["MODEL_DIRECTORY"]


def words_of(page, tables=True):
    """The words that a reader sees in the main part of a page."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL).group()
    main = main if tables else re.sub(r"<table.*?</table>", " ", main, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", main)).split()


def test_the_card_of_the_stored_models_can_be_read_in_two_minutes(client):
    page = client.get("/model")
    assert page.status_code == 200 and len(words_of(page.text)) <= 650
    assert len(words_of(page.text, tables=False)) <= 450
    assert read_manifest(ARTIFACTS_DIRECTORY).sha256[:12] in page.text and "0.955 (0.930 to 0.973)" in page.text
    assert page.text.count("Giants (9–16") == len(read_evaluation(ARTIFACTS_DIRECTORY).pairs)


def test_the_card_lists_every_miss_on_real_files_and_the_classes_of_unseen_stars(client):
    page = client.get("/model").text
    found = read_real_files()
    assert found.misses and all(f"{file.name}: {file.best}" in page for file in found.misses)
    assert page.count('<th scope="row">tess_yu2019</th>') == 6 and "planets against binaries" in page


def test_the_record_shows_the_stored_model(client):
    page = client.get("/model/record")
    assert page.status_code == 200 and len(page.data) < 150_000
    assert "What the probability means" in page.text and read_manifest(ARTIFACTS_DIRECTORY).sha256[:12] in page.text


def test_a_manifest_is_shown_with_its_data_members_and_features(client, files):
    files("manifest.json", made_up_manifest())
    page = client.get("/model/record").text
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


def test_a_manifest_without_a_key_is_reported_by_file_and_key(client, files):
    content = to_json(made_up_manifest())
    del content["training_data"]["n_tois"]
    files("manifest.json", content)
    for address in ("/model", "/model/record"):
        page = client.get(address)
        assert page.status_code == 200 and "manifest.json: no key &#39;training_data.n_tois&#39;" in page.text


@pytest.mark.parametrize(
    "pairs", [[made_up_pair()], [made_up_pair(), made_up_pair("2023-07-16", "2025-04-06", 80)]], ids=["one", "two"]
)
def test_every_pair_in_detail_has_its_table_and_pictures(client, files, pairs):
    files("evaluation.json", made_up_evaluation(pairs))
    page = client.get("/model/record").text
    count = page.count('<h3 id="judgement-')
    assert count == len(pairs)
    assert "Trained until 2022-06-06, evaluated on dispositions until 2023-07-16" in page
    assert "seed network" in page and f"{pairs[0].model.auc.value:.3f} (" in page
    for number in range(1, count + 1):
        for theme in ("light", "dark"):
            png = client.get(f"/model/judgement-{number}.png?theme={theme}")
            slices = client.get(f"/model/slices-{number}.png?theme={theme}")
            assert png.mimetype == slices.mimetype == "image/png" and png.data != slices.data
    assert page.count('class="picture"') == 2 * count
    assert client.get(f"/model/judgement-{count + 1}.png").status_code == 404
    assert client.get("/model/judgement-1.png?theme=red").status_code == 400


def test_every_pair_is_in_a_row_beside_its_best_baseline(client, files):
    detailed = made_up_pair()
    pair = made_up_pair(above_baselines={"auc": True, "ap": False, "brier": None}).summary()
    target = TargetResult("a.csv", "b.csv", None, "2023-07-16", "auc", 0.95, FIGURE, False)
    files(
        "evaluation.json",
        made_up_evaluation([detailed], every_pair=[pair] * 3, with_tic_rows=[pair], targets=[target]),
    )
    page = client.get("/model/record").text
    assert page.count('<h3 id="judgement-') == 1 and page.count("2022-06-06 to 2023-07-16") == 4
    best = max(figures.auc.value or 0 for figures in pair.baselines.values())
    assert f"{pair.model.auc.value:.3f} / {best:.3f}</td>" in page
    assert page.count("<td>not by average precision</td>") == 4 and "On 3 of the 3 pairs" in page
    assert "2019 to 2023-07-16" in page


def test_exominer_and_the_input_studies_are_shown(client, files):
    files("evaluation.json", made_up_evaluation())
    page = client.get("/model/record").text
    for words in ("ExoMiner", "Label leakage", "0.900 (0.850 to 0.950)", "0.997", "0.796", "all features", "above 0.1"):
        assert words in page


def test_texts_in_the_file_are_escaped(client, files):
    files("evaluation.json", made_up_evaluation([made_up_pair(train="<b>.csv")]))
    assert "&lt;b&gt;.csv" in client.get("/model/record").text


def test_a_missing_evaluation_is_a_sentence(client, files):
    for address in ("/model", "/model/record"):
        page = client.get(address)
        assert page.status_code == 200 and "no evaluation file" in page.text
    assert client.get("/model/judgement-1.png").status_code == 404


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("not json", "evaluation.json is not JSON"),
        ("[]", "evaluation.json: the whole file should be an object"),
        ("{}", "evaluation.json: no key &#39;pairs&#39;"),
        ("3", "evaluation.json: the whole file should be an object"),
    ],
)
def test_a_broken_evaluation_is_a_sentence_that_names_file_and_key(client, files, content, complaint):
    files("evaluation.json", content)
    for address in ("/model", "/model/record"):
        page = client.get(address)
        assert page.status_code == 200 and "no evaluation file" in page.text and complaint in page.text
    picture = client.get("/model/judgement-1.png")
    assert picture.status_code == 500 and "evaluation.json" in picture.text


def test_the_card_and_the_file_can_be_fetched(client, files):
    assert client.get("/model/card.md").status_code == 404 and client.get("/model/evaluation.json").status_code == 404
    files("MODEL_CARD.md", "# Card")
    files("evaluation.json", made_up_evaluation())
    assert client.get("/model/card.md").text == "# Card"
    assert client.get("/model/evaluation.json").json["pairs"][0]["n"] == 60
