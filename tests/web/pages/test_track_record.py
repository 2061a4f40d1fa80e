"""/track-record: the replay's file and the live record, on either database."""

import json

import pytest

from app_tess.storage.database import db, now
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.score_models import GradedVerdict

ENTRY = {
    "train_date": "2022-06-06",
    "n": 236,
    "base_rate": 0.42,
    "auc": {"value": 0.95, "low": 0.92, "high": 0.97},
    "brier": 0.1,
    "misses": [{"toi": "4000.01", "tic_id": 7, "probability": 0.9, "verdict": "FP"}],
    "hits": [{"toi": "1.01", "tic_id": 8, "verdict": "CP"}],
}


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


def test_without_files_and_verdicts_the_page_says_so(client):
    page = client.get("/track-record")
    assert page.status_code == 200
    assert "No verdict has come" in page.text and "no replay file" in page.text
    assert client.get("/track-record.json").status_code == 404


@pytest.mark.parametrize(
    "replay",
    [
        [ENTRY],
        {"snapshots": [ENTRY], "by_year": {"2023": {"n": 5, "brier": 0.1}, "2024": {"n": 9, "brier": 0.2}}},
        {},
        [],
    ],
)
def test_the_replay_is_shown_with_its_misses_by_name(client, tmp_path, replay):
    (tmp_path / "track_record.json").write_text(json.dumps(replay))
    page = client.get("/track-record")
    assert page.status_code == 200
    if replay:
        assert (
            "4000.01" in page.text
            and "0.950 (0.920 to 0.970)" in page.text
            and "Scores frozen on 2022-06-06" in page.text
        )
    assert client.get("/track-record.json").json["replay"] == replay


def test_the_live_record_names_hits_and_misses(client, load):
    for number, (probability, verdict) in enumerate([(0.9, "CP"), (0.8, "FP"), (0.1, "FA"), (0.2, "KP")]):
        db.session.add(
            GradedVerdict(
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
    assert page.count("<td>hit</td>") == 2 and page.count("<td>miss</td>") == 2
    assert "AUC" in page and "Brier score" in page
    live = client.get("/track-record.json").json["live"]
    assert [row["toi"] for row in live] == ["4.01", "3.01", "2.01", "1.01"] and live[0]["was_right"] is False


def test_a_single_verdict_has_no_auc_and_no_nan(client, load):
    db.session.add(
        GradedVerdict(
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
    outcome = {"toi": "4000.01", "tic_id": 7, "probability": 0.95, "verdict": "FP", "planet": False, "year": "2023"}
    figure = {"value": 0.95, "low": 0.92, "high": 0.97}
    date = {
        "name": "toi_2022",
        "date": "2022-06-06",
        "open": 3000,
        "settled_by": "toi_2025",
        "settled": 900,
        "hits": [outcome] * 25,
        "figures": {"n": 900, "base_rate": 0.4, "auc": figure},
        "misses": [outcome] * 25,
        "overlooked": [],
        "called": {"planets_right": 300, "planets_wrong": 12},
        "scores": [outcome] * 900,
    }
    (tmp_path / "track_record.json").write_text(
        json.dumps(
            {
                "last": "toi_2025",
                "last_date": "2025-04-06",
                "dates": [date] * 7,
                "years": [{"year": "2023", "n": 90, "auc": figure}],
            }
        )
    )
    page = client.get("/track-record")
    assert page.status_code == 200 and len(page.data) < 150_000
    for words in ("planets right", "300", "0.950 (0.920 to 0.970)", "Scores frozen on 2022-06-06", "Misses".lower()):
        assert words in page.text
    assert "{&#39;" not in page.text


def test_the_years_are_drawn_where_the_replay_has_them(client, tmp_path):
    assert client.get("/track-record/years.png").status_code == 404
    figure = {"value": 0.95, "low": 0.92, "high": 0.97}
    (tmp_path / "track_record.json").write_text(
        json.dumps({"years": [{"year": "2023", "n": 90, "auc": figure, "brier": figure}]})
    )
    assert "2023 AUC 0.950" in client.get("/track-record").text
    for theme in ("light", "dark"):
        assert client.get(f"/track-record/years.png?theme={theme}").data.startswith(b"\x89PNG")
    assert client.get("/track-record/years.png?theme=red").status_code == 400
