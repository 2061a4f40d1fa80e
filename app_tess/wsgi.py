"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

import datetime as dt
import gc
import importlib

from app_tess import create_app, logs, metrics

DRAWING = ("altitude", "folded", "light_curve", "model_report", "period_radius", "sky")


def warm_up():
    """Load what the slow pages need before the first visitor waits for it: seconds, on a busy machine."""
    from app_tess.astro.observing.night_sky import find_twilight
    from app_tess.astro.observing.sites import DEFAULT_SITE, find_site

    for name in DRAWING:
        importlib.import_module(f"app_tess.plots.{name}")
    find_twilight(find_site(DEFAULT_SITE), dt.datetime.now(dt.UTC))  # reads the tables of the Earth's rotation


app = create_app()
config = app.config["TESS"]
logs.configure(config.log_format, config.secrets)
if config.metrics_token:
    metrics.start(config.metrics_dir, "web")
warm_up()
# What is loaded by now stays loaded. Scanning it for garbage would delay one page in some hundreds by 200 ms.
gc.collect()
gc.freeze()
