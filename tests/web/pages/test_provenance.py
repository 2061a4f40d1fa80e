"""The provenance and the code of every picture and score, on a page of their own."""

import ast
import re
from html import unescape

import pytest
from sqlalchemy import select

from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Star
from tests.support.loaded import loaded_app


@pytest.fixture(scope="module")
def app(tmp_path_factory, shared_sample_archive, prepared):
    with loaded_app(prepared, tmp_path_factory.mktemp("provenance"), shared_sample_archive) as app:
        yield app


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def observed(app):
    """A star with a light curve and a data-validation file: (its number, the light curve's name)."""
    with app.app_context():
        with_dvt = select(DataProduct.tic_id).where(DataProduct.kind == "dvt")
        product = db.session.scalars(
            select(DataProduct)
            .where(DataProduct.kind == "lc", DataProduct.tic_id.in_(with_dvt))
            .order_by(DataProduct.tic_id)
        ).first()
        return product.tic_id, product.filename


def sections(page):
    return re.findall(r'<section class="provenance".*?</section>', page, re.DOTALL)


def test_every_picture_and_every_score_has_a_provenance(client, observed):
    page, star = client.get(f"/stars/{observed[0]}/provenance").text, client.get(f"/stars/{observed[0]}").text
    figures = re.findall(r"<figure.*?</figure>", star, re.DOTALL)
    assert len(figures) >= 2 and 'id="validation-' in page
    for figure in figures:
        picture = re.search(r'<img src="([^"?]+)', figure)[1]
        [address] = re.findall(r'<a href="([^"]+)">Provenance and code</a>', figure)
        assert address.startswith(f"/stars/{observed[0]}/provenance#")
        section = next(part for part in sections(page) if f'id="{address.partition("#")[2]}"' in part)
        assert f'Permanent link: <a href="{picture}">' in section and "ExoFOP's table of" in section
        assert "mast.stsci.edu" in section and ("quality mask" in section or "without a quality mask" in section)
    scores = re.findall(r'provenance#(score-[\d.]+)">Provenance of this score</a>', star)
    assert len(scores) == star.count('<section class="toi"') and all(f'id="{score}"' in page for score in scores)
    assert re.search(r"version <code[^>]*>[0-9a-f]{64}</code>", page)


def test_a_provenance_tells_what_was_dropped_and_is_on_the_page_once_the_picture_is_drawn(client, observed):
    tic_id, filename = observed
    before = client.get(f"/stars/{tic_id}/provenance").text
    address = f"/stars/{tic_id}/sectors/{filename}/provenance.json"
    assert f'data-provenance="{address}"' in before
    provenance = client.get(address).json
    count = provenance["cadences"][0]
    assert (
        count["read"] == count["kept"] + count["dropped_by_quality"] + count["dropped_not_finite"] and count["kept"] > 0
    )
    assert re.fullmatch("[0-9a-f]{64}", provenance["files"][0]["sha256"]) and provenance["files"][0]["file"] == filename
    after = client.get(f"/stars/{tic_id}/provenance").text
    assert f'data-provenance="{address}"' not in after
    assert (
        f"{count['kept']:,} of {count['read']:,} cadences kept" in after and provenance["files"][0]["sha256"] in after
    )


def test_the_other_pictures_have_provenances_as_data_too(client, observed):
    addresses = re.findall(r'data-provenance="([^"]+)"', client.get(f"/stars/{observed[0]}/provenance").text)
    assert any("/folded/" in address for address in addresses) and any(
        "/validation/" in address for address in addresses
    )
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200 and answer.json["files"] and answer.json["sentences"]


def test_a_fold_says_how_many_light_curves_it_was_made_of_once_it_is_drawn(client):
    address = "/stars/231663901"
    caption = r"flux folded on TOI-([\d.]+)(?:, (\d+) light curves?)?\."
    first, *_ = re.findall(caption, client.get(address).text)
    made_from = client.get(f"{address}/tois/{first[0]}/folded/provenance.json").json["files"]
    assert first[1] == ""
    assert dict(re.findall(caption, client.get(address).text))[first[0]] == str(len(made_from))


def test_the_code_under_every_picture_of_the_sample_is_python(app, client):
    with app.app_context():
        tic_ids = list(db.session.scalars(select(Star.tic_id)))
    seen = set()
    for tic_id in tic_ids:
        for section in sections(client.get(f"/stars/{tic_id}/provenance").text):
            code = unescape(re.search(r"<pre><code>(.*?)</code></pre>", section, re.DOTALL)[1])
            calls = {
                node.func.attr: {keyword.arg for keyword in node.keywords}
                for node in ast.walk(ast.parse(code))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            if "search_lightcurve" in calls:
                assert (
                    calls["search_lightcurve"] >= {"mission", "author", "exptime", "sector"}
                    and "quality_bitmask" in calls["download_all"]
                )
                assert 'author="SPOC", exptime=120' in code
            seen |= calls.keys()
    assert {"search_lightcurve", "create_transit_mask", "flatten", "fold", "bin", "LightCurve"} <= seen
