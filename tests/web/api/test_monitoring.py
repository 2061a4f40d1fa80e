"""`/healthz`, `/readyz` and `/metrics`: what works, what does not, and who may ask."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import update

from app_tess import create_app
from app_tess.config import Config
from app_tess.storage import worker_records
from app_tess.storage.database import database_time, db
from app_tess.storage.migrations import upgrade
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.run_models import LOST_AFTER_S, Run, Worker
from app_tess.web.api import monitoring
from tests.support import catalogues

TOKEN = "k3J9-vQ2x_Lr8TzW5mNc7YpB4dHs6FgA"
PARTS = {"database", "migrations", "worker", "catalogue", "models"}


@pytest.fixture
def ready(config):
    """An application to which nothing is missing."""
    app = create_app(config)
    with app.app_context():
        upgrade()
        catalogues.fill()
        worker_records.register("host:1")
        yield app
        db.session.remove()
        db.engine.dispose()


def ask(app):
    response = app.test_client().get("/readyz")
    assert response.headers["Cache-Control"] == "no-store" and set(response.json["parts"]) == PARTS
    assert (response.status_code == 200) == (response.json["failed"] == [])
    return response


def test_a_complete_site_is_ready(ready):
    assert ask(ready).json["status"] == "ready"


def test_an_empty_database_is_alive_and_names_what_is_missing(tmp_path):
    app = create_app(Config(instance_dir=tmp_path))
    assert app.test_client().get("/healthz").json == {"status": "alive"}
    response = ask(app)
    assert response.status_code == 503 and {"migrations", "worker", "catalogue"} <= set(response.json["failed"])
    assert "database" not in response.json["failed"]


def test_without_a_database_the_site_is_alive_not_ready_and_shows_no_password(tmp_path):
    url = "postgresql://tess:hunter2-password@127.0.0.1:9/tess"
    app = create_app(Config(instance_dir=tmp_path, database_url=url))
    assert app.test_client().get("/healthz").status_code == 200
    response = ask(app)
    assert response.status_code == 503 and response.json["failed"][0] == "database"
    assert not any(word in response.text for word in ("hunter2", "127.0.0.1", "postgresql://"))


def test_a_schema_without_the_newest_migration_is_not_ready(ready):
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    response = ask(ready)
    assert response.json["failed"] == ["migrations"] and "0001" in response.json["parts"]["migrations"]["detail"]


@pytest.mark.parametrize(("age_d", "limit_d", "failed"), [(29, 30, []), (31, 30, ["catalogue"]), (31, 0, [])])
def test_an_old_catalogue_is_not_ready(ready, age_d, limit_d, failed):
    db.session.query(CatalogueLoad).update({"loaded_at": dt.datetime.now(dt.UTC) - dt.timedelta(days=age_d)})
    db.session.commit()
    ready.config["TESS"] = dataclasses.replace(ready.config["TESS"], catalogue_max_age_d=limit_d)
    response = ask(ready)
    assert response.json["failed"] == failed and f"{age_d}.0 days" in response.json["parts"]["catalogue"]["detail"]


def test_a_site_without_a_living_worker_is_not_ready(ready):
    db.session.execute(update(Worker).values(heartbeat_at=database_time(-LOST_AFTER_S - 1)))
    db.session.commit()
    assert ask(ready).json["failed"] == ["worker"]


def test_an_altered_model_is_not_ready(ready, monkeypatch):
    def altered():
        raise monitoring.ArtifactError("pipeline.pkl has been altered.")

    monkeypatch.setattr("app_tess.scoring.artifacts.verify_artifacts", altered)
    assert ask(ready).json["failed"] == ["models"]


def test_without_the_setting_there_are_no_metrics(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_are_shown_with_the_token_only(make_app, config):
    client = make_app(dataclasses.replace(config, metrics_token=TOKEN)).test_client()
    for value in ("", "Bearer wrong", f"Basic {TOKEN}", TOKEN):
        assert client.get("/metrics", headers={"Authorization": value}).status_code == 403
    assert client.get(f"/metrics?token={TOKEN}").status_code == 403
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200 and response.content_type.startswith("text/plain; version=0.0.4")


def test_metrics_show_the_runs_and_the_catalogue(make_app, config):
    app = make_app(dataclasses.replace(config, metrics_token=TOKEN))
    with app.app_context():
        catalogues.fill()
        start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        end = start + dt.timedelta(seconds=90)
        db.session.add(Run(kind="reset", status="completed", started_at=start, ended_at=end))
        db.session.add_all([Run(kind="vet", status="error") for _ in range(2)])
        db.session.commit()
    lines = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text.splitlines()
    assert 'app_tess_runs{kind="vet",status="error"} 2.0' in lines
    assert 'app_tess_last_run_seconds{kind="reset"} 90.0' in lines and "app_tess_catalogue_tois 8.0" in lines
    assert "app_tess_workers 0.0" in lines
