"""Vetting on the page of a star and by command: quality mask and flux, a panel for each theme and width, errors."""

import json
import re
import time

import pytest
from markupsafe import escape
from sqlalchemy import update

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.storage import listing, run_records, vetting_results
from app_tess.storage.database import database_time, db
from app_tess.storage.models import DataProduct, Toi
from app_tess.storage.run_models import Run
from app_tess.storage.score_models import VettingResult
from app_tess.tasks.run_execution import execute_run
from app_tess.web.http.template_filters import percent
from tests.support.loaded import loaded_app

BEARER = {"Authorization": "Bearer test-admin-token"}


@pytest.fixture
def site(tmp_path, shared_sample_archive, prepared):
    """A site with the sample's catalogue; SQLite, as nothing here depends on the database's kind."""
    with loaded_app(prepared, tmp_path, shared_sample_archive) as app, app.app_context():
        yield app


@pytest.fixture
def tic_id(site):
    """A star of one TOI with a period and a light curve."""
    with_files = {row.tic_id for row in db.session.query(DataProduct).filter_by(kind="lc")}
    return next(
        toi.tic_id
        for toi in db.session.query(Toi).order_by(Toi.toi)
        if toi.tic_id in with_files and toi.period_d and len(toi.star.tois) == 1
    )


def vet(site, tic_id, **choice):
    answer = site.test_client().post(f"/stars/{tic_id}/vet", data=choice, headers=BEARER)
    assert answer.status_code == 303
    execute_run(int(re.search(r"\d+$", answer.location)[0]), site.config["TESS"])
    return next(iter(vetting_results.results_of_star(tic_id).values()))


def test_the_chosen_mask_and_flux_reach_the_measurement_and_its_provenance(site, tic_id):
    plain, chosen = vet(site, tic_id).provenance, vet(site, tic_id, mask="none", flux="sap").provenance
    assert (plain["mask"], plain["flux"]) == ("default", "pdcsap") and (chosen["mask"], chosen["flux"]) == (
        "none",
        "sap",
    )
    assert (
        sum(count["dropped_by_quality"] for count in chosen["cadences"])
        == 0
        < sum(count["dropped_by_quality"] for count in plain["cadences"])
    )


@pytest.mark.parametrize("choice", [{"mask": "soft"}, {"flux": "raw_flux"}])
def test_an_unknown_mask_or_flux_is_400_names_the_field_and_starts_nothing(site, tic_id, choice):
    field = next(iter(choice))
    answer = site.test_client().post(f"/stars/{tic_id}/vet", data=choice, headers=BEARER)
    assert answer.status_code == 400 and f"{field}:" in answer.text and run_records.find_latest("vet") is None
    product = db.session.query(DataProduct).filter_by(kind="lc", tic_id=tic_id).first()
    picture = site.test_client().get(f"/stars/{tic_id}/sectors/{product.filename}.png", query_string=choice)
    assert picture.status_code == 400 and f"{field}:" in picture.text


def test_the_page_shows_the_panel_in_words_numbers_and_a_provenance(site, tic_id):
    result = vet(site, tic_id)
    page = site.test_client().get(f"/stars/{tic_id}").text
    depth = next(row for row in result.report["measurements"] if row["name"] == "depth")
    assert (
        f"Vetting panel of TOI-{result.toi}: depth {depth['value']:,.0f}" in page
        and "e+0" not in page.split('id="vetting"')[1]
    )
    assert "layout=narrow" in page
    all_of_it = site.test_client().get(f"/stars/{tic_id}/provenance").text
    assert f'provenance#vetting-{result.toi}"' in page and f'id="vetting-{result.toi}"' in all_of_it
    assert result.provenance["files"][0]["sha256"] in all_of_it
    assert all(str(escape(row["title"])) in all_of_it for row in result.report["measurements"])
    form = site.test_client().get(f"/stars/{tic_id}/vet").text
    assert f'href="/stars/{tic_id}/vet"' in page and 'name="mask"' in form and 'name="flux"' in form


