"""Files of data products: from the disk cache, or downloaded; a partial file is never kept.

A web request never downloads: it raises BeingFetched, and `Downloads` fetches the file outside the web threads.
Commands and the worker's runs download what they need and wait for it.
"""

import dataclasses
import datetime as dt
import logging
import os
import time
from urllib.parse import urlsplit

from flask import current_app, has_request_context

from app_tess import metrics
from app_tess.archives import sample
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.errors import CacheError, FileFormatError, MissingData
from app_tess.storage import catalogue
from app_tess.tasks import disk_cache, shared_store
from app_tess.tasks.archive_access import open_archives

FILES = "files"
MISSING = "missing"
MISSING_D = 1.0
"""How long a page lists a file as not provided before it asks the archive again [d]."""

WEB_RETRIES = 1
"""A visitor sees a failure after the second attempt, and can ask again."""

log = logging.getLogger(__name__)


def get_file(config, product):
    """Return the bytes of a product's FITS file.

    While the catalogue is the bundled sample the files of its stars are simulated; all others come from
    `config.mast_url`.

    Raises
    ------
    BeingFetched
        In a web request: the file is not in the cache yet.
    MissingData, ArchiveError, ArchiveTimeout, FileFormatError
        See `mast.download` and `fits_table.require_whole`; in a web request, of an attempt a moment ago.
    CacheError
        In a web request: the file cannot be kept for it.
    """
    if _is_simulated(product):
        return sample.render_product(product.filename)
    data = shared_store.read(_path(config, product), config)
    metrics.count_cache_read("files", data is not None)
    if data is not None:
        return data
    if has_request_context():
        config = dataclasses.replace(config, archive_retries=min(config.archive_retries, WEB_RETRIES))
        wanted = _Wanted(product.filename, product.data_url)
        current_app.extensions["downloads"].request(
            str(_path(config, product)), lambda: _fetch(config, wanted, must_keep=True)
        )
    return _fetch(config, product)


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """What a download needs of a product, for another thread: rows of the database stay in theirs."""

    filename: str
    data_url: str


def _fetch(config, product, must_keep=False):
    """Download a file and keep it, unless another thread or process has just done so; return its bytes."""
    path, data = _path(config, product), None
    try:
        with disk_cache.only_one(product.filename, config):
            data = shared_store.read(path, config)
            if data is None:
                data = _download(config, product)
                shared_store.keep(path, data, config)
            return data
    except CacheError as error:
        if must_keep:
            raise
        log.warning("%s", error)
    return data if data is not None else _download(config, product)


def _download(config, product):
    from app_tess.archives import mast
    from app_tess.archives.products.fits_table import require_whole

    try:
        data = mast.download(config.mast_url, open_archives(config), product.data_url)
        if product.filename.endswith(".fits"):  # whether a report is whole is seen when it is read
            require_whole(data, product.filename)
    except (MissingData, FileFormatError) as error:
        disk_cache.keep_if_possible(_marker(config, product), str(error).encode(), config)
        raise
    disk_cache.discard(_marker(config, product), config)
    return data


def why_missing(config, load, product):
    """Return why a file could not be had or read when it was last asked for, with the day; None where it could.

    A file that the archive did not have is asked for again after MISSING_D. Nothing is downloaded here.
    """
    if load is not None and load.simulated:
        return None
    path = _marker(config, product)
    try:  # not by disk_cache.read, which marks a file as used now
        asked_at, sentence = path.stat().st_mtime, path.read_text(errors="replace")
    except OSError:
        return None
    if time.time() - asked_at > MISSING_D * SECONDS_PER_DAY:
        return None
    return f"{sentence} Asked for on {dt.datetime.fromtimestamp(asked_at, dt.UTC):%Y-%m-%d}."


def find_missing(config, load, products):
    """Return file name -> `why_missing`, for those of some files that could not be had; one look at the folder."""
    try:
        noted = set(os.listdir(_folder(config, MISSING)))
    except OSError:
        return {}
    suspects = [product for product in products if _marker(config, product).name in noted]
    return {one.filename: why for one in suspects if (why := why_missing(config, load, one))}


def sizes_at_hand(config, products):
    """Return file name -> size [bytes] of those of some files that are on this site; one look at the folder."""
    wanted = {product.filename for product in products}
    try:
        with os.scandir(_folder(config, FILES)) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.name in wanted}
    except OSError:
        return {}


def is_at_hand(config, product):
    """Return whether `get_file` can answer without a download."""
    return _is_simulated(product) or disk_cache.is_there(_path(config, product))


def files_not_at_hand(config, load, products):
    """Return how many of a star's files have to be fetched for its pictures; `load` is the current one, or None."""
    if not products or (load is not None and load.simulated and catalogue.has_toi(products[0].tic_id)):
        return 0
    return sum(not disk_cache.is_there(_path(config, product)) for product in products)


def discard(config, product, why):
    """Remove the cached copy of a file that proved to be broken, and note the reason, a sentence, for `why_missing`."""
    shared_store.discard(_path(config, product), config)
    if not _is_simulated(product):
        disk_cache.keep_if_possible(_marker(config, product), why.encode(), config)


def _is_simulated(product):
    stated = getattr(product, "simulated", None)  # by a file of a StarInput, which is read without a database
    if stated is not None:
        return stated
    load = catalogue.find_current_load()
    return load is not None and load.simulated and catalogue.has_toi(product.tic_id)


def _path(config, product):
    return _folder(config, FILES) / product.filename


def _marker(config, product):
    """Return the path of the note that the archive did not provide a file."""
    return _folder(config, MISSING) / f"{product.filename}.txt"


def _folder(config, name):
    return disk_cache.root_of(config) / name / urlsplit(config.mast_url).netloc.replace(":", "_")
