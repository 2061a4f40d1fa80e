"""What an operator's tools ask: `/healthz` (alive), `/readyz` (every part works), `/metrics` (Prometheus)."""

from functools import cache

from flask import Blueprint, Response, current_app, jsonify

from app_tess import metrics
from app_tess.errors import ArtifactError, MissingData, NotAllowed
from app_tess.storage import readiness
from app_tess.web.http.errors import RETRY_AFTER_S
from app_tess.web.http.responses import not_stored
from app_tess.web.http.security import bearer_token, is_token

pages = Blueprint("monitoring", __name__)


@pages.get("/healthz")
def healthz():
    """Answer as long as this process can: no database, no file."""
    return not_stored(jsonify({"status": "alive"}))


@pages.get("/readyz")
def readyz():
    """Answer 200 if every part works, else 503 with the parts that do not."""
    config = current_app.config["TESS"]
    parts = readiness.check_database(_newest_migration(), config.catalogue_max_age_d) | {"models": _check_models()}
    failed = [name for name, (ready, _) in parts.items() if not ready]
    response = jsonify(
        {
            "status": "not_ready" if failed else "ready",
            "failed": failed,
            "parts": {name: {"ready": ready, "detail": detail} for name, (ready, detail) in parts.items()},
        }
    )
    if failed:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return not_stored(response)


@pages.get("/metrics")
def show_metrics():
    """Show what all processes have counted, to who has METRICS_TOKEN."""
    config = current_app.config["TESS"]
    if not config.metrics_token:
        raise MissingData("This site keeps no metrics: the setting METRICS_TOKEN is empty.")
    if not is_token(bearer_token(), config.metrics_token):
        raise NotAllowed("Metrics are shown with `Authorization: Bearer METRICS_TOKEN` only.")
    text = metrics.exposition(config.metrics_dir, readiness.read_gauges())
    return not_stored(Response(text, content_type=metrics.CONTENT_TYPE))


def _check_models():
    from app_tess.scoring.artifacts import verify_artifacts

    try:
        return True, f"{verify_artifacts()} files are as their manifests describe them."
    except ArtifactError as error:
        return False, str(error)


@cache
def _newest_migration():
    from app_tess.storage.migrations import newest_revision

    return newest_revision()
