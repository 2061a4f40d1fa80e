"""Pictures whose files are not on the site yet: no web thread waits for an archive, and each file is fetched once."""

import errno
import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app_tess.archives.sample import render_product
from app_tess.archives.sample.catalogue import load_stars
from app_tess.archives.sample.fault_kinds import BY_NAME
from app_tess.archives.sample.faults import Fault
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.config import Config
from app_tess.errors import BeingFetched
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct
from app_tess.tasks import product_files
from app_tess.tasks.downloads import Downloads
from app_tess.tasks.reset import reset
from app_tess.web.pages import light_curves
from benchmarks.many_sectors import NAMES, list_files
from tests.support.catalogues import WASP46

IMG = {"Accept": "image/avif,image/webp,*/*;q=0.8"}


@pytest.fixture
def make_site(tmp_path, make_app, prepared, sample_archive, monkeypatch):
    """Sites of one database and cache whose files come over HTTP; no thread of theirs waits for a file."""
    monkeypatch.setattr(light_curves, "PATIENCE_S", 0.0)

    def make(**settings):
        config = Config(
            instance_dir=tmp_path,
            exofop_url=sample_archive.url,
            mast_url=sample_archive.url,
            **{"archive_timeout_s": 20.0, "archive_retries": 1, "archive_backoff_s": 0.01} | settings,
        )
        is_new = not (tmp_path / "tess.sqlite").exists()
        app = make_app(config)
        with app.app_context():
            if is_new:
                prepared.fill(app, config, "sample", lambda: reset(config, lambda *_: None))
                db.session.execute(db.update(CatalogueLoad).values(simulated=False))
                db.session.commit()
        return app

    return make


@pytest.fixture
def site(make_site):
    return make_site()


@pytest.fixture
def url(site):
    with site.app_context():
        product = db.session.scalars(
            select(DataProduct).where(DataProduct.tic_id == WASP46, DataProduct.kind == "lc")
        ).first()
    return f"/stars/{WASP46}/sectors/{product.filename}.png"


def downloads_of(archive):
    return [path for _, path in archive.requests if "Download" in path]


def when_fetched(client, url, **options):
    """Return the answer that follows the 202s."""
    ends_at = time.monotonic() + 60
    while (answer := client.get(url, **options)).status_code == 202 and time.monotonic() < ends_at:
        time.sleep(0.02)
    return answer


def test_a_picture_a_page_and_a_program_are_all_answered_that_it_is_being_fetched(site, sample_archive, url):
    BY_NAME["silent"].apply(sample_archive, 1)
    client = site.test_client()
    picture, page = client.get(url, headers=IMG), client.get(url)
    sector = int(re.search(r"-s(\d{4})-", url)[1])
    points = client.get(f"/api/v1/stars/{WASP46}/light-curve?sector={sector}")
    for answer in (picture, page, points):
        assert answer.status_code == 202 and answer.headers["Retry-After"] == "3"
        assert answer.headers["Cache-Control"] == "no-store"
    assert picture.data.startswith(b"\x89PNG")
    assert '<meta http-equiv="refresh" content="3">' in page.text and f'<a href="{url}">' in page.text
    assert points.json["status"] == "being_fetched"
    star = client.get(f"/stars/{WASP46}").text
    assert "being fetched from MAST" in star and f'<a href="/stars/{WASP46}">reload the page</a>' in star


def test_thirty_clients_of_two_web_processes_cause_one_download_of_a_file(make_site, site, sample_archive, url):
    sites = [site, make_site()]
    sample_archive.stall("Download", 0.3)
    with ThreadPoolExecutor(10) as pool:
        first = list(pool.map(lambda number: sites[number % 2].test_client().get(url).status_code, range(30)))
        last = list(pool.map(lambda app: when_fetched(app.test_client(), url).status_code, sites))
    assert set(first) <= {200, 202} and last == [200, 200]
    assert len(downloads_of(sample_archive)) == 1


