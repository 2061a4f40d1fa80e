"""A star's light curves as they were read, each with its checksum."""

import hashlib
from dataclasses import dataclass

from app_tess.astro.light_curve import LightCurve
from app_tess.errors import (
    AppTessError,
    ArchiveError,
    ArchiveTimeout,
    ArchiveUnavailable,
    BeingFetched,
    FileFormatError,
    MissingData,
)
from app_tess.storage import catalogue
from app_tess.storage.look_ups import product_list_date
from app_tess.tasks.product_choice import (
    FOLDED_SECTORS,
    covering,
    light_curve_kind,
    light_curve_products,
    preferred_order,
    second_files,
    why_no_light_curve,
)
from app_tess.tasks.product_files import discard, get_file
from app_tess.tasks.star_input import StarInput


@dataclass(frozen=True, eq=False)
class StarFile:
    """A file as it was read: its name, the sha256 of its bytes, and its light curve."""

    filename: str
    sha256: str
    curve: LightCurve
    size_bytes: int = 0


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
    except FileFormatError as error:
        discard(config, product, str(error))  # so that the next attempt fetches it again
        raise
    return StarFile(product.filename, hashlib.sha256(data).hexdigest(), curve, len(data))


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


def read_newest(config, star, tois, kind=None, wait_for_all=False):
    """Read, for each TOI, up to FOLDED_SECTORS light curves that cover one of its transits.

    Those in which its transit times are best known are preferred and, of equally well-known ones, the
    newest. The newest of all may miss the transits of a long-period planet, or a single transit. Where no file that
    covers a transit is available, others are read instead and show that nothing was observed. With the name of a kind
    only its files are read. `wait_for_all`: an archive that is out is an error, even where other files are there.

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
    products = light_curve_products(star, kind)
    found: dict[str, StarFile] = {}
    refusals: dict[str, AppTessError] = {}
    pending: dict[str, BeingFetched] = {}
    for toi in tois:
        preferred = preferred_order(products, toi)
        if not read_some(config, covering(preferred, toi), found, refusals, pending, wait_for_all=wait_for_all):
            read_some(config, preferred, found, refusals, pending, wait_for_all=wait_for_all)
    if pending:
        raise _being_fetched([*pending.values()], len(found))
    if not found:
        raise why_nothing_read(star, refusals, kind)
    left_out = [*map(str, refusals.values()), *(second_files(star, products) if kind is None else ())]
    if more := len(products) - len(found) - len(refusals):
        left_out.append(
            f"{more} more light curve(s) of this star are not used: only those with the best-known"
            f" transit times and the newest are, up to {FOLDED_SECTORS}."
        )
    return [found[product.filename] for product in products if product.filename in found], left_out


def read_available(config, products):
    """Read some light-curve files; one that cannot be had or read is left out.

    Returns
    -------
    dict
        File name -> StarFile.
    list of str
        A sentence for each file that is left out.

    Raises
    ------
    BeingFetched
        In a web request: some files are not there yet; all have been requested.
    ArchiveError
        As for `read_newest`.
    """
    found: dict[str, StarFile] = {}
    refusals: dict[str, AppTessError] = {}
    pending: dict[str, BeingFetched] = {}
    read_some(config, products, found, refusals, pending, most=len(products))
    if pending:
        raise _being_fetched([*pending.values()], len(found))
    return found, [*map(str, refusals.values())]


def why_nothing_read(star, refusals, kind=None):
    """Return the error to raise where no file could be read: that of a broken one, or that there is none."""
    is_plain = isinstance(star, StarInput)
    listed_at = star.listed_at if is_plain else product_list_date(star, catalogue.find_current_load())
    nothing = MissingData(why_no_light_curve(star, listed_at, kind))
    broken = [refusal for refusal in refusals.values() if not isinstance(refusal, MissingData)]
    return (broken or [*refusals.values()] or [nothing])[0]


def read_some(config, products, found, refusals, pending, most=FOLDED_SECTORS, wait_for_all=False):
    """Read the first `most` products into `found`, or the reasons why not into `refusals` or `pending`.

    With `wait_for_all`, ArchiveUnavailable is raised where an archive is out; else one file may be left out for it.

    Return how many were found or are being fetched.
    """
    taken = 0
    for product in products:
        if taken == most:
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
            if wait_for_all and isinstance(error, ArchiveUnavailable):
                raise
            if isinstance(error, ArchiveTimeout) or any(
                isinstance(refusal, ArchiveError) for refusal in refusals.values()
            ):
                raise
            refusals[product.filename] = ArchiveError(f"{product.filename} could not be fetched: {error}")
        taken += product.filename in found or product.filename in pending
    return taken
