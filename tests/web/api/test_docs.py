"""The OpenAPI document is valid and true, and the pages that explain it say what it says."""

import json
import re
from urllib.parse import quote

import pytest

from app_tess.storage.star_query import RANGES
from app_tess.web.http.star_query_args import OWN
from tests.support.loaded import loaded_app


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("docs"), shared_sample_archive) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def document(client):
    return json.loads(client.get("/api/v1/openapi.json").text)


def test_the_document_is_valid_openapi(document):
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(document)
    assert document["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/api/v1/stars?page_size=20", "/api/v1/stars"),
        ("/api/v1/tois?page_size=20", "/api/v1/tois"),
        ("star", "/api/v1/stars/{tic_id}"),
        ("toi", "/api/v1/tois/{toi}"),
        ("/api/v1/scoreboard", "/api/v1/scoreboard"),
        ("/api/v1/tois?period_d_min=x", "error"),
    ],
)
def test_an_answer_keeps_its_schema(client, document, address, path):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    if address in ("star", "toi"):
        row = client.get("/api/v1/tois?page_size=1").json["rows"][0]
        address = f"/api/v1/stars/{row['tic_id']}" if address == "star" else f"/api/v1/tois/{row['toi']}"
    schema = (
        {"$ref": "#/components/schemas/Error"}
        if path == "error"
        else document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    )
    answer = client.get(address).json
    jsonschema.Draft202012Validator(schema | {"components": document["components"]}).validate(answer)


def test_every_documented_filter_is_understood_and_every_range_documented(client, document):
    values = {"string": "", "number": "1", "integer": "1"}
    names = [parameter["name"] for parameter in document["paths"]["/api/v1/tois"]["get"]["parameters"]]
    assert {f"{name}_{end}" for name in RANGES for end in ("min", "max")} <= set(names)
    for parameter in document["paths"]["/api/v1/tois"]["get"]["parameters"]:
        schema = parameter["schema"]
        value = schema.get("enum", schema.get("items", {}).get("enum", [values.get(schema["type"], "")]))[-1]
        if schema.get("format") == "date":
            value = "2024-01-01"
        response = client.get("/api/v1/tois", query_string={parameter["name"]: value})
        assert response.status_code == 200, (parameter["name"], response.text[:200])
        response.close()


def test_the_columns_in_the_answer_are_those_in_the_schema(client, document):
    for table, schema in (("stars", "Star"), ("tois", "Toi")):
        columns = client.get(f"/api/v1/{table}?page_size=1").json["columns"]
        assert [column["name"] for column in columns] == document["components"]["schemas"][schema]["required"]


@pytest.mark.parametrize("address", ["/api", "/api/docs", "/api/examples"])
def test_the_pages_are_small_and_need_no_script_of_others(client, address):
    page = client.get(address)
    assert page.status_code == 200 and page.mimetype == "text/html"
    assert len(page.data) < 150_000
    assert "https://" not in page.text.split("<main")[1].split("</main>")[0]


def test_the_reference_names_every_path_and_column(client, document):
    text = client.get("/api/docs").text
    for path in document["paths"]:
        assert path in text
    for column in document["components"]["schemas"]["Toi"]["required"]:
        assert f"<code>{column}</code>" in text


def test_every_filter_of_the_table_is_documented_and_nothing_else(document):
    names = {parameter["name"] for parameter in document["paths"]["/api/v1/stars"]["get"]["parameters"]}
    assert names == OWN | {f"{name}_{end}" for name in RANGES for end in ("min", "max")} | {"columns", "format"}


NASTY = [
    "",
    "0",
    "-1",
    "nan",
    "inf",
    "1e999",
    "9" * 30,
    "x",
    "null",
    "[]",
    "1,2",
    "\0",
    "\ud7ff",
    "' OR 1=1 --",
    "%",
    "../..",
    "2024-02-30",
    "CP",
]


def test_no_value_of_any_parameter_causes_an_internal_error(client, document):
    """Of the two tables the smaller one: they read the same filters."""
    for path, operation in document["paths"].items():
        if path == "/api/v1/tois":
            continue
        for parameter in operation["get"].get("parameters", []):
            for value in NASTY:
                inside = parameter["in"] == "path"
                address = (
                    re.sub(r"\{\w+\}", lambda _, value=value: quote(value, safe="") or "x", path) if inside else path
                )
                response = client.get(
                    address, query_string={} if inside else {parameter["name"]: value, "page_size": "1"}
                )
                assert response.status_code in (200, 400, 404), (address, parameter["name"], value)
                if response.status_code != 200:
                    assert set(response.json["error"]) == {"code", "status", "message", "what_to_do", "request_id"}
                response.close()


def test_the_address_of_a_table_page_works_in_front_of_the_interface_too(client):
    query = "?disposition=CP&columns=tic_id&columns=toi&sort=period_d&page_size=25"
    assert client.get(f"/{query}").status_code == client.get(f"/api/v1/tois{query}").status_code == 200
