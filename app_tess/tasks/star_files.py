"""A star's light-curve files: which ones are used, and each as it was read, with its checksum."""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from app_tess.archives import products as product_kinds
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import parse_sectors, toi_name
from app_tess.astro.light_curve import LightCurve
from app_tess.astro.vetting.located import SUBSTANTIAL
from app_tess.errors import (
    AppTessError,
    ArchiveError,
    ArchiveTimeout,
    BeingFetched,
    EphemerisError,
    FileFormatError,
    MissingData,
)
from app_tess.tasks.product_files import discard, get_file

FOLDED_SECTORS = 6
"""A fold takes the newest six light curves: each is a 2 MB download, and more hardly sharpen the picture."""

SECTOR_D = 30.0
"""A sector's last cadence comes at most 29.5 d after the date in its files' names [d]."""

DATES_D = 0.1
"""MAST's dates are UTC and rounded [d]; times in the files are barycentric, up to 0.006 d from them."""


@dataclass(frozen=True, eq=False)
class StarFile:
    """A file as it was read: its name, the sha256 of its bytes, and its light curve."""

    filename: str
    sha256: str
    curve: LightCurve


def ephemeris_of(toi):
    """Return the transit ephemeris of a stored TOI."""
    return Ephemeris(toi.period_d, toi.epoch_btjd, toi.duration_h, toi.period_err_d, toi.epoch_err_d)


def why_not_folded(toi):
    """Return the reason why a stored TOI's light curve cannot be folded; None if it can."""
    try:
        ephemeris_of(toi).require_period()
    except EphemerisError as error:
        return str(error)
    return None


def marked_transits(star):
    """Return (name, Ephemeris) of each TOI whose transits can be placed in time; the others are left out."""
    marks = []
    for toi in star.tois:
        try:
            marks.append((toi_name(toi.toi), ephemeris_of(toi)))
        except EphemerisError:
            continue
    return marks


def other_ephemerides(star, toi):
    """Return the Ephemeris of each of the star's other TOIs that has one."""
    return [ephemeris for name, ephemeris in marked_transits(star) if name != toi_name(toi.toi)]


def light_curve_products(star):
    """Return one light-curve file per sector, ascending: of several the one of the most preferred kind."""
    by_sector: dict[int, Any] = {}
    for product in star.products:
        rank = _PREFERENCE.get(product.kind)
        if rank is not None and rank <= _PREFERENCE[by_sector.get(product.sector, product).kind]:
            by_sector[product.sector] = product
    return [by_sector[sector] for sector in sorted(by_sector)]


_PREFERENCE = {kind.name: rank for rank, kind in enumerate(product_kinds.LIGHT_CURVE_KINDS)}


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


def read_file(config, product):
    """Read a light-curve file; a broken one, or one of another star, is refused by name and removed from the cache.

    Returns
    -------
    StarFile

    Raises
    ------
    FileFormatError, MissingData, ArchiveError
        See the kind's reader and `product_files.get_file`.
    """
    kind = light_curve_kind(product)
    data = get_file(config, product)
    try:
        curve = kind.read(data, product.filename)
        if curve.tic_id != product.tic_id:
            raise FileFormatError(f"{product.filename} is of TIC {curve.tic_id}, not of TIC {product.tic_id}.")
    except FileFormatError:
        discard(config, product)  # so that the next attempt fetches it again
        raise
    return StarFile(product.filename, hashlib.sha256(data).hexdigest(), curve)


def read_each(config, products):
    """Read some light-curve files; BeingFetched where any is not there yet, which requests all of them.

    Returns
    -------
    list of StarFile
    """
    found, pending = [], []
    for product in products:
        try:
            found.append(read_file(config, product))
        except BeingFetched as error:
            pending.append(error)
    if pending:
        raise _being_fetched(pending, len(found))
    return found


def _being_fetched(pending, n_found):
    return BeingFetched(
        f"{len(pending)} of {len(pending) + n_found} light-curve files are being fetched from the archive.",
        [event for error in pending for event in error.done],
    )


