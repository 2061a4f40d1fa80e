"""A search: stored apart from TOIs with its provenance, outdated by new files, all or nothing."""

import pytest
from sqlalchemy import select

from app_tess.astro.light_curve import NoUsableData
from app_tess.errors import FileFormatError, MissingData, OutdatedInput, RunEnded
from app_tess.storage import run_records, searches, stars
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import Score
from app_tess.storage.search_models import DetectedSignal, Search
from app_tess.tasks import measure_search
from app_tess.tasks import search as story
from app_tess.tasks.run_execution import execute_run
from app_tess.tasks.search import search_star, why_outdated
from tests.support.progress import quiet

WASP_46 = 231663901
BEARER = {"Authorization": "Bearer test-admin-token"}


@pytest.fixture
def tic_id(sample):
    """A star of the sample with a light curve and a transit epoch."""
    return db.session.scalar(
        select(DataProduct.tic_id)
        .join(Toi, Toi.tic_id == DataProduct.tic_id)
        .where(DataProduct.kind == "lc", Toi.epoch_btjd.is_not(None))
        .order_by(DataProduct.tic_id)
    )


def stored(tic_id, signals=()):
    """Store a made-up search."""
    detail = stars.get_star(tic_id)
    row = {
        "tic_id": tic_id,
        "notes": [],
        "rejected": [],
        "periodogram": {"period_d": [1.0, 2.0], "sde": [0.0, 9.0], "snr": [3.0, 9.0], "window": [0.1, 0.2]},
        "known": [],
        "masked_known": True,
        "listed": story.listed_files(detail),
        "simulated": True,
        "provenance": {
            "files": [],
            "mask": "default",
            "settings": {"least_snr": 7, "least_sde": 6, "least_single_snr": 7},
        },
    }
    row["known"] = [{"name": t.label, **story.ephemeris_values(t.ephemeris)} for t in story.known_targets(detail)]
    searches.record_search(row, signals)
    return searches.search_of_star(tic_id)


def a_signal(number=1, **values):
    measured = {
        "number": number,
        "period_d": 2.0,
        "period_err_d": 1e-4,
        "epoch_btjd": 1326.0,
        "epoch_err_d": 1e-3,
        "duration_h": 2.0,
        "duration_err_h": 0.1,
        "depth_ppm": 900.0,
        "depth_err_ppm": 50.0,
        "snr": 9.0,
        "sde": 9.0,
        "transits_observed": 9,
        "transits_expected": 11,
        "aliases": [],
        "notes": ["A note."],
    }
    return {"number": number, "measured": measured | values, "same_as": None, "report": None, "message": "Too noisy."}


def test_wasp_46_b_is_found_blindly_vetted_classified_and_recognized(real, app):
    app.config["TESS"] = real
    assert "1 periodic signal" in search_star(real, WASP_46, quiet, mask_known=False)
    search = searches.search_of_star(WASP_46)
    (signal,) = search.signals
    assert signal.period_d == pytest.approx(1.430370, abs=2e-4) and signal.same_as == "TOI-101.01"
    assert signal.report["judgement"]["best"] == signal.light_curve_class == "PC"
    assert "catalogue" not in signal.report["ephemeris_used"]["note"]
    assert len(search.provenance["files"][0]["sha256"]) == 64 and search.provenance["settings"]["least_snr"] > 5
    client = app.test_client()
    page = client.get(f"/stars/{WASP_46}").text
    assert "found again" in page and f"{signal.period_d:.6f}" in page
    fold = client.get(f"/stars/{WASP_46}/search/1/folded.png")
    assert fold.status_code == 200 and "signal 1" in fold.headers["X-Alt-Text"]
    body = client.get(f"/api/v1/stars/{WASP_46}").json["search"]
    assert body["signals"][0]["same_as"] == "TOI-101.01" and body["masked_known"] is False


def test_a_search_changes_no_toi_score_or_export(sample, app, tic_id):
    def exports():
        client = app.test_client()
        return [client.get(address).data for address in ("/api/v1/tois.csv", "/api/v1/stars.csv")]

    def counts():
        return [db.session.query(model).count() for model in (Toi, Star, Score)]

    before, rows = exports(), counts()
    stored(tic_id, [a_signal()])
    assert counts() == rows and exports() == before


def test_a_run_searches_a_star_of_the_sample_whose_pictures_say_that_it_is_simulated(sample, app, tic_id):
    client = app.test_client()
    assert client.get(f"/stars/{tic_id}/search/periodogram.png").status_code == 404
    assert "search blindly" in client.get(f"/stars/{tic_id}/search").text
    assert client.post(f"/stars/{tic_id}/search").status_code == 403
    assert client.post("/stars/1/search", headers=BEARER).status_code == 404
    assert client.post(f"/stars/{tic_id}/search", headers=BEARER, data={"known": "x"}).status_code == 400
    answer = client.post(f"/stars/{tic_id}/search", headers=BEARER, data={"known": "kept"})
    assert answer.status_code == 303
    run = run_records.find_latest("search")
    assert run.options["mask_known"] is False
    execute_run(run.id, sample)
    db.session.expire_all()
    run = run_records.get_run(run.id)
    assert run.status == "completed", run.message
    picture = client.get(f"/stars/{tic_id}/search/periodogram.png")
    assert picture.status_code == 200 and "SIMULATED" in picture.headers["X-Alt-Text"]
    assert "SIMULATED light curves" in client.get(f"/stars/{tic_id}").text
    assert f'Transit search of <a href="/stars/{tic_id}"' in client.get("/operations?kind=search").text


