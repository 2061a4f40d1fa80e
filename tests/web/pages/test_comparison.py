"""The bundled sample has a star in two kinds: each can be shown alone, and both are compared."""

import pytest

from tests.support.loaded import loaded_app

PI_MENSAE = 261136679
COMPARISON = f"/stars/{PI_MENSAE}/tois/144.01/comparison"


@pytest.fixture(scope="module")
def client(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("comparison"), shared_sample_archive) as app:
        yield app.test_client()


def test_the_best_of_each_sector_is_used_and_one_kind_on_request(client):
    page = client.get(f"/stars/{PI_MENSAE}").text
    assert "Of a sector with several light curves the first of these is used" in page
    alone = client.get(f"/stars/{PI_MENSAE}?kind=tess-spoc&flux=sap").text
    assert "Only TESS-SPOC full-frame-image light curves are shown" in alone and "folded.png?kind=tess-spoc" in alone
    assert "Sector 4," in page and "Sector 4," not in alone
    assert client.get(f"/stars/{PI_MENSAE}?kind=spocc").status_code == 400
    assert client.get(f"/stars/{PI_MENSAE}?kind=lc&flux=psf").status_code == 400
    used = [
        one["kind"] for one in client.get(f"/api/v1/stars/{PI_MENSAE}?kind=tess-spoc").json["products"] if one["used"]
    ]
    assert used == ["tess-spoc"]


def test_the_depths_of_two_kinds_are_compared_and_labeled_simulated(client):
    answer = client.get(f"{COMPARISON}/provenance.json")
    found = answer.json["comparison"]
    assert [depth["pipeline"] for depth in found["depths"]] == ["SPOC", "TESS-SPOC"]
    assert all(depth["sectors"] == [1] and depth["depth_err_ppm"] > 0 for depth in found["depths"])
    assert "agree within 3 sigma" in found["findings"][0] and answer.json["alt"].startswith("SIMULATED")
    page = client.get(f"/stars/{PI_MENSAE}").text
    assert "Depth by pipeline" in page and "agree within 3 sigma" in page and "comparison.png" in page


def test_a_star_of_one_pipeline_has_nothing_to_compare(client):
    assert "Depth by pipeline" not in client.get("/stars/231663901").text
    assert client.get("/stars/231663901/tois/101.01/comparison.png").status_code == 404
