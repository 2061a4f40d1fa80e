"""The view of a star's light curve: part of some sectors, folded on a TOI's or another ephemeris.

Its points are served for the interactive view, and drawn as a picture for readers without JavaScript.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import current_app

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.thinning import thin_out
from app_tess.astro.viewed_curve import ViewedCurve, view_curve
from app_tess.errors import BeingFetched, EphemerisError, FileFormatError, InvalidInput, MissingData
from app_tess.storage import catalogue, stars
from app_tess.storage.database import plain
from app_tess.storage.look_ups import product_list_date
from app_tess.tasks.picture_cache import cached_picture, make_picture_provenance
from app_tess.tasks.product_choice import (
    FOLDED_SECTORS,
    between,
    covering,
    flux_of,
    light_curve_kind,
    light_curve_products,
    preferred_order,
    why_no_light_curve,
)
from app_tess.tasks.star_files import read_file
from app_tess.tasks.star_signals import ephemeris_of, find_toi, marked_transits

MODES = {"transit": "around the transit", "orbit": "the whole orbit"}
"""Which part of the fold is shown."""

CURVE = re.compile(r"([0-9]{1,4})(?:-([a-z0-9-]{1,20}))?")
"""A light curve in an address: its sector and, unless it is the preferred one of the sector, its kind."""


@dataclass(frozen=True)
class CurveChoice:
    """What is viewed.

    Attributes
    ----------
    toi : str or None
        Of whose ephemeris; None: of none but the given one.
    curve : str or None
        A light curve by CURVE; None: those of the TOI's folded picture, or those that cover the time.
    kind, flux : str or None
        The only kind of light curve on the page, and the flux where it is not each kind's default.
    mask : str
        The quality mask.
    btjd_min, btjd_max : float or None
        The part of time that is shown, folded and compared [BTJD d].
    period_d, epoch_btjd, duration_h : float or None
        Another ephemeris; what is not given is the TOI's.
    mode : str
        One of MODES.
    """

    toi: str | None = None
    curve: str | None = None
    kind: str | None = None
    flux: str | None = None
    mask: str = "default"
    btjd_min: float | None = None
    btjd_max: float | None = None
    period_d: float | None = None
    epoch_btjd: float | None = None
    duration_h: float | None = None
    mode: str = "transit"


def curve_name(star, product):
    """Return a light curve as it stands in an address, see CURVE."""
    preferred = product in light_curve_products(star)
    return str(product.sector) if preferred else f"{product.sector}-{product.kind}"


def chosen_ephemeris(star, choice):
    """Return the Ephemeris of a choice; None where no transit can be placed in time.

    Raises
    ------
    InvalidInput
        The given values make no ephemeris; `field` is one of them.
    MissingData
        The star has no such TOI.
    """
    catalogued = _catalogued(star, choice)
    given = {name: getattr(choice, name) for name in ("period_d", "epoch_btjd", "duration_h")}
    if not any(given.values()):
        return catalogued
    base = {name: getattr(catalogued, name, None) for name in given}
    values: dict[str, Any] = base | {name: value for name, value in given.items() if value is not None}
    if values["epoch_btjd"] is None:
        raise InvalidInput("missing: a fold needs a mid-transit time.", field="epoch_btjd")
    try:
        ephemeris = Ephemeris(**values)
    except EphemerisError as error:
        raise InvalidInput(str(error), field="period_d" if choice.period_d else "epoch_btjd") from error
    if ephemeris.duration_h is not None and not ephemeris.has_duration:
        if choice.duration_h is None:  # the TOI's does not fit into another period
            return replace(ephemeris, duration_h=None)
        raise InvalidInput(f"{choice.duration_h:g} h do not fit into {ephemeris.period_d:g} d.", field="duration_h")
    return ephemeris


def _catalogued(star, choice):
    try:
        return ephemeris_of(find_toi(star, choice.toi)) if choice.toi else None
    except EphemerisError:
        return None


def find_curve(star, sector, kind=None):
    """Return a star's light-curve product of a sector: of a kind, or the preferred one."""
    for product in light_curve_products(star, kind):
        if product.sector == sector:
            return product
    of_kind = f" of kind {kind}" if kind else ""
    raise MissingData(f"TIC {star.tic_id} has no light curve{of_kind} in sector {sector}.")


def viewed_products(star, choice):
    """Return the light curves that a choice shows, in order of preference; at most FOLDED_SECTORS of them are used.

    Raises
    ------
    InvalidInput
        `curve` names no light curve.
    MissingData
        The star has no such light curve.
    """
    if choice.curve:
        match = CURVE.fullmatch(choice.curve)
        if match is None:
            raise InvalidInput(f"'{choice.curve}' is not a sector, or a sector and a kind (27-qlp).", field="curve")
        return [find_curve(star, int(match[1]), match[2] or choice.kind)]
    products = light_curve_products(star, choice.kind)
    if not products:
        raise MissingData(why_no_light_curve(star, product_list_date(star, catalogue.find_current_load()), choice.kind))
    if choice.btjd_min is not None or choice.btjd_max is not None:
        return between(products, choice.btjd_min, choice.btjd_max) or products[::-1]
    if choice.toi is None:
        return products[::-1]
    toi = find_toi(star, choice.toi)
    ordered = preferred_order(products, toi)
    first = covering(ordered, toi)
    return [*first, *(product for product in ordered if product not in first)]


