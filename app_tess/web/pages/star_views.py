"""What a star's page needs for the views of its light curves: one per TOI, or one for a star without a TOI."""

from dataclasses import replace

from flask import url_for

from app_tess.errors import AppTessError, EphemerisError
from app_tess.tasks import curve_view, product_choice
from app_tess.tasks.star_signals import ephemeris_of
from app_tess.web.http.curve_view_args import VIEW_ARGS, GivenView, read_given_view, view_address_args
from app_tess.web.http.errors import describe

HINT_DIGITS = 9
"""Significant digits of the catalogue's values in empty fields."""


def read_views(args, detail):
    """Return the GivenView of a star's page, with what the star itself rules out among its problems."""
    given = read_given_view(args)
    if given.choice is None or not detail.products:
        return given
    first = detail.tois[0].toi if detail.tois else None
    choice = replace(given.choice, toi=given.toi or first)
    try:
        curve_view.chosen_ephemeris(detail, choice)
        curve_view.viewed_products(detail, choice)
    except AppTessError as error:
        field = error.field or ("curve" if any(toi.toi == choice.toi for toi in detail.tois) else "toi")
        return GivenView(given.given, {field: describe(error) if error.field else f"{field}: {error}"})
    return replace(given, choice=choice)


def view_context(detail, given, missing, kind, flux):
    """Return the template's `view_of` and `view_kept_args`.

    Parameters
    ----------
    detail : StarDetail
    given : GivenView
    missing : dict
        Name of a file that cannot be had -> why.
    kind, flux : str or None
        As chosen for the page.
    """
    products = [
        product
        for product in detail.products
        if product.kind in product_choice.PREFERENCE and product.sector is not None and product.filename not in missing
    ]
    products.sort(key=lambda product: (product.sector, product_choice.PREFERENCE[product.kind]))
    options = [
        (curve_view.curve_name(detail, product), product)
        for product in products
        if kind is None or product.kind == kind
    ]

    def view_of(toi):
        """Return what the view of a TOI, or of the star (None), shows."""
        toi_id = toi.toi if toi else None
        shown = (given.toi or (detail.tois[0].toi if detail.tois else None)) == toi_id
        mine = given if shown or _is_lost(given, detail, toi_id) else GivenView()
        choice = mine.choice or curve_view.CurveChoice(toi=toi_id, kind=kind, flux=flux)
        everything = curve_view.viewed_products(detail, replace(choice, curve=None))
        there = [one for one in everything if one.sector is not None and one.filename not in missing]
        drawn = curve_view.viewed_products(detail, choice) if choice.curve else there or everything
        address = {"tic_id": detail.tic_id} | view_address_args(choice)
        return {
            "id": toi_id or "star",
            "name": f"TOI-{toi_id}" if toi else f"TIC {detail.tic_id}",
            "ephemeris": (ephemeris := _catalogued(toi)),
            "hints": {name: None if value is None else f"{value:.{HINT_DIGITS}g}" for name, value in ephemeris.items()},
            "given": mine.given,
            "problems": mine.problems,
            "curves": [curve_view.curve_name(detail, product) for product in there],
            "products": drawn[: product_choice.FOLDED_SECTORS],
            "options": options,
            "most": product_choice.FOLDED_SECTORS,
            "is_changed": mine.choice is not None,
            "picture": url_for("curve_view.picture", **address),
            "provenance": url_for("curve_view.provenance", **address),
            "points": url_for("curve_view.points", tic_id=detail.tic_id),
        }

    return view_of


def _is_lost(given, detail, toi_id):
    """Return whether a view that no TOI owns is said at this one, the first."""
    return bool(
        given.problems
        and detail.tois
        and detail.tois[0].toi == toi_id
        and given.toi not in [toi.toi for toi in detail.tois]
    )


def _catalogued(toi):
    """Return the TOI's period, epoch and duration, those that can be used."""
    try:
        found = ephemeris_of(toi) if toi else None
    except EphemerisError:
        found = None
    return {name: getattr(found, name, None) for name in ("period_d", "epoch_btjd", "duration_h")}


def other_args(args):
    """Return (name, value) of what an address holds besides a view: its form sends them along."""
    return [(name, value) for name, value in args.items(multi=True) if name not in VIEW_ARGS]
