"""The star table and a star's page."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for

from app_tess.archives import products
from app_tess.astro.identifiers import find_star, identify, parse_toi
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.observing.sites import DEFAULT_SITE, SITES
from app_tess.errors import MissingData
from app_tess.storage import catalogue, changes, classifiers, scores, stars
from app_tess.storage.beside_star import read_beside
from app_tess.storage.known_signals import entries_around
from app_tess.storage.same_signal import same_signals
from app_tess.storage.star_query import (
    DISPOSITION_CHOICES,
    PAGE_SIZES,
    RANGES,
    SORTS,
    TESS_DISPOSITIONS,
    TIC_DISPOSITIONS,
)
from app_tess.tasks import star_signals
from app_tess.tasks.provenance import measured_with, sentences
from app_tess.tasks.search import why_outdated
from app_tess.web.http.curve_view_args import VIEW_ARGS
from app_tess.web.http.errors import wants_json
from app_tess.web.http.invalid_values import invalid_values
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import MOST_STARS, read_choice, read_kind_and_flux
from app_tess.web.http.site import YEAR_S, site_status
from app_tess.web.http.star_query_args import ARCMIN_PER_DEG, parse_star_query, star_query_args
from app_tess.web.pages import (
    columns,
    earlier_score,
    front,
    lightkurve_code,
    looked_up,
    planet_facts,
    plots,
    reasons,
    star_facts,
    star_run,
    star_views,
    surroundings,
)
from app_tess.web.pages.list_addresses import export_url, is_limited, list_args, query_arguments, table_url, table_urls
from app_tess.web.pages.queues import QUEUE_TEXTS, QUEUE_TITLES
from app_tess.web.pages.star_light_curves import light_curve_context

pages = Blueprint("stars", __name__)
OF_THE_PAGE = ("kind", "flux", "sectors", "run", *VIEW_ARGS)
"""Parameters of a star's page that say nothing of the list from which it was reached."""
assert columns.SORT_LABELS.keys() == SORTS.keys() and columns.RANGE_FIELDS.keys() == RANGES.keys()

pages.add_app_template_filter(sentences, "provenance_sentences")
pages.add_app_template_filter(LIGHT_CURVE_CLASSES.get, "light_curve_class")
pages.add_app_template_filter(measured_with)
pages.add_app_template_filter(lambda product: products.find_kind(product.kind), "product_kind")
CHOICES = {
    "dispositions": DISPOSITION_CHOICES,
    "classes": LIGHT_CURVE_CLASSES,
    "page_sizes": PAGE_SIZES,
    "tic_dispositions": TIC_DISPOSITIONS,
    "tess_dispositions": TESS_DISPOSITIONS,
}
"""What the filters offer."""


@pages.get("/")
@kept(cookies=(columns.COOKIE,), headers=("HX-Request",))
def index():
    query = parse_star_query(request.args, also_known=("columns",))
    chosen = columns.chosen_columns(request.args, request.cookies, query.queue)
    found = stars.find_stars(query)
    unlisted = _unlisted(query, found)
    if address := _only_answer(query, found, unlisted):
        return redirect(address)
    has_folds = any(toi.folded_at for row in found.stars for toi in row.tois)
    is_front = not request.args and not invalid_values() and site_status().load is not None
    kept = {"columns": columns.as_argument(chosen)} if "columns" in request.args else {}
    response = make_response(
        render_template(
            "stars/index.html",
            placed=plots.points_on_plots(found),
            most_areas=plots.MOST_AREAS,
            plot_texts=plots.describe_page(found),
            plot_args=query_arguments(query, sort=None, direction=None, page=None, page_size=None),
            stars_root=url_for("stars.show", tic_id=0)[:-1],
            list_query="?" + urlencode(list_args(query), doseq=True),
            query=query,
            front=front.find_front() if is_front else None,
            found=found,
            **_counts(found),
            kinds=products.KINDS,
            chosen=chosen,
            all_columns=columns.COLUMNS.values(),
            **CHOICES,
            most_stars=MOST_STARS,
            queues=QUEUE_TITLES,
            sites=SITES,
            default_site=DEFAULT_SITE,
            queue_texts=QUEUE_TEXTS,
            ranges=columns.RANGE_FIELDS,
            **_classifier_columns(query, chosen, has_folds),
            limited=is_limited(query),
            others=is_limited(replace(query, text="", cone=None)),
            sort_labels=columns.SORT_LABELS,
            export_url=lambda suffix: export_url(query, suffix),
            page_url=table_urls(query, **kept),
            radius_text=_radius_text(query),
            sort_label=columns.SORT_LABELS[query.sort],
            sortable=SORTS,
            unlisted=unlisted,
            name_resolver=star_facts.name_resolver,
            search_text=dict(star_query_args(query)).get("q", ""),
        )
    )
    if "columns" in request.args:
        _remember_columns(response, chosen)
    response.vary.add("Cookie")
    response.headers["HX-Push-Url"] = table_url(query, page=None if query.page == 1 else query.page, **kept)
    return response


def _classifier_columns(query, chosen, has_folds):
    """Return the other classifiers, the one that the list shows, and the columns, its own under its name.

    There is a column of folds only where there are some.
    """
    loaded = classifiers.find_classifiers()
    shown = min(loaded, key=lambda classifier: (classifier.name != query.classifier, classifier.id), default=None)
    columns = [
        replace(column, heading=shown.name) if shown and column.name == "classifier_score" else column
        for column in chosen
        if has_folds or column.name != "fold"
    ]
    return {
        "classifiers": loaded,
        "classifier": shown,
        "columns": columns,
        "cells": [column.cell for column in columns],
        "cells_of_toi": [column.cell for column in columns if not column.of_star],
    }


