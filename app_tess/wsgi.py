"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

from app_tess import create_app, logs, metrics
from app_tess.web.warm_up import keep_from_collection

app = create_app()
config = app.config["TESS"]
logs.configure(config.log_format, config.secrets)
if config.metrics_token:
    metrics.start(config.metrics_dir, "web")
keep_from_collection()
