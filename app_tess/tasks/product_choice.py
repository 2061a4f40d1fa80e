"""Which of a star's files are used: one light curve per sector, and those that cover a transit first."""

import math
from collections import Counter
from typing import Any

from app_tess.archives import products as product_kinds
from app_tess.astro.identifiers import parse_sectors
from app_tess.astro.vetting.located import SUBSTANTIAL
from app_tess.errors import EphemerisError, MissingData
from app_tess.tasks.star_signals import ephemeris_of

FOLDED_SECTORS = 6
"""A fold takes the newest six light curves: each is a 2 MB download, and more hardly sharpen the picture."""

COMPARED_SECTORS = 3
"""A comparison takes the light curves of three sectors from each pipeline: the downloads of two folds."""

SECTOR_D = 30.0
"""A sector's last cadence comes at most 29.5 d after the date in its files' names [d]."""

DATES_D = 0.1
"""MAST's dates are UTC and rounded [d]; times in the files are barycentric, up to 0.006 d from them."""

PREFERENCE = {kind.name: rank for rank, kind in enumerate(product_kinds.LIGHT_CURVE_KINDS)}


def light_curve_products(star, kind=None):
    """Return one light-curve file per sector, ascending: of several the one of the most preferred kind.

    With the name of a kind only its files are returned.
    """
    by_sector: dict[int, Any] = {}
    for product in star.products:
        if kind is not None and product.kind != kind:
            continue
        rank = PREFERENCE.get(product.kind)
        if rank is not None and rank <= PREFERENCE[by_sector.get(product.sector, product).kind]:
            by_sector[product.sector] = product
    return [by_sector[sector] for sector in sorted(by_sector)]


def light_curve_kinds(star):
    """Return the kinds of light curves of which the star has a file, the most preferred first."""
    there = {product.kind for product in star.products}
    return [kind for kind in product_kinds.LIGHT_CURVE_KINDS if kind.name in there]


def validation_products(star):
    """Return the star's data-validation files."""
    names = {kind.name for kind in product_kinds.VALIDATION_KINDS}
    return [product for product in star.products if product.kind in names]


def light_curve_kind(product):
    """Return the kind of a light-curve file; MissingData where the file is of another kind."""
    kind = product_kinds.find_kind(product.kind)
    if not isinstance(kind, product_kinds.LightCurveKind):
        raise MissingData(f"{product.filename} is not a light curve.")
    return kind


def flux_of(product, flux=None):
    """Return the name of a light-curve file's flux: `flux` where its kind has it, else its default."""
    kind = light_curve_kind(product)
    return flux if flux in {one.name for one in kind.fluxes} else kind.default_flux.name


def folded_products(star, toi, kind=None):
    """Return the products that `read_newest` tries first when a TOI is folded."""
    products = light_curve_products(star, kind)
    some = covering(products, toi) or products
    return sorted(preferred_order(some, toi)[:FOLDED_SECTORS], key=products.index)


def compared_products(star, toi):
    """Return the files in which a TOI's depth is compared: pipeline -> at most COMPARED_SECTORS files, by sector.

    A pipeline is compared in the sectors that another one has as well, because apertures and backgrounds differ by
    sector, and in its own only where it shares none. Sectors without a transit are left out.
    """
    best: dict[tuple[str, int], Any] = {}
    for kind in product_kinds.LIGHT_CURVE_KINDS:  # of a pipeline with two cadences, the preferred one of each sector
        for product in covering(light_curve_products(star, kind.name), toi):
            best.setdefault((kind.provenance, product.sector), product)
    shared = Counter(sector for _, sector in best)
    order = {product.filename: place for place, product in enumerate(preferred_order(list(best.values()), toi))}
    found: dict[str, list[Any]] = {}
    for (pipeline, _), product in best.items():
        found.setdefault(pipeline, []).append(product)
    for pipeline, products in found.items():
        common = [one for one in products if shared[one.sector] > 1] or products
        common.sort(key=lambda one: (-shared[one.sector], order[one.filename]))
        found[pipeline] = sorted(common[:COMPARED_SECTORS], key=lambda one: one.sector)
    return found


