"""The addresses of a list: the table's, its exports', and how a star's page leads back to it."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import url_for

from app_tess.storage.star_query import StarQuery
from app_tess.web.http.star_query_args import query_values, star_query_args, written_pairs


def table_url(query, **changes_to_address):
    """Return the table's address for a query with some parameters changed; a new sort or filter starts at page 1."""
    return table_urls(query)(**changes_to_address)


def table_urls(query, **kept):
    """Return a function that returns the table's address with some parameters changed, as `table_url`.

    `kept` are other parameters of all these addresses.
    """
    root, values = url_for("stars.index"), query_values(query) | {"page": None} | kept

    def build(**changes_to_address):
        pairs = written_pairs(values | changes_to_address)
        return root + ("?" + urlencode(pairs) if pairs else "")

    return build


def export_url(query, suffix):
    """Return the address of all TOIs of a list in another format, in the same order."""
    pairs = star_query_args(query, page=None, page_size=None)
    return url_for("api.export", table="tois", suffix=suffix) + ("?" + urlencode(pairs) if pairs else "")


def list_args(query):
    """Return the list that a star was reached from, as `url_for` arguments, without the page."""
    return query_arguments(query, page=None) or {"sort": "alerted_on"}


def query_arguments(query, **changes_to_address):
    """Return `star_query_args` in the form that `url_for` takes: name -> values."""
    found: dict[str, list[str]] = {}
    for name, value in star_query_args(query, **changes_to_address):
        found.setdefault(name, []).append(value)
    return found


def is_limited(query):
    """Return whether the query excludes any star."""
    default = StarQuery()
    order = {name: getattr(default, name) for name in ("sort", "descending", "page", "page_size")}
    return replace(query, **order) != default