def test_the_class_of_a_vetted_toi_is_shown_filtered_and_exported(site, tic_id):
    client = site.test_client()
    before = client.get("/api/v1/tois.json")
    assert before.json["rows"][0]["light_curve_class"] is None
    result = vet(site, tic_id)
    probabilities, best = (result.report["judgement"][name] for name in ("probabilities", "best"))
    assert sum(probabilities.values()) == pytest.approx(1) and probabilities[best] == max(probabilities.values())
    assert re.search(r"\b1 of \d+ TOIs have a <a href=./classes.>light-curve class", client.get("/").text)
    page = client.get(f"/stars/{tic_id}").text
    assert f'href="/classes#{best.lower()}"' in page
    assert page.count('<rect class="class-') == 2 * len(LIGHT_CURVE_CLASSES)
    for code, meaning in LIGHT_CURVE_CLASSES.items():
        assert str(escape(f"{meaning} {percent(probabilities[code])}")) in page
    (row,) = client.get(f"/api/v1/tois.json?light_curve_class={best}").json["rows"]
    assert (row["toi"], row["light_curve_class"]) == (result.toi, best)
    assert row["light_curve_pc"] == pytest.approx(probabilities["PC"])
    others = ",".join(code for code in LIGHT_CURVE_CLASSES if code != best)
    assert client.get(f"/api/v1/tois.json?light_curve_class={others}").json["rows"] == []
    above = f"light_curve_pc_min={min(1, probabilities['PC'] + 1e-3)}"
    assert client.get(f"/api/v1/tois.json?{above}").json["rows"] == []
    table = client.get("/?columns=tic_id,toi,light_curve_class&sort=light_curve_pc&direction=desc").text
    assert table.index(f"/stars/{tic_id}") < table.index("/stars/", table.index(f"/stars/{tic_id}") + 20)
    assert client.get("/api/v1/tois.json").headers["ETag"] != before.headers["ETag"]


def test_the_class_stays_in_the_table_when_the_list_is_rebuilt(site, tic_id):
    best = vet(site, tic_id).report["judgement"]["best"]
    listing.rebuild()
    db.session.commit()
    (row,) = site.test_client().get(f"/api/v1/tois.json?light_curve_class={best}").json["rows"]
    assert row["tic_id"] == tic_id


def test_a_result_of_the_earlier_network_asks_for_another_vetting(site, tic_id):
    result = vet(site, tic_id)
    old = result.report | {"judgement": {"probability_pc": 0.9, "probability_transit": 0.95, "spread": 0.1}}
    db.session.execute(update(VettingResult).where(VettingResult.toi == result.toi).values(report=old))
    db.session.commit()
    page = site.test_client().get(f"/stars/{tic_id}")
    assert "No network score: classified by an earlier network; vet the star again." in page.text
    assert site.test_client().get(f"/stars/{tic_id}/tois/{result.toi}/vetting.png").status_code == 200


def test_the_panel_has_two_layouts_and_two_themes_and_no_third(site, tic_id):
    toi, client = vet(site, tic_id).toi, site.test_client()
    pictures = {
        client.get(f"/stars/{tic_id}/tois/{toi}/vetting.png?theme={theme}&layout={layout}").data
        for theme in ("light", "dark")
        for layout in ("wide", "narrow")
    }
    assert len(pictures) == 4 and all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert client.get(f"/stars/{tic_id}/tois/{toi}/vetting.png?layout=round").status_code == 400


def test_a_panel_is_of_the_stored_result_even_when_the_catalogue_has_moved_on(site, tic_id):
    toi, client = vet(site, tic_id).toi, site.test_client()
    db.session.execute(update(Toi).where(Toi.toi == toi).values(period_d=77.7))
    db.session.commit()
    answer = client.get(f"/stars/{tic_id}/tois/{toi}/vetting.png")
    stored = vetting_results.results_of_star(tic_id)[toi].report
    depth = next(row for row in stored["measurements"] if row["name"] == "depth")
    assert f"depth {depth['value']:,.0f}" in answer.headers["X-Alt-Text"]


def test_a_vetted_toi_has_a_link_to_its_fold_on_the_measured_times(site, tic_id):
    client, toi = site.test_client(), site.test_client().get(f"/api/v1/stars/{tic_id}").json["tois"][0]["toi"]
    address = f"/stars/{tic_id}/tois/{toi}/folded.png?times=measured"
    assert client.get(address).status_code == 404 and "times=measured" not in client.get(f"/stars/{tic_id}").text
    note = vet(site, tic_id).report["ephemeris_used"]["note"]
    page = client.get(f"/stars/{tic_id}").text
    assert address in page and note.split(",")[0] in page
    listed, measured = client.get(address.split("?")[0]), client.get(address)
    assert listed.status_code == measured.status_code == 200 and listed.data != measured.data
    assert client.get(address.replace("measured", "guessed")).status_code == 400


def test_a_result_stored_before_the_times_were_measured_is_still_shown(site, tic_id):
    result = vet(site, tic_id)
    old = {key: value for key, value in result.report.items() if key not in ("ephemeris_used", "cautions")}
    db.session.execute(update(VettingResult).where(VettingResult.toi == result.toi).values(report=old))
    db.session.commit()
    client = site.test_client()
    assert "Vetting panel of TOI-" in client.get(f"/stars/{tic_id}").text
    assert client.get(f"/stars/{tic_id}/tois/{result.toi}/vetting.png").status_code == 200


