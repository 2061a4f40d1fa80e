"""Pictures over HTTP: whole, cached, and where there is none a sentence that says why."""

import dataclasses

import pytest
from sqlalchemy import select

from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.tasks.downloads import Downloads
from app_tess.tasks.reset import reset
from tests.support.light_curves import make_dvt_fits
from tests.support.shared import shared_path

PNG = b"\x89PNG\r\n"
IMG = {"Accept": "image/avif,image/webp,*/*;q=0.8"}


@pytest.fixture
def sample(app, config, at, shared_sample_archive, prepared):
    """The bundled sample in the database."""
    here = at(config, shared_sample_archive)
    prepared.fill(app, here, "sample", lambda: reset(here, lambda *_: None))
    return app


def url_of(kind, wanted=lambda product: True):
    product = next(
        row for row in db.session.scalars(select(DataProduct).where(DataProduct.kind == kind)) if wanted(row)
    )
    return product, {
        "lc": f"/stars/{product.tic_id}/sectors/{product.filename}.png",
        "dvt": f"/stars/{product.tic_id}/validation/{product.filename}/1.png",
    }[kind]


@pytest.mark.parametrize("kind", ["lc", "dvt"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_a_png_that_says_it_is_simulated_and_is_cached(sample, client, config, kind, theme):
    _, url = url_of(kind)
    first = client.get(f"{url}?theme={theme}")
    assert first.status_code == 200 and first.data.startswith(PNG) and first.mimetype == "image/png"
    assert "SIMULATED" in first.headers["X-Alt-Text"] and "max-age=3600" in first.headers["Cache-Control"]
    assert client.get(f"{url}?theme={theme}").data == first.data
    assert list((config.instance_dir / "cache" / "pictures").rglob("*")) != []
    again = client.get(f"{url}?theme={theme}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""


def test_every_toi_of_the_sample_with_a_light_curve_folds_or_says_why(sample, client):
    folded = 0
    with_files = select(DataProduct.tic_id).where(DataProduct.kind == "lc")
    for toi in db.session.scalars(select(Toi).where(Toi.tic_id.in_(with_files)).order_by(Toi.toi).limit(25)).all():
        answer = client.get(f"/stars/{toi.tic_id}/tois/{toi.toi}/folded.png", headers=IMG)
        assert answer.data.startswith(PNG) and answer.status_code in (200, 404, 422), (toi.toi, answer.status_code)
        folded += answer.status_code == 200
    assert folded >= 20


def test_a_star_without_products_gives_a_sentence_and_an_img_gets_it_drawn(sample, client):
    star = db.session.scalars(select(Star).where(Star.tic_id.not_in(select(DataProduct.tic_id)))).first()
    url = f"/stars/{star.tic_id}/tois/{star.tois[0].toi}/folded.png"
    page = client.get(url)
    assert page.status_code == 404 and "product list" in page.text
    picture = client.get(url, headers=IMG)
    assert picture.status_code == 404 and picture.data.startswith(PNG)


@pytest.mark.parametrize(
    "path",
    [
        "sectors/none_lc.fits.png",
        "tois/9999.01/folded.png",
        "validation/none_dvt.fits/1.png",
        "validation/none_dvt.fits",
    ],
)
def test_what_does_not_exist_is_404(sample, client, path):
    product, _ = url_of("lc")
    assert client.get(f"/stars/{product.tic_id}/{path}").status_code == 404
    assert client.get(f"/stars/1/{path}").status_code == 404


def test_an_event_that_the_file_does_not_hold_is_404_with_their_number(sample, client):
    _, url = url_of("dvt")
    answer = client.get(url.replace("/1.png", "/99.png"))
    assert answer.status_code == 404 and "event" in answer.text


def test_an_unknown_theme_is_400_and_names_the_field(sample, client):
    _, url = url_of("lc")
    answer = client.get(url + "?theme=pink")
    assert answer.status_code == 400 and "theme" in answer.text


@pytest.fixture
def downloaded(config, at, sample_archive, make_app, prepared):
    """A site whose catalogue counts as real, so that its files come over HTTP; its archive can be made to fail."""
    here = dataclasses.replace(at(config, sample_archive), archive_retries=1)
    app = make_app(here)
    prepared.fill(app, here, "sample", lambda: reset(here, lambda *_: None))
    with app.app_context():
        db.session.execute(db.update(CatalogueLoad).values(simulated=False))
        db.session.commit()
        yield app.test_client()


def forget_failures(client):
    """Let the site ask the archive again at once."""
    client.application.extensions["downloads"] = Downloads()


def test_a_file_is_downloaded_once_and_no_partial_file_is_kept(downloaded, sample_archive, config):
    _, url = url_of("lc")
    sample_archive.truncate("Download", times=9)
    assert downloaded.get(url).status_code == 502
    assert list((config.instance_dir / "cache").rglob("*.fits")) == []
    sample_archive.clear_faults()
    forget_failures(downloaded)
    for theme in ("light", "dark"):
        assert downloaded.get(f"{url}?theme={theme}").status_code == 200
    fetched = [path for _, path in sample_archive.requests if "Download" in path]
    assert len(list((config.instance_dir / "cache").rglob("*.fits"))) == 1 and len(fetched) <= 1 + 2


def test_an_archive_that_is_down_is_502_and_names_its_host(downloaded, sample_archive):
    _, url = url_of("lc")
    sample_archive.fail_next("Download", status=503, times=9)
    answer = downloaded.get(url)
    assert answer.status_code == 502 and "127.0.0.1" in answer.text


@pytest.mark.parametrize("name", ["truncated_lc.fits", "kepler_llc_not_tess.fits", "fits_without_spoc_columns.fits"])
def test_a_broken_file_is_told_by_name_and_drawn_by_nobody(downloaded, sample_archive, name):
    product, url = url_of("lc")
    sample_archive.replace_body("Download", shared_path(f"bad_inputs/{name}").read_bytes(), "application/fits")
    answer = downloaded.get(url)
    assert answer.status_code == 502 and product.filename in answer.text
    sample_archive.clear_faults()
    forget_failures(downloaded)
    assert downloaded.get(url).status_code == 200


def test_a_validation_file_that_the_disk_spoilt_hides_no_page_and_is_fetched_anew(downloaded, sample_archive, config):
    product, url = url_of("dvt")
    assert downloaded.get(f"{url}?theme=light").status_code == 200
    kept = next((config.instance_dir / "cache" / "files").rglob(product.filename))
    kept.write_bytes(kept.read_bytes()[:5000])
    assert downloaded.get(f"/stars/{product.tic_id}").status_code == 200
    assert downloaded.get(f"{url}?theme=dark").status_code == 200


def test_the_validation_file_of_another_star_is_refused_by_both_names(downloaded, sample_archive):
    product, url = url_of("dvt")
    sample_archive.replace_body("Download", make_dvt_fits(tic_id=42), "application/fits")
    answer = downloaded.get(url)
    assert answer.status_code == 502 and f"{product.filename} is of TIC 42, not of TIC {product.tic_id}" in answer.text


def test_a_validation_file_is_no_light_curve_nor_the_other_way_round(sample, client):
    (lc, _), (dvt, _) = url_of("lc"), url_of("dvt")
    for path in (
        f"/stars/{lc.tic_id}/validation/{lc.filename}",
        f"/stars/{lc.tic_id}/validation/{lc.filename}/1.png",
        f"/stars/{dvt.tic_id}/sectors/{dvt.filename}.png",
    ):
        answer = client.get(path)
        assert answer.status_code == 404 and "is not a" in answer.text, path
