"""Looking a star up: all of it is stored or nothing, updates keep it, and it is never one of the TOIs."""

import os
import signal

import pandas as pd
import pytest
from sqlalchemy import delete, event, func, select, update

from app_tess.errors import AppTessError, ArchiveError, InvalidInput, MissingData, OutdatedInput, RunEnded
from app_tess.storage import catalogue, look_ups, planets, run_records, stars
from app_tess.storage.cone import find_in_cone
from app_tess.storage.database import db
from app_tess.storage.frames import FrameRows
from app_tess.storage.look_up_models import LookUp, TicNeighbour
from app_tess.storage.models import DataProduct, Star
from app_tess.storage.star_query import StarQuery
from app_tess.storage.switching import holding
from app_tess.tasks.look_up import look_up
from app_tess.tasks.reset import reset
from tests.support.other_stars import DUPLICATE, HOST, LISTED, NEIGHBOUR, NOWHERE, OTHER, other_stars
from tests.support.progress import quiet


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with other_stars(tmp_path_factory.mktemp("other_stars")) as archive:
        yield archive


@pytest.fixture
def archive(served):
    served.clear_faults()
    return served


@pytest.fixture
def site(app, config, at, archive):
    """Settings that point at the archive, within an application with empty tables."""
    app.config["TESS"] = at(config, archive)
    return app.config["TESS"]


def counts():
    return [db.session.scalar(select(func.count()).select_from(m)) for m in (Star, DataProduct, LookUp, TicNeighbour)]


def test_a_star_is_stored_with_its_entry_its_products_and_its_neighbors(site):
    said = look_up(site, OTHER, quiet)
    detail, record = stars.get_star(OTHER), look_ups.find_look_up(OTHER)
    assert (detail.star.teff_k, detail.star.has_tic_row, detail.tois) == (3214.0, True, [])
    assert [product.filename for product in detail.products] == [LISTED]
    assert [(row.neighbour_id, row.tic_disposition) for row in look_ups.neighbours_of(OTHER)] == [
        (NEIGHBOUR, None),
        (DUPLICATE, "DUPLICATE"),
    ]
    assert record.neighbour_count == 2 and record.notes == [f"{LISTED} is listed, but the archive has no such file."]
    assert "sectors with a light curve: 1" in said and "within 3 arcmin: 2" in said
    look_up(site, OTHER, quiet)
    assert counts() == [1, 1, 1, 2]


def test_an_update_keeps_it_apart_from_the_tois(site):
    look_up(site, OTHER, quiet)
    assert reset(site, quiet).star_count == 1
    assert stars.get_star(OTHER).products and look_ups.find_look_up(OTHER)
    assert [row.tic_id for row in stars.find_stars(StarQuery()).stars] == [HOST]
    assert [row["tic_id"] for row in stars.iter_stars(StarQuery())] == [HOST]
    assert stars.find_stars(StarQuery(text=f"TIC {OTHER}")).total == 0
    assert find_in_cone(248.5847, 57.1623, 1.0)[0] == []
    assert [row["tic_id"] for row in look_ups.iter_without_toi()] == [OTHER] and look_ups.count_without_toi() == 1


def test_an_update_refreshes_it_in_the_same_batches(site, archive):
    look_up(site, OTHER, quiet)
    look_up(site, NOWHERE, quiet)
    db.session.execute(update(Star).where(Star.tic_id == OTHER).values(teff_k=1.0, has_tic_row=False))
    db.session.execute(delete(DataProduct))
    db.session.commit()
    load = reset(site, quiet)
    assert load.request_count <= 5  # TOIs, TIC rows, products and planets; the archive may answer one EXECUTING
    detail = stars.get_star(OTHER)
    assert (detail.star.teff_k, detail.star.has_tic_row) == (3214.0, True)
    assert [product.filename for product in detail.products] == [LISTED]
    assert (load.star_count, load.product_count) == (1, len(stars.get_star(HOST).products))
    assert look_ups.product_list_date(detail, load) == load.loaded_at


def test_an_update_keeps_the_row_of_a_star_that_the_tic_no_longer_has(site):
    look_up(site, OTHER, quiet)
    look_ups.record_look_up(
        LookUp(tic_id=5, mast_url="", neighbour_count=0, notes=[]),
        look_ups.Found({"tic_id": 5, "has_tic_row": True, "tmag": 9.0}, [], []),
        None,
        "",
    )
    reset(site, quiet)
    assert stars.get_star(5).star.tmag == 9.0


@pytest.mark.parametrize("last_words", ["INSERT INTO stars", "INSERT INTO tic_neighbours", "INSERT INTO look_ups"])
def test_a_look_up_that_is_killed_while_it_stores_leaves_the_star_as_it_was(site, last_words):
    look_up(site, OTHER, quiet)
    db.session.execute(update(Star).where(Star.tic_id == OTHER).values(teff_k=1.0))
    db.session.commit()
    db.session.remove()
    child = os.fork()
    if not child:
        db.engine.dispose(close=False)

        def die(_connection, _cursor, statement, *_rest):
            if statement.startswith(last_words):
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(db.engine, "after_cursor_execute", die)
        try:
            look_up(site, OTHER, quiet)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert stars.get_star(OTHER).star.teff_k == 1.0 and counts() == [1, 1, 1, 2]
    look_up(site, OTHER, quiet)
    assert stars.get_star(OTHER).star.teff_k == 3214.0


