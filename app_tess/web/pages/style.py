"""The style page: every component once, in development only."""

from urllib.parse import quote

from flask import Blueprint, abort, current_app, render_template

from app_tess.astro.dispositions import DISPOSITIONS
from app_tess.plots.thumbnail import render_thumbnail

pages = Blueprint("style", __name__)


@pages.get("/style")
def index():
    if current_app.config["TESS"].environment != "development":
        abort(404)
    fold = render_thumbnail(
        [-1.0 if abs(place) < 8 else 0.0 for place in range(-30, 31)], "A synthetic transit", simulated=True
    )
    return render_template(
        "style/index.html", dispositions=tuple(DISPOSITIONS), fold="data:image/svg+xml," + quote(fold)
    )
