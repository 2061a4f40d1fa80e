"""What each reload changed: by date, of one star, of one kind, and as an Atom feed."""

import uuid
from itertools import groupby

from flask import Blueprint, make_response, render_template, request, url_for

from app_tess.errors import InvalidInput
from app_tess.storage import changes
from app_tess.web.http.star_query_args import LARGEST_PAGE, TRACKING

pages = Blueprint("changes", __name__)
SHOWN = 200
KINDS = {"verdict": "New verdict", "new": "New TOI", "period": "New period", "retired": "Retired TOI"}
WORDS = {name: title[0].lower() + title[1:] for name, title in KINDS.items()}
"""The same within a sentence."""
assert tuple(KINDS) == changes.KINDS
KNOWN = ("tic_id", "kind", "page")


@pages.app_context_processor
def _give_kinds():
    return {"change_kinds": KINDS, "change_words": WORDS}


@pages.get("/changes")
def index():
    wanted = _wanted()
    found = changes.find_changes(page_size=SHOWN, **wanted)
    loads = [
        (rows[0], rows)
        for rows in (list(group) for _, group in groupby(found.changes, key=lambda change: change.changed_at))
    ]
    return render_template(
        "changes/index.html",
        loads=loads,
        counts=changes.count_kinds(wanted["tic_id"]),
        total=found.total,
        pages=max(1, -(-found.total // SHOWN)),
        address=_address,
        **wanted,
    )


@pages.get("/changes.atom")
def feed():
    """An Atom feed (RFC 4287), its older pages linked by `next` (RFC 5005)."""
    wanted = _wanted()
    found = changes.find_changes(page_size=SHOWN, **wanted)
    response = make_response(
        render_template(
            "changes/feed.xml",
            changes=found.changes,
            is_last=wanted["page"] * SHOWN >= found.total,
            address=_address,
            entry_id=entry_id,
            **wanted,
        )
    )
    response.content_type = "application/atom+xml; charset=utf-8"
    response.add_etag()
    return response.make_conditional(request)


def entry_id(change):
    """Stays the same wherever and however often the change is told (RFC 4287, sec. 4.2.6)."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{change.changed_at.isoformat()} TOI-{change.toi} {change.kind}").urn


def _address(endpoint, **replaced):
    """The address of this list with some arguments replaced; None drops one."""
    arguments = {name: request.args.get(name) for name in KNOWN} | replaced
    return url_for(
        f"changes.{endpoint}",
        _external=endpoint == "feed",
        **{name: value for name, value in arguments.items() if value},
    )


def _wanted():
    for name in request.args:
        if name not in KNOWN and not TRACKING.match(name):
            raise InvalidInput(f"{name}: there is no such field.")
    kind = request.args.get("kind", "").strip() or None
    if kind is not None and kind not in KINDS:
        raise InvalidInput(f"kind: '{kind}' is none of {', '.join(KINDS)}.")
    return {
        "tic_id": _whole_number("tic_id", 2**63 - 1),
        "kind": kind,
        "page": _whole_number("page", LARGEST_PAGE) or 1,
    }


def _whole_number(name, largest):
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isdecimal() and text.isascii() and 0 < int(text[:20]) <= largest):
        raise InvalidInput(f"{name}: '{text}' is not a whole number from 1 to {largest}.")
    return int(text)