def test_a_second_search_replaces_the_first(tic_id):
    stored(tic_id, [a_signal(1), a_signal(2)])
    assert [one.number for one in stored(tic_id, [a_signal(1, depth_ppm=1.0)]).signals] == [1]
    assert db.session.query(DetectedSignal).one().depth_ppm == 1.0


def test_the_page_says_that_a_signal_is_no_toi_and_why_it_was_not_vetted(tic_id, app):
    stored(tic_id, [a_signal(), a_signal(2, period_d=None, sde=None)])
    page = app.test_client().get(f"/stars/{tic_id}").text
    assert "Detected here, not a TOI." in page and "Not vetted: Too noisy." in page and "A note." in page
    assert "Signal 2: single transit" in page


def test_a_search_is_outdated_when_a_file_is_added_or_a_known_ephemeris_changes(tic_id, app):
    search = stored(tic_id)
    assert why_outdated(search, stars.get_star(tic_id)) is None
    name = f"tess2023263165758-s0070-{tic_id:016d}-0265-s_lc.fits"
    db.session.add(
        DataProduct(
            data_url=f"mast:TESS/product/{name}", tic_id=tic_id, filename=name, kind="lc", sector=70, last_sector=70
        )
    )
    db.session.commit()
    assert "1 more light curve since this search" in why_outdated(search, stars.get_star(tic_id))
    assert "Search this star again" in app.test_client().get(f"/stars/{tic_id}").text
    db.session.execute(DataProduct.__table__.delete().where(DataProduct.filename == name))
    toi = db.session.scalars(select(Toi).where(Toi.tic_id == tic_id, Toi.epoch_btjd.is_not(None))).first()
    toi.epoch_btjd += 0.5
    db.session.commit()
    assert "has changed since" in why_outdated(search, stars.get_star(tic_id))


def test_a_search_of_an_older_catalogue_is_not_stored(tic_id):
    with pytest.raises(OutdatedInput):
        searches.record_search({"tic_id": tic_id}, [], load_id=db.session.scalar(select(CatalogueLoad.id)) - 1)
    assert searches.search_of_star(tic_id) is None


def test_a_cancelled_search_stores_nothing(sample, tic_id, monkeypatch):
    run = run_records.request_run("search", tic_id)

    def cancelled(*_args, **_options):
        run_records.cancel(run.id)
        raise RunEnded("cancelled")

    monkeypatch.setattr(measure_search.astro_search, "search_star", cancelled)
    execute_run(run.id, sample)
    db.session.expire_all()
    assert run_records.get_run(run.id).status == "cancelled" and searches.search_of_star(tic_id) is None


def test_a_search_that_cannot_be_stored_whole_leaves_the_earlier_one(tic_id):
    stored(tic_id, [a_signal()])
    before = searches.search_of_star(tic_id).searched_at
    with pytest.raises(Exception, match="NOT NULL|not-null|null value"):
        stored(tic_id, [a_signal(1), a_signal(2, depth_ppm=None)])
    db.session.rollback()
    db.session.expire_all()
    after = searches.search_of_star(tic_id)
    assert after.searched_at == before and [one.number for one in after.signals] == [1]


def test_searches_of_the_sample_are_forgotten_with_it(tic_id):
    stored(tic_id, [a_signal()])
    searches.forget_all()
    assert db.session.query(Search).count() == db.session.query(DetectedSignal).count() == 0


def test_a_star_without_light_curves_says_so(sample):
    without = db.session.scalar(select(Star.tic_id).where(Star.tic_id.not_in(select(DataProduct.tic_id))))
    with pytest.raises(MissingData, match="No file in MAST"):
        search_star(sample, without, quiet)


def test_a_star_whose_only_file_is_broken_names_it(sample, tic_id, monkeypatch):
    def broken(_config, product):
        raise FileFormatError(f"{product.filename} is truncated.")

    monkeypatch.setattr(measure_search.star_files, "read_file", broken)
    with pytest.raises(FileFormatError, match="lc.fits is truncated"):
        search_star(sample, tic_id, quiet)
    assert searches.search_of_star(tic_id) is None


def test_a_light_curve_that_is_too_short_says_so(sample, tic_id, monkeypatch):
    def too_short(*_args, **_options):
        raise NoUsableData(f"TIC {tic_id}: 12 usable cadences over 0.02 d are too few to search for transits.")

    monkeypatch.setattr(measure_search.astro_search, "search_star", too_short)
    run = run_records.request_run("search", tic_id)
    execute_run(run.id, sample)
    db.session.expire_all()
    run = run_records.get_run(run.id)
    assert run.status == "error" and "too few to search" in run.message
