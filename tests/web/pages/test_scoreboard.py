"""/scoreboard: the page, its JSON and its picture, on either database."""

import datetime as dt

import pytest
from sqlalchemy import update

from app_tess.plots import scoreboard as plot
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.evaluation.scoreboard import Compared, Pair, Scoreboard
from app_tess.storage import classifiers, gradings, listing
from app_tess.storage.classifier_models import Classifier
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange, CatalogueLoad
from app_tess.storage.score_models import GradedScore
from app_tess.tasks.scoreboard import grade_classifiers
from app_tess.web.pages.scoreboard import write_finding
from tests.support import catalogues
from tests.support.catalogues import star, toi

ALERTED, SCORED, OPEN = dt.date(2020, 1, 1), dt.date(2024, 5, 1), "2024-06-01"
PLANETS = 12
"""Of 24 TOIs; star 2 has TOIs 1.01 and 2.01."""


@pytest.fixture
def client(app, tmp_path):
    app.config["MODEL_DIRECTORY"] = tmp_path
    return app.test_client()


def add_load(date):
    load = CatalogueLoad(
        toi_url="",
        mast_url="",
        toi_sha256="",
        stars_sha256="",
        products_sha256="",
        toi_count=24,
        star_count=23,
        product_count=0,
        seconds=1,
        request_count=1,
        skipped=[],
        simulated=False,
        catalogue_date=date,
    )
    db.session.add(load)
    db.session.flush()
    return load


@pytest.fixture
def graded(app):
    """Twelve planets and twelve false positives, open until June 2024, scored well by us and by "Good"."""
    db.session.add_all(star(number, tmag=9.0) for number in range(1, 25))
    db.session.flush()
    codes = ["CP"] * PLANETS + ["FP"] * (24 - PLANETS)
    db.session.add_all(
        toi(f"{number}.01", max(number, 2), tfopwg_disposition=code, period_d=3.0, alerted_on=ALERTED)
        for number, code in enumerate(codes, 1)
    )
    add_load(OPEN)
    load = add_load("2025-01-01")
    for number, code in enumerate(codes, 1):
        name, tic_id = f"{number}.01", max(number, 2)
        change = {"toi": name, "tic_id": tic_id, "changed_at": load.loaded_at, "load_id": load.id}
        db.session.add(CatalogueChange(kind="disposition", before="PC", after=code, **change))
        own = {"toi": name, "tic_id": tic_id, "load_id": load.id, "scored_at": dt.datetime(2024, 6, 2, tzinfo=dt.UTC)}
        db.session.add(GradedScore(planet_probability=1 - number / 30, verdict_before="PC", verdict_after=code, **own))
    listing.rebuild()
    db.session.commit()


def load_scores(name, day, score):
    rows = [
        {"row": n, "toi": f"{n}.01", "tic_id": None, "period_d": None, "version": None}
        | {"scored_on": day, "score": score(n)}
        for n in range(1, 25)
    ]
    classifiers.replace_scores(Classifier(name=name, file_name="scores.csv", sha256="a" * 64), rows)


def test_an_empty_site_says_what_to_load(client):
    page = client.get("/scoreboard")
    assert page.status_code == 200 and "No comparison yet" in page.text and "load-scores NAME FILE" in page.text
    assert client.get("/scoreboard.json").json["entries"][0]["figures"] == {"n": 0, "base_rate": None}
    assert client.get("/scoreboard/kinds.png").status_code == 404


