"""What one machine has downloaded or drawn, another has from the store that they share."""

import dataclasses
import logging
import os
import threading
from types import SimpleNamespace

import pytest

from app_tess.archives.product_rows import parse_product_url
from app_tess.archives.sample import render_product
from app_tess.archives.sample.catalogue import load_stars
from app_tess.errors import ConfigurationError
from app_tess.plots.themes import Picture
from app_tess.tasks import disk_cache, shared_store
from app_tess.tasks.picture_cache import cached_picture
from app_tess.tasks.product_files import get_file


@pytest.fixture(params=["memory", "file"])
def machines(request, app, config, at, sample_archive, tmp_path):
    """The settings of two machines with a cache each and one store."""
    url = f"memory://{tmp_path.name}" if request.param == "memory" else f"file://{tmp_path}/store"
    shared_store._failed_at.clear()
    both = [tmp_path / "one", tmp_path / "two"]
    for folder in both:
        folder.mkdir()
    return [dataclasses.replace(at(config, sample_archive), instance_dir=folder, store_url=url) for folder in both]


@pytest.fixture
def product():
    name = next(name for star in load_stars() for name in star.product_names() if name.endswith("s_lc.fits"))
    return SimpleNamespace(**parse_product_url(f"mast:TESS/product/{name}"))


def test_a_file_is_downloaded_once_for_all_machines(machines, sample_archive, product):
    data = [get_file(config, product) for config in (*machines, *machines)]
    assert data == 4 * [render_product(product.filename)] and len(sample_archive.requests) == 1


def test_a_picture_is_drawn_once_for_all_machines(machines):
    drawn = []
    draw = lambda: drawn.append(1) or Picture(b"png", "a star", {})  # noqa: E731
    pictures = [cached_picture(config, ["sky"], draw) for config in machines]
    assert pictures == 2 * [Picture(b"png", "a star", {})] and len(drawn) == 1


def test_a_broken_file_is_removed_for_all_machines(machines):
    path = disk_cache.root_of(machines[0]) / "files" / "broken.fits"
    shared_store.keep(path, b"half", machines[0])
    shared_store.discard(path, machines[0])
    assert [shared_store.read(disk_cache.root_of(one) / "files" / "broken.fits", one) for one in machines] == [None] * 2


def test_no_reader_of_a_shared_folder_sees_part_of_a_file(config, tmp_path):
    config = dataclasses.replace(config, store_url=f"file://{tmp_path}/store")
    config.instance_dir.mkdir(exist_ok=True)
    path, sizes, done = disk_cache.root_of(config) / "files" / "x.fits", set(), threading.Event()
    stored = tmp_path / "store" / "files" / "x.fits"

    def look():
        while not done.is_set():
            if stored.exists():
                sizes.add(len(stored.read_bytes()))

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(20):
        shared_store.keep(path, os.urandom(3_000_000), config)
    done.set()
    reader.join()
    assert sizes == {3_000_000} and os.listdir(stored.parent) == ["x.fits"]


def test_a_store_that_fails_is_logged_once_and_left_alone(config, tmp_path, caplog):
    (tmp_path / "store").write_text("a file, where the folder should be")
    config = dataclasses.replace(config, store_url=f"file://{tmp_path}/store")
    config.instance_dir.mkdir(exist_ok=True)
    shared_store._failed_at.clear()
    paths = [disk_cache.root_of(config) / "files" / name for name in ("a", "b")]
    with caplog.at_level(logging.WARNING):
        for path in paths:
            shared_store.keep(path, b"data", config)
    assert [shared_store.read(path, config) for path in paths] == [b"data"] * 2
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "a could not be kept in the shared store"
    ]


@pytest.mark.parametrize(("url", "message"), [("/srv/tess", "fsspec URL"), ("://x", "fsspec URL")])
def test_a_store_that_is_no_url_is_refused_by_name(config, url, message):
    with pytest.raises(ConfigurationError, match=f"STORE_URL.*{message}"):
        dataclasses.replace(config, store_url=url).checked()
