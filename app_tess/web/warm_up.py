"""What drawing needs, loaded in each web process soon after it has begun to serve.

It takes a second, which neither the first page nor the first picture should wait for. What fewer pages need is loaded
when one is asked for: the sky over an observatory takes another second and 40 MB in every process.
"""

import gc
import importlib
import threading

WHEN_SERVING = "when_serving"
"""Key of the application's extensions: a function that each process calls when it has begun to serve."""

AFTER_S = 1.0
"""How long a process serves before it begins: the first pages have all of its processor."""

DRAWING = ("folded", "light_curve", "model_report", "period_radius", "sky")


def warm_up_soon() -> None:
    """Begin in a separate thread, which does not keep the process from ending."""
    timer = threading.Timer(AFTER_S, _warm_up)
    timer.daemon = True
    timer.start()


def _warm_up() -> None:
    import numpy as np

    from app_tess.plots import period_radius, sky
    from app_tess.plots.themes import THEMES

    for name in DRAWING:
        importlib.import_module(f"app_tess.plots.{name}")
    for theme in THEMES:
        period_radius.render_period_radius(*np.empty((3, 0)), theme=theme)
        sky.render_sky(sky.Points(*np.empty((3, 0))), theme=theme)
    keep_from_collection()


def keep_from_collection() -> None:
    """Exempt what is loaded by now from garbage collection: scanning it would delay one page in some hundreds."""
    gc.collect()
    gc.freeze()
