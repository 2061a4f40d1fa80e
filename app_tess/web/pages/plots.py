"""The sky map and the period-radius plot of a list, and where the points of a page are on them.

The pictures are the same for every page of a list and every order; the page rings its own points, above the picture.
"""

import dataclasses
import math

import numpy as np
from flask import Blueprint, request

from app_tess.plots.map_places import period_radius_pixels, sky_pixels
from app_tess.storage import scores, stars
from app_tess.storage.database import begin_consistent_read, end_consistent_read
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import LOOK_ARGS, read_look
from app_tess.web.http.responses import drawn_if_modified
from app_tess.web.http.shared import shared_plot
from app_tess.web.http.site import site_status
from app_tess.web.http.star_query_args import parse_star_query
from app_tess.web.http.template_filters import count

pages = Blueprint("plots", __name__)
MAX_AGE_S = 600
MOST_AREAS = 75
"""With more linked TOIs a page would exceed 150 kB."""


@pages.get("/plots/sky.png")
@kept()
def sky_map():
    from app_tess.plots import sky

    def draw(columns, theme):
        points = sky.Points(columns["ra_deg"], columns["dec_deg"], columns["planet_probability"])
        return sky.render_sky(points, theme=theme)

    return _answer(draw, ("ra_deg", "dec_deg"))


@pages.get("/plots/period-radius.png")
@kept()
def period_and_radius():
    from app_tess.plots import period_radius

    def draw(columns, theme):
        period, radius = columns["period_d"], columns["planet_radius_rearth"]
        there = period_radius.drawable(period, radius)
        probability = columns["planet_probability"]
        return period_radius.render_period_radius(period[there], radius[there], probability[there], theme=theme)

    return _answer(draw, ("period_d", "planet_radius_rearth"))


def points_on_plots(found):
    """Return (x, y, star, TOI) of a page's points [pixel] on each plot, {"sky": [...], "period_radius": [...]}."""
    pairs = [(row, toi) for row in found.stars for toi in row.tois if toi.matches]
    placed = [(row, toi) for row, toi in pairs if row.star.ra_deg is not None and row.star.dec_deg is not None]
    sized = [(row, toi) for row, toi in pairs if toi.period_d and (toi.planet_radius_rearth or 0) > 0]
    return {
        "sky": _placed(
            placed, sky_pixels, [row.star.ra_deg for row, _ in placed], [row.star.dec_deg for row, _ in placed]
        ),
        "period_radius": _placed(
            sized,
            period_radius_pixels,
            [toi.period_d for _, toi in sized],
            [toi.planet_radius_rearth for _, toi in sized],
        ),
    }


def describe_page(found):
    """Return one sentence for each plot on what it shows of a page: its alternative text."""
    tois = [toi for row in found.stars for toi in row.tois if toi.matches]
    dec = sorted(toi.dec_deg for toi in tois if toi.dec_deg is not None)
    sized = [toi for toi in tois if toi.period_d and (toi.planet_radius_rearth or 0) > 0]
    if not sized:
        spans = "No TOI on this page has both a period and a radius."
    else:
        spans = (
            "The {} on this page, circled, have periods from {:.3g} to {:.3g} days "
            "and radii from {:.2g} to {:.2g} Earth radii."
        ).format(
            count(len(sized), "TOI"),
            *(
                end(values)
                for values in ([toi.period_d for toi in sized], [toi.planet_radius_rearth for toi in sized])
                for end in (min, max)
            ),
        )
    south = sum(value < 0 for value in dec)
    return {
        "period_radius": spans,
        "sky": f"Of the {count(len(dec), 'TOI')} on this page, circled, {south} are in the southern and "
        f"{len(dec) - south} in the northern sky."
        if dec
        else "No TOI on this page has a known position.",
    }


def _placed(pairs, pixels, first, second):
    if not pairs:
        return []
    return [
        (round(x), round(y), row, toi)
        for x, y, (row, toi) in zip(*(part.tolist() for part in pixels(first, second)), pairs, strict=True)
        if math.isfinite(x) and math.isfinite(y)
    ]


def _answer(draw, needed):
    """Answer with the picture of the TOIs that have a value in each of the needed columns."""
    theme = read_look(request.args)
    query = parse_star_query(request.args, also_known=LOOK_ARGS)
    query = dataclasses.replace(query, sort="toi", descending=False, page=1, page_size=1)
    load, run = site_status().load, scores.find_current_run()
    made_from = (query, theme, load and load.id, run and run.id, request.path)
    key = ("plot", repr(made_from))

    def draw_points():
        begin_consistent_read()
        columns = stars.find_points(query, (*needed, "planet_probability"))
        end_consistent_read()
        there = np.all([np.isfinite(columns[name]) for name in needed], axis=0)
        return draw({name: values[there] for name, values in columns.items()}, theme).png

    return drawn_if_modified(lambda: shared_plot(key, draw_points), made_from, MAX_AGE_S)
