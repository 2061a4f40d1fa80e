"""No request, however odd, causes an internal error. The long form, on the real catalogue, is `benchmarks/fuzz.py`."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Toi
from tests.support.loaded import loaded_app
from tests.support.random_requests import random_request

EVERY = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), print_blob=False
)
PAGE_REQUESTS, API_REQUESTS = 400, 25
"""Requests of any kind, and of each operation of the OpenAPI document."""


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("fuzz"), shared_sample_archive) as app:
        logging.disable(logging.WARNING)
        yield app
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def known(app):
    """Values of the parts of addresses that exist."""
    with app.app_context():
        return {
            "tic_id": tuple(map(str, db.session.scalars(select(Toi.tic_id).distinct().limit(3)))),
            "toi": tuple(db.session.scalars(select(Toi.toi).limit(5))),
            "filename": tuple(db.session.scalars(select(DataProduct.filename).limit(5))),
            "table": ("stars", "tois"),
            "suffix": ("json", "csv", "vot", "ecsv"),
            "event": ("1",),
            "number": ("1", "2"),
            "run_id": ("1",),
        }


@pytest.mark.filterwarnings("ignore")
def test_no_request_causes_an_internal_error(app, known):
    client = app.test_client()
    routes = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "monitoring.readyz"]  # 503 without a worker

    @settings(EVERY, max_examples=PAGE_REQUESTS)
    @given(st.randoms(use_true_random=False))
    def ask(random):
        request = random_request(random, routes, known)
        answer = client.open(request.address, method=request.method, headers=request.headers, data=request.form)
        assert answer.status_code < 500, request
        answer.close()

    ask()


@pytest.mark.filterwarnings("ignore")
def test_the_interface_does_what_its_document_says(app):
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    checks = pytest.importorskip("schemathesis.specs.openapi.checks")
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    asked = set()
    for found in document.get_all_operations():
        operation = found.ok()

        @settings(EVERY, max_examples=API_REQUESTS)
        @given(operation.as_strategy())
        def ask(case):
            # a search text that cannot be read, or a whole number written 2.0, is refused, which the schema cannot say
            case.call_and_validate(excluded_checks=[checks.positive_data_acceptance])

        ask()
        asked.add(operation.path)
    assert "/api/v1/tois" in asked and "/api/v1/cone" in asked