def test_dated_scores_are_graded_and_those_after_the_disposition_are_not(graded, client):
    load_scores("Good", SCORED, lambda n: 1 - n / 30)
    load_scores("Late", dt.date(2024, 6, 2), lambda n: 1 - n / 30)
    load_scores("Coin", None, lambda n: n % 5 / 5)
    board = client.get("/scoreboard.json").json
    titles = [(row["name"], row["undated"], row["figures"]["n"], row["not_later"]) for row in board["entries"]]
    assert titles == [
        ("this model", False, 24, 0),
        ("Coin", True, 24, 0),
        ("Good", False, 24, 0),
        ("Late", False, 0, 24),
    ]
    assert board["entries"][0]["figures"]["auc"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert board["entries"][2]["figures"]["base_rate"] == 0.5
    page = client.get("/scoreboard")
    assert (
        "On the 24 TOIs that both scored (50 % planets), this model and Good do not differ significantly" in page.text
    )
    assert "Each score was given before the disposition." in page.text and "Coin (undated)" in page.text
    assert 'src="/scoreboard/kinds.png' in page.text
    assert client.get("/scoreboard/kinds.png").data[:4] == b"\x89PNG"


def test_tois_alerted_after_a_score_count_as_later_unless_they_were_known_before(graded):
    rows = {row["toi"]: row for row in gradings.final_tois()}
    assert len(rows) == 24 and gradings.open_dates()["1.01"] == dt.date(2024, 6, 1)
    db.session.query(CatalogueChange).delete()
    db.session.query(GradedScore).delete()
    db.session.execute(update(listing.ListedToi).where(listing.listed.toi == "1.01").values(tfopwg_disposition="KP"))
    db.session.commit()
    load_scores("Early", ALERTED - dt.timedelta(days=1), lambda n: 1 - n / 30)
    load_scores("On the day", ALERTED, lambda n: 1 - n / 30)
    assert [(entry.figures.n, entry.not_later) for entry in grade_classifiers().entries[1:]] == [(23, 1), (0, 24)]


def test_what_is_open_is_listed_by_difference_and_linked(client):
    catalogues.fill()
    catalogues.score()
    row = {"row": 2, "tic_id": None, "period_d": None, "version": None, "scored_on": None}
    rows = [row | {"toi": "175.10", "score": 0.05}, row | {"toi": "200.01", "score": 0.9}]
    rows += [row | {"toi": "101.01", "score": 0.0}, row | {"toi": "999.01", "score": 0.0}]
    classifiers.replace_scores(Classifier(name="Mine", file_name="m.csv", sha256="a" * 64), rows)
    found = client.get("/scoreboard.json").json
    assert [row["toi"] for row in found["differences"]] == ["175.10", "200.01"]
    assert found["differences"][0]["scores"] == {"this model": 0.55, "Mine": 0.05}
    assert found["classifiers"][0]["unmatched"] == {"no such TOI in this catalogue": 1}
    html = client.get("/scoreboard").text
    assert f'href="{found["differences"][0]["url"]}"' in html and "queue=classifier_score&amp;classifier=Mine" in html


def test_the_finding_names_the_better_one_only_where_the_interval_excludes_zero():
    def board(low, high, undated=False):
        auc = Figure(0.9, 0.85, 0.95)
        title = "Mine (undated)" if undated else "Mine"
        gap = {"first_auc": auc, "second_auc": auc, "difference": Figure(0.0, low, high)}
        part = Compared(20, 0.5, **gap)
        names = {"first": "this model", "second": title, "undated": undated}
        pair = Pair(**names, n=50, base_rate=0.5, **gap, kinds={"period": {"below 3 d": part, "other": Compared(2, 0)}})
        return Scoreboard(50, [], [pair])

    assert "this model separates planets from others better than Mine" in write_finding(board(0.01, 0.1))
    assert "Mine separates planets from others better than this model" in write_finding(board(-0.1, -0.01))
    assert "do not differ significantly" in write_finding(board(-0.1, 0.1))
    assert "may have been trained on these dispositions" in write_finding(board(0.01, 0.1, undated=True))
    assert "By kind: Mine is better on period: below 3 d." in write_finding(board(-0.1, -0.01))
    assert "On no kind of TOI" in write_finding(board(-0.1, 0.1))
    assert plot.plotted_rows([]) == []
