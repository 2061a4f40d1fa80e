"""The only module that holds an application: gunicorn app_tess.wsgi:app."""

import datetime as dt
import gc
import importlib

from app_tess import create_app, logs, metrics

DRAWING = ("altitude", "folded", "light_curve", "model_report", "period_radius", "sky")


def warm_up():
    """Load what the slow pages need before the first visitor waits for it: seconds, on a busy machine."""
    import numpy as np

    from app_tess.astro.observing.night_sky import find_twilight
    from app_tess.astro.observing.sites import DEFAULT_SITE, find_site
    from app_tess.plots import period_radius, sky
    from app_tess.plots.themes import THEMES

    for name in DRAWING:
        importlib.import_module(f"app_tess.plots.{name}")
    for theme in THEMES:
        period_radius.render_period_radius(*np.empty((3, 0)), theme=theme)
        sky.render_sky(sky.Points(*np.empty((3, 0))), theme=theme)
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
