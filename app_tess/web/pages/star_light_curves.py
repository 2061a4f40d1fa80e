"""What a star's page shows of its light curves: which files of which kind and flux, and what is known of others."""

from flask import url_for

from app_tess.archives import products
from app_tess.archives.products.validation_report import report_urls
from app_tess.storage.look_ups import product_list_date
from app_tess.tasks import pictures, product_choice, product_files
from app_tess.tasks.star_signals import ephemeris_of, why_not_folded
from app_tess.web.pages import provenance


def light_curve_context(config, load, detail, kind, flux):
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
    missing = {one.filename: why for one in detail.products if (why := product_files.why_missing(config, load, one))}
    light_curves = [one for one in listed if one.filename not in missing]
    validations = product_choice.validation_products(detail)
    events = {
        one.filename: pictures.remembered_events(config, detail, one, load and load.id) or [(1, None)]
        for one in validations
        if one.filename not in missing
    }
    numbers = {name: [number for number, _ in found] for name, found in events.items()}
    known = pictures.known_provenance(config, load, detail, numbers, kind, flux)
    compared = [toi.toi for toi in detail.tois if _can_be_compared(detail, toi)]
    known |= pictures.known_comparisons(config, load, detail, compared)
    files = [*light_curves, *(one for one in validations if one.filename in events)]
    return {
        "light_curves": light_curves,
        "kinds": product_choice.light_curve_kinds(detail),
        "all_kinds": products.LIGHT_CURVE_KINDS,
        "kind": products.find_kind(kind) if kind else None,
        "flux": flux,
        "flux_of": lambda product: products.FLUXES_OF[product.kind][product_choice.flux_of(product, flux)],
        "missing": missing,
        "validations": validations,
        "events": events,
        "report_urls": report_urls,
        "compared": compared,
        "files_to_fetch": product_files.files_not_at_hand(config, load, files),
        "folded_files": provenance.folded_files(detail, listed, known, kind),
        "folded_url": lambda toi: url_for(
            "light_curves.folded", tic_id=detail.tic_id, toi=toi.toi, kind=kind, flux=flux
        ),
        "why_none": product_choice.why_no_light_curve(detail, product_list_date(detail, load), kind),
        "known_provenance": known,
        "provenance_url": lambda what: provenance.provenance_url(detail.tic_id, what, kind, flux),
    }


def _can_be_compared(detail, toi):
    """Return whether two pipelines have a light curve that covers a transit of a TOI with a duration."""
    if why_not_folded(toi) or not ephemeris_of(toi).has_duration:
        return False
    return len(product_choice.compared_products(detail, toi)) > 1
