"""A catalogue update under every fault: the old catalogue stays, and the message names host and cause."""

import dataclasses
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app_tess.archives.sample.fault_kinds import BY_NAME, KINDS, MARKUP
from app_tess.archives.sample.faults import Fault
from app_tess.config import Config
from app_tess.errors import ArchiveError, ArchiveTimeout
from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.tasks import run_execution
from app_tess.tasks.reset import reset
from tests.support.progress import quiet

NOT_NUMBERS = ("json-nan", "json-infinity", "json-null", "json-text")
REFUSED = {
    "refuse": "cannot be reached: Connection refused",
    "silent": "did not answer in time: nothing arrived for 0.4 s",
    "drip": "did not answer in time: its answer was incomplete after 1.2 s",
    "busy": "429 Too Many Requests, 2 times",
    "busy-hour": "429 Too Many Requests and asks for a pause of 3,600 s",
    "error": "500 Internal Server Error, 2 times",
    "html": "an HTML page where the TOI table was expected",
    "truncated-csv": "the reply is incomplete",
    "cut-off": "broke off in the middle of its answer",
    "too-short": "the table is cut off",
    "gzip-bomb": "sent more than 64 MB",
    "huge": "sent more than 64 MB",
    "huge-unannounced": "sent more than 64 MB",
    "redirect-host": "redirects to https://archive.example/file, and that is not a configured archive host",
    "redirect-file": "redirects to file:///etc/passwd, and",
    "redirect-link-local": "redirects to http://169.254.169.254/",
    "redirect-circle": "redirects in a circle",
    "executing": "did not answer in time: .* It answered EXECUTING",
    "nested-json": "in a form that is not MAST's",
    "half-missing": "sent 43 TOIs where 87 are stored",
    "renamed-columns": "no header with a column 'TOI'",
    **dict.fromkeys(NOT_NUMBERS, "implausible TIC rows: 57 of 57 values of the Teff are gone"),
    "urls-elsewhere": "sent 0 products where 113 are stored",
    "urls-traversal": "sent 0 products where 113 are stored",
}
"""Fault -> the cause in the message. After all others the update completes."""

HARMLESS = ("error-once", "truncated-fits", "duplicate-tois", "unknown-columns", "markup")


@pytest.fixture
def site(tmp_path, make_app, prepared, sample_archive):
    """The bundled sample in SQLite, with limits that a test can wait for."""
    config = Config(
        instance_dir=tmp_path,
        exofop_url=sample_archive.url,
        mast_url=sample_archive.url,
        archive_timeout_s=0.4,
        archive_total_s=1.2,
        archive_retries=1,
        archive_backoff_s=0.01,
    )
    app = make_app(config)
    prepared.fill(app, config, "sample", lambda: reset(config, quiet))
    with app.app_context():
        yield SimpleNamespace(app=app, config=config, host=sample_archive.url.removeprefix("http://"))


def stored():
    """Everything that an update may change."""
    db.session.rollback()
    return [
        db.session.execute(select(model.__table__).order_by(*model.__table__.primary_key)).all()
        for model in (CatalogueLoad, Star, Toi, DataProduct)
    ]


@pytest.mark.parametrize("kind", REFUSED)
def test_the_old_catalogue_stays_and_the_message_names_host_and_cause(site, sample_archive, kind):
    before = stored()
    BY_NAME[kind].apply(sample_archive, 0.02)
    started = time.monotonic()
    with pytest.raises(ArchiveError, match=REFUSED[kind]) as caught:
        reset(site.config, quiet)
    assert time.monotonic() - started < 30  # far from what the archive would keep it waiting
    assert str(caught.value).startswith(site.host)
    assert stored() == before and list((site.config.instance_dir / "cache").rglob("*")) == []


def test_an_update_of_many_slow_answers_ends_in_bounded_time(site, sample_archive):
    before = stored()
    sample_archive.inject(Fault("", None, hang_s=0.2))
    with pytest.raises(ArchiveTimeout, match="all requests together took longer than 0.5 s"):
        reset(dataclasses.replace(site.config, update_total_s=0.5), quiet)
    assert stored() == before


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_fault_that_concerns_no_value_does_not_stop_the_update(site, sample_archive, kind):
    *_, products = stored()
    BY_NAME[kind].apply(sample_archive, 0.02)
    load = reset(site.config, quiet)
    assert (load.toi_count, load.product_count) == (87, len(products))
    assert len(load.skipped) == (87 if kind == "duplicate-tois" else 0)


@pytest.mark.parametrize("kind", NOT_NUMBERS)
def test_a_value_that_is_no_number_is_never_stored(site, sample_archive, kind):
    BY_NAME[kind].apply(sample_archive, 0.02)
    reset(site.config, quiet, force=True)
    assert set(db.session.scalars(select(Star.teff_k))) == {None}


def test_markup_of_the_archives_is_shown_as_text(site, sample_archive):
    BY_NAME["markup"].apply(sample_archive, 0.02)
    reset(site.config, quiet)
    db.session.commit()
    client = site.app.test_client()
    for address in ("/", "/stars/231663901", "/?q=script", "/changes"):
        text = client.get(address).text
        assert "<script>alert" not in text and "<img src=x" not in text, address
    assert MARKUP.split("(")[0].replace("<", "&lt;").replace(">", "&gt;") in client.get("/stars/231663901").text


def test_every_kind_of_fault_is_tested():
    assert {kind.name for kind in KINDS} == {*REFUSED, *HARMLESS}


@pytest.mark.parametrize("kind", ["silent", "drip"])
def test_an_update_from_an_archive_without_end_can_be_cancelled(site, sample_archive, kind, monkeypatch):
    monkeypatch.setattr(run_execution, "HEARTBEAT_S", 0.1)
    monkeypatch.setattr("app_tess.archives.http.exchange.CHECK_EVERY_S", 0.1)
    before = stored()
    BY_NAME[kind].apply(sample_archive, 0.01)
    run_id = run_records.request_run("reset").id
    patient = {"archive_timeout_s": 60.0, "archive_total_s": 600.0}
    take = sample_archive.take_fault

    def cancel_at_first_request(text):
        with site.app.app_context():
            run_records.cancel(run_id)
        return take(text)

    monkeypatch.setattr(sample_archive, "take_fault", cancel_at_first_request)
    started = time.monotonic()
    run_execution.execute_run(run_id, Config(**vars(site.config) | patient))
    assert time.monotonic() - started < 30  # far from what the archive would keep it waiting
    assert run_records.get_run(run_id).status == "cancelled" and stored() == before
