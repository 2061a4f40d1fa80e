"""The sky map and the period-radius plot of a list: PNGs at their own addresses, and where their points are, for the image map."""
import hashlib

import numpy as np
from flask import Blueprint, make_response, request

from app_tess.errors import BadRequest
from app_tess.plots import period_radius, sky
from app_tess.plots.style import THEMES
from app_tess.storage import scores, stars
from app_tess.web.query import parse_star_query
from app_tess.web.site import site_status

pages = Blueprint("plots", __name__)
MAX_AGE_S = 600


@pages.get("/plots/sky.png")
def sky_map():
    def draw(rows, points, theme):
        there = np.isfinite(points.ra_deg) & np.isfinite(points.dec_deg)
        return sky.render_sky(_only(points, there), theme=theme)
    return _png(draw)


@pages.get("/plots/period-radius.png")
def period_and_radius():
    def draw(rows, points, theme):
        period, radius = _column(rows, "period_d"), _column(rows, "planet_radius_rearth")
        there = period_radius.drawable(period, radius)
        return period_radius.render_period_radius(period[there], radius[there], _only(points, there), theme=theme)
    return _png(draw)


def image_areas(found):
    """[(area id, x, y, star, TOI)] of a page's points on each picture: {"sky": [...], "period_radius": [...]}; whole pixels."""
    pairs = [(row, toi) for row in found.stars for toi in row.tois if toi.matches]
    placed = [(row, toi) for row, toi in pairs if row.star.ra_deg is not None and row.star.dec_deg is not None]
    sized = [(row, toi) for row, toi in pairs if toi.period_d and (toi.planet_radius_rearth or 0) > 0]
    return {
        "sky": _areas(placed, sky.sky_pixels, [row.star.ra_deg for row, _ in placed], [row.star.dec_deg for row, _ in placed]),
        "period_radius": _areas(sized, period_radius.period_radius_pixels, [toi.period_d for _, toi in sized],
                                [toi.planet_radius_rearth for _, toi in sized])}


def _areas(pairs, pixels, first, second):
    if not pairs:
        return []
    return [(round(x), round(y), row, toi) for x, y, (row, toi) in zip(*(part.tolist() for part in pixels(first, second)), pairs, strict=True)]


def _png(draw):
    theme = request.args.get("theme", "light")
    if theme not in THEMES:
        raise BadRequest(f"theme: '{theme}' is neither light nor dark.")
    query = parse_star_query(request.args, also_known=("theme",))
    load, run = site_status().load, scores.find_current_run()
    tag = hashlib.sha256(repr((query, theme, load and load.id, run and run.id, request.path)).encode()).hexdigest()[:32]
    response = make_response(b"")
    response.set_etag(tag)
    response.cache_control.public, response.cache_control.max_age = True, MAX_AGE_S
    if tag not in request.if_none_match:
        rows = stars.find_points(query)
        shown = {row.tic_id for row in stars.find_stars(query).stars}
        points = sky.Points(_column(rows, "ra_deg"), _column(rows, "dec_deg"), _column(rows, "planet_probability"),
                            np.array([row.tic_id in shown for row in rows], dtype=bool))
        response.set_data(draw(rows, points, theme).png)
    response.content_type = "image/png"
    return response.make_conditional(request)


def _column(rows, name):
    return np.array([np.nan if getattr(row, name) is None else getattr(row, name) for row in rows], dtype=float)


def _only(points, mask):
    return sky.Points(points.ra_deg[mask], points.dec_deg[mask], points.probability[mask], points.marked[mask])
