"""Every step of the tours exists: their addresses and those of their pictures answer, and each picture is there."""

import re

import pytest

from docs.tours.pictures import FOLDER, PICTURES
from tests.support.loaded import loaded_app

TOURS = sorted(FOLDER.parent.glob("*.md"))
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def client(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("tours"), shared_sample_archive) as app:
        yield app.test_client()


def test_every_address_of_the_tours_and_of_their_pictures_answers(client):
    written = {address for tour in TOURS for address in re.findall(r"`(/[^` ]*)`", tour.read_text(encoding="utf-8"))}
    assert len(written) > 25
    for address in sorted(written | {picture.address for picture in PICTURES.values()}):
        status = client.get(address).status_code
        assert status == 200 or (status == 302 and address == "/classes/quiz"), address


def test_the_pictures_are_those_that_the_tours_show_and_the_program_takes():
    shown = {name for tour in TOURS for name in re.findall(r"pictures/(\w+)\.webp", tour.read_text(encoding="utf-8"))}
    stored = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert shown == stored.keys() == PICTURES.keys() and sum(stored.values()) < MOST_BYTES
