"""What was searched, detected and classified: surveys, completeness, the list of signals, agreement with TOIs."""

from flask import Blueprint, render_template, request, url_for

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.search.completeness import COLUMNS, INJECTED, RECOVERED, ROWS
from app_tess.storage import searches, survey_lists
from app_tess.storage.survey_lists import KINDS, NO_CLASS
from app_tess.web.http.kept import kept
from app_tess.web.http.signal_query_args import KNOWN, parse_signal_query

pages = Blueprint("survey", __name__)
SHOWN = 50
"""Missed TOIs, and failed stars, that the page lists."""


@pages.get("/survey")
@kept()
def index():
    query = parse_signal_query(request.args)
    total = survey_lists.count_signals(query)
    part = slice((query.page - 1) * query.page_size, query.page * query.page_size)
    return render_template(
        "survey/index.html",
        query=query,
        surveys=survey_lists.summaries(),
        searched=searches.newest()[1],
        agreement=survey_lists.agreement(),
        missed=survey_lists.missed_tois(SHOWN),
        failed=survey_lists.failed_stars(SHOWN),
        signals=list(survey_lists.iter_signals(query, part)),
        counts=survey_lists.count_classes(query),
        classes=LIGHT_CURVE_CLASSES | {NO_CLASS: "no class"},
        kinds=KINDS,
        total=total,
        pages=max(1, -(-total // query.page_size)),
        address=_address,
        completeness=(COLUMNS, ROWS),
        injected=(RECOVERED, INJECTED),
    )


def _address(endpoint="survey.index", **replaced):
    """Return the address of this list, or of one of its files, with some parameters replaced."""
    arguments = {name: request.args.getlist(name) for name in KNOWN} | replaced
    return url_for(endpoint, **{name: value for name, value in arguments.items() if value})
