"""ExoMiner's published scores beside ours, on both databases."""

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from app_tess.errors import TrainingError
from app_tess.scoring.evaluation.exominer_comparison import match_scores, read_exominer
from app_tess.storage import exominer_scores, listing, stars
from app_tess.storage.database import db
from app_tess.storage.listing import listed
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.load_exominer import load_exominer
from tests.support import catalogues
from tests.support.catalogues import FALSE_ONE, HUGE, TRIO, WASP46
from tests.support.shared import shared_path

HEADER = "TIC ID,ExoMiner Score,Orbital Period [day]"


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()


def write(folder, *lines, header=HEADER):
    path = folder / "exominer.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


def stored():
    return dict(
        db.session.execute(select(listed.toi, listed.exominer_score).where(listed.exominer_score.is_not(None))).all()
    )


def test_scores_are_matched_by_star_and_period_the_highest_counts(catalogue, tmp_path):
    said = load_exominer(
        write(
            tmp_path,
            f"{WASP46},0.3,1.4303",
            f"{WASP46},0.95,1.4390",
            f"{WASP46},0.99,2.86",
            f"{TRIO},0.2,7.52",
            f"{HUGE},0.9,20.21",
            "70899085,0.9,5",
            "42,0.5,3",
        )
    )
    assert stored() == {"101.01": 0.95, "175.02": 0.2} and "7 events" in said and "2 TOIs" in said
    assert (
        exominer_scores.scores_of_star(TRIO) == {"175.02": 0.2}
        and exominer_scores.find_current_load().file_name == "exominer.csv"
    )


def test_they_outlive_a_reload_and_are_matched_anew(catalogue, tmp_path):
    load_exominer(write(tmp_path, f"{FALSE_ONE},0.15,0.5"))
    assert stored() == {"207.01": 0.15}
    db.session.get(stars.Toi, "207.01").period_d = 0.6
    listing.rebuild()
    assert stored() == {}


def test_the_queue_holds_who_disagrees_most_first(catalogue, tmp_path):
    assert stars.find_stars(StarQuery(queue="exominer", sort="exominer_disagreement")).total == 0
    load_exominer(write(tmp_path, f"{FALSE_ONE},0.15,0.5", f"{WASP46},0.2,1.43037", f"{TRIO},0.9,3.69"))
    found = stars.find_stars(StarQuery(queue="exominer", sort="exominer_disagreement"))
    assert [row.tic_id for row in found.stars] == [WASP46, FALSE_ONE]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["1,1.5,3"], "not a score between 0 and 1"),
        (["1,,3"], "not a score between 0 and 1"),
        (["1,0.5,0"], "no event with a period"),
    ],
)
def test_a_table_that_is_none_is_refused_and_the_old_scores_stay(catalogue, tmp_path, lines, message):
    load_exominer(write(tmp_path, f"{FALSE_ONE},0.15,0.5"))
    with pytest.raises(TrainingError, match=message):
        load_exominer(write(tmp_path, *lines))
    with pytest.raises(TrainingError, match="has no column"):
        load_exominer(write(tmp_path, "1,2", header="TIC ID,Score"))
    assert stored() == {"207.01": 0.15}


def test_the_command_says_what_it_loaded(app, tmp_path):
    answer = app.test_cli_runner().invoke(args=["load-exominer", str(write(tmp_path, "1,0.5,3"))])
    assert answer.exit_code == 0 and "Loaded 1 events" in answer.output
    answer = app.test_cli_runner().invoke(args=["load-exominer", str(write(tmp_path, "1,2,3", header="a,b,c"))])
    assert answer.exit_code == 1 and "has no column" in answer.output


def test_the_database_matches_as_the_evaluation_does(app):
    """Two ways of matching the published table to the real TOIs: SQL's and numpy's."""
    path = shared_path("peers/exominer_s1-s67_score_above_0.1.csv")
    tois = pd.read_csv(shared_path("archive/toi.csv"), dtype={"TOI": str})
    rows = pd.DataFrame(
        {"toi": tois["TOI"], "tic_id": tois["TIC ID"].astype("int64"), "period_d": tois["Period (days)"]}
    )
    rows.loc[~(rows["period_d"] > 0), "period_d"] = np.nan
    db.session.add_all(catalogues.star(tic_id) for tic_id in rows["tic_id"].unique().tolist())
    db.session.flush()
    db.session.add_all(
        catalogues.toi(row.toi, row.tic_id, period_d=None if np.isnan(row.period_d) else row.period_d)
        for row in rows.itertuples()
    )
    db.session.commit()
    load_exominer(path)
    wanted = match_scores(rows, read_exominer(path))
    assert stored() == dict(zip(rows["toi"][np.isfinite(wanted)], wanted[np.isfinite(wanted)], strict=True))
    assert len(stored()) > 1000
