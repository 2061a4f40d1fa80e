"""The what-if page and its JSON: a hypothetical TOI, scored by the same code as every TOI."""

import subprocess
import sys
import threading

import pytest

from app_tess.errors import ArtifactError
from app_tess.tasks import what_if
from tests.support.catalogues import WASP46
from tests.support.imports import ROOT
from tests.support.loaded import loaded_app

PAGE = f"/stars/{WASP46}/tois/101.01/what-if"
JSON = "/api/v1/tois/101.01/what-if"


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("what-if"), shared_sample_archive) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


def test_without_changes_the_page_is_the_form_with_the_catalogues_values(client):
    page = client.get(PAGE)
    assert page.status_code == 200 and "Hypothetical</dt>" not in page.text
    assert 'name="planet_radius_rearth"' in page.text and "placeholder=" in page.text


def test_a_changed_radius_is_scored_beside_the_present_score(client):
    page = client.get(PAGE + "?planet_radius_rearth=4")
    assert page.status_code == 200
    for text in ("Hypothetical</dt>", "With the catalogue's values</dt>", "given", "follows", 'value="4"'):
        assert text in page.text, text
    answer = client.get(JSON + "?planet_radius_rearth=4").json
    assert answer["hypothetical"] is True and answer["toi"] == "101.01"
    assert answer["what_if"]["planet_probability"] != answer["present"]["planet_probability"]
    assert {one["column"]: one["given"] for one in answer["changed"]} == {
        "planet_radius_rearth": True,
        "depth_ppm": False,
    }


def test_the_present_values_give_the_present_score(client):
    listed = client.get("/api/v1/tois/101.01").json
    answer = client.get(JSON).json
    assert answer["present"] == answer["what_if"] and answer["changed"] == []
    assert answer["present"]["planet_probability"] == pytest.approx(listed["explanation"]["probability"], abs=1e-4)
    assert answer["held_out_probability"] == pytest.approx(listed["row"]["planet_probability"])


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("period_d=x", "period_d", "&#39;x&#39; is not a number."),
        ("period_d=0", "period_d", "must be above 0."),
        ("stellar_radius_rsun=-1", "stellar_radius_rsun", "-1 is outside 0 to"),
        ("planet_radius_rearth=4000", "planet_radius_rearth", "cover its whole star"),
        ("teff_k=nan", "teff_k", "not a finite number"),
    ],
)
def test_an_invalid_value_is_named_and_the_others_are_kept(client, query, field, message):
    page = client.get(f"{PAGE}?tmag=9.5&{query}")
    assert page.status_code == 400
    assert f"<li>{field}: " in page.text and message in page.text and f'id="flaw-{field}"' in page.text
    assert 'name="tmag" inputmode="decimal" size="9" maxlength="40" value="9.5"' in page.text
    assert page.text.count("aria-invalid") == 1 and "Hypothetical</dt>" in page.text, "scored with the valid value"
    answer = client.get(f"{JSON}?{query}")
    assert answer.status_code == 400 and answer.json["error"]["message"].startswith(f"{field}: ")


def test_an_unknown_parameter_or_toi_is_refused(client):
    assert client.get(JSON + "?colour=red").status_code == 400
    assert client.get(f"/stars/{WASP46}/tois/101.02/what-if").status_code == 404
    assert client.get("/api/v1/tois/999999.01/what-if").status_code == 404


def test_a_program_that_asks_the_page_for_json_gets_it(client):
    answer = client.get(PAGE + "?tmag=9", headers={"Accept": "application/json"})
    assert answer.json["changed"] == [
        {"column": "tmag", "given": True, "present": answer.json["changed"][0]["present"], "what_if": 9.0}
    ]


def test_nobody_waits_for_a_model_that_takes_long_to_load(client, monkeypatch):
    loaded, may_load = what_if._model(), threading.Event()
    monkeypatch.setattr(what_if.pipeline_file, "load", lambda: may_load.wait(30) and loaded)
    monkeypatch.setattr(what_if, "PATIENCE_S", 0.01)
    what_if._loading.cache_clear()
    page, answer = (client.get(f"{address}?planet_radius_rearth=3.21") for address in (PAGE, JSON))
    for response in (page, answer):
        assert response.status_code == 202 and response.headers["Retry-After"] == response.headers["Refresh"] == "2"
    assert "The model is being loaded" in page.text and answer.json["error"]["code"] == "being_loaded"
    may_load.set()
    monkeypatch.setattr(what_if, "PATIENCE_S", 60)
    assert client.get(f"{JSON}?planet_radius_rearth=3.21").status_code == 200  # the 202 was not kept


def test_a_model_that_cannot_be_loaded_is_tried_again(client, monkeypatch):
    loaded = what_if._model()
    answers = iter([ArtifactError("pipeline.pkl is missing."), loaded])

    def load():
        answer = next(answers)
        if isinstance(answer, ArtifactError):
            raise answer
        return answer

    monkeypatch.setattr(what_if.pipeline_file, "load", load)
    what_if._loading.cache_clear()
    first, second = (client.get(f"{JSON}?planet_radius_rearth=3.22") for _ in range(2))
    assert first.status_code == 500 and "pipeline.pkl is missing" in first.json["error"]["message"]
    assert second.status_code == 200


def test_the_stars_page_leads_to_the_form(client):
    assert f'href="{PAGE}">What if its radius, period' in client.get(f"/stars/{WASP46}").text
    assert f'action="{PAGE}"' in client.get(PAGE).text


def test_scoring_a_hypothetical_toi_imports_no_tensorflow():
    script = (
        "import sys; from tests.scoring.support import made_up_frame; from app_tess.tasks import what_if;"
        "what_if.PATIENCE_S = 60; what_if.what_if(made_up_frame(2).to_dict('records')[0], {'period_d': 5.0});"
        "print(*sorted({'tensorflow', 'keras'} & set(sys.modules)), 'done')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["done"]
