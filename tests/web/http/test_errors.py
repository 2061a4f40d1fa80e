"""Errors carry a code and a field; only the web knows their HTTP status and their parameter."""

import ast
import re
from pathlib import Path

import pytest

import app_tess
from app_tess import create_app, errors
from app_tess.config import Config
from app_tess.errors import InvalidInput
from app_tess.web.http.errors import STATUSES, describe

PACKAGE = Path(app_tess.__file__).parent


def error_classes():
    """Names of AppTessError and of every class of the package that derives from it."""
    classes = [
        (node.name, {base.id for base in node.bases if isinstance(base, ast.Name)})
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    found = {"AppTessError"}
    while more := {name for name, bases in classes if bases & found} - found:
        found |= more
    return found


def test_every_error_class_has_a_status_in_the_webs_table():
    assert error_classes() == {error.__name__ for error in STATUSES}


def test_the_errors_themselves_know_no_http_status():
    source = Path(errors.__file__).read_text(encoding="utf-8")
    numbers = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    assert "status" not in source and not any(isinstance(value, int) for value in numbers)
    assert not any(hasattr(error, "status") for error in STATUSES)


def test_a_message_begins_with_the_parameter_of_its_field():
    assert describe(InvalidInput("'x' is not a flux.", field="flux")) == "flux: 'x' is not a flux."
    assert describe(InvalidInput("91 is outside -90 to 90.", field="latitude")).startswith("lat: ")
    assert describe(InvalidInput("No field.")) == "No field."


OUTAGES = {
    "nothing listens": "postgresql://tess@127.0.0.1:9/tess",
    "no such folder": "sqlite:////no/such/folder/tess.sqlite",
}
NEED_THE_DATABASE = (
    "/",
    "/stars/1",
    "/tonight",
    "/changes",
    "/operations",
    "/reset",
    "/api/v1/stars",
    "/api/v1/cone",
    "/model",
)


@pytest.fixture(params=OUTAGES)
def client_without_database(request, tmp_path):
    config = Config(instance_dir=tmp_path, admin_token="t", database_url=OUTAGES[request.param], archive_retries=0)
    return create_app(config).test_client()


def test_every_address_answers_503_with_retry_after_while_the_database_is_down(client_without_database):
    client = client_without_database
    answered = {}
    for rule in client.application.url_map.iter_rules():
        address = re.sub("<any.([a-z]+)[^>]*>", r"\1", rule.rule)
        address = re.sub("<[^>]+>", "1", address)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = client.open(address, method=method, headers={"Authorization": "Bearer t"})
            answered[method, address] = answer.status_code
            assert answer.status_code < 500 or answer.status_code == 503, (method, address, answer.status_code)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"] == "30" and "database cannot be reached" in answer.text, address
    assert {answered["GET", address] for address in NEED_THE_DATABASE} == {503}
    assert answered["POST", "/reset"] == answered["POST", "/stars/1/vet"] == 503


def test_the_page_of_an_outage_is_a_page_and_the_api_answers_in_json(client_without_database):
    page = client_without_database.get("/")
    assert "Temporarily unavailable" in page.text and "</html>" in page.text
    assert client_without_database.get("/api/v1/stars").json["error"]["code"] == "database_unavailable"


def test_a_number_that_no_column_holds_is_not_found(client):
    for number in (2**31, 2**63 - 1, 2**63, 10**30, int("9" * 4000)):
        for address in ("/runs/{}", "/runs/{}.json", "/stars/{}", "/stars/{}/transits", "/api/v1/stars/{}"):
            assert client.get(address.format(number)).status_code == 404, address
    assert client.get(f"/stars/{'9' * 5000}").status_code == 404
