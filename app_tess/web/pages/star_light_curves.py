"""What a star's page shows of its light curves: which files of which kind and flux, and what is known of others."""

from flask import url_for

from app_tess.archives import products
from app_tess.archives.products.validation_report import report_urls
from app_tess.storage.look_ups import product_list_date
from app_tess.tasks import pictures, product_choice, product_files
from app_tess.tasks.star_signals import ephemeris_of, why_not_folded
from app_tess.web.pages import provenance

MOST_PANELS = 4
"""The newest light curves have a panel on the page unless all are asked for: a star may have a hundred sectors."""


def light_curve_context(config, load, detail, kind, flux, all_sectors):
    """Return the template's values on a star's light curves. Nothing is downloaded, and no query is run.

    Parameters
    ----------
    config : Config
    load : CatalogueLoad or None
        The current one.
    detail : StarDetail
    kind, flux : str or None
        What the reader has chosen, see `parameters.read_kind_and_flux`; None: the best product of each sector, and each
        kind's default flux.
    """
    listed = product_choice.light_curve_products(detail, kind)
    missing = product_files.find_missing(config, load, detail.products)
    light_curves = [one for one in listed if one.filename not in missing]
    shown = light_curves if all_sectors else light_curves[-MOST_PANELS:]
    validations = product_choice.validation_products(detail)
    events = {
        one.filename: pictures.remembered_events(config, detail, one, load and load.id) or [(1, None)]
        for one in validations
        if one.filename not in missing
    }
    numbers = {name: [number for number, _ in found] for name, found in events.items()}
    known = pictures.known_provenance(config, load, detail, shown, numbers, kind, flux)
    compared = _compared(detail)
    known |= pictures.known_comparisons(config, load, detail, compared)
    files = [*shown, *(one for one in validations if one.filename in events)]
    return {
        "light_curves": light_curves,
        "shown_light_curves": shown,
        "kinds": product_choice.light_curve_kinds(detail),
        "all_kinds": products.LIGHT_CURVE_KINDS,
        "kind": products.find_kind(kind) if kind else None,
        "flux": flux,
        "flux_of": lambda product: products.FLUXES_OF[product.kind][product_choice.flux_of(product, flux)],
        "missing": missing,
        "sizes": product_files.sizes_at_hand(config, detail.products),
        "validations": validations,
        "events": events,
        "report_urls": report_urls,
        "compared": compared,
        "files_to_fetch": product_files.files_not_at_hand(config, load, files),
        "folded_files": provenance.folded_files(detail, listed, known, kind),
        "folded_url": lambda toi: url_for(
            "light_curves.folded", tic_id=detail.tic_id, toi=toi.toi, kind=kind, flux=flux
        ),
        "why_none": _why_none(detail, load, kind, listed, missing),
        "why_none_briefly": _why_none(detail, load, kind, listed, missing, brief=True),
        "known_provenance": known,
        "provenance_url": lambda what: provenance.provenance_url(detail.tic_id, what, kind, flux),
    }


def _why_none(detail, load, kind, listed, missing, brief=False):
    """Return why a page shows no light curve: none of the listed ones could be had, or none is listed."""
    if not listed:
        return product_choice.why_no_light_curve(detail, product_list_date(detail, load), kind, brief)
    several = f"None of the {len(listed)} listed light curves could be had"
    what = several if len(listed) > 1 else "The listed light curve could not be had"
    return f"{what}: {'see the table of data products.' if brief else missing.get(listed[-1].filename, '')}"


def _compared(detail):
    """Return TOI -> its `compared_products`, where two pipelines have a light curve that covers a transit."""
    found = {
        toi.toi: product_choice.compared_products(detail, toi)
        for toi in detail.tois
        if not why_not_folded(toi) and ephemeris_of(toi).has_duration
    }
    return {toi: by_pipeline for toi, by_pipeline in found.items() if len(by_pipeline) > 1}