def test_a_star_that_becomes_a_toi_is_one_star_and_stays_when_its_toi_is_withdrawn(site):
    look_up(site, HOST, quiet)
    assert look_ups.count_without_toi() == 1
    reset(site, quiet)
    assert [toi.toi for toi in stars.get_star(HOST).tois] == ["101.01"]
    assert (counts()[0], look_ups.count_without_toi()) == (1, 0)
    rows = [FrameRows(pd.DataFrame(columns=names), names) for names in (catalogue.TOI_COLUMNS, catalogue.STAR_COLUMNS)]
    catalogue.replace_catalogue(rows, pd.DataFrame(columns=catalogue.PRODUCT_COLUMNS), _load())
    assert stars.get_star(HOST).tois == [] and look_ups.count_without_toi() == 1


def _load():
    old = catalogue.find_current_load()
    names = ("toi_url", "mast_url", "toi_sha256", "stars_sha256", "products_sha256", "seconds", "request_count")
    values = {name: getattr(old, name) for name in (*names, "skipped", "simulated")}
    return catalogue.CatalogueLoad(**values)


def test_the_star_of_a_toi_keeps_its_row_and_gets_its_neighbors(site):
    reset(site, quiet)
    before = counts()
    assert "it has a TOI" in look_up(site, HOST, quiet)
    assert counts() == [before[0], before[1], 1, 0] and planets.planets_of(HOST) == []


def test_an_entry_without_a_position_has_unknown_neighbors_and_a_duplicate_is_named(site):
    assert "gives no position" in look_up(site, NOWHERE, quiet)
    assert look_ups.find_look_up(NOWHERE).neighbour_count is None
    assert f"DUPLICATE (see TIC {NEIGHBOUR})" in look_up(site, DUPLICATE, quiet)


@pytest.mark.parametrize(("tic_id", "error"), [(5, MissingData), (0, InvalidInput), (2**63, InvalidInput)])
def test_an_entry_that_does_not_exist_is_reported(site, tic_id, error):
    with pytest.raises(error, match=str(tic_id)):
        look_up(site, tic_id, quiet)
    assert counts() == [0, 0, 0, 0]


@pytest.mark.parametrize("step", ["Filtered.Tic", "Caom.Filtered", "Tic.Cone", "Download/file"])
def test_mast_failing_in_any_step_leaves_nothing_half_done(site, archive, step):
    archive.fail_next(step, status=503, times=None)
    with pytest.raises(ArchiveError, match=r"127\.0\.0\.1"):
        look_up(site, OTHER, quiet)
    assert counts() == [0, 0, 0, 0]


def _at_the_end(action):
    def report(done, total, _doing):
        if done == total:
            action()

    return report


def test_a_run_that_was_cancelled_or_whose_catalogue_was_replaced_stores_nothing(site):
    claim = run_records.begin_run("look-up", OTHER)
    with holding(claim), pytest.raises(RunEnded):
        look_up(site, OTHER, _at_the_end(lambda: run_records.cancel(claim.run_id)))
    assert counts() == [0, 0, 0, 0]
    reset(site, quiet)
    before = counts()
    with pytest.raises(OutdatedInput):
        look_up(site, OTHER, _at_the_end(lambda: reset(site, quiet)))
    assert counts() == before


def test_a_file_that_another_star_has_already_is_left_to_it(site):
    look_up(site, OTHER, quiet)
    found = look_ups.Found(
        {"tic_id": 7, "has_tic_row": True},
        [
            {"data_url": f"mast:HLSP/{LISTED}", "tic_id": 7, "filename": LISTED, "kind": "lc", "sector": 24}
            | {"last_sector": 24}
        ],
        [],
    )
    look_ups.record_look_up(LookUp(tic_id=7, mast_url="", neighbour_count=0, notes=[]), found, None, "")
    assert stars.get_star(7).products == [] and len(stars.get_star(OTHER).products) == 1


def test_the_command_reports_each_star_and_one_failure_stops_nothing(site, app):
    result = app.test_cli_runner().invoke(args=["look-up", "TIC 5", "banana", str(2**63), str(OTHER)])
    assert result.exit_code == 1 and "3 of 4 could not be looked up" in result.output
    for text in ("has no entry TIC 5", "'banana' is not a TIC id", f"'{2**63}' is not a TIC id", "Looked up TIC"):
        assert text in result.output
    assert counts()[0] == 1
    assert [run.status for run in run_records.past_runs()[0]] == ["completed", "error"]


def test_a_star_without_a_toi_is_not_vetted(site):
    from app_tess.tasks.vet import vet_star

    look_up(site, OTHER, quiet)
    with pytest.raises(AppTessError, match="no signal to vet"):
        vet_star(site, OTHER, quiet)
