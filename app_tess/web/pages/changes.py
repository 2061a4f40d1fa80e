"""What each catalogue update changed: by date, for one star, of one kind, and as an Atom feed."""

import uuid
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for

from app_tess.astro.identifiers import toi_name
from app_tess.fields import units
from app_tess.storage import changes, planets
from app_tess.web.http import template_filters
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import (
    read_choice,
    read_page,
    read_texts,
    read_watch_list,
    reject_unknown,
)
from app_tess.web.http.responses import document_response

pages = Blueprint("changes", __name__)
SHOWN = 200
OTHER_WORDS = {
    "new": "new TOI",
    "retired": "retired TOI",
    "star": "new star",
    "epoch": "moved transit",
    "radius": "new planet radius",
}
WORDS = {kind: OTHER_WORDS.get(kind) or f"new {changes.FIELD_OF_KIND[kind].label}" for kind in changes.KINDS}
"""Kind -> its name within a sentence."""
PLURALS = {
    kind: words.removesuffix("us") + "i" if words.endswith("ius") else f"{words}s" for kind, words in WORDS.items()
}
KINDS = {kind: words[0].upper() + words[1:] for kind, words in WORDS.items()}
OLD_KINDS = {"verdict": "disposition"}
"""Kinds that had another name before version 1.0: old addresses lead to the new ones."""
KNOWN = ("tic_id", "tic", "kind", "page")


@pages.app_context_processor
def _give_kinds():
    return {
        "change_kinds": KINDS,
        "change_words": WORDS,
        "change_plurals": PLURALS,
        "change_value": value_text,
        "change_label": value_label,
    }


def value_text(kind, value):
    """Return a value before or after a change, with its unit; of the epoch, the transit nearest to the change."""
    if value is None:
        return "single transit" if kind == "period" else template_filters.MISSING
    if kind == changes.STAR:
        return f"TIC {value}"
    if kind not in changes.FIELD_OF_KIND:
        return value
    unit = changes.FIELD_OF_KIND[kind].unit
    return f"BTJD {value}" if unit == units.BTJD else f"{value} {unit.symbol}".strip()


def value_label(kind):
    """Return what changed, with its unit in brackets."""
    field = changes.FIELD_OF_KIND[kind]
    return f"{field.label} [{field.unit.symbol}]" if field.unit.symbol else field.label


@pages.get("/changes")
@kept()
def index():
    if request.args.get("kind") in OLD_KINDS:
        return redirect(_address("index", kind=OLD_KINDS[request.args["kind"]]), code=301)
    wanted = _wanted()
    found = changes.find_changes(page_size=SHOWN, **wanted)
    loads = [
        (rows[0], rows)
        for rows in (list(group) for _, group in groupby(found.changes, key=lambda change: change.changed_at))
    ]
    return render_template(
        "changes/index.html",
        loads=loads,
        counts=changes.count_kinds(wanted["tic_ids"]),
        total=found.total,
        pages=max(1, -(-found.total // SHOWN)),
        address=_address,
        object_name=_object_namer(found.changes),
        **wanted,
    )


def _object_namer(listed):
    """Return a function that names the object of a change: "TOI-101.01 (WASP-46 b)"."""
    names = planets.names_of_tois([change.toi for change in listed])
    return lambda change: toi_name(change.toi) + (f" ({names[change.toi]})" if change.toi in names else "")


@pages.get("/changes.atom")
@kept()
def feed():
    """Return an Atom feed (RFC 4287); older pages are linked by `next` (RFC 5005)."""
    if request.args.get("kind") in OLD_KINDS:
        return redirect(_address("feed", kind=OLD_KINDS[request.args["kind"]]), code=301)
    wanted = _wanted()
    found = changes.find_changes(page_size=SHOWN, **wanted)
    document = render_template(
        "changes/feed.xml",
        changes=found.changes,
        is_last=wanted["page"] * SHOWN >= found.total,
        address=_address,
        entry_id=entry_id,
        object_name=_object_namer(found.changes),
        **wanted,
    )
    return document_response(document, "application/atom+xml; charset=utf-8")


def entry_id(change):
    """Return the id of an entry, made with the original name of the kind so that it never changes (RFC 4287, 4.2.6)."""
    kind = {new: old for old, new in OLD_KINDS.items()}.get(change.kind, change.kind)
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{change.changed_at.isoformat()} TOI-{change.toi} {kind}").urn


def _address(endpoint, **replaced):
    """Return the address of this list with some arguments replaced; None drops one."""
    arguments = {name: read_texts(request.args, name) for name in KNOWN} | replaced
    return url_for(
        f"changes.{endpoint}",
        _external=endpoint == "feed",
        **{name: value for name, value in arguments.items() if value},
    )


def _wanted():
    args = request.args
    reject_unknown(args, KNOWN)
    return {
        "tic_ids": read_watch_list(args, "tic_id", "tic"),
        "kind": read_choice(args, "kind", KINDS, None),
        "page": read_page(args),
    }
