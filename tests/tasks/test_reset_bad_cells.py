"""Odd cells from both archives reach neither database: the load continues, and its run's page names them."""

import csv
import io
import json

import pytest
from sqlalchemy import func, select

from app_tess.archives.sample.faults import Fault
from app_tess.storage import catalogue, run_records
from app_tess.storage.database import db
from app_tess.storage.models import Star, Toi
from app_tess.storage.star_query import StarQuery
from app_tess.storage.stars import find_stars
from app_tess.tasks import predict
from app_tess.tasks.run_execution import execute_run
from tests.support.tables import quick_scores

WASP_46, WASP_62 = 231663901, 149603524
SPOILT = [
    ("Planet Name", "x" * 81),
    ("Comments", "a\0b\x1fc\x85d\u2028e"),
    ("Comments", "x" * 1_000_000),
    ("Comments", "<script>alert(1)</script>"),
    ("Comments", "Sol\udce8ne"),
    ("Period (days)", "inf"),
    ("Epoch (BJD)", "soon"),
    ("Depth (ppm)", "1e400"),
    ("Dec", "-95:00:00"),
    ("TESS Disposition", "NOT ONE"),
    ("TIC ID", str(2**63)),
    ("TOI", "4294967296.01"),
]


def spoil_tois(body):
    rows = list(csv.reader(io.StringIO(body.decode())))
    for row, (column, cell) in zip(rows[1:], SPOILT, strict=False):
        row[rows[0].index(column)] = cell
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def spoil_stars(body):
    reply = json.loads(body)
    for row in reply["data"]:
        if row.get("ID") == str(WASP_46):
            row |= {
                "Teff": "hot",
                "ra": 400.0,
                "numcont": 2**31,
                "disposition": "DUPLICATE",
                "duplicate_id": str(2**40),
            }
        elif row.get("ID") == str(WASP_62):
            row |= {"dec": -95.0, "Tmag": float("inf"), "GAIA": str(2**62 + 1), "TWOMASS": "x\0" * 20}
    reply["data"].append(dict.fromkeys(reply["data"][0]))
    return json.dumps(reply).encode()


@pytest.fixture
def spoilt(app, config, at, sample_archive, monkeypatch):
    monkeypatch.setattr(predict, "score", quick_scores)
    sample_archive.inject(Fault("download_toi", times=None, change=spoil_tois))
    sample_archive.inject(Fault("Mast.Catalogs.Filtered.Tic", times=None, change=spoil_stars))
    run = run_records.request_run("reset")
    execute_run(run.id, at(config, sample_archive))
    return run_records.get_run(run.id)


def test_the_load_continues_and_every_odd_cell_is_named(spoilt, app):
    assert spoilt.status == "completed", spoilt.message
    load = catalogue.find_current_load()
    assert load.toi_count == db.session.scalar(select(func.count()).select_from(Toi)) >= 40
    notes = "\n".join(load.skipped)
    for part in (
        "column 'Planet Name': 81 characters",
        "column 'Comments': control characters",
        "column 'Comments': 1,000,000 characters",
        "column 'Comments': bytes that are not UTF-8",
        "column 'Period (days)': 'inf' is infinite",
        "column 'Epoch (BJD)': 'soon' is not a number",
        "column 'Depth (ppm)': '1e400' is infinite",
        "column 'Dec': '-95:00:00' is outside",
        "column 'TIC ID': '9223372036854775808' is not an id",
        "column 'TOI': '4294967296.01' is not a TOI number",
        f"TIC {WASP_46}, column 'Teff': 'hot' is not a number",
        f"TIC {WASP_46}, column 'ra': '400.0' is outside 0 to 360",
        f"TIC {WASP_46}, column 'numcont': '2147483648' is outside",
        f"TIC {WASP_62}, column 'dec': '-95.0' is outside",
        f"TIC {WASP_62}, column 'TWOMASS': 40 characters",
        "column 'ID': blank; the row was skipped",
    ):
        assert part in notes
    page = app.test_client().get(f"/runs/{spoilt.id}").text
    assert "-95:00:00" in page and f"{len(load.skipped)} notes on omitted cells and rows" in page
    star = db.session.get(Star, WASP_46)
    assert star.teff_k is None and star.duplicate_id == 2**40 and star.has_tic_row
    assert db.session.get(Star, WASP_62).gaia_dr2_id == 2**62 + 1
    comments = db.session.scalars(select(Toi.comments)).all()
    assert "a b c\x85d\u2028e" in comments and "Solène" in comments
    assert "<script>" not in app.test_client().get("/?q=alert").text


def test_a_duplicate_is_found_by_both_ids_and_by_what_it_is(spoilt, app):
    client = app.test_client()
    page = " ".join(client.get(f"/stars/{WASP_46}").text.split())
    assert (
        f'is a duplicate of <a href="https://exofop.ipac.caltech.edu/tess/target.php?id={2**40}">TIC {2**40}</a>'
        in page
    )
    for query in (StarQuery(text=f"TIC {2**40}"), StarQuery(text=str(WASP_46)), StarQuery(tic_disposition="DUPLICATE")):
        assert [row.tic_id for row in find_stars(query).stars] == [WASP_46]
    assert [row.tic_id for row in find_stars(StarQuery(text=f"Gaia DR2 {2**62 + 1}")).stars] == [WASP_62]
    row = client.get(f"/api/v1/stars/{WASP_46}").json["row"]
    assert (row["tic_disposition"], row["duplicate_id"]) == ("DUPLICATE", 2**40)
    assert "tic_duplicate_id" in client.get("/api/v1/tois.csv").text
    assert client.get("/?tic_disposition=PERFECT").status_code == 400
