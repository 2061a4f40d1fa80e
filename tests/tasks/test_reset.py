"""A reset over real HTTP: everything is fetched and checked first, and a failure leaves the old catalogue."""

import dataclasses
import io
import threading
import time

import pandas as pd
import pytest
from astropy.table import Table
from sqlalchemy import func, select

from app_tess.archives.mast import MastClient
from app_tess.archives.sample.bundled import BundledContents
from app_tess.archives.sample.server import SampleArchive
from app_tess.errors import ArchiveError, ArchiveTimeout
from app_tess.storage import catalogue
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange, CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import Score, current_run_id
from app_tess.tasks.reset import reset, reset_and_predict
from tests.support.progress import quiet

TOI_TABLE, INVOKE = "download_toi.php", "invoke"


def counts():
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Toi, Star, DataProduct))


@pytest.fixture
def loaded(app, config, at, sample_archive, prepared):
    """The bundled sample, loaded; the archive can then be made to fail."""
    here = at(config, sample_archive)
    prepared.fill(app, here, "sample", lambda: reset(here, quiet))
    return here


def test_reset_loads_the_sample_and_records_where_it_came_from(app, config, at, sample_archive):
    reset(at(config, sample_archive), quiet)
    tois, stars, products = counts()
    load = catalogue.find_current_load()
    assert tois >= 40 and stars >= 30 and products > 0
    assert (load.toi_count, load.star_count, load.product_count) == (tois, stars, products)
    assert load.simulated and load.toi_url.startswith(sample_archive.url) and len(load.toi_sha256) == 64
    assert load.seconds > 0 and load.request_count == len(sample_archive.requests)


def test_the_tics_errors_reach_the_page_and_every_interface_and_change_no_score(
    app, config, at, sample_archive, tmp_path
):
    def scores():
        return dict(
            db.session.execute(
                select(Score.toi, Score.planet_probability).where(Score.scoring_run_id == current_run_id)
            ).all()
        )

    bundled = BundledContents()
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "toi.csv").write_bytes(bundled.toi_csv())
    (folder / "products.csv").write_text("target_name,dataURL\n")
    rows = pd.DataFrame(bundled.tic_rows())
    found = []
    for errors in ({}, {"e_Teff": 125.0, "e_rad": 0.051}):
        rows.assign(**errors).to_csv(folder / "tic.csv", index=False)
        with SampleArchive(folder) as archive:
            reset_and_predict(at(config, archive), quiet)
        db.session.commit()
        found.append(scores())
    assert found[0] == found[1] and any(found[0].values())

    client = app.test_client()
    page = client.get("/stars/231663901").text
    assert "5,620 ± 125" in page and "0.920 ± 0.051" in page
    row = client.get("/api/v1/tois/101.01").json["row"]
    assert row["tic_teff_err_k"] == 125.0 and row["tic_logg_err"] is None
    stars = Table.read(io.BytesIO(client.get("/api/v1/stars.ecsv").data), format="ascii.ecsv")
    assert str(stars["stellar_radius_err_rsun"].unit) == "solRad" and set(stars["teff_err_k"].tolist()) == {125.0}
    for address in ("/api/v1/stars.csv", "/api/v1/stars.vot", "/api/v1/tois.csv-metadata.json", "/api/v1/openapi.json"):
        assert "distance_err_pc" in client.get(address).text, address


def test_the_same_catalogue_loads_with_the_same_sha256_and_without_changes(loaded):
    first = catalogue.find_current_load()
    second = reset(loaded, quiet)
    assert second.id != first.id
    assert (second.toi_sha256, second.stars_sha256, second.products_sha256) == (
        first.toi_sha256,
        first.stars_sha256,
        first.products_sha256,
    )
    assert db.session.scalar(select(func.count()).select_from(CatalogueChange)) == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><body>Service unavailable</body></html>", "HTML"),
        (b"", "no TOI table"),
        (b"TIC ID,TOI,Period (days),TFOPWG Disposition\n", "empty"),
        (b"TIC ID,TOI,Period (days)\n1,1.01,3\n", "TFOPWG Disposition"),
        (b"TIC ID,TOI,Period (days),TFOPWG Disposition\n231663901,101.01,1.43,KP\n", "the reply is incomplete"),
        (b"TIC ID,TOI,Period (days),TFOPWG Disposition\n231663901,101.01,1.43,KP\n2316", "cut off"),
        (b"TIC ID,TOI,Period (days),TFOPWG Disposition\n231663901,101.01,soon,KP\n", "Period"),
        (b"\xff\xfe\x00\x01", "not a text table"),
    ],
)
def test_reset_keeps_the_old_catalogue_when_the_toi_table_is_wrong(loaded, sample_archive, body, words):
    before = counts()
    sample_archive.replace_body(TOI_TABLE, body, "text/csv")
    with pytest.raises(ArchiveError, match=words) as caught:
        reset(loaded, quiet)
    assert "127.0.0.1" in str(caught.value)
    assert counts() == before and db.session.scalar(select(func.count()).select_from(CatalogueLoad)) == 1