def test_a_silent_archive_holds_up_no_other_page(site, sample_archive, url):
    BY_NAME["silent"].apply(sample_archive, 1)
    with site.app_context():
        products = db.session.scalars(select(DataProduct).where(DataProduct.kind == "lc").limit(40)).all()
        urls = [f"/stars/{product.tic_id}/sectors/{product.filename}.png" for product in products]
    started = time.monotonic()
    assert {site.test_client().get(url, headers=IMG).status_code for url in urls} == {202}
    assert time.monotonic() - started < 100  # forty waits for the archive would take 800 s
    assert len(downloads_of(sample_archive)) <= 2


def test_a_failure_is_shown_with_its_cause_and_is_not_repeated_at_once(make_site, url, sample_archive):
    site = make_site(archive_timeout_s=0.2)
    BY_NAME["silent"].apply(sample_archive, 1)
    answer = when_fetched(site.test_client(), url)
    asked = len(downloads_of(sample_archive))
    assert answer.status_code == 504 and "did not answer in time: nothing arrived for 0.2 s" in answer.text
    assert "The next attempt is possible in" in answer.text
    assert site.test_client().get(url).status_code == 504 and len(downloads_of(sample_archive)) == asked == 2
    site.extensions["downloads"] = Downloads()  # as a minute later
    sample_archive.clear_faults()
    assert when_fetched(site.test_client(), url).status_code == 200


@pytest.mark.parametrize(
    ("kind", "words"),
    [("no-such-file", "has no file at"), ("other-star", "is of TIC")],
)
def test_a_file_that_cannot_be_had_is_a_line_of_the_table_for_a_day_and_no_picture(
    site, url, sample_archive, monkeypatch, kind, words
):
    filename = url.split("/")[-1].removesuffix(".png")
    other = render_product(next(name for name in load_stars()[1].product_names() if name.endswith("s_lc.fits")))
    fault = {"no-such-file": {"status": 404}, "other-star": {"body": other, "content_type": "application/fits"}}[kind]
    sample_archive.inject(Fault(filename, None, **fault))
    client = site.test_client()
    before = client.get(f"/stars/{WASP46}").text
    assert f'data-file="{filename}"' in before and f'data-line="{filename}"' in before
    picture = when_fetched(client, url, headers=IMG)
    assert picture.status_code >= 400 and words in picture.headers["X-Alt-Text"]
    page = client.get(f"/stars/{WASP46}").text
    assert f"{url}" not in page and re.search(rf"{filename}</a> <span[^>]*>Not available: [^<]*{words}", page)
    later = time.time() + 1.1 * SECONDS_PER_DAY
    monkeypatch.setattr(product_files.time, "time", lambda: later)
    with site.app_context():
        product = db.session.scalars(select(DataProduct).where(DataProduct.filename == filename)).one()
        assert product_files.why_missing(site.config["TESS"], None, product) is None


def test_where_no_listed_file_can_be_had_the_page_does_not_say_that_none_is_listed(site, sample_archive):
    sample_archive.inject(Fault("Download", None, status=404))
    client = site.test_client()
    with site.app_context():
        names = db.session.scalars(
            select(DataProduct.filename).where(DataProduct.tic_id == WASP46, DataProduct.kind == "lc")
        ).all()
    for name in names:
        when_fetched(client, f"/stars/{WASP46}/sectors/{name}.png", headers=IMG)
    page = client.get(f"/stars/{WASP46}").text
    assert "No file in MAST" not in page
    assert "No folded light curve: None of the 2 listed light curves could be had: see the table of data" in page
    assert page.count("has no file at") == len(names) + 2, "a line of each file, and the reason below two headings"


def test_a_star_with_sixty_sectors_in_three_kinds_has_four_panels_and_asks_no_archive(site, sample_archive):
    with site.app_context():
        list_files(NAMES, 60)
        asked = len(sample_archive.requests)
        client = site.test_client()
        page, everything = client.get(f"/stars/{WASP46}").text, client.get(f"/stars/{WASP46}?sectors=all").text
        assert client.get(f"/stars/{WASP46}?sectors=some").status_code == 400
    assert (page.count("data-file="), everything.count("data-file=")) == (4, 60)
    assert page.count("_llc.fits</a>") == 60 and "The newest 4 of 60 light curves" in page
    assert f'href="/stars/{WASP46}?sectors=all"' in page and "show all" not in everything
    assert "gives no file sizes" in page
    assert len(sample_archive.requests) == asked


