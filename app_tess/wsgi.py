"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

import gc

from app_tess import create_app, logs, metrics

app = create_app()
config = app.config["TESS"]
logs.configure(config.log_format, config.secrets)
if config.metrics_token:
    metrics.start(config.metrics_dir, "web")
# What is loaded by now stays loaded. Scanning it for garbage would delay one page in some hundreds by 200 ms.
gc.collect()
gc.freeze()