@pytest.mark.parametrize("path", [TOI_TABLE, INVOKE])
def test_reset_retries_503_and_429_and_then_succeeds(app, config, at, sample_archive, path):
    sample_archive.fail_next(path, status=503, times=1)
    sample_archive.fail_next(path, status=429, times=1)
    assert reset(at(config, sample_archive), quiet).toi_count >= 40


@pytest.mark.parametrize("path", [TOI_TABLE, INVOKE])
def test_reset_keeps_old_stars_when_an_archive_keeps_failing(loaded, sample_archive, path):
    before = counts()
    sample_archive.fail_next(path, status=503, times=50)
    with pytest.raises(ArchiveError, match="127.0.0.1"):
        reset(loaded, quiet)
    assert counts() == before


@pytest.mark.parametrize("path", [TOI_TABLE, INVOKE])
def test_reset_keeps_old_stars_when_an_archive_times_out(loaded, sample_archive, path):
    before = counts()
    sample_archive.hang(path, 1, times=5)
    with pytest.raises(ArchiveTimeout, match="127.0.0.1"):
        reset(dataclasses.replace(loaded, archive_timeout_s=0.3, archive_retries=1), quiet)
    assert counts() == before


def test_reset_keeps_old_stars_when_mast_answers_html(loaded, sample_archive):
    before = counts()
    sample_archive.replace_body(INVOKE, b"<html>Maintenance</html>", "text/html")
    with pytest.raises(ArchiveError, match="127.0.0.1"):
        reset(loaded, quiet)
    assert counts() == before


def test_reset_keeps_old_stars_when_mast_knows_no_star(loaded, sample_archive):
    before = counts()
    sample_archive.replace_body(
        INVOKE,
        b'{"status":"COMPLETE","msg":"","data":[],"fields":[],"paging":{"page":1,"pageSize":50000,'
        b'"pagesFiltered":1,"rows":0,"rowsFiltered":0,"rowsTotal":0}}',
        "application/json",
    )
    with pytest.raises(ArchiveError, match="TIC rows for 0 of"):
        reset(loaded, quiet)
    assert counts() == before


def test_reset_says_that_nobody_listens(app, config):
    with pytest.raises(ArchiveError, match="127.0.0.1:9 cannot be reached"):
        reset(config, quiet)


def test_readers_see_the_old_catalogue_until_the_new_one_is_whole(loaded, app, monkeypatch):
    """Slow the insertion of the new products down, and read from another connection meanwhile."""
    before, seen, stop = counts(), set(), threading.Event()
    db.session.commit()

    def read():
        with app.app_context():
            while not stop.is_set():
                seen.add(counts())
                db.session.rollback()

    insert = catalogue.insert_rows

    def slowly(model, rows):
        insert(model, rows)
        time.sleep(0.1)

    monkeypatch.setattr(catalogue, "insert_rows", slowly)
    reader = threading.Thread(target=read)
    reader.start()
    reset(loaded, quiet)
    stop.set()
    reader.join()
    assert seen == {before}


def test_products_of_stars_that_were_not_asked_for_are_left_out(loaded, monkeypatch):
    fetch = MastClient.fetch_products

    def with_another(client, tic_ids):
        found = fetch(client, tic_ids)
        other = found.head(1).assign(tic_id=1, data_url="mast:TESS/product/other", filename="other")
        added = pd.concat([found, other], ignore_index=True)
        added.attrs = found.attrs
        return added

    before = counts()
    monkeypatch.setattr(MastClient, "fetch_products", with_another)
    reset(loaded, quiet)
    assert counts() == before


def test_the_real_tables_load_in_at_most_sixty_requests(real):
    load = catalogue.find_current_load()
    assert (load.toi_count, load.star_count, load.product_count) == counts() == (7525, 7237, 2740)
    assert not load.simulated and load.request_count <= 60
    assert db.session.get(Toi, "101.01").star.tic_id == 231663901
