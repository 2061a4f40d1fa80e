"""What one machine has downloaded or drawn, another has from the store that they share."""

import dataclasses
import logging
import os
import socket
import threading
import uuid
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


@pytest.fixture
def bucket(monkeypatch):
    """The URL of an empty bucket of an S3 server."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "tess",
        "AWS_SECRET_ACCESS_KEY": "tess",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    name = uuid.uuid4().hex  # the servers of one process share their buckets
    boto3.client("s3").create_bucket(Bucket=name)
    yield f"s3://{name}/tess"
    shared_store._open.cache_clear()
    server.stop()


@pytest.fixture(params=["memory", "file", "s3"])
def machines(request, app, config, at, sample_archive, tmp_path):
    """The settings of two machines with a cache each and one store."""
    urls = {"memory": f"memory://{tmp_path.name}", "file": f"file://{tmp_path}/store"}
    url = urls.get(request.param) or request.getfixturevalue("bucket")
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


def test_a_bucket_holds_the_files_under_their_names(bucket, config):
    import boto3

    config = dataclasses.replace(config, store_url=bucket)
    config.instance_dir.mkdir(exist_ok=True)
    shared_store._failed_at.clear()
    shared_store.keep(disk_cache.root_of(config) / "files" / "x.fits", b"data", config)
    stored = boto3.client("s3").list_objects_v2(Bucket=bucket.split("/")[2])["Contents"]
    assert [(one["Key"], one["Size"]) for one in stored] == [("tess/files/x.fits", 4)]


@pytest.mark.parametrize("trouble", ["no bucket", "refused", "silent"])
def test_an_object_store_in_trouble_is_asked_once_at_most(bucket, config, trouble, caplog, monkeypatch):
    monkeypatch.setattr(shared_store, "DEADLINE_S", 2)
    attempts = []
    if trouble == "no bucket":
        bucket = "s3://another/tess"
    else:
        silent = socket.create_server(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        accept = lambda: [attempts.append(silent.accept()) for _ in range(9)]  # noqa: E731
        silent.close() if trouble == "refused" else threading.Thread(target=accept, daemon=True).start()
    config = dataclasses.replace(config, store_url=bucket)
    config.instance_dir.mkdir(exist_ok=True)
    shared_store._failed_at.clear()
    path = disk_cache.root_of(config) / "files" / "x.fits"
    with caplog.at_level(logging.WARNING, logger=shared_store.__name__):
        shared_store.keep(path, b"data", config)
    assert shared_store.read(path, config) == b"data" and len(attempts) <= 1
    assert "x.fits could not be kept in the shared store" in caplog.text


@pytest.mark.parametrize(("url", "message"), [("/srv/tess", "fsspec URL"), ("://x", "fsspec URL")])
def test_a_store_that_is_no_url_is_refused_by_name(config, url, message):
    with pytest.raises(ConfigurationError, match=f"STORE_URL.*{message}"):
        dataclasses.replace(config, store_url=url).checked()
