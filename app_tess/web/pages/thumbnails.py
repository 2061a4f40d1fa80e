"""Thumbnails of folded transits for the table, drawn from the view stored by the vetting."""

from flask import Blueprint

from app_tess.astro.identifiers import toi_name
from app_tess.errors import MissingData
from app_tess.plots.thumbnail import render_thumbnail
from app_tess.storage import vetting_results
from app_tess.web.http.kept import kept
from app_tess.web.http.responses import drawn_if_modified
from app_tess.web.http.site import YEAR_S

pages = Blueprint("thumbnails", __name__)


@pages.get("/stars/<int:tic_id>/tois/<toi>/thumbnail.svg")
@kept()
def thumbnail(tic_id, toi):
    """Return a thumbnail. Its address in the table contains the time of the vetting, so it can be cached forever."""
    result = vetting_results.results_of_star(tic_id).get(toi)
    if result is None or result.finding is None:
        raise MissingData(
            f"No folded light curve of {toi_name(toi)} of TIC {tic_id} is stored: "
            "the star has not been vetted, or could not be folded."
        )
    response = drawn_if_modified(
        lambda: _draw(toi_name(toi), result), (result.measured_at,), YEAR_S, content_type="image/svg+xml"
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"  # its own colors, for both themes
    )
    return response


def _draw(name, result):
    views = result.report["views"]
    filled = views.get("filled", {}).get("local_view", [])
    seen = [None if number in filled else value for number, value in enumerate(views["local_view"])]
    return render_thumbnail(seen, f"{name}: {result.finding}", simulated=result.report["simulated"])
