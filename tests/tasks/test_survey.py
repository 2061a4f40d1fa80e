"""The survey vets what has light curves, in the table's order, and the table shows the folds."""

import re
import xml.etree.ElementTree as ElementTree

import pandas as pd
from sqlalchemy import func, select, update

from app_tess.storage import catalogue, run_records, stars, vetting_results
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import VettingResult
from app_tess.storage.star_query import StarQuery
from app_tess.tasks.run_execution import execute_run
from app_tess.tasks.survey import survey
from tests.support.progress import quiet


def test_it_begins_with_the_first_of_the_table_and_goes_on_where_it_was(sample):
    order = [row["tic_id"] for row in stars.iter_stars(StarQuery(has_light_curves=True))]
    assert survey(sample, quiet, limit=1) == "Vetted 1 of 1 stars with light curves and no result yet."
    assert vetting_results.vetted_stars() == {order[0]}
    survey(sample, quiet, limit=1)
    assert vetting_results.vetted_stars() == set(order[:2])


def test_a_star_that_fails_is_passed_over(sample):
    order = [row["tic_id"] for row in stars.iter_stars(StarQuery(has_light_curves=True))]
    db.session.execute(
        update(DataProduct).where(DataProduct.tic_id == order[0]).values(filename="not-there-" + DataProduct.filename)
    )
    db.session.commit()
    message = survey(sample, quiet, limit=2)
    assert message.startswith("Vetted 1 of 2 stars") and f"TIC {order[0]}: " in message
    assert vetting_results.vetted_stars() == {order[1]}


def test_it_ends_when_the_catalogue_is_reloaded(sample):
    def reload(done, _total, _doing):
        if done == 1:
            db.session.add(
                CatalogueLoad(
                    **{
                        column.name: getattr(load, column.name)
                        for column in CatalogueLoad.__table__.columns
                        if column.name != "id"
                    }
                )
            )
            db.session.commit()

    load = catalogue.find_current_load()
    assert survey(sample, reload, limit=4).startswith("Vetted 2 of 4 stars; then the catalogue was updated")


def test_it_is_a_run_of_its_own_beside_those_of_single_stars(sample, monkeypatch):
    monkeypatch.setattr("app_tess.tasks.survey.survey", lambda config, report: survey(config, report, limit=1))
    run_id = run_records.request_run("vet").id
    execute_run(run_id, sample)
    db.session.expire_all()
    assert run_records.get_run(run_id).status == "completed" and "Vetted 1 of 1" in run_records.get_run(run_id).message


def test_rows_show_the_fold_where_there_is_one_and_the_table_computes_none(sample, app):
    client = app.test_client()
    assert "thumbnail.svg" not in client.get("/").text and "Folded" not in re.findall(
        r"<th .*?</th>", client.get("/").text, re.DOTALL
    )
    survey(sample, quiet, limit=2)
    html = client.get("/").text
    found = re.findall(
        r'src="(/stars/(\d+)/tois/([\d.]+)/thumbnail.svg\?v=\d+)" loading=lazy alt="Folded: ([^"]+)"', html
    )
    results = {row.toi: row for row in db.session.scalars(select(VettingResult))}
    assert {toi for _, _, toi, _ in found} == {
        toi for toi, row in results.items() if row.report and row.report["views"]
    }
    address, tic_id, toi, alt = found[0]
    picture = client.get(address)
    assert picture.status_code == 200 and picture.mimetype == "image/svg+xml" and len(picture.data) < 3000
    drawing = ElementTree.fromstring(picture.data)
    assert "simulated" in "".join(drawing.itertext()) and alt.split(".")[0] in drawing[0].text
    assert client.get(address, headers={"If-None-Match": picture.headers["ETag"]}).status_code == 304
    assert client.get(f"/stars/1/tois/{toi}/thumbnail.svg").status_code == 404
    assert client.get(f"/stars/{tic_id}/tois/9.99/thumbnail.svg").status_code == 404


def test_what_was_measured_in_simulated_light_curves_is_forgotten_with_them(sample):
    survey(sample, quiet, limit=1)
    load = catalogue.find_current_load()
    columns = [column.name for column in CatalogueLoad.__table__.columns if column.name != "id"]
    _replace(load, {name: getattr(load, name) for name in columns})
    assert db.session.scalar(select(func.count()).select_from(VettingResult)) > 0
    _replace(load, {name: getattr(load, name) for name in columns} | {"simulated": False})
    assert db.session.scalar(select(func.count()).select_from(VettingResult)) == 0


def _replace(load, values):
    """The same catalogue once more, under another load."""

    def frame(model):
        return pd.DataFrame(
            [
                {column.name: getattr(row, column.name) for column in model.__table__.columns}
                for row in db.session.scalars(select(model))
            ]
        )

    tois, found, products = frame(Toi), frame(Star), frame(DataProduct)
    for name in ("alerted_on", "updated_on"):
        tois[name] = tois[name].map(lambda day: day.isoformat() if day else None)
    catalogue.replace_catalogue(catalogue.rows_to_store(tois, found), products, CatalogueLoad(**values))
