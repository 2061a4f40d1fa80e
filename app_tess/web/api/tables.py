"""/api/v1: the tables and their rows in JSON, CSV, VOTable and ECSV, with the filters of the table page.

The ETag of every response follows from the catalogue load, the scoring run and the request: revalidation is cheap.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import NotAcceptable

from app_tess.archives.products.validation_report import report_urls
from app_tess.astro.identifiers import parse_toi
from app_tess.errors import InvalidInput, MissingData
from app_tess.fields import SCHEMA_VERSION
from app_tess.storage import catalogue, classifiers, look_ups, planets, scores, searches, stars, vetting_results
from app_tess.storage.ranking import ranking_of
from app_tess.storage.same_signal import same_signals
from app_tess.storage.star_query import StarQuery
from app_tess.storage.survey_lists import count_signals, iter_signals
from app_tess.tasks.product_choice import light_curve_products
from app_tess.tasks.search import as_json
from app_tess.web.api.exports.columns import LOOKED_UP_COLUMNS, PLANET_COLUMNS, STAR_COLUMNS, TOI_COLUMNS
from app_tess.web.api.exports.signal_columns import SIGNAL_COLUMNS
from app_tess.web.api.exports.votable import write_votable
from app_tess.web.api.exports.writers import (
    describe_columns,
    describe_csv,
    json_object,
    write_csv,
    write_ecsv,
    write_json,
)
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_choice, read_kind_and_flux, read_text, reject_unknown
from app_tess.web.http.responses import document_response
from app_tess.web.http.shared_tables import shared_table
from app_tess.web.http.signal_query_args import parse_signal_query
from app_tess.web.http.star_query_args import parse_star_query

pages = Blueprint("api", __name__, url_prefix="/api/v1")

FORMATS = {
    "json": ("application/json", write_json),
    "csv": ("text/csv; charset=utf-8; header=present", write_csv),
    "vot": ("application/x-votable+xml", write_votable),
    "ecsv": ("text/x-ecsv; charset=utf-8", write_ecsv),
}
ACCEPTED = {
    "application/json": "json",
    "text/csv": "csv",
    "application/x-votable+xml": "vot",
    "application/x-ecsv": "ecsv",
    "text/x-ecsv": "ecsv",
}
PRODUCT_NAMES = (
    "filename",
    "kind",
    "provenance",
    "sector",
    "last_sector",
    "cadence_s",
    "size_bytes",
    "start_btjd",
    "stop_btjd",
    "data_url",
)
SMALL = 200
"""Rows up to which a table is made at once and in memory, in some 20 ms; longer ones are shared, see `SharedTables`."""

LOOKED_UP, SIGNALS = "looked-up", "signals"
TABLES: dict[str, tuple[Any, Callable[..., Any], Callable[..., int]]] = {
    "stars": (STAR_COLUMNS, stars.iter_stars, stars.count_stars),
    "tois": (TOI_COLUMNS, stars.iter_tois, lambda query: ranking_of(query).counts().tois),
    LOOKED_UP: (
        LOOKED_UP_COLUMNS,
        lambda _query, part: look_ups.iter_without_toi(part),
        lambda _query: look_ups.count_without_toi(),
    ),
    SIGNALS: (SIGNAL_COLUMNS, iter_signals, count_signals),
}
"""Name -> its columns, its rows (of a query and a part of its list), and the number of rows on all pages."""


@pages.after_request
def allow_other_sites(response):
    """Allow pages of other sites (a notebook, Aladin Lite) to read these public data."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    return response


@pages.get("/<any(stars, tois, signals, 'looked-up'):table>")
@pages.get("/<any(stars, tois, signals, 'looked-up'):table>.<any(json, csv, vot, ecsv):suffix>")
@kept(headers=("Accept",))
def export(table, suffix=None):
    """Return a table: all rows unless `page` or `page_size` is given, and all columns whatever `columns` says."""
    if table == LOOKED_UP:
        reject_unknown(request.args, ("format", "columns", "page", "page_size"))
    parse = parse_signal_query if table == SIGNALS else parse_star_query
    query = parse(request.args, also_known=("format", "columns"))
    file_format = choose_format(suffix)
    etag = make_etag(file_format)
    if request.if_none_match.contains(etag):
        return _headed(Response(status=304), etag)
    response = _send(table, query, file_format, etag)
    response.headers["Content-Disposition"] = f'inline; filename="tess_{table}.{file_format}"'
    if file_format == "csv":
        response.headers["Link"] = (
            f'<{url_for("api.csv_metadata", table=table)}>; rel="describedby"; type="application/csvm+json"'
        )
    return _headed(response, etag)


@pages.get("/<any(stars, tois, signals, 'looked-up'):table>.csv-metadata.json")
def csv_metadata(table):
    """Return datatypes, units and descriptions of the CSV columns (CSV on the Web)."""
    return document_response(describe_csv(TABLES[table][0], table), "application/csvm+json")