def _counts(found):
    """Return how many stars of a list can be drawn, and (how many of its TOIs are classified, how many it has)."""
    counts = found.counts()
    return {"drawable": counts.drawable, "classified": (counts.classified, counts.tois)}


def _remember_columns(response, chosen):
    """Let the browser keep the chosen columns for a year."""
    response.set_cookie(
        columns.COOKIE,
        columns.remembered(chosen),
        max_age=YEAR_S,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure,
    )


def _unlisted(query, found):
    """Return the searched TIC ids that are no TOIs: of several, or of one where nothing was found."""
    searched = identify(query.text).tic_ids
    return catalogue.without_toi(searched) if len(searched) > 1 or not found.total else []


def _only_answer(query, found, unlisted):
    """Return the address of the star that a search can only mean, listed or not, if it asks for nothing else."""
    if (
        not (query.text or query.cone)
        or set(request.args) != {"q"}
        or invalid_values()
        or "HX-Request" in request.headers
    ):
        return None
    if found.total == 1 and not unlisted:
        return url_for("stars.show", tic_id=found.stars[0].tic_id)
    tic_id = find_star(query.text) if query.text and not found.total else None
    return tic_id and url_for("stars.show", tic_id=tic_id)


@pages.get("/tois/<toi>")
def toi(toi):
    """Lead to a TOI on its star's page: the star's TIC id can change, the TOI stays."""
    name = parse_toi(toi)
    return redirect(url_for("stars.show", tic_id=stars.get_tic_id(name), _anchor=f"toi-{name}"))


@pages.get("/stars/<int:tic_id>")
@kept(files=True)
def show(tic_id):
    """Show a star; one that is not stored is offered to be looked up."""
    try:
        detail = stars.get_star(tic_id)
    except MissingData:
        if tic_id == 0 or wants_json():
            raise
        return looked_up.offer(tic_id)
    return _star_page(detail, "stars/show.html")


@pages.get("/stars/<int:tic_id>/provenance")
@kept(files=True)
def provenance(tic_id):
    """Show what each picture, score and measurement of a star's page was made from, with the code that does it."""
    return _star_page(stars.get_star(tic_id), "stars/provenance.html")


def _star_page(detail, template):
    tic_id, query = detail.tic_id, parse_star_query(request.args, also_known=OF_THE_PAGE)
    came_from_list = bool(request.args.keys() - set(OF_THE_PAGE))
    neighbours = stars.find_neighbours(query, tic_id) if came_from_list else None
    config, load = current_app.config["TESS"], site_status().load
    history, recorded_since = changes.history_of(tic_id)
    chosen = read_kind_and_flux(request.args)
    given = star_views.read_views(request.args, detail)
    drawn = light_curve_context(
        config, load, detail, **chosen, all_sectors=read_choice(request.args, "sectors", ("all",)) == "all"
    )
    beside, around = read_beside(tic_id), entries_around(tic_id, detail.star.ra_deg, detail.star.dec_deg)
    page = render_template(
        template,
        detail=detail,
        star=detail.star,
        facts=star_facts.stellar_facts(detail),
        related=stars.related_entries(detail.star),
        star_facts=star_facts,
        sectors=star_facts.products_by_sector(detail),
        **drawn,
        view_of=star_views.view_context(detail, given, drawn["missing"], **chosen),
        other_args=star_views.other_args(request.args),
        provenance_page=lambda of: url_for("stars.provenance", tic_id=tic_id, _anchor=of, **_kept_args()),
        why_not_folded=star_signals.why_not_folded,
        fluxes=products.FLUXES,
        masks=products.MASKS,
        links=star_facts.outside_links(detail),
        code=lightkurve_code,
        next_transits=star_facts.next_transits(detail),
        **star_run.run_context(request.args),
        same_signals=same_signals(detail.star, detail.tois, around),
        sites=SITES,
        default_site=DEFAULT_SITE,
        scoring_run=scores.find_current_run(),
        history=history,
        unchanged_since=recorded_since,
        classifier_scores=beside.classifier_scores,
        vetting=beside.vetting,
        search=beside.search,
        search_outdated=beside.search and why_outdated(beside.search, detail),
        explain=reasons.explain,
        rate_sentences=reasons.rate_sentences,
        training_date=reasons.training_date,
        earlier_scores=earlier_score.earlier_scores(detail),
        what_decides=reasons.what_decides,
        neighbours=neighbours,
        list_args=list_args(query) if came_from_list else {},
        query=query,
        came_from_list=came_from_list,
        table_url=table_url,
        planets=beside.planets,
        look_up=beside.look_up,
        neighbourhood=surroundings.neighbourhood_of(detail, around, beside),
        host=planet_facts.host_of(beside.planets),
        planet_facts=planet_facts,
        names=sorted({toi.planet_name for toi in detail.tois if toi.planet_name}),
        list_page=_list_page(neighbours, query),
    )
    return page, 400 if given.problems else 200


def _kept_args():
    """Return what the request asks of the star's page, without the list and the run from which it was reached."""
    return {name: request.args[name] for name in OF_THE_PAGE if name != "run" and request.args.get(name)}


def _radius_text(query):
    return f"{query.cone[2] * ARCMIN_PER_DEG:.6g} arcmin" if query.cone else ""


def _list_page(neighbours, query):
    """Return the page of the list that holds the star; None stands for the first."""
    page = 1 + (neighbours.position - 1) // query.page_size if neighbours else 1
    return page if page > 1 else None
