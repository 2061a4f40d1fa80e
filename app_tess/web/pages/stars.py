"""The star table and a star's page."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, render_template, request, url_for

from app_tess.archives import products
from app_tess.astro.constants import HABITABLE_INSOLATION_EARTH
from app_tess.astro.observing.sites import DEFAULT_SITE, SITES
from app_tess.storage import changes, exominer_scores, scores, stars, vetting_results
from app_tess.storage.same_signal import same_signals
from app_tess.storage.star_query import DISPOSITIONS, PAGE_SIZES, QUEUES, RANGES, SORTS
from app_tess.tasks import pictures, star_files
from app_tess.tasks.provenance import sentences
from app_tess.web.http.security import comes_from_loopback
from app_tess.web.http.site import YEAR_S, site_status
from app_tess.web.http.star_query_args import ARCMIN_PER_DEG, parse_star_query, star_query_args
from app_tess.web.pages import columns, lightkurve_code, plots, provenance, reasons, star_facts

pages = Blueprint("stars", __name__)
QUEUE_TITLES = {
    "newest": "Newest",
    "candidates": "Most probable open candidates",
    "disagree": "Model disagrees with the verdict",
    "exominer": "Model disagrees with ExoMiner",
    "brightest": "Brightest open candidates",
    "habitable": "Small, in the habitable zone's insolation",
}
QUEUE_TEXTS = {
    "newest": "All TOIs, the last alerted first.",
    "candidates": "TOIs without a verdict (PC, APC or none), the most probable planets first.",
    "disagree": "Settled TOIs on which our model is more than half a probability away from the verdict: mistakes, of ours or of others.",
    "exominer": "TOIs on which our probability and ExoMiner's score are more than half apart, the widest first.",
    "brightest": "TOIs without a verdict around the brightest stars, which are the easiest to follow up.",
    "habitable": "Up to 4 Earth radii, with {} to {} times the Earth's insolation, and not judged false.".format(
        *HABITABLE_INSOLATION_EARTH
    ),
}
RANGE_FIELDS = {
    "probability": ("Planet probability", "0 to 1"),
    "exominer": ("ExoMiner's score", "0 to 1"),
    "period_d": ("Period", "d"),
    "planet_radius_rearth": ("Planet radius", "R⊕"),
    "depth_ppm": ("Depth", "ppm"),
    "duration_h": ("Duration", "h"),
    "snr": ("SNR", ""),
    "tmag": ("Tmag", "mag"),
    "teff_k": ("Teff", "K"),
    "distance_pc": ("Distance", "pc"),
    "stellar_radius_rsun": ("Stellar radius", "R☉"),
    "insolation_earth": ("Insolation", "S⊕"),
    "equilibrium_temperature_k": ("Equilibrium temperature", "K"),
    "toi_count": ("Number of TOIs", ""),
}
NAMES = ("ExoMiner's score", "SNR", "Tmag", "Teff")
"""Written with a capital everywhere."""
SORT_LABELS = {
    "alerted_on": "date alerted",
    "toi": "TOI",
    "tic_id": "TIC id",
    "probability": "planet probability",
    "star_probability": "probability of at least one planet",
    "planet_name": "planet name",
    "disposition": "disposition",
    "epoch_btjd": "epoch",
    "stellar_mass_msun": "stellar mass",
    "logg": "log g",
    "metallicity_dex": "metallicity",
    "ra_deg": "right ascension",
    "dec_deg": "declination",
    "updated_on": "date updated",
    "light_curves": "2-min light curves",
    "disagreement": "disagreement with the verdict",
    "exominer_disagreement": "disagreement with ExoMiner",
} | {
    name: label if label in NAMES else label[:1].lower() + label[1:]
    for name, (label, _) in RANGE_FIELDS.items()
    if name != "probability"
}
assert SORT_LABELS.keys() == SORTS.keys() and RANGE_FIELDS.keys() == RANGES.keys()
assert QUEUE_TITLES.keys() == QUEUE_TEXTS.keys() == QUEUES.keys()

pages.add_app_template_filter(sentences, "provenance_sentences")
pages.add_app_template_filter(lambda product: products.find_kind(product.kind), "product_kind")


@pages.get("/")
def index():
    query = parse_star_query(request.args, also_known=("columns",))
    chosen = columns.chosen_columns(request.args, request.cookies, query.queue)
    found = stars.find_stars(query)
    folds = vetting_results.findings([toi.toi for row in found.stars for toi in row.tois])
    kept = {"columns": columns.as_argument(chosen)} if "columns" in request.args else {}
    response = make_response(
        render_template(
            "stars/index.html",
            areas=plots.image_areas(found),
            told=plots.page_told(found),
            plot_args=query_arguments(query),
            stars_root=url_for("stars.show", tic_id=0)[:-1],
            list_query="?" + urlencode(list_args(query), doseq=True),
            query=query,
            found=found,
            folds=folds,
            chosen=chosen,
            columns=[column for column in chosen if folds or column.name != "fold"],
            all_columns=columns.COLUMNS.values(),
            dispositions=DISPOSITIONS,
            page_sizes=PAGE_SIZES,
            queues=QUEUE_TITLES,
            queue_texts=QUEUE_TEXTS,
            ranges=RANGE_FIELDS,
            exominer_load=exominer_scores.find_current_load() if query.queue == "exominer" else None,
            limited=is_limited(query),
            others=is_limited(replace(query, text="", cone=None)),
            sort_labels=SORT_LABELS,
            page_url=lambda **changes: table_url(query, **kept, **changes),
            radius_text=_radius_text(query),
            sort_label=SORT_LABELS[query.sort],
            sortable=SORTS,
            search_text=dict(star_query_args(query)).get("q", ""),
        )
    )
    if "columns" in request.args:
        response.set_cookie(
            columns.COOKIE,
            columns.remembered(chosen),
            max_age=YEAR_S,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    response.vary.add("Cookie")
    response.headers["HX-Push-Url"] = table_url(query, page=None if query.page == 1 else query.page, **kept)
    return response


@pages.get("/stars/<int:tic_id>")
def show(tic_id):
    detail = stars.get_star(tic_id)
    query = parse_star_query(request.args)
    came_from_list = bool(request.args)
    neighbours = stars.find_neighbours(query, tic_id) if came_from_list else None
    light_curves = star_files.light_curve_products(detail)
    validations = star_files.validation_products(detail)
    config, load = current_app.config["TESS"], site_status().load
    events = {
        product.filename: pictures.remembered_events(config, detail, product, load and load.id) or [(1, None)]
        for product in validations
    }
    known = pictures.known_provenance(
        config, load, detail, {name: [number for number, _ in found] for name, found in events.items()}
    )
    return render_template(
        "stars/show.html",
        detail=detail,
        star=detail.star,
        facts=star_facts.stellar_facts(detail),
        sectors=star_facts.products_by_sector(detail),
        validations=validations,
        events=events,
        light_curves=light_curves,
        folded_files=provenance.folded_files(detail, light_curves, known),
        why_none=star_files.why_no_light_curve(detail),
        why_not_folded=star_files.why_not_folded,
        known_provenance=known,
        provenance_url=provenance.provenance_url,
        fluxes=products.FLUXES,
        masks=products.MASKS,
        links=star_facts.outside_links(detail),
        code=lightkurve_code,
        next_transits=star_facts.next_transits(detail),
        same_signals=same_signals(detail.star, detail.tois),
        sites=SITES,
        default_site=DEFAULT_SITE,
        scoring_run=scores.find_current_run(),
        history=changes.history_of(tic_id),
        exominer_scores=exominer_scores.scores_of_star(tic_id),
        vetting=vetting_results.results_of_star(tic_id),
        needs_token=not comes_from_loopback(),
        explain=reasons.explain,
        neighbours=neighbours,
        list_args=list_args(query) if came_from_list else {},
        query=query,
        came_from_list=came_from_list,
        table_url=table_url,
        names=sorted({toi.planet_name for toi in detail.tois if toi.planet_name}),
        list_page=_list_page(neighbours, query),
    )


def table_url(query, **changes_to_address):
    """The table's address for a query with some parameters changed; another sort or filter begins at page 1."""
    pairs = star_query_args(query, **{"page": None, **changes_to_address})
    return url_for("stars.index") + ("?" + urlencode(pairs) if pairs else "")


def _radius_text(query):
    return f"{query.cone[2] * ARCMIN_PER_DEG:.6g} arcmin" if query.cone else ""


def _list_page(neighbours, query):
    """The page of the list on which the star stands; None is the first."""
    page = 1 + (neighbours.position - 1) // query.page_size if neighbours else 1
    return page if page > 1 else None


def list_args(query):
    """The list that a star was reached from, as `url_for` arguments; without the page, which the star's place tells."""
    return query_arguments(query, page=None) or {"sort": "alerted_on"}


def query_arguments(query, **changes_to_address):
    """`star_query_args` as `url_for` wants them: name -> values."""
    found: dict[str, list[str]] = {}
    for name, value in star_query_args(query, **changes_to_address):
        found.setdefault(name, []).append(value)
    return found


def is_limited(query):
    """Does the query leave any star out?"""
    return bool(
        query.text
        or query.cone
        or query.dispositions
        or query.ranges
        or query.sector is not None
        or query.queue
        or query.has_light_curves is not None
        or query.alerted_since
    )
