"""The cache on a disk that is full, read-only, damaged, or shared by two users: no partial file, and no page breaks."""

import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from app_tess.config import Config
from app_tess.errors import CacheError
from app_tess.tasks import disk_cache

ROOT = Path(__file__).resolve().parents[2]
AS_TWO_USERS = """
    import os, sys
    from pathlib import Path
    from app_tess.archives import http  # imported late otherwise, when Python's own files may be out of reach
    from app_tess.config import Config
    from app_tess.tasks import disk_cache
    config, path = Config(instance_dir=Path(sys.argv[1])), Path(sys.argv[2])
    group, web, worker = map(int, sys.argv[3:])
    for user in (web, worker, web):
        if os.fork() == 0:
            os.umask(0o077)
            os.setgroups([]), os.setgid(group), os.setuid(user)
            before = disk_cache.read(path)
            disk_cache.keep(path, str(user).encode(), config)
            with disk_cache.only_one("file", config):
                print(before, disk_cache.read(path))
            break
        os.wait()
"""


@pytest.fixture
def config(tmp_path):
    return Config(instance_dir=tmp_path, archive_total_s=0.3)


@pytest.fixture
def path(config):
    return disk_cache.root_of(config) / "files" / "mast" / "a_lc.fits"


def files_in(config):
    return [path for path in disk_cache.root_of(config).rglob("*") if path.is_file()]


@contextmanager
def full_disk(n_bytes):
    """Let no file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_a_message_and_leaves_the_old_file_and_no_partial_one(config, path):
    disk_cache.keep(path, b"old", config)
    with full_disk(1000), pytest.raises(CacheError, match=r"a_lc.fits could not be kept: .* cannot be written \("):
        disk_cache.keep(path, b"x" * 5000, config)
    assert disk_cache.read(path) == b"old" and files_in(config) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a file system needs root")
def test_a_disk_without_space_is_a_message_and_leaves_no_partial_file(config, path):
    root = disk_cache.root_of(config)
    root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(root)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        disk_cache.keep(path, b"small", config)
        with pytest.raises(CacheError, match="No space left on device"):
            disk_cache.keep(path.with_name("b_lc.fits"), b"x" * 200_000, config)
        assert files_in(config) == [path] and disk_cache.read(path) == b"small"
    finally:
        subprocess.run(["umount", str(root)], check=True)


def test_a_cache_that_cannot_be_written_is_read_all_the_same(config, path, monkeypatch):
    disk_cache.keep(path, b"data", config)

    def read_only(*_arguments, **_options):
        raise OSError(30, "Read-only file system")

    for name in ("utime", "open", "unlink"):
        monkeypatch.setattr(os, name, read_only)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    assert disk_cache.read(path) == b"data" and disk_cache.is_there(path)
    disk_cache.discard(path, config)
    for write in (lambda: disk_cache.keep(path, b"new", config), lambda: disk_cache.only_one("a", config).__enter__()):
        with pytest.raises(CacheError, match="Read-only file system"):
            write()
    assert disk_cache.read(path) == b"data"


def test_what_is_made_belongs_to_the_group_whatever_the_umask(config, path):
    umask = os.umask(0o077)
    try:
        disk_cache.keep(path, b"data", config)
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    for folder in (path.parent, path.parent.parent, disk_cache.root_of(config)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o2775


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming two users needs root")
def test_web_and_worker_may_be_two_users_of_one_group(tmp_path):
    group, web, worker = 4000, 4001, 4002
    instance = Path("/tmp") / f"tess-two-users-{os.getpid()}"  # the folder of the test run is private to its user
    instance.mkdir()
    os.chown(instance, web, group)
    instance.chmod(0o2770)
    path = instance / "cache" / "files" / "a_lc.fits"
    arguments = [str(instance), str(path), str(group), str(web), str(worker)]
    try:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(AS_TWO_USERS), *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        subprocess.run(["rm", "-r", str(instance)], check=True)
    assert done.stdout.splitlines() == ["None b'4001'", "b'4001' b'4002'", "b'4002' b'4001'"], done.stderr


def test_a_lock_that_is_never_given_back_is_waited_for_in_bounded_time(config):
    started = time.monotonic()
    with disk_cache.only_one("file", config), disk_cache.only_one("file", config):
        assert time.monotonic() - started >= 0.3
