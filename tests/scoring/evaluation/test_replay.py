"""The live record: verdicts that came after a score was given."""

import json

from app_tess.scoring.evaluation.replay import summarise, tell_by_name


def outcome(toi, probability, verdict, year="2026"):
    return {"toi": toi, "tic_id": int(float(toi)), "probability": probability, "verdict": verdict, "year": year}


def test_calls_are_counted_right_and_wrong():
    called = summarise(
        [
            outcome("101.01", 0.9, "CP"),
            outcome("102.01", 0.8, "FP"),
            outcome("103.01", 0.2, "FA"),
            outcome("104.01", 0.1, "KP"),
        ]
    )["called"]
    assert called == {"planets_right": 1, "planets_wrong": 1, "others_right": 1, "others_wrong": 1}


def test_what_has_no_verdict_or_had_no_score_is_not_graded():
    assert summarise([outcome("101.01", 0.9, "PC"), outcome("102.01", None, "FP")])["figures"]["n"] == 0


def test_an_empty_record_is_json_without_figures():
    record = summarise([])
    assert json.loads(json.dumps(record, allow_nan=False))["figures"] == {"n": 0, "base_rate": None}


def test_figures_come_by_year():
    years = summarise([outcome("101.01", 0.9, "CP", "2025"), outcome("102.01", 0.3, "FP", "2026")])["years"]
    assert [year["year"] for year in years] == ["2025", "2026"]


def test_only_planets_that_were_called_planets_are_hits():
    scored = [
        outcome("1.01", 0.95, "CP"),
        outcome("2.01", 0.05, "CP"),
        outcome("3.01", 0.6, "KP"),
        outcome("4.01", 0.92, "FP"),
    ]
    told = tell_by_name([o | {"planet": o["verdict"] in ("CP", "KP")} for o in scored])
    assert {kind: [o["toi"] for o in found] for kind, found in told.items()} == {
        "hits": ["1.01", "3.01"],
        "misses": ["4.01"],
        "overlooked": ["2.01"],
    }
