"""The cache of downloads over real HTTP: it keeps whole files only, whatever the archive, the disk or a kill does."""

import gzip
import io
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from astropy.io import fits

from app_tess.archives.product_rows import parse_product_url
from app_tess.archives.sample import render_product
from app_tess.archives.sample.catalogue import load_stars
from app_tess.errors import ArchiveError, FileFormatError
from app_tess.tasks import disk_cache
from app_tess.tasks.disk_cache import PART, PART_LIFE_S
from app_tess.tasks.product_files import get_file, sizes_at_hand
from app_tess.tasks.star_files import read_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def products():
    """The light curves of two stars in the sample, which are not in the database and so are downloaded."""
    names = [
        next(name for name in star.product_names() if name.endswith("s_lc.fits"))
        for star in load_stars()
        if any(name.endswith("s_lc.fits") for name in star.product_names())
    ]
    return [SimpleNamespace(**parse_product_url(f"mast:TESS/product/{name}")) for name in names[:2]]


@pytest.fixture
def here(app, config, at, sample_archive):
    return at(config, sample_archive)


def kept(config):
    return [
        path for path in (config.instance_dir / "cache").rglob("*") if path.is_file() and path.parts[-3] != "missing"
    ]


def test_a_file_is_fetched_once_and_kept_whole(here, sample_archive, products):
    data = get_file(here, products[0])
    assert data == render_product(products[0].filename) == get_file(here, products[0])
    assert [path.read_bytes() for path in kept(here)] == [data] and len(sample_archive.requests) == 1


def test_the_size_of_a_file_is_known_once_it_is_here(here, products):
    assert sizes_at_hand(here, products) == {}
    data = get_file(here, products[0])
    assert sizes_at_hand(here, products) == {products[0].filename: len(data)}
    assert sizes_at_hand(here, products[1:]) == {}


def test_a_transfer_that_breaks_off_is_not_kept(here, sample_archive, products):
    sample_archive.truncate("Download", times=9)
    with pytest.raises(ArchiveError, match="broke off in the middle"):
        get_file(here, products[0])
    assert kept(here) == []


def test_half_a_file_that_announces_its_own_length_is_told_by_name_and_not_kept(here, sample_archive, products):
    whole = render_product(products[0].filename)
    sample_archive.replace_body("Download", whole[: len(whole) // 2], "application/fits")
    with pytest.raises(FileFormatError, match=f"{products[0].filename} is truncated"):
        get_file(here, products[0])
    assert kept(here) == []


@pytest.mark.parametrize(
    ("cut", "reason"),
    [
        (
            lambda whole: b"<!DOCTYPE html><html><body>Maintenance</body></html>",
            "is not a FITS file: it starts like an HTML page",
        ),
        (lambda whole: b"", "is empty"),
        (gzip.compress, "is not a FITS file: it starts like a gzip file"),
        (lambda whole: whole[:2881], "is truncated: it ends after 2881 bytes"),
        (lambda whole: whole[:-1], "is truncated"),
        (lambda whole: whole[: fits.open(io.BytesIO(whole))[2].fileinfo()["hdrLoc"]], "is truncated"),
    ],
    ids=["a page", "nothing", "gzip", "a byte of its second header", "a byte short", "its last table short"],
)
def test_what_is_no_whole_fits_file_is_told_by_name_and_not_kept(here, sample_archive, products, cut, reason):
    sample_archive.replace_body("Download", cut(render_product(products[0].filename)), "application/fits")
    with pytest.raises(FileFormatError, match=f"{products[0].filename} {reason}"):
        get_file(here, products[0])
    assert kept(here) == []


def test_the_file_of_another_star_is_told_by_both_names_and_not_kept(here, sample_archive, products):
    first, second = products
    sample_archive.replace_body("Download", render_product(second.filename), "application/fits")
    with pytest.raises(FileFormatError, match=f"is of TIC {second.tic_id}, not of TIC {first.tic_id}"):
        read_file(here, first)
    assert kept(here) == []
    sample_archive.clear_faults()
    assert read_file(here, first).curve.tic_id == first.tic_id


def test_a_kept_file_that_the_disk_spoilt_is_told_and_fetched_anew(here, products):
    whole = get_file(here, products[0])
    kept(here)[0].write_bytes(whole[:5000])
    with pytest.raises(FileFormatError, match="is truncated: it ends after 5000 bytes"):
        read_file(here, products[0])
    assert read_file(here, products[0]).curve.source == products[0].filename


def test_a_full_disk_loses_the_cache_but_not_the_file(here, products, caplog):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # the disk takes the file's beginning and no more
    try:
        data = get_file(here, products[0])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert data == render_product(products[0].filename)
    assert kept(here) == [] and "could not be kept: the cache folder of this site cannot be written" in caplog.text


KILLED = """
    import os, sys, time
    from pathlib import Path
    from app_tess.config import Config
    from app_tess.tasks import disk_cache
    def never(*names):
        print("written", flush=True)
        time.sleep(60)
    os.replace = never
    disk_cache.keep(Path(sys.argv[2]), Path(sys.argv[3]).read_bytes(), Config(instance_dir=Path(sys.argv[1])))
"""


def test_a_download_killed_before_its_end_leaves_nothing_that_is_used(here, products, tmp_path, monkeypatch):
    monkeypatch.setattr(disk_cache, "SLACK", 0.0)  # look for old parts whenever a file is kept
    whole = get_file(here, products[0])
    path = kept(here)[0]
    path.unlink()
    (tmp_path / "content").write_bytes(whole)
    worker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(here.instance_dir), str(path), str(tmp_path / "content")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert worker.stdout.readline() == b"written\n"
    worker.kill()
    worker.communicate()
    left = kept(here)
    assert [part.name.startswith(PART) for part in left] == [True] and not path.exists()
    assert get_file(here, products[0]) == whole
    os.utime(left[0], (0, time.time() - PART_LIFE_S - 1))
    get_file(here, products[1])
    assert sorted(file.name for file in kept(here)) == sorted(product.filename for product in products)
