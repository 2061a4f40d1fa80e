"""A TOI's what-if page: its score with other values than the catalogue's, as a page and as JSON."""

from flask import Blueprint, jsonify, render_template, request, url_for

from app_tess.astro.identifiers import parse_toi
from app_tess.astro.probability_bands import find_band
from app_tess.errors import InvalidInput
from app_tess.fields import TOI_FIELDS
from app_tess.fields.field import capitalized
from app_tess.scoring.catalogue_model.hypothetical import INPUTS, present_value
from app_tess.storage import stars
from app_tess.web.http.errors import wants_json
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_number, read_text, reject_contradictions, reject_unknown

pages = Blueprint("what_if", __name__)

FIELDS = tuple(next(field for field in TOI_FIELDS if field.name == name) for name in INPUTS)
"""Of the form, in its order; a parameter has the name of its field."""
MAY_BE_NEGATIVE = ("tmag",)
LABELS = {field.name: capitalized(field.label) for field in TOI_FIELDS}


@pages.get("/stars/<int:tic_id>/tois/<toi>/what-if")
@kept(headers=("Accept",))
def show(tic_id, toi):
    """Show the form and, if something is changed, the score."""
    from app_tess.tasks import what_if

    name = parse_toi(toi)
    row, typed = what_if.read_toi(tic_id, name), read_typed(request.args)
    answer = what_if.what_if(row, typed) if typed or wants_json() else None
    if answer and wants_json():
        return _as_json(tic_id, name, answer)
    return render_template(
        "stars/what_if.html",
        tic_id=tic_id,
        toi=name,
        row=row,
        answer=answer,
        fields=FIELDS,
        present_value=present_value,
        typed=lambda parameter: read_text(request.args, parameter),
        json_url=url_for("what_if.show_json", toi=name) + "?" + request.query_string.decode("ascii", "replace"),
        units={field.name: field.unit.symbol for field in TOI_FIELDS},
        labels=LABELS,
        decimals={field.name: field.page_decimals for field in TOI_FIELDS},
    )


@pages.get("/api/v1/tois/<toi>/what-if")
@kept()
def show_json(toi):
    """The same as JSON, for programs."""
    from app_tess.tasks import what_if

    name = parse_toi(toi)
    tic_id = stars.get_tic_id(name)
    row = what_if.read_toi(tic_id, name)
    response = _as_json(tic_id, name, what_if.what_if(row, read_typed(request.args)))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def read_typed(args):
    """Return the changed inputs by name.

    Raises
    ------
    InvalidInput
        An unknown parameter, no number, or outside the field's limits; `field` is the parameter.
    """
    reject_unknown(args, INPUTS)
    reject_contradictions(args, INPUTS)
    found = {field.name: read_number(args, field.name, *field.limits, unit=field.unit.symbol) for field in FIELDS}
    for name, value in found.items():
        if value is not None and value <= 0 and name not in MAY_BE_NEGATIVE:
            raise InvalidInput("must be above 0.", field=name)
    return {name: value for name, value in found.items() if value is not None}


def _as_json(tic_id, toi, answer):
    return jsonify(
        {
            "toi": toi,
            "tic_id": tic_id,
            "hypothetical": True,
            "present": _scored(answer.present_probability),
            "what_if": _scored(answer.hypothetical_probability),
            "not_scored_reason": answer.reason,
            "held_out_probability": answer.held_out_probability,
            "changed": [
                {"column": one.column, "present": one.present, "what_if": one.hypothetical, "given": one.typed}
                for one in answer.changed
            ],
            "derived": [
                {"quantity": one.words, "unit": one.unit, "present": one.present, "what_if": one.hypothetical}
                for one in answer.derived
            ],
            "unusual": answer.unusual,
        }
    )


def _scored(probability):
    band = find_band(probability)
    return {"planet_probability": probability, "band": band.word if band else None}
