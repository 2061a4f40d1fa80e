"""The cache on disk: whole files only, shared by web and worker, and never needed for an answer.

Web and worker may be two users of one group: whatever is made here is readable and writable by the group.
"""

import contextlib
import errno
import fcntl
import logging
import os
import tempfile
import time
from pathlib import Path

from app_tess.errors import CacheError

PART = ".part-"
"""Prefix of a file's name until it is complete."""

CHANGED = "cache_changed"
"""A file beside the cache that is touched whenever one in it is kept or removed: pages depend on it."""

PART_LIFE_S = 3600.0
"""A partial file that has not changed for this long [s] was left by a killed process and is removed."""

FILE_MODE, FOLDER_MODE = 0o664, 0o2775
"""The group may write whatever the umask is; folders hand their group on."""

LOCK_POLL_S = 0.1

log = logging.getLogger(__name__)


def root_of(config):
    """Return the folder of the cache."""
    return config.instance_dir / "cache"


def last_change(config):
    """Return when a file was last kept or removed, by any process [ns]; 0 before the first."""
    try:
        return os.stat(config.instance_dir / CHANGED).st_mtime_ns
    except OSError:
        return 0


def read(path):
    """Return a cached file's bytes and mark it as used; None if it is not there, or not readable."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None  # never kept, or dropped by another process as the oldest
    except OSError as error:
        log.warning("the cached %s cannot be read: %s", path.name, error)
        return None
    with contextlib.suppress(OSError):  # a cache that is read-only is read all the same
        os.utime(path)
    return data


def is_there(path):
    """Return whether a file is cached and readable."""
    return os.access(path, os.R_OK)


def discard(path, config):
    """Remove a cached file that proved to be broken."""
    try:
        path.unlink(missing_ok=True)
        _note_change(config)
    except OSError as error:
        log.warning("the broken file %s cannot be removed from the cache: %s", path.name, error)


def keep(path, data, config):
    """Write a cache file atomically, and drop the oldest files beyond the cache's limit.

    Raises
    ------
    CacheError
        The disk is full or the folder is read-only; no partial file is left.
    """
    root = root_of(config)
    try:
        _make_folder(path.parent, config.instance_dir)
        _write_whole(path, data)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        _note_change(config)
        _drop_oldest(root, config.cache_max_mb * 1_000_000)
    except OSError as error:
        log.warning("the oldest files in the cache cannot be dropped: %s", error)


def keep_if_possible(path, data, config):
    """Write a cache file as `keep` does; where that fails, only log it: the caller has the data and goes on."""
    try:
        keep(path, data, config)
    except CacheError as error:
        log.warning("%s", error)


def unwritable(path, error):
    """Return the CacheError for a file that could not be written."""
    return CacheError(
        f"{path.name} could not be kept: the cache folder of this site cannot be written ({error.strerror or error})."
    )


@contextlib.contextmanager
def only_one(name, config):
    """Keep other threads and processes that fetch the same file out of the context; they wait.

    Parameters
    ----------
    name : str
        Of the file.
    config : Config
        Its `archive_total_s` is the longest wait [s]: whoever holds the lock for longer is stuck.

    Raises
    ------
    CacheError
        The cache cannot be written, so that nothing could be shared.
    """
    from app_tess.archives.http import pause

    path = root_of(config) / "locks" / f"{name}.lock"
    try:
        _make_folder(path.parent, config.instance_dir)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise unwritable(Path(name), error) from error
    try:
        ends_at = time.monotonic() + config.archive_total_s
        while not _locked(handle) and time.monotonic() < ends_at:
            pause(LOCK_POLL_S)
        yield
    finally:
        # a process that waits for the removed file then fetches beside a newcomer: rarely, and without harm
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(handle)


def _locked(handle):
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return False
        log.warning("the cache cannot be locked: %s", error)  # a file system without locks: every process fetches
    return True


def _make_folder(folder, above):
    """Make a folder and those between it and an existing one above, for the group too."""
    missing = []
    while folder != above and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another process was faster
            new.mkdir(parents=True)
            new.chmod(FOLDER_MODE)


def _note_change(config):
    path = config.instance_dir / CHANGED
    with contextlib.suppress(OSError):  # of another user, whose group may touch it all the same but not change its mode
        path.touch()
        path.chmod(FILE_MODE)


def _write_whole(path, data):
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=PART, delete=False) as part:
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())  # or a power cut could leave the new name without its content
            os.fchmod(part.fileno(), FILE_MODE)
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
