"""/track-record: the replay's file and the live record, on either database."""

import json
from dataclasses import replace

import pytest

from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.evaluation.track_record_schema import LONGEST_LIST, ReplayedScore, YearFigures
from app_tess.storage.database import db, now
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.score_models import GradedScore
from tests.support.reports import made_up_date, made_up_track_record


@pytest.fixture
def load(app):
    """The record of a load that the verdicts came with."""
    load = CatalogueLoad(
        toi_url="",
        mast_url="",
        toi_sha256="",
        stars_sha256="",
        products_sha256="",
        toi_count=0,
        star_count=0,
        product_count=0,
        seconds=1,
        request_count=1,
        skipped=[],
        simulated=False,
    )
    db.session.add(load)
    db.session.commit()
    return load


@pytest.fixture
def client(app, tmp_path):
    app.config["MODEL_DIRECTORY"] = tmp_path
    return app.test_client()


def test_without_files_and_dispositions_the_page_says_so(client):
    page = client.get("/track-record")
    assert page.status_code == 200
    assert "No TOI has been dispositioned" in page.text and "no replay file" in page.text
    assert client.get("/track-record.json").status_code == 404


def write(folder, record):
    (folder / "track_record.json").write_text(json.dumps(to_json(record)))


def test_the_replay_is_shown_with_its_incorrect_predictions_by_name(client, tmp_path):
    record = made_up_track_record()
    write(tmp_path, record)
    page = client.get("/track-record")
    assert page.status_code == 200
    assert "4000.01" in page.text and "0.950 (0.920 to 0.970)" in page.text
    assert "Scores frozen on 2022-06-06" in page.text
    assert client.get("/track-record.json").json["replay"] == to_json(record)


@pytest.mark.parametrize("content", ["{}", "[]", "no json"])
def test_a_broken_replay_is_a_sentence_that_names_the_file(client, tmp_path, content):
    (tmp_path / "track_record.json").write_text(content)
    page = client.get("/track-record")
    assert page.status_code == 200 and "no replay file" in page.text and "track_record.json" in page.text
    assert client.get("/track-record.json").status_code == 500


def test_the_live_record_names_correct_and_incorrect_predictions(client, load):
    for number, (probability, verdict) in enumerate([(0.9, "CP"), (0.8, "FP"), (0.1, "FA"), (0.2, "KP")]):
        db.session.add(
            GradedScore(
                toi=f"{number + 1}.01",
                tic_id=number + 1,
                load_id=load.id,
                scored_at=now(),
                planet_probability=probability,
                verdict_before="PC",
                verdict_after=verdict,
            )
        )
    db.session.commit()
    page = client.get("/track-record").text
    assert page.count("<td>correct</td>") == 2 and page.count("<td>incorrect</td>") == 2
    assert "AUC" in page and "Brier score" in page
    live = client.get("/track-record.json").json["live"]
    assert [row["toi"] for row in live] == ["4.01", "3.01", "2.01", "1.01"] and live[0]["was_right"] is False


def test_a_single_verdict_has_no_auc_and_no_nan(client, load):
    db.session.add(
        GradedScore(
            toi="1.01",
            tic_id=1,
            load_id=load.id,
            scored_at=now(),
            planet_probability=0.9,
            verdict_before=None,
            verdict_after="CP",
        )
    )
    db.session.commit()
    page = client.get("/track-record")
    assert page.status_code == 200 and "nan" not in page.text


def test_the_replay_as_the_command_writes_it_makes_a_page_of_sane_weight(client, tmp_path):
    scores = [ReplayedScore("4000.01", 7, 0.95, "FP", False, "2023")] * 900
    write(tmp_path, made_up_track_record([made_up_date(scores)] * 7))
    page = client.get("/track-record")
    assert page.status_code == 200 and len(page.data) < 150_000
    for words in (
        "Planets, correct",
        "300",
        "0.950 (0.920 to 0.970)",
        "Scores frozen on 2022-06-06",
        "Incorrect: scored",
    ):
        assert words in page.text
    assert page.text.count('<th scope="row">4000.01</th>') == 7 * LONGEST_LIST
    assert "{&#39;" not in page.text


def test_the_years_are_drawn_where_the_replay_has_them(client, tmp_path):
    assert client.get("/track-record/years.png").status_code == 404
    write(tmp_path, made_up_track_record())
    assert "2023 AUC 0.950" in client.get("/track-record").text
    for theme in ("light", "dark"):
        assert client.get(f"/track-record/years.png?theme={theme}").data.startswith(b"\x89PNG")
    assert client.get("/track-record/years.png?theme=red").status_code == 400
    write(tmp_path, replace(made_up_track_record(), years=[YearFigures(3, 1.0, year="2024")]))
    assert client.get("/track-record/years.png").status_code == 404