def test_one_thread_may_wait_a_moment_and_then_answers_with_the_picture(site, url, monkeypatch):
    monkeypatch.setattr(light_curves, "PATIENCE_S", 20.0)
    assert site.test_client().get(url).status_code == 200


def test_a_folded_picture_requests_all_its_files_at_once(site, sample_archive):
    with site.app_context():
        tic_id = db.session.scalars(
            select(DataProduct.tic_id)
            .where(DataProduct.kind == "lc")
            .group_by(DataProduct.tic_id)
            .order_by(db.func.count().desc())
        ).first()
    BY_NAME["silent"].apply(sample_archive, 1)
    page = site.test_client().get(f"/stars/{tic_id}").text
    folded = page.split('/folded.png"')[0].rsplit('"', 1)[-1] + "/folded.png"
    answer = site.test_client().get(folded)
    pending, needed = re.search(r"(\d) of (\d) light-curve files", answer.text).groups()
    assert answer.status_code == 202 and 1 < int(pending) == int(needed)


def test_downloads_beyond_the_queue_wait_for_their_page_to_ask_again():
    stop = threading.Event()
    downloads = Downloads(threads=1, most_waiting=1)
    started = threading.Event()

    def hold():
        started.set()
        stop.wait()

    with pytest.raises(BeingFetched):
        downloads.request("in progress", hold)
    started.wait(5)
    with pytest.raises(BeingFetched, match="are being fetched"):
        downloads.request("queued", hold)
    with pytest.raises(BeingFetched, match="this one will follow"):
        downloads.request("too many", hold)
    stop.set()


def test_a_full_disk_gives_a_message_no_partial_file_and_no_second_download(site, sample_archive, url, monkeypatch):
    client = site.test_client()
    assert when_fetched(client, url).status_code == 200

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with site.app_context():
        other = db.session.scalars(
            select(DataProduct).where(DataProduct.tic_id != WASP46, DataProduct.kind == "lc")
        ).first()
        other_url = f"/stars/{other.tic_id}/sectors/{other.filename}.png"
    files = sorted((site.config["TESS"].instance_dir / "cache").rglob("*.fits"))
    answer = when_fetched(client, other_url)
    assert answer.status_code == 503 and "cannot be written (No space left on device)" in answer.text
    assert client.get(other_url).status_code == 503 and len(downloads_of(sample_archive)) == 2
    for address in ("/", url, url + "?theme=dark", f"/stars/{other.tic_id}"):
        assert client.get(address).status_code == 200, address
    cache = site.config["TESS"].instance_dir / "cache"
    assert sorted(cache.rglob("*.fits")) == files and list(cache.rglob(".part-*")) == []


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("refuse", 502, "cannot be reached: Connection refused"),
        ("drip", 504, "its answer was incomplete after 1 s"),
        ("busy-hour", 502, "429 Too Many Requests and asks for a pause of 3,600 s"),
        ("html", 502, "is not a FITS file: it starts like an HTML page"),
        ("truncated-fits", 502, "is truncated"),
        ("cut-off", 502, "broke off in the middle of its answer"),
        ("huge", 502, "sent more than 200 MB"),
        ("redirect-host", 502, "not a configured archive host"),
        ("redirect-file", 502, "not a configured archive host"),
        ("redirect-link-local", 502, "not a configured archive host"),
    ],
)
def test_a_fault_of_the_archive_is_named_and_leaves_no_file(make_site, sample_archive, url, kind, status, words):
    site = make_site(archive_timeout_s=0.5, archive_total_s=1.0)
    BY_NAME[kind].apply(sample_archive, 0.02)
    answer = when_fetched(site.test_client(), url)
    assert answer.status_code == status and words in answer.text
    host = sample_archive.url.removeprefix("http://")
    assert host in answer.text or kind in ("html", "truncated-fits")  # there the message names the file
    cache = site.config["TESS"].instance_dir / "cache"
    assert [path.suffix for path in cache.rglob("*") if path.is_file()] in ([], [".txt"]), "only the reason is kept"
