"""Pictures and light-curve files that several machines share: a folder or an object store behind each one's own cache.

The cache on disk is asked first, then the store of STORE_URL, whose file is then kept in the cache; what is downloaded
or drawn goes to both. Without STORE_URL there is the cache alone, and fsspec is never imported. A store that fails is
left alone for a while: an answer never depends on it.
"""

import functools
import logging
import time
import uuid

from app_tess.tasks import disk_cache

REST_S = 30.0
"""How long a store that has failed is not asked again [s]: each failure may cost a visitor TIMEOUT_S."""

TIMEOUT_S = 5
"""Longest wait for a connection to an S3-compatible store, and twice as long for its answer [s]."""

DEADLINE_S = 20
"""Longest time for one file, in or out of an object store [s]: botocore ends no write that is not read."""

WHOLE_AT_ONCE = {"s3", "s3a", "gs", "gcs", "abfs", "az", "memory"}
"""Protocols whose objects appear when they are complete; elsewhere a file gets its name when it is."""

_failed_at: dict[str, float] = {}

log = logging.getLogger(__name__)


def read(path, config):
    """Return a file's bytes, from the cache or from the shared store; None if neither has it."""
    data = disk_cache.read(path)
    if data is None and config.store_url:
        data = _try(config, "read", path, _read)
        if data is not None:
            disk_cache.keep_if_possible(path, data, config)
    return data


def keep(path, data, config):
    """Keep a file in the cache and in the shared store; CacheError where the cache cannot be written."""
    try:
        disk_cache.keep(path, data, config)
    finally:
        if config.store_url:
            _try(config, "kept", path, lambda files, name: _write(files, name, data))


def keep_if_possible(path, data, config):
    """Keep a file as `keep` does; where that fails, only log it."""
    disk_cache.keep_if_possible(path, data, config)
    if config.store_url:
        _try(config, "kept", path, lambda files, name: _write(files, name, data))


def discard(path, config):
    """Remove a file that proved to be broken from the cache and from the shared store."""
    disk_cache.discard(path, config)
    if config.store_url:
        _try(config, "removed", path, _remove)


def _try(config, done, path, act):
    """Return what `act` returns, given the file system and the file's name there; None if the store fails."""
    url = config.store_url
    if time.monotonic() - _failed_at.get(url, -REST_S) < REST_S:
        return None
    try:
        files, root = _open(url)
        return act(files, f"{root}/{path.relative_to(disk_cache.root_of(config)).as_posix()}")
    except Exception as error:  # noqa: BLE001 - each kind of store has errors of its own
        _failed_at[url] = time.monotonic()
        log.warning("%s could not be %s in the shared store: %s: %s", path.name, done, type(error).__name__, error)
        return None


@functools.cache
def _open(url):
    """Return the file system of an fsspec URL and the path of its root."""
    import fsspec

    protocol = url.split("://", 1)[0]
    options = {}
    if protocol in ("s3", "s3a"):
        options["config_kwargs"] = {
            "connect_timeout": TIMEOUT_S,
            "read_timeout": 2 * TIMEOUT_S,
            "retries": {"total_max_attempts": 1},
        }
    files, root = fsspec.core.url_to_fs(url, **options, use_listings_cache=False, skip_instance_cache=True)
    if options:
        files.retries = 1  # s3fs asks five times, above botocore's own retries: a silent store would cost 52 s
    return files, root.rstrip("/")


def _read(files, name):
    try:
        return files.cat_file(name, **_deadline(files))
    except FileNotFoundError:
        return None


def _write(files, name, data):
    if not WHOLE_AT_ONCE.isdisjoint([files.protocol] if isinstance(files.protocol, str) else files.protocol):
        files.pipe_file(name, data, **_deadline(files))
        return
    part = f"{name.rpartition('/')[0]}/{disk_cache.PART}{uuid.uuid4().hex}"
    files.makedirs(files._parent(name), exist_ok=True)
    try:
        files.pipe_file(part, data)
        files.mv(part, name)
    except BaseException:
        if files.exists(part):
            files.rm_file(part)
        raise


def _remove(files, name):
    if files.exists(name, **_deadline(files)):
        files.rm_file(name, **_deadline(files))


def _deadline(files):
    return {"timeout": DEADLINE_S} if files.async_impl else {}