def read_newest(config, star, tois):
    """Read, for each TOI, up to FOLDED_SECTORS light curves that cover one of its transits.

    Those in which its transit times are best known are preferred and, of equally well-known ones, the
    newest. The newest of all may miss the transits of a long-period planet, or a single transit. Where no file that
    covers a transit is available, others are read instead and show that nothing was observed.

    Returns
    -------
    list of StarFile
        By sector.
    list of str
        A sentence for each file that is listed but not used (absent, broken, unavailable, of a sector with another
        file), and one on how many more there are.

    Raises
    ------
    MissingData
        There is no light curve at all; the message says why.
    FileFormatError
        Every file is broken; the message names the newest.
    ArchiveError
        The archive timed out, or failed for a second file: the cause is then the archive, not a file.
    BeingFetched
        In a web request: some files are not there yet; all that are needed have been requested.
    """
    products = light_curve_products(star)
    found: dict[str, StarFile] = {}
    refusals: dict[str, AppTessError] = {}
    pending: dict[str, BeingFetched] = {}
    for toi in tois:
        preferred = _preferred(products, toi)
        covering = [product for product in preferred if _covers_a_transit(product, toi)]
        if not _read_some(config, covering, found, refusals, pending):
            _read_some(config, preferred, found, refusals, pending)
    if pending:
        raise _being_fetched([*pending.values()], len(found))
    if not found:
        broken = [refusal for refusal in refusals.values() if not isinstance(refusal, MissingData)]
        raise (broken or [*refusals.values()] or [MissingData(why_no_light_curve(star))])[0]
    left_out = [*map(str, refusals.values()), *_second_files(star, products)]
    if more := len(products) - len(found) - len(refusals):
        left_out.append(
            f"{more} more light curve(s) of this star are not used: only those with the best-known"
            f" transit times and the newest are, up to {FOLDED_SECTORS}."
        )
    return [found[product.filename] for product in products if product.filename in found], left_out


def folded_products(star, toi):
    """Return the products that `read_newest` tries first when a TOI is folded."""
    products = light_curve_products(star)
    covering = [product for product in products if _covers_a_transit(product, toi)] or products
    return sorted(_preferred(covering, toi)[:FOLDED_SECTORS], key=products.index)


def _preferred(products, toi):
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


def _read_some(config, products, found, refusals, pending):
    """Read the first products into `found`, or the reasons why not into `refusals` or `pending`.

    Return how many were found or are being fetched.
    """
    taken = 0
    for product in products:
        if taken == FOLDED_SECTORS:
            break
        try:
            if not any(product.filename in known for known in (found, refusals, pending)):
                found[product.filename] = read_file(config, product)
        except BeingFetched as error:
            pending[product.filename] = error
        except MissingData:
            refusals[product.filename] = MissingData(f"{product.filename} is listed, but the archive has no such file.")
        except FileFormatError as error:
            refusals[product.filename] = error
        except ArchiveError as error:
            if isinstance(error, ArchiveTimeout) or any(
                isinstance(refusal, ArchiveError) for refusal in refusals.values()
            ):
                raise
            refusals[product.filename] = ArchiveError(f"{product.filename} could not be fetched: {error}")
        taken += product.filename in found or product.filename in pending
    return taken


def _covers_a_transit(product, toi):
    """Return whether a transit may fall into the file's sector; True where the ephemeris or the dates are unknown."""
    try:
        ephemeris = ephemeris_of(toi)
    except EphemerisError:
        return True
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


def _second_files(star, products):
    """Return a sentence for each light curve whose sector has another one in use."""
    used = {product.sector: product.filename for product in products}
    return [
        f"{product.filename} is not used: {used[product.sector]} is of the same sector {product.sector}."
        for product in star.products
        if product.kind in _PREFERENCE and product.filename not in used.values()
    ]


def why_no_light_curve(star):
    """Say in a sentence that no light curve is listed, of which kinds, and in which sectors the star was observed."""
    sectors = sorted({sector for toi in star.tois for sector in parse_sectors(toi.sectors)})
    kinds = ", ".join(kind.title for kind in product_kinds.LIGHT_CURVE_KINDS)
    seen = f"; ExoFOP lists it as observed in {_named(sectors)}" if sectors else ""
    return f"MAST lists no light-curve file for TIC {star.tic_id} (looked for: {kinds}){seen}."


def find_product(star, filename):
    """Return a star's data product by its file name; MissingData if it has none of that name."""
    for product in star.products:
        if product.filename == filename:
            return product
    raise MissingData(f"TIC {star.tic_id} has no data product {filename}.")


def find_toi(star, toi_id):
    """Return a star's TOI; MissingData if it has no such TOI."""
    for toi in star.tois:
        if toi.toi == toi_id:
            return toi
    raise MissingData(f"TIC {star.tic_id} has no TOI {toi_id}.")


def _named(sectors):
    return f"sector{'' if len(sectors) == 1 else 's'} {', '.join(map(str, sectors))}"
