"""Files of data products: from the disk cache, or downloaded; a partial file is never kept."""

import logging
import os
import tempfile
import time
from pathlib import Path
from urllib.parse import urlparse

from app_tess import metrics
from app_tess.archives import mast, sample
from app_tess.archives.products.fits_table import require_whole
from app_tess.storage import catalogue
from app_tess.tasks.archive_access import open_archives

FILES = "files"
PART = ".part-"
"""Prefix of a file's name until it is complete."""

PART_LIFE_S = 3600.0
"""A partial file that has not changed for this long [s] was left by a killed process and is removed."""

log = logging.getLogger(__name__)


def get_file(config, product):
    """Return the bytes of a product's FITS file.

    While the catalogue is the bundled sample its files are simulated; otherwise they come from `config.mast_url`.

    Raises
    ------
    MissingData, ArchiveError, ArchiveTimeout, FileFormatError
        See `mast.download` and `fits_table.require_whole`.
    """
    if _is_simulated():
        return sample.render_product(product.filename)
    path = _path(config, product)
    try:
        os.utime(path)
        data = path.read_bytes()
        metrics.count_cache_read("files", True)
        return data
    except FileNotFoundError:
        metrics.count_cache_read("files", False)  # not fetched yet, or dropped by another process as the oldest
    data = mast.download(config.mast_url, open_archives(config), product.data_url)
    require_whole(data, product.filename)
    keep(path, data, config)
    return data


def is_at_hand(config, product):
    """Return whether `get_file` can answer without a download."""
    return _is_simulated() or _path(config, product).exists()


def discard(config, product):
    """Remove the cached copy of a file that proved to be broken."""
    _path(config, product).unlink(missing_ok=True)


def _is_simulated():
    load = catalogue.find_current_load()
    return load is not None and load.simulated


def _path(config, product):
    host = urlparse(config.mast_url).netloc.replace(":", "_")
    return config.instance_dir / "cache" / FILES / host / product.filename


def keep(path, data, config):
    """Write a cache file atomically, and drop the oldest files beyond the cache's limit.

    A file that cannot be written is not kept; the caller has the data and goes on.
    """
    root = config.instance_dir / "cache"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data)
        _drop_oldest(root, config.cache_max_mb * 1_000_000)
    except OSError as error:
        log.warning("%s could not be kept in the cache: %s", path.name, error)


def _write_whole(path, data):
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=PART, delete=False) as part:
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())  # or a power cut could leave the new name without its content
            part.close()
            os.replace(part.name, path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _drop_oldest(root, limit_bytes):
    files = sorted(_entries(root))
    excess = sum(size for _, size, _ in files) - limit_bytes
    for changed_at, size, entry in files:
        forgotten = entry.name.startswith(PART) and changed_at < time.time() - PART_LIFE_S
        if excess > 0 or forgotten:
            entry.unlink(missing_ok=True)
            excess -= size


def _entries(root):
    """Yield (time of change, bytes, path) of each file; one that another process drops meanwhile is left out."""
    for entry in root.rglob("*"):
        try:
            if entry.is_file():
                stat = entry.stat()
                yield stat.st_mtime, stat.st_size, entry
        except FileNotFoundError:
            continue
