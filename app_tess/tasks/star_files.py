"""A star's light-curve files: which ones are used, read once each, with the fingerprint that goes into a receipt."""

import hashlib
from dataclasses import dataclass

from app_tess.archives.mast import product_start_btjd
from app_tess.archives.products import spoc
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve import LightCurve
from app_tess.errors import ArchiveError, ArchiveTimeout, EphemerisError, FileFormatError, MissingData
from app_tess.tasks.product_files import discard, get_file

FOLDED_SECTORS = 6
"""A fold takes the newest six light curves: each is a 2 MB download, and more hardly sharpen the picture."""


SECTOR_D = 30.0
"""A sector's last cadence comes at most 29.5 d after the date in its files' names [d]."""


@dataclass(frozen=True, eq=False)
class StarFile:
    """A file as it was read: its name, the sha256 of its bytes, and the light curve in it."""

    filename: str
    sha256: str
    curve: LightCurve


def ephemeris_of(toi):
    """The transit ephemeris of a stored TOI."""
    return Ephemeris(toi.period_d, toi.epoch_btjd, toi.duration_h, toi.period_err_d, toi.epoch_err_d)


def why_not_folded(toi):
    """A sentence on why the transits of a stored TOI cannot be laid over one another; None when they can."""
    try:
        ephemeris_of(toi).require_period()
    except EphemerisError as error:
        return str(error)
    return None


def marked_transits(star):
    """(name, Ephemeris) of each TOI whose transits can be placed in time; one that cannot must not hide the others."""
    marks = []
    for toi in star.tois:
        try:
            marks.append((toi_name(toi.toi), ephemeris_of(toi)))
        except EphemerisError:
            continue
    return marks


def other_ephemerides(star, toi):
    """The Ephemeris of each of the star's other TOIs that has one."""
    return [ephemeris for name, ephemeris in marked_transits(star) if name != toi_name(toi.toi)]


def light_curve_products(star):
    """Two-minute light curves by sector; a 20-second file only where its sector has no other."""
    by_sector = {}
    for product in star.products:
        if product.kind in ("lc", "fast-lc") and (product.kind == "lc" or product.sector not in by_sector):
            by_sector[product.sector] = product
    return [by_sector[sector] for sector in sorted(by_sector)]


def read_file(config, product):
    """A light-curve file, read once; one of another star, or a broken one, is refused by name and forgotten.

    Returns
    -------
    StarFile

    Raises
    ------
    FileFormatError, MissingData, ArchiveError
        See `spoc.read_light_curve` and `product_files.get_file`.
    """
    data = get_file(config, product)
    try:
        curve = spoc.read_light_curve(data, product.filename)
        if curve.tic_id != product.tic_id:
            raise FileFormatError(f"{product.filename} is of TIC {curve.tic_id}, not of TIC {product.tic_id}.")
    except FileFormatError:
        discard(config, product)  # so that the next attempt fetches it anew
        raise
    return StarFile(product.filename, hashlib.sha256(data).hexdigest(), curve)


def read_newest(config, star, tois):
    """Of each TOI the newest FOLDED_SECTORS light curves that cover a transit of it, as far as the archive has them.

    The newest ones of a star may all miss a planet of a long period, or the one transit of a single. Where none that covers a
    transit can be had, the newest others are taken: it is they that show so.

    Returns
    -------
    list of StarFile, by sector
    list of str
        A sentence for each file that is listed but not used: absent, broken, not to be had, of a sector with another, and how many more there are.

    Raises
    ------
    MissingData
        There is none at all; says why.
    FileFormatError
        Every file is broken; the message names the newest.
    ArchiveError
        The archive failed for a second file, or keeps silent: it is at fault, not the file.
    """
    products = light_curve_products(star)
    found, refusals = {}, {}
    for toi in tois:
        covering = [product for product in products if _covers_a_transit(product, toi)]
        if not _read_some(config, covering, found, refusals):
            _read_some(config, products, found, refusals)
    if not found:
        broken = [refusal for refusal in refusals.values() if not isinstance(refusal, MissingData)]
        raise (broken or [*refusals.values()] or [MissingData(why_no_light_curve(star))])[0]
    left_out = [*map(str, refusals.values()), *_second_files(star, products)]
    if more := len(products) - len(found) - len(refusals):
        left_out.append(
            f"{more} more light curve(s) of this star are not used: up to {FOLDED_SECTORS} of the newest with a transit are."
        )
    return [found[product.filename] for product in products if product.filename in found], left_out


def folded_products(star, toi):
    """The products that `read_newest` asks for first when a TOI is folded."""
    products = light_curve_products(star)
    return ([product for product in products if _covers_a_transit(product, toi)] or products)[-FOLDED_SECTORS:]


def _read_some(config, products, found, refusals):
    """Read the newest of these into `found`, up to FOLDED_SECTORS, the reasons why not into `refusals`; no file twice. How many there are."""
    taken = 0
    for product in reversed(products):
        if taken == FOLDED_SECTORS:
            break
        try:
            if product.filename not in found and product.filename not in refusals:
                found[product.filename] = read_file(config, product)
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
        taken += product.filename in found
    return taken


def _covers_a_transit(product, toi):
    """May a transit fall into the file's sector? True where nothing is known of the TOI's transits or of the sector's dates."""
    try:
        ephemeris, start = ephemeris_of(toi), product_start_btjd(product.filename)
    except EphemerisError:
        return True
    return start is None or len(ephemeris.transit_times(start, start + SECTOR_D)) > 0


def _second_files(star, products):
    """A sentence for each file of a sector that has another in use."""
    used = {product.sector: product.filename for product in products}
    return [
        f"{product.filename} is not used: {used[product.sector]} is of the same sector {product.sector}."
        for product in star.products
        if product.kind in ("lc", "fast-lc") and product.filename not in used.values()
    ]


def why_no_light_curve(star):
    """A sentence: the star was never a two-minute target, as far as the catalogue knows."""
    sectors = sorted(
        {int(number) for toi in star.tois for number in (toi.sectors or "").split(",") if number.strip().isdigit()}
    )
    seen = f"; {_named(sectors)} observed in full-frame images only" if sectors else ""
    return f"MAST lists no light-curve file for TIC {star.tic_id}: not a two-minute target{seen}."


def find_product(star, filename):
    for product in star.products:
        if product.filename == filename:
            return product
    raise MissingData(f"TIC {star.tic_id} has no data product {filename}.")


def find_toi(star, toi_id):
    for toi in star.tois:
        if toi.toi == toi_id:
            return toi
    raise MissingData(f"TIC {star.tic_id} has no TOI {toi_id}.")


def _named(sectors):
    return f"sector {sectors[0]} was" if len(sectors) == 1 else f"sectors {', '.join(map(str, sectors))} were"