def preferred_order(products, toi):
    """Return the products in the order in which they are read: best-known transit times first, then the newest.

    Times that are known to a tenth of the duration are equally good; where the catalogue gives no errors, all are.
    """
    newest_first = sorted(products, key=lambda product: product.sector, reverse=True)
    try:
        ephemeris = ephemeris_of(toi)
    except EphemerisError:
        return newest_first
    well_known_d = SUBSTANTIAL * ephemeris.duration_d if ephemeris.has_duration else 0.0

    def error_d(product):
        start, stop = _dates(product)
        error = None if start is None else ephemeris.error_at((start + stop) / 2)
        return math.inf if error is None else max(error, well_known_d)

    return sorted(newest_first, key=error_d)


def covering(products, toi):
    """Return the products into whose sector a transit may fall; all where ephemeris or dates are unknown."""
    try:
        ephemeris = ephemeris_of(toi)
    except EphemerisError:
        return list(products)
    return [product for product in products if _covers(product, ephemeris)]


def between(products, btjd_min, btjd_max):
    """Return the products whose sector may have data between two times [BTJD d]; None leaves an end open."""
    low = -math.inf if btjd_min is None else btjd_min
    high = math.inf if btjd_max is None else btjd_max
    dated = [(product, *_dates(product)) for product in products]
    return [one for one, start, stop in dated if start is None or (start - DATES_D <= high and stop + DATES_D >= low)]


def _covers(product, ephemeris):
    start, stop = _dates(product)
    return start is None or len(ephemeris.transit_times(start - DATES_D, stop + DATES_D)) > 0


def _dates(product):
    """Return when a file's data begin and end [BTJD d]: by MAST's list or by its name; None where neither says."""
    if product.start_btjd is not None:
        return product.start_btjd, product.stop_btjd or product.start_btjd + SECTOR_D
    named = product_kinds.parse_name(product.filename)
    if named is not None and named.start_btjd is not None:
        return named.start_btjd, named.start_btjd + SECTOR_D
    return None, None


def second_files(star, products):
    """Return a sentence for each light curve whose sector has another one in use."""
    used = {product.sector: product.filename for product in products}
    return [
        f"{product.filename} is not used: {used[product.sector]} is of the same sector {product.sector}."
        for product in star.products
        if product.kind in PREFERENCE and product.filename not in used.values()
    ]


def why_no_light_curve(star, listed_at, kind=None, brief=False):
    """Say in a sentence what is known where no light curve is listed.

    Parameters
    ----------
    star : StarDetail
    listed_at : datetime or None
        When its product list was fetched (`look_ups.product_list_date`).
    kind : str, optional
        The only kind that was asked for.
    brief : bool
        Leave out which kinds were looked for.
    """
    asked = [one for one in product_kinds.LIGHT_CURVE_KINDS if kind in (None, one.name)]
    listed = f"MAST's product list of {listed_at:%Y-%m-%d}" if listed_at is not None else "MAST's product list"
    sectors = sorted({sector for toi in star.tois for sector in parse_sectors(toi.sectors)})
    seen = f"; observed in {_named(sectors)}, by ExoFOP" if sectors else ""
    kinds = "" if brief else f" (looked for: {', '.join(one.title for one in asked)})"
    return f"No file in {listed}{kinds}{seen}."


def find_product(star, filename):
    """Return a star's data product by its file name; MissingData if it has none of that name."""
    for product in star.products:
        if product.filename == filename:
            return product
    raise MissingData(f"TIC {star.tic_id} has no data product {filename}.")


def _named(sectors):
    *most, last = map(str, sectors)
    return f"sector{'s' if most else ''} {', '.join(most)}{' and ' if most else ''}{last}"