def read_viewed(config, star, choice, product):
    """Return a light curve as it is viewed, and its file's name and sha256; recent ones are kept in memory."""
    flux = flux_of(product, choice.flux)
    masked = _masked(star, choice)
    load = catalogue.find_current_load()
    key = (config.mast_url, load and load.id, product.filename, choice.mask, flux, repr(masked))

    def read() -> tuple[ViewedCurve, tuple[str, str]]:
        file = read_file(config, product)
        return view_curve(file.curve, masked, choice.mask, flux), (file.filename, file.sha256)

    return current_app.extensions["shared_light_curves"].get(key, read)


def _masked(star, choice):
    """Return the ephemerides whose transits are left out of the trend's fit: the chosen one and those of all TOIs."""
    chosen = chosen_ephemeris(star, choice)
    listed = [ephemeris for _, ephemeris in marked_transits(star)]
    return listed if chosen is None or chosen in listed else [chosen, *listed]


def curve_points(config, tic_id, choice, sector, most, within_h=None):
    """Return the points of a sector's light curve in a range of time, as plain values.

    Parameters
    ----------
    choice : CurveChoice
        Its `kind` is that of the light curve; `curve` and `mode` are not used.
    sector : int
    most : int
        Largest number of points.
    within_h : float, optional
        Only points this near to a mid-transit of the chosen ephemeris [h].
    """
    star = stars.get_star(tic_id)
    product = find_curve(star, sector, choice.kind)
    ephemeris = chosen_ephemeris(star, choice)
    curve, _ = read_viewed(config, star, choice, product)
    time = curve.time_btjd
    first, last = float(time[0]), float(time[-1])
    low = first if choice.btjd_min is None else choice.btjd_min
    high = last if choice.btjd_max is None else choice.btjd_max
    inside = (time >= low) & (time <= high)
    if within_h is not None:
        if ephemeris is None:
            raise InvalidInput("needs a TOI with a transit time, or epoch_btjd.", field="within_h")
        inside &= np.abs(ephemeris.from_transit(time)) * HOURS_PER_DAY <= within_h
    points = thin_out(time[inside], (curve.flux[inside], curve.detrended_flux[inside]), most)
    return plain(
        {
            "tic_id": tic_id,
            "sector": curve.sector,
            "kind": product.kind,
            "file": curve.source,
            "title": f"Sector {curve.sector}, {light_curve_kind(product).title}",
            "simulated": curve.simulated,
            "flux_type": curve.flux_type.label,
            "mask": curve.count.mask,
            "detrending": curve.detrending,
            "cadence_s": round(curve.cadence_s, 3),
            "bin_min": points.bin_min,
            "cadences": int(inside.sum()),
            "start_btjd": first,
            "stop_btjd": last,
            "transits": {
                name: np.round(mark.transit_times(max(low, first), min(high, last)), 5)
                for name, mark in marked_transits(star)
            },
            "time_btjd": np.round(points.time_btjd, 5),
            "flux": np.round(points.columns[0], 6),
            "detrended_flux": np.round(points.columns[1], 6),
        }
    )


def view_picture(config, tic_id, choice, theme="light"):
    """Draw what a choice shows: time, fold, odd and even transits; a single transit in time only."""
    from app_tess.plots.curve_view import render_view

    star = stars.get_star(tic_id)
    ephemeris = chosen_ephemeris(star, choice)
    products = viewed_products(star, choice)
    label = toi_name(choice.toi) if choice.toi else f"TIC {tic_id}"

    def draw():
        curves, files, left_out = _read_some(config, star, choice, products)
        picture = render_view(
            curves,
            ephemeris,
            marked_transits(star),
            times=(choice.btjd_min, choice.btjd_max),
            whole_orbit=choice.mode == "orbit",
            label=label,
            theme=theme,
        )
        made_from = make_picture_provenance(
            files, [curve.count for curve in curves], left_out, mask=choice.mask, flux=curves[0].flux_type.name
        )
        return replace(picture, provenance=made_from)

    names = [product.filename for product in products]
    marks = [(name, repr(mark)) for name, mark in marked_transits(star)]
    return cached_picture(config, ("view", names, repr(choice), repr(ephemeris), marks, theme), draw)


def _read_some(config, star, choice, products):
    """Return the first FOLDED_SECTORS curves that can be had, in order of time, their files, and why others cannot."""
    found: list[ViewedCurve] = []
    files: list[tuple[str, str]] = []
    left_out: list[str] = []
    pending: list[BeingFetched] = []
    for product in products:
        if len(found) + len(pending) == FOLDED_SECTORS:
            break
        try:
            curve, file = read_viewed(config, star, choice, product)
        except BeingFetched as error:
            pending.append(error)
        except (MissingData, FileFormatError, NoUsableData) as error:
            left_out.append(str(error))
        else:
            found.append(curve)
            files.append(file)
    if pending:
        raise BeingFetched(
            f"{len(pending)} light-curve files are being fetched from the archive.",
            [event for error in pending for event in error.done],
        )
    if not found:
        raise MissingData(left_out[0])
    order = sorted(range(len(found)), key=lambda i: found[i].time_btjd[0])
    return [found[i] for i in order], [files[i] for i in order], left_out
