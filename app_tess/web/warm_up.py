"""What pictures, the sky over a site and templates need, loaded in each web process after it has begun to serve.

It takes some two seconds, which neither the first page nor the first picture should wait for.
"""

import gc
import threading
import time

import jinja2

WHEN_SERVING = "when_serving"
"""Key of the application's extensions: a function that each process calls when it has begun to serve."""

AFTER_S = 1.0
"""How long a process serves before it begins: the first pages have all of its processor."""

BREATH_S = 0.01
"""A pause after each template, in which pages are answered: compiling one takes as long."""


def warm_up_soon(templates: jinja2.Environment) -> None:
    """Begin in a separate thread, which does not keep the process from ending."""
    timer = threading.Timer(AFTER_S, _warm_up, [templates])
    timer.daemon = True
    timer.start()


def _warm_up(templates: jinja2.Environment) -> None:
    import numpy as np

    from app_tess.astro.observing import visibility  # noqa: F401
    from app_tess.plots import folded, light_curve, model_report, period_radius, sky  # noqa: F401
    from app_tess.plots.themes import THEMES

    for theme in THEMES:
        period_radius.render_period_radius(*np.empty((3, 0)), theme=theme)
        sky.render_sky(sky.Points(*np.empty((3, 0))), theme=theme)
    for name in templates.list_templates(extensions=["html"]):
        templates.get_template(name)
        time.sleep(BREATH_S)
    keep_from_collection()


def keep_from_collection() -> None:
    """Exempt what is loaded by now from garbage collection: scanning it would delay one page in some hundreds."""
    gc.collect()
    gc.freeze()
