"""A vetting that is started on a star's page stays there: its form, its progress and its result."""

import re

import pytest

from app_tess.storage import run_records
from tests.support import catalogues
from tests.support.catalogues import WASP46

STAR = f"/stars/{WASP46}"
HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{STAR}?run=1"}


@pytest.fixture
def client(app):
    catalogues.fill()
    return app.test_client()


def start(client, kind="vet"):
    form = client.get(f"{STAR}/{kind}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form).group(1)
    return client.post(f"{STAR}/{kind}", data={"csrf_token": token})


def test_the_form_opens_in_the_stars_page_and_posts_into_it(client):
    page = client.get(STAR).text
    assert '<div id="star-run">' in page and f'hx-get="{STAR}/vet" hx-select="#run-form" hx-target="#star-run"' in page
    assert "<noscript><meta" not in page, "no run, no reload"
    form = client.get(f"{STAR}/vet").text
    assert form.count('id="run-form"') == 1 and f'hx-post="{STAR}/vet" hx-target="#star-run"' in form


@pytest.mark.parametrize("kind", ["vet", "search"])
def test_pressing_vet_or_search_returns_to_the_stars_page_with_the_progress(client, kind):
    answer = start(client, kind)
    assert answer.status_code == 303
    assert re.fullmatch(rf"{STAR}\?run=\d+", answer.location)
    page = client.get(answer.location)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "queued." in page.text and 'id="run-progress" hx-get="/runs/' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text, "without JavaScript the page reloads"


def test_when_the_run_has_ended_the_page_is_loaded_again_with_its_result(client):
    location = start(client).location
    number = int(location.partition("=")[2])
    assert "HX-Refresh" not in client.get(f"/runs/{number}", headers=HTMX).headers
    claim = run_records.claim(number)
    run_records.end(claim, "completed", "Vetted 1 of 1 TOIs.")
    assert client.get(f"/runs/{number}", headers=HTMX).headers["HX-Refresh"] == "true"
    elsewhere = HTMX | {"HX-Current-URL": f"http://localhost/runs/{number}"}
    assert "HX-Refresh" not in client.get(f"/runs/{number}", headers=elsewhere).headers
    page = client.get(location).text
    assert "Vetting: completed." in page and "Vetted 1 of 1 TOIs." in page and "run-progress" not in page


def test_a_run_that_does_not_exist_or_is_no_number_is_refused(client):
    assert client.get(f"{STAR}?run=12345").status_code == 404
    assert client.get(f"{STAR}?run=x").status_code == 400
