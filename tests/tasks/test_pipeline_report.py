"""SPOC's own tests beside ours: a vetting run fetches the newest report and matches its events by period and epoch."""

import pytest
from sqlalchemy import update

from app_tess.archives.product_rows import parse_product_url
from app_tess.storage import stars, vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct
from app_tess.tasks.pipeline_report import pipeline_tests
from app_tess.tasks.reset import reset
from app_tess.tasks.vet import vet_star
from tests.support.progress import quiet
from tests.support.shared import shared_path

L_98_59 = 307210830
REPORT = "tess2018235142541-s0002-s0002-0000000307210830-00109_dvr.xml"


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def here(app, config, at, sample_archive, prepared):
    """L 98-59 of the sample with one data-validation run, whose files are real ones over HTTP."""
    here = at(config, sample_archive)
    prepared.fill(app, here, "sample", lambda: reset(here, quiet))
    db.session.execute(update(CatalogueLoad).values(simulated=False))
    db.session.execute(db.delete(DataProduct).where(DataProduct.tic_id == L_98_59, DataProduct.kind == "dvt"))
    row = parse_product_url(f"mast:TESS/product/{REPORT.replace('_dvr.xml', '_dvt.fits')}")
    db.session.add(DataProduct(**row))
    db.session.commit()
    return here


def test_a_vetting_run_stores_spocs_tests_of_the_toi_with_the_same_period_and_epoch(here, sample_archive):
    sample_archive.replace_body("_dvr.xml", shared_path(f"dv_xml/{REPORT}").read_bytes(), "text/xml")
    vet_star(here, L_98_59, quiet)
    reports = {toi: row.report for toi, row in vetting_results.results_of_star(L_98_59).items() if row.report}
    matched = {toi: report["pipeline_tests"] for toi, report in reports.items() if report["pipeline_tests"]}
    assert set(matched) == {"175.01", "175.02", "175.03"}
    for toi, found in matched.items():
        assert found["period_d"] == pytest.approx(stars_period(toi), rel=1e-3), toi
        assert found["file"] == REPORT and found["tests"]
    assert all(report["pipeline_tests_problem"] is None for report in reports.values())


def stars_period(toi):
    return next(row.period_d for row in stars.get_star(L_98_59).tois if row.toi == toi)


@pytest.mark.parametrize(
    ("body", "words"), [(b"<html>Maintenance</html>", "is not a data-validation report"), (None, "has no file")]
)
def test_a_report_that_cannot_be_had_or_read_is_a_sentence_and_not_kept(here, sample_archive, body, words):
    if body is not None:
        sample_archive.replace_body("_dvr.xml", body)
    tests, problem = pipeline_tests(here, stars.get_star(L_98_59))
    assert tests == {} and words in problem
    assert not list((here.instance_dir / "cache").rglob(REPORT))
