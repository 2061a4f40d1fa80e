"""/match: which catalogued signal explains a dip. The page and its JSON read the same parameters."""

from decimal import Decimal

from flask import Blueprint, jsonify, render_template, request
from werkzeug.datastructures import MultiDict

from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.signal_match import DOUBTS, MOST_TIMES, ObservedSignal
from app_tess.errors import InvalidInput
from app_tess.storage import eclipsing_binaries
from app_tess.tasks import match
from app_tess.web.http.invalid_values import invalid_values
from app_tess.web.http.parameters import (
    read_number,
    read_text,
    read_texts,
    reject_contradictions,
    reject_unknown,
)

pages = Blueprint("match", __name__)
NUMBERS = ("time_err_d", "period_d", "period_err_d", "duration_h", "depth_ppm")
KNOWN = ("star", "time_btjd", *NUMBERS)
LONGEST_STAR = 120
MOST_SHOWN = 50
"""Neighbors that the page lists; the JSON lists all."""
RATIOS = {1.0: "P", 0.5: "P/2", 2.0: "2P"}


@pages.get("/match")
def show():
    """Show the form and, if it is filled in, the answer."""
    reject_unknown(request.args, KNOWN)
    is_complete = _is_asked(request.args) and not invalid_values()
    return render_template(
        "match/show.html",
        report=read_and_match(request.args) if is_complete else None,
        given=lambda name: ", ".join(read_texts(request.args, name))[:500],
        ratios=RATIOS,
        doubts=DOUBTS,
        most_shown=MOST_SHOWN,
        minutes=MINUTES_PER_DAY,
        binaries=eclipsing_binaries.find_current_load(),
    )


@pages.get("/match.json")
@pages.get("/api/v1/match")
def show_json():
    response = jsonify(match.as_record(read_and_match(request.args)))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def read_and_match(args):
    """Read the parameters and compare.

    Raises
    ------
    InvalidInput
        `field` is the parameter's name.
    """
    reject_unknown(args, KNOWN)
    reject_contradictions(args, ("star", *NUMBERS))
    star = read_text(args, "star", "")
    if not star:
        raise InvalidInput("missing: give a TIC id or a position.", field="star")
    if len(star) > LONGEST_STAR:
        raise InvalidInput(f"at most {LONGEST_STAR} characters.", field="star")
    numbers = {name: read_number(args, name) for name in NUMBERS}
    texts = _time_texts(args)
    times = tuple(read_number(MultiDict({"time_btjd": text}), "time_btjd") for text in texts)
    if texts and numbers["time_err_d"] is None:
        numbers["time_err_d"] = max(rounding_error(text) for text in texts)
    return match.match(star, ObservedSignal(times, **numbers))


def rounding_error(text):
    """Return half of the last digit of a number: 0.05 of "1327.5"."""
    exponent = Decimal(text).as_tuple().exponent
    return 0.5 * 10.0 ** min(int(exponent), 0)


def _is_asked(args):
    return any(read_texts(args, name) for name in KNOWN if name != "star")


def _time_texts(args):
    """Return the times of a parameter that may be repeated, or hold several separated by commas or blanks."""
    texts = [part for value in read_texts(args, "time_btjd") for part in value.replace(",", " ").split()]
    if len(texts) > MOST_TIMES:
        raise InvalidInput(f"{len(texts)} times; at most {MOST_TIMES} are possible.", field="time_btjd")
    return texts
