"""The style page: every component once, in development only."""
from flask import Blueprint, abort, current_app, render_template

pages = Blueprint("style", __name__)


@pages.get("/style")
def index():
    if current_app.config["TESS"].environment != "development":
        abort(404)
    return render_template("style/index.html")
