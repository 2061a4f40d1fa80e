"""Files of data products: from the disk cache, else downloaded; a partial file is never kept."""
import hashlib
import os
import tempfile
from urllib.parse import urlparse

from app_tess.archives import http, mast, sample
from app_tess.storage import catalogue

FILES = "files"


def get_file(config, product):
    """The bytes of a product's FITS file.

    While the catalogue is the bundled sample, its files are simulated here; else they come from `config.mast_url`.

    Raises
    ------
    NotFound, ArchiveError, ArchiveTimeout
        See `mast.download`.
    """
    if _is_simulated():
        return sample.render_product(product.filename)
    path = _path(config, product)
    if path.exists():
        os.utime(path)
        return path.read_bytes()
    session = http.open_session(config.archive_timeout_s, config.archive_retries, config.archive_backoff_s)
    data = mast.download(config.mast_url, session, product.data_url)
    keep(path, data, config)
    return data


def is_at_hand(config, product):
    """Can `get_file` answer without a download?"""
    return _is_simulated() or _path(config, product).exists()


def discard(config, product):
    """Forget the cached copy of a file that turned out broken."""
    _path(config, product).unlink(missing_ok=True)


def _is_simulated():
    load = catalogue.find_current_load()
    return load is not None and load.simulated


def _path(config, product):
    host = urlparse(config.mast_url).netloc.replace(":", "_")
    return config.instance_dir / "cache" / FILES / host / product.filename


def keep(path, data, config):
    """Write a cache file whole (under another name, then renamed), and drop the oldest beyond the limit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            part.write(data)
            part.close()
            os.replace(part.name, path)
        except BaseException:
            os.unlink(part.name)
            raise
    _drop_oldest(config.instance_dir / "cache", config.cache_max_mb * 1_000_000)


def _drop_oldest(root, limit_bytes):
    files = sorted((entry.stat().st_mtime, entry.stat().st_size, entry) for entry in root.rglob("*") if entry.is_file())
    excess = sum(size for _, size, _ in files) - limit_bytes
    for _, size, entry in files:
        if excess <= 0:
            return
        entry.unlink(missing_ok=True)
        excess -= size


def sha256(data):
    return hashlib.sha256(data).hexdigest()
