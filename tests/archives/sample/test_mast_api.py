"""MAST's API of the sample archive, asked by the unchanged astroquery."""

import json
import time

import pytest
import requests
from astroquery.exceptions import RemoteServiceError
from astroquery.mast import Mast

from app_tess.archives.sample.catalogue import load_stars
from app_tess.archives.sample.server import SampleArchive
from tests.support.shared import shared_path

IDS = [star.tic_id for star in load_stars()]


def invoke(archive, request):
    """Post a request as MAST's documentation shows it, and return the envelope."""
    reply = requests.post(archive.mast_url + "/api/v0/invoke", data={"request": json.dumps(request)}, timeout=60)
    assert reply.status_code == 200
    return reply.json()


def test_catalogs_finds_every_star_by_a_list_of_ids(archive, point_astroquery):
    catalogs, _ = point_astroquery(archive)
    table = catalogs.query_criteria(catalog="Tic", ID=[*IDS, 42])
    assert sorted(int(text) for text in table["ID"]) == sorted(IDS)
    assert table["ID"].dtype.kind == "U"
    assert list(table["ID"]) != [str(i) for i in IDS]
    star = table[table["ID"] == "261136679"][0]
    assert (star["Tmag"], star["Teff"]) == (5.11, 6037)


def test_observations_finds_every_product_of_a_list_of_stars(archive, point_astroquery):
    _, observations = point_astroquery(archive)
    table = observations.query_criteria(obs_collection="TESS", dataproduct_type="timeseries", target_name=IDS)
    names = [name for star in load_stars() for name in star.product_names() if not name.startswith("hlsp_")]
    expected = [f"mast:TESS/product/{name}" for name in names]
    assert sorted(table["dataURL"]) == sorted(expected)
    assert set(table["t_exptime"]) == {20.0, 120.0}
    assert (table["t_max"] > table["t_min"]).all()


def test_pages_put_together_give_everything_once(archive, point_astroquery):
    _, observations = point_astroquery(archive)
    criteria = {"obs_collection": "TESS", "target_name": IDS}
    paged = observations.query_criteria(**criteria, pagesize=10)
    whole = observations.query_criteria(**criteria)
    assert list(paged["obsid"]) == list(whole["obsid"])
    assert len(set(paged["obsid"])) == len(paged) > 100
    assert observations.query_criteria_count(**criteria) == len(whole)


def test_the_first_answer_may_be_executing(point_astroquery):
    with SampleArchive(executing_every=1) as archive:
        request = {"service": "Mast.Catalogs.Filtered.Tic.Rows", "params": {"columns": "*", "filters": []}}
        assert invoke(archive, request)["status"] == "EXECUTING"
        assert invoke(archive, request)["status"] == "COMPLETE"
        catalogs, _ = point_astroquery(archive)
        assert len(catalogs.query_criteria(catalog="Tic", ID=IDS[:3])) == 3


@pytest.mark.parametrize(
    "request_json",
    [
        {"service": "Mast.Nonsense"},
        {"service": "Mast.Caom.Filtered", "params": {"filters": [{"paramName": "colour", "values": ["red"]}]}},
        {"service": "Mast.Caom.Filtered", "params": {"filters": ["x"]}},
        {"service": "Mast.Caom.Filtered", "params": "x"},
        {"service": "Mast.Caom.Filtered", "params": {"filters": []}, "page": 0, "pagesize": -1},
        {"service": "Mast.Caom.Cone", "params": {"ra": "x"}},
        ["not", "an", "object"],
    ],
)
def test_nonsense_gets_an_error_envelope(archive, request_json):
    reply = invoke(archive, request_json)
    assert reply["status"] == "ERROR"
    assert reply["msg"]


def test_a_body_that_is_not_a_request_gets_an_error_envelope(archive):
    for body in ("", "request=%7Bx", "\x00"):
        reply = requests.post(archive.mast_url + "/api/v0/invoke", data=body, timeout=60)
        assert reply.json()["status"] == "ERROR"


def test_astroquery_raises_the_archives_own_message(archive, point_astroquery):
    point_astroquery(archive)
    with pytest.raises(RemoteServiceError, match="Unknown service 'Mast.Nonsense'"):
        Mast.service_request("Mast.Nonsense", {})


def test_numbers_are_filtered_by_range_and_texts_by_wildcard(archive, point_astroquery):
    catalogs, observations = point_astroquery(archive)
    bright = catalogs.query_criteria(catalog="Tic", Tmag=[4, 6])
    assert list(bright["ID"]) == ["261136679"]
    assert len(observations.query_criteria(obs_collection="TESS", obs_id="*-0000000441420236-*")) == 3


def test_a_cone_holds_the_star_in_its_middle(archive):
    params = {"ra": 84.29, "dec": -80.47, "radius": 0.01}
    reply = invoke(archive, {"service": "Mast.Caom.Cone", "params": params})
    assert {row["target_name"] for row in reply["data"]} == {"261136679"}


def test_hundreds_of_real_stars_come_quickly(point_astroquery):
    folder = shared_path("archive")
    with SampleArchive(folder, executing_every=0) as archive:
        catalogs, observations = point_astroquery(archive)
        lines = (folder / "tic.csv").read_text().splitlines()[1:501]
        ids = [line.split(",")[0] for line in lines]
        start = time.monotonic()
        stars = catalogs.query_criteria(catalog="Tic", ID=ids)
        products = observations.query_criteria(obs_collection="TESS", dataproduct_type="timeseries", target_name=ids)
        assert time.monotonic() - start < 5
        assert len(stars) == 500
        wasp_46 = stars[stars["ID"] == "231663901"][0]
        assert wasp_46["contratio"] == pytest.approx(0.0844493359)
        assert wasp_46["numcont"] == 90
        assert "231663901" in set(products["target_name"])