def test_a_panel_is_not_drawn_from_other_bytes_than_were_measured(site, tic_id):
    result = vet(site, tic_id)
    noted = [{**file, "sha256": "0" * 64} for file in result.provenance["files"]]
    db.session.execute(
        update(VettingResult)
        .where(VettingResult.toi == result.toi)
        .values(provenance={**result.provenance, "files": noted})
    )
    db.session.commit()
    answer = site.test_client().get(f"/stars/{tic_id}/tois/{result.toi}/vetting.png")
    assert answer.status_code == 404 and "has changed since it was vetted: vet the star again" in answer.text


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"duration_h": None}, "no transit duration"),
        ({"duration_h": -2.0}, "no transit duration"),
        ({"duration_h": 9999.0}, "does not fit into a period"),
        ({"epoch_btjd": None}, "no transit epoch"),
        ({"period_d": 5e5, "epoch_btjd": 100.0}, "no cadence falls in transit"),
        ({"epoch_btjd": 2459000.0}, "is a BJD"),
    ],
)
def test_an_impossible_ephemeris_is_stored_as_its_reason_and_drawn_by_nobody(site, tic_id, values, reason):
    db.session.execute(update(Toi).where(Toi.tic_id == tic_id).values(**values))
    db.session.commit()
    result = vet(site, tic_id)
    assert result.report is None and reason in result.message
    page = site.test_client().get(f"/stars/{tic_id}")
    assert page.status_code == 200 and "Not measured:" in page.text
    assert site.test_client().get(f"/stars/{tic_id}/tois/{result.toi}/vetting.png").status_code == 404


def test_without_a_period_one_transit_is_measured_and_no_view_is_made(site, tic_id):
    db.session.execute(update(Toi).where(Toi.tic_id == tic_id).values(period_d=None))
    db.session.commit()
    result = vet(site, tic_id)
    assert result.message or (
        result.report["views"] is None and result.report["judgement"] is None and result.report["judgement_message"]
    )


def test_the_command_prints_what_the_page_shows_and_writes_the_panel(site, tic_id, tmp_path):
    runner = site.test_cli_runner()
    told = runner.invoke(
        args=["vet", str(tic_id), "--mask", "hard", "--panels", str(tmp_path / "panels"), "--theme", "dark"]
    )
    assert told.exit_code == 0, told.output
    assert (
        "quality mask hard" in told.output
        and "sha256" in told.output
        and "SIMULATED" in told.output
        and "Signal to noise" in told.output
    )
    assert "e+0" not in told.output, "a depth is written out"
    assert [path.name.startswith(f"TIC{tic_id}_TOI") for path in (tmp_path / "panels").iterdir()] == [True]
    answer = json.loads(runner.invoke(args=["vet", str(tic_id), "--json", "--kind", "lc"]).stdout)
    assert (
        answer["tois"][0]["provenance"]["mask"] == "default"
        and len(answer["tois"][0]["report"]["views"]["global_view"]) == 201
    )


def test_a_command_that_was_killed_stands_in_the_way_for_half_a_minute_only(site, tic_id):
    """Where no worker runs, nobody else would ever end its run."""
    killed = run_records.request_run("vet", tic_id)
    run_records.claim(killed.id)
    answer = site.test_cli_runner().invoke(args=["vet", str(tic_id)])
    assert answer.exit_code == 1 and "already under way" in answer.output and "26 s of silence" in answer.output
    db.session.execute(update(Run).where(Run.id == killed.id).values(heartbeat_at=database_time(-60)))
    db.session.commit()
    answer = site.test_cli_runner().invoke(args=["vet", str(tic_id)])
    assert answer.exit_code == 0, answer.output
    db.session.expire_all()
    assert (
        run_records.get_run(killed.id).status == "aborted"
        and "stopped in the middle" in run_records.get_run(killed.id).message
    )


def test_a_command_that_waits_long_for_a_file_is_alive(site, tic_id, monkeypatch):
    monkeypatch.setattr("app_tess.tasks.run_execution.HEARTBEAT_S", 0.05)
    beats = []
    monkeypatch.setattr(run_records, "beat", beats.append)
    monkeypatch.setattr("app_tess.cli.vetting.vet_star", lambda *arguments, **choice: time.sleep(0.5) or "waited")
    assert site.test_cli_runner().invoke(args=["vet", str(tic_id)]).exit_code == 0
    assert len(beats) >= 2 and len(set(beats)) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["999"], "TIC 999 has no TOI, and has not been looked up"),
        (["0"], "0 is not in the range"),
        (["x"], "not a valid integer"),
        (["999", "--mask", "soft"], "'soft' is not one of"),
    ],
)
def test_the_command_refuses_by_name(site, arguments, reason):
    answer = site.test_cli_runner().invoke(args=["vet", *arguments])
    assert answer.exit_code != 0 and reason in answer.output and "Traceback" not in answer.output
