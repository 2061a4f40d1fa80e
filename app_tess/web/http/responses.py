"""Responses that a client may keep and revalidate: pictures and other documents with an ETag."""

import hashlib

from flask import jsonify, make_response, request

FIGURE_MAX_AGE_S = 3600
"""Figures of reports change only with a new installation."""


def picture_response(picture, max_age_s):
    """Answer a drawn plot.

    Parameters
    ----------
    picture : app_tess.plots.themes.Picture
        PNG bytes and alternative text.
    max_age_s : int
        How long a client may use it without asking again [s].
    """
    response = make_response(picture.png)
    response.content_type = "image/png"
    response.headers["X-Alt-Text"] = header_text(picture.alt)
    _let_keep(response, max_age_s)
    response.set_etag(hashlib.sha256(picture.png).hexdigest()[:32])
    return response.make_conditional(request)


def header_text(text):
    """Return a text as it can stand in a header: in one line, and of Latin letters."""
    return " ".join(text.split()).encode("latin-1", "replace").decode("latin-1")


def drawn_if_modified(draw, made_from, max_age_s, content_type="image/png"):
    """Answer a plot that is drawn only where the client's copy is out of date.

    Parameters
    ----------
    draw : callable
        Returns the bytes or text.
    made_from : tuple
        Everything that the plot depends on; its `repr` makes the ETag.
    max_age_s : int
        How long a client may use it without asking again [s].
    content_type : str
    """
    response = make_response(b"")
    response.content_type = content_type
    etag = hashlib.sha256(repr(made_from).encode()).hexdigest()[:32]
    response.set_etag(etag)
    _let_keep(response, max_age_s)
    if not request.if_none_match.contains(etag):
        response.set_data(draw())
    return response.make_conditional(request)


def document_response(document, content_type):
    """Answer a text, or a JSON document (a dict or a list), with an ETag of its content."""
    response = make_response(document) if isinstance(document, str) else jsonify(document)
    response.content_type = content_type
    response.add_etag()
    return response.make_conditional(request)


def not_stored(response):
    """Mark a response as one that no cache may keep."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _let_keep(response, max_age_s):
    response.cache_control.public = True
    response.cache_control.max_age = max_age_s
