"""Vetting: measured from the files, stored with a provenance, and started only by a POST."""

import contextvars
import copy
import pickle

import pytest
from sqlalchemy import select, text

from app_tess.astro.vetting.report import VettingReport
from app_tess.errors import MissingData
from app_tess.storage import run_records, stars, vetting_results
from app_tess.storage.database import db, plain
from app_tess.storage.models import DataProduct, Star
from app_tess.storage.score_models import VettingResult
from app_tess.tasks import measure_vetting
from app_tess.tasks.run_execution import execute_run
from app_tess.tasks.star_input import read_star
from app_tess.tasks.vet import vet_star
from tests.support.progress import quiet

WASP_46 = 231663901


def test_a_real_planet_is_measured_and_kept_with_its_provenance(real, app):
    assert "1 of 1 TOIs measured" in vet_star(real, WASP_46, quiet)
    result = vetting_results.results_of_star(WASP_46)["101.01"]
    measured = {row["name"]: row for row in result.report["measurements"]}
    assert measured["depth"]["value"] == pytest.approx(18961, rel=0.10) and measured["transits"]["value"] > 10
    assert len(result.provenance["files"][0]["sha256"]) == 64 and result.provenance["cadences"][0]["dropped"] > 0
    assert "vetting.png" in app.test_client().get(f"/stars/{WASP_46}").text
    assert "dropped by the quality mask default" in app.test_client().get(f"/stars/{WASP_46}/provenance").text


def test_the_false_positive_207_is_flagged(real):
    vet_star(real, 260271203, quiet)
    report = vetting_results.results_of_star(260271203)["207.01"].report
    assert report["concerns"]


def test_a_star_whose_data_miss_the_transit_has_a_provenance_of_its_cadences_all_the_same(real, app):
    vet_star(real, 300013921, quiet)
    result = vetting_results.results_of_star(300013921)["793.01"]
    assert "no cadence falls in transit" in result.message and result.provenance["mask"] == "default"
    assert result.provenance["cadences"][0]["dropped"] == 20076 - result.provenance["cadences"][0]["kept"] > 0
    assert "quality mask default, " in app.test_client().get("/stars/300013921").text


def test_a_run_vets_a_star_of_the_sample_and_its_panel_is_drawn(sample, app):
    tic_id = db.session.scalar(select(DataProduct.tic_id).where(DataProduct.kind == "lc").order_by(DataProduct.tic_id))
    run_id = run_records.request_run("vet", tic_id).id
    execute_run(run_id, sample)
    db.session.expire_all()
    run = run_records.get_run(run_id)
    assert run.status == "completed", run.message
    toi = next(toi for toi, row in vetting_results.results_of_star(tic_id).items() if row.report)
    picture = app.test_client().get(f"/stars/{tic_id}/tois/{toi}/vetting.png")
    assert picture.status_code == 200 and "SIMULATED" in picture.headers["X-Alt-Text"]


def test_every_star_with_files_vets_or_says_why(sample):
    for tic_id in db.session.scalars(
        select(DataProduct.tic_id).where(DataProduct.kind != "dvt").distinct().limit(8)
    ).all():
        vet_star(sample, tic_id, quiet)
        for row in vetting_results.results_of_star(tic_id).values():
            assert (row.report is None) != (row.message is None)


def test_a_star_without_light_curves_says_so(sample):
    tic_id = db.session.scalar(select(Star.tic_id).where(Star.tic_id.not_in(select(DataProduct.tic_id))))
    with pytest.raises(MissingData, match="No file in MAST.s product list"):
        vet_star(sample, tic_id, quiet)


def test_the_panel_of_a_star_not_yet_vetted_is_404(sample, app):
    tic_id = db.session.scalar(select(DataProduct.tic_id).where(DataProduct.kind == "lc"))
    toi = db.session.get(Star, tic_id).tois[0].toi
    answer = app.test_client().get(f"/stars/{tic_id}/tois/{toi}/vetting.png")
    assert answer.status_code == 404 and "not been vetted" in answer.text


def test_vetting_is_started_by_a_post_with_a_token_only(sample, app):
    client = app.test_client()
    tic_id = db.session.scalar(select(DataProduct.tic_id))
    assert client.get(f"/stars/{tic_id}/vet").status_code == 200
    assert client.post(f"/stars/{tic_id}/vet").status_code == 403
    bearer = {"Authorization": "Bearer test-admin-token"}
    assert client.post(f"/stars/{tic_id}/vet", headers=bearer).status_code == 303
    assert client.post("/stars/1/vet", headers=bearer).status_code == 404


def test_a_report_stored_before_0_2_is_read_with_todays_names(sample):
    vet_star(sample, WASP_46, quiet)
    stored = db.session.get(VettingResult, "101.01")
    old = copy.deepcopy(stored.report)
    for row in old["measurements"]:
        row["verdict"] = row.pop("finding")
    stored.report = old
    db.session.commit()
    db.session.expire_all()
    report = VettingReport.from_dict(vetting_results.results_of_star(WASP_46)["101.01"].report)
    assert report.get("transits").finding.endswith("full transits.")


def test_a_star_is_read_and_measured_without_a_database_as_it_is_with_one(sample):
    vet_star(sample, WASP_46, quiet)
    stored = vetting_results.results_of_star(WASP_46)["101.01"]
    star = pickle.loads(pickle.dumps(read_star(stars.get_star(WASP_46))))  # noqa: S301 - our own, a moment ago

    def elsewhere():
        with pytest.raises(RuntimeError, match="application context"):
            db.session.scalar(text("SELECT 1"))
        return measure_vetting.measure(star, measure_vetting.read_files(sample, star))

    (row,) = pickle.loads(pickle.dumps(contextvars.Context().run(elsewhere)))  # noqa: S301
    assert plain(row["report"]) == stored.report and plain(row["provenance"]) == stored.provenance