@pages.get("/stars/<int:tic_id>")
@pages.get("/stars/<int:tic_id>.json")
@kept()
def star(tic_id):
    """Return a star with its TOIs, data products, TOIs of neighbors with coinciding transits, and its search.

    `look_up` is null unless the star was looked up at MAST; one without a TOI is here for that reason alone.
    """
    detail = stars.get_star(tic_id)
    query = StarQuery(text=f"TIC {tic_id}", sort="toi", descending=False)
    kind = read_kind_and_flux(request.args)["kind"]
    used = {product.filename for product in light_curve_products(detail, kind)}
    products = [
        {name: getattr(product, name) for name in PRODUCT_NAMES}
        | {
            "released_on": product.released_on.isoformat() if product.released_on else None,
            "used": product.filename in used,
            "reports": report_urls(product.data_url),
        }
        for product in detail.products
    ]
    pipeline_tests = {
        name: result.report["pipeline_tests"]
        for name, result in vetting_results.results_of_star(tic_id).items()
        if result.report and result.report.get("pipeline_tests")
    }
    row = next(stars.iter_stars(query)) if detail.tois else look_ups.row_without_toi(detail)
    look_up = look_ups.find_look_up(tic_id)
    tois = [_named(TOI_COLUMNS, toi) for toi in stars.iter_tois(query)]
    shared = [
        {"of_toi": name} | asdict(other)
        for name, others in same_signals(detail.star, detail.tois).items()
        for other in others
    ]
    search = searches.search_of_star(tic_id)
    return _object(
        "stars",
        STAR_COLUMNS,
        {
            "row": _named(STAR_COLUMNS, row),
            "tois": tois,
            "planets": [json_object(PLANET_COLUMNS, planet) for planet in planets.rows_of_star(tic_id)],
            "products": products,
            "same_signals": shared,
            "look_up": look_up
            and {
                "looked_up_at": look_up.looked_up_at.isoformat(),
                "neighbour_count": look_up.neighbour_count,
                "notes": look_up.notes,
            },
            "pipeline_tests": pipeline_tests,
            "classifier_scores": _classifier_scores(tic_id),
            "search": search and as_json(search, detail),
        },
    )


@pages.get("/tois/<toi>")
@kept()
def toi(toi):
    """Return a TOI with the reasons for its score."""
    name = parse_toi(toi.removesuffix(".json"))
    row = next((row for row in stars.iter_tois(StarQuery(text=f"TOI {name}")) if row["toi"] == name), None)
    if row is None:
        raise MissingData(f"There is no TOI {name} in the catalogue.")
    score = stars.get_star(row["tic_id"]).scores.get(name)
    return _object("tois", TOI_COLUMNS, {"row": _named(TOI_COLUMNS, row), "explanation": score and score.explanation})


def _classifier_scores(tic_id):
    """Return the scores of a star's TOIs by other classifiers."""
    return [
        {"toi": name} | row | {"scored_on": row["scored_on"] and row["scored_on"].isoformat()}
        for name, rows in classifiers.scores_of_star(tic_id).items()
        for row in rows
    ]


def _send(table, query, file_format, etag):
    """Return a short table as a response from memory, a long one from a file that concurrent requests share."""
    media_type, write = FORMATS[file_format]
    if request.method == "HEAD":
        return Response(content_type=media_type)
    columns, iterate, count = TABLES[table]
    part, values = _part_of(query), itemgetter(*(column.name for column in columns))

    def make():
        rows = iterate(query, part)
        first = list(islice(rows, 1))  # queried before the header is written, so that an error can become an error page
        return write(columns, map(values, chain(first, rows)), describe_table(table))

    most = SMALL + 1 if part.stop is None else part.stop - part.start
    if most <= SMALL or count(query) <= SMALL:
        return Response("".join(make()), content_type=media_type)
    return shared_table(etag, make, media_type)


def choose_format(suffix):
    """Return the requested format: by suffix, else by `format`, else by the Accept header, else JSON."""
    asked = read_choice(request.args, "format", FORMATS)
    if asked and suffix and asked != suffix:
        raise InvalidInput(f"'{asked}' contradicts the suffix .{suffix}.", field="format")
    if asked or suffix:
        return asked or suffix
    if not request.accept_mimetypes:
        return "json"
    accepted = request.accept_mimetypes.best_match(list(ACCEPTED))
    if accepted is None:
        raise NotAcceptable(
            f"Accept: {request.headers['Accept']} is not available; available are {', '.join(ACCEPTED)}."
        )
    return ACCEPTED[accepted]


def make_etag(*parts):
    """Return a strong ETag that changes with the catalogue, scores, vetting, searches, request and schema only."""
    load, run = catalogue.find_current_load(), scores.find_current_run()
    made_from = [
        SCHEMA_VERSION,
        load and (load.id, load.loaded_at),
        run and (run.id, run.scored_at),
        vetting_results.newest(),
        classifiers.version(),
        look_ups.newest(),
        searches.newest(),
        request.url,
        *parts,
    ]
    return hashlib.sha256(repr(made_from).encode()).hexdigest()[:32]


def describe_table(table):
    """Return the provenance of a table, for its header."""
    load, run = catalogue.find_current_load(), scores.find_current_run()
    return {
        "table": table,
        "schema_version": SCHEMA_VERSION,
        "url": request.url,
        "load_id": load and load.id,
        "loaded_at": load and load.loaded_at.isoformat(),
        "catalogue_date": load and load.catalogue_date,
        "simulated_light_curves": load and load.simulated,
        "scoring_run_id": run and run.id,
        "model": run and run.model_name,
        "scored_at": run and run.scored_at.isoformat(),
    }


def _part_of(query):
    """Return the rows that the request asks for: a page, or all where it names neither page nor page size."""
    if not read_text(request.args, "page") and not read_text(request.args, "page_size"):
        return stars.EVERYTHING
    return slice((query.page - 1) * query.page_size, query.page * query.page_size)


def _named(columns, row):
    return json_object(columns, [row[column.name] for column in columns])


def _object(table, columns, content):
    etag = make_etag()
    if request.if_none_match.contains(etag):
        return _headed(Response(status=304), etag)
    return _headed(jsonify({"about": describe_table(table), "columns": describe_columns(columns)} | content), etag)


def _headed(response, etag):
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept"
    return response
