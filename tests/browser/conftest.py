"""Headless Chromium, and the site with the bundled sample, loaded and scored, behind it."""

import dataclasses

import pytest

from app_tess import create_app
from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage import run_records
from app_tess.storage.database import db
from app_tess.tasks.first_load import load_sample
from app_tess.tasks.predict import predict
from app_tess.tasks.reset import reset
from app_tess.tasks.survey import survey
from tests.support.chromium import find_chromium, open_browser
from tests.support.live import live_site
from tests.support.shared import shared_path

VETTED = 3
"""Stars of the sample that have been vetted: enough for a row to show its fold."""


def see_pictures(tab, selector):
    """Scroll through the pictures, so that lazy ones load, and check that each shows something and says what."""
    images = tab.locator(selector)
    for number in range(images.count()):
        images.nth(number).scroll_into_view_if_needed()
    tab.wait_for_function(
        "selector => [...document.querySelectorAll(selector)].every(image => image.complete)",
        arg=selector,
        timeout=60_000,
    )
    assert images.count() > 0
    assert images.evaluate_all("images => images.every(image => image.naturalWidth > 50 && image.alt.length > 10)")


@pytest.fixture(scope="session")
def browser():
    if find_chromium() is None:
        pytest.skip("Chromium is not installed on this machine")
    with open_browser() as chromium:
        yield chromium


@pytest.fixture(params=["light", "dark"])
def page(browser, request):
    """A page in either theme; an error in the console or a failed request of ours fails the test."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    wrong = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield tab
    context.close()
    assert wrong == []


def make_site(config, load):
    """An application with a database of its own, filled by `load(config, report)`."""
    app = create_app(config)
    with app.app_context():
        db.create_all()
        load(config, lambda *_: None)
        db.session.remove()
    return app


@pytest.fixture(scope="session")
def sample_app(tmp_path_factory, prepared):
    """The bundled sample, scored, some of its stars vetted; its archives cannot be reached."""
    config = Config(
        instance_dir=tmp_path_factory.mktemp("sample-site"),
        exofop_url="http://127.0.0.1:9",
        mast_url="http://127.0.0.1:9",
        archive_retries=0,
    )

    def load():
        db.create_all()
        load_sample(config, lambda *_: None)
        survey(config, lambda *_: None, VETTED)
        run_records.end(run_records.begin_run("reset"), "error", "exofop.example cannot be reached.")

    app = create_app(config)
    prepared.fill(app, config, "vetted_sample", load)
    return app


@pytest.fixture(scope="session")
def sample_site(sample_app):
    """Its address."""
    with live_site(sample_app) as address:
        yield address


@pytest.fixture(scope="session")
def real_site(tmp_path_factory, prepared):
    """The address of a site with the real catalogue of ../shared/archive."""
    with SampleArchive(shared_path("archive")) as archive:
        config = dataclasses.replace(
            Config(),
            instance_dir=tmp_path_factory.mktemp("real-site"),
            exofop_url=archive.exofop_url,
            mast_url=archive.mast_url,
            archive_retries=0,
        )
        app = make_site(config, lambda *_: None)
        prepared.fill(app, config, "real", lambda: reset(config, lambda *_: None))
        with app.app_context():
            predict(config, lambda *_: None)
        with live_site(app) as address:
            yield address
