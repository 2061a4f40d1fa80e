"""What changed between two catalogues, loaded one after the other: on the page, per star, and as a valid Atom feed."""

import datetime as dt
import gzip
import re
import shutil
import uuid
import xml.etree.ElementTree as ElementTree

import pytest

from app_tess.archives.sample.server import SampleArchive
from app_tess.config import Config
from app_tess.storage import changes
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueChange
from app_tess.tasks.reset import reset
from tests.support import catalogues
from tests.support.catalogues import TRIO, WASP46
from tests.support.shared import shared_path

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def many(app):
    """Two loads: 250 new TOIs, then a disposition, a period and a TOI that is gone."""
    catalogues.fill()
    rows = [("new", f"{900 + number}.01", TRIO, None, "PC") for number in range(250)]
    later = [
        ("retired", "175.09", TRIO, "FA", None),
        ("period", "175.02", TRIO, "7.100000", "7.450000"),
        ("disposition", "101.01", WASP46, "PC", "KP"),
    ]
    for day, found in ((1, rows), (2, later)):
        for kind, toi, tic_id, before, after in found:
            db.session.add(
                CatalogueChange(
                    load_id=1,
                    toi=toi,
                    tic_id=tic_id,
                    kind=kind,
                    before=before,
                    after=after,
                    changed_at=dt.datetime(2025, 1, day, tzinfo=dt.UTC),
                )
            )
    db.session.commit()


def check_feed(answer):
    """RFC 4287's rules for a feed and its entries (sec. 4.1); returns the entries' ids."""
    assert answer.status_code == 200 and answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].startswith("http") and links["alternate"].startswith("http")
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1 and element.find(f"{ATOM}{name}").text
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", element.find(f"{ATOM}updated").text
        )
        assert re.match(r"[a-z]+:", element.find(f"{ATOM}id").text)
    entries = feed.findall(f"{ATOM}entry")
    assert all(
        len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1 and entry.find(f"{ATOM}summary").text
        for entry in entries
    )
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(ids)
    return ids, links


def test_the_feed_is_valid_and_its_ids_stay(many, client):
    ids, links = check_feed(client.get("/changes.atom"))
    assert len(ids) == 200 and ids == check_feed(client.get("/changes.atom?utm_source=reader"))[0]
    elsewhere, _ = check_feed(client.get("/changes.atom", base_url="https://tess.example"))
    assert elsewhere == ids
    older, older_links = check_feed(client.get(links["next"]))
    assert len(older) == 53 and not set(older) & set(ids) and "next" not in older_links
    etag = client.get("/changes.atom").headers["ETag"]
    assert client.get("/changes.atom", headers={"If-None-Match": etag}).status_code == 304


def test_a_feed_may_be_of_one_star_or_empty(many, client):
    ids, _ = check_feed(client.get(f"/changes.atom?tic_id={WASP46}"))
    assert len(ids) == 1
    assert check_feed(client.get("/changes.atom?tic_id=42"))[0] == []


@pytest.mark.parametrize("query", [f"tic_id={WASP46}&tic_id={TRIO}&tic_id=5", f"tic_id={WASP46},{TRIO},5"])
def test_feed_and_page_follow_every_star_given(many, client, query):
    db.session.query(CatalogueChange).filter(CatalogueChange.kind == "new").delete()
    db.session.add(
        CatalogueChange(load_id=1, toi="1.01", tic_id=77, kind="new", changed_at=dt.datetime(2025, 1, 3, tzinfo=dt.UTC))
    )
    db.session.commit()
    answer = client.get(f"/changes.atom?{query}")
    ids, links = check_feed(answer)
    assert len(ids) == 3 and "TIC 77" not in answer.text
    assert f"of TIC {WASP46}, TIC {TRIO}, TIC 5" in answer.text
    assert client.get(links["self"].removeprefix("http://localhost")).data == answer.data
    page = client.get(f"/changes?{query}").text
    assert "for 3 stars" in page and "<strong>3 changes</strong>" in page


def test_too_many_stars_are_refused(client):
    many_stars = ",".join(map(str, range(1, 302)))
    answer = client.get(f"/changes.atom?tic_id={many_stars}", headers={"Accept": "application/json"})
    assert answer.status_code == 400 and answer.json["error"]["message"].startswith("tic_id")


def test_a_load_lists_its_dispositions_first_and_long_lists_have_pages(many, client):
    first = client.get("/changes").text
    assert first.index("TOI-101.01") < first.index("TOI-175.02") < first.index("TOI-175.09") < first.index("TOI-900.01")
    assert "<strong>253 changes</strong>" in first and "Page 1 of 2" in first and "250 new TOIs" in first
    second = client.get("/changes?page=2").text
    assert "TOI-101.01" not in second and "TOI-1149.01" in second
    assert "Page 9 does not exist" in client.get("/changes?page=9").text
    only = client.get("/changes?kind=period").text
    assert "TOI-175.02" in only and "7.450000 d" in only and "TOI-101.01" not in only


@pytest.mark.parametrize("path", ["/changes", "/changes.atom"])
def test_an_address_with_the_old_name_of_a_kind_leads_to_the_new_one(many, client, path):
    answer = client.get(f"{path}?kind=verdict&tic_id={WASP46}")
    assert answer.status_code == 301
    assert answer.location.endswith(f"{path}?tic_id={WASP46}&kind=disposition")
    assert "TOI-101.01" in client.get(answer.location).text


def test_a_feeds_ids_outlive_the_new_name_of_a_kind(many, client):
    ids, _ = check_feed(client.get(f"/changes.atom?tic_id={WASP46}"))
    moment = dt.datetime(2025, 1, 2, tzinfo=dt.UTC)
    assert ids == [uuid.uuid5(uuid.NAMESPACE_OID, f"{moment.isoformat()} TOI-101.01 verdict").urn]


@pytest.mark.parametrize("query", ["kind=mood", "tic_id=x", "tic_id=0", "page=0", "page=x", "colour=red"])
@pytest.mark.parametrize("path", ["/changes", "/changes.atom"])
def test_what_makes_no_sense_is_400_and_names_the_field(client, path, query):
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400 and answer.json["error"]["message"].startswith(query.split("=")[0])


def test_a_stars_page_tells_each_tois_history(many, client):
    page = client.get(f"/stars/{WASP46}").text
    card = page[page.index('id="toi-101.01"') :]
    assert "1 change since 2025-01-02" in card and "New disposition" in card
    trio = client.get(f"/stars/{TRIO}").text
    assert "TOI-175.09: retired TOI" in trio and "Unchanged since" not in trio


def snapshot_archive(folder, snapshot):
    """The archive's tables with another day's TOIs."""
    folder.mkdir()
    (folder / "toi.csv").write_bytes(gzip.decompress(shared_path(f"toi_snapshots/toi_{snapshot}.csv.gz").read_bytes()))
    for name in ("tic.csv", "products.csv"):
        shutil.copy(shared_path(f"archive/{name}"), folder / name)
    (folder / "files").mkdir()
    return SampleArchive(folder)


def test_two_real_snapshots_differ_as_they_do(tmp_path, make_app, database_url, at, prepared, monkeypatch):
    """Reloads the catalogue of April 2025 from the table of October, compared by pandas beside."""
    import pandas as pd

    today = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
    monkeypatch.setattr("app_tess.storage.catalogue.now", lambda: today)  # the transits nearest to it are compared
    config = Config(instance_dir=tmp_path / "instance", database_url=database_url, archive_backoff_s=0.01)
    app = make_app(config)
    with SampleArchive(shared_path("archive")) as archive:
        here = at(config, archive)
        prepared.fill(app, here, "real", lambda: reset(here, lambda *_: None))
    with app.app_context():
        with snapshot_archive(tmp_path / "later", "2025-10-19") as archive:
            reset(at(config, archive), lambda *_: None)
        old, new = (
            pd.read_csv(path, dtype={"TOI": str}).drop_duplicates("TOI").set_index("TOI")
            for path in (shared_path("archive/toi.csv"), tmp_path / "later" / "toi.csv")
        )
        both = old.index.intersection(new.index)
        verdicts = [table.loc[both, "TFOPWG Disposition"].fillna("") for table in (old, new)]
        counts = {kind: changes.find_changes(page_size=1, kind=kind).total for kind in changes.KINDS}
        assert counts["new"] == len(new.index.difference(old.index)) > 0
        assert counts["retired"] == len(old.index.difference(new.index))
        assert counts["disposition"] == int((verdicts[0] != verdicts[1]).sum()) > 0
        assert counts["period"] > 0
        for kind, column in (
            ("duration", "Duration (hours)"),
            ("depth", "Depth (ppm)"),
            ("radius", "Planet Radius (R_Earth)"),
        ):
            values, errors = (
                pd.DataFrame([table.loc[both, name] for table in (old, new)]) for name in (column, f"{column} err")
            )
            shift, error = values.diff().abs().iloc[-1], errors.where(errors > 0).max()
            is_notable = (shift > 0.01 * values.iloc[0]) & ((shift > error) | error.isna())
            assert counts[kind] == int((is_notable | (values.notna().sum() == 1)).sum()) > 50
        moved = {row.toi: row for row in changes.find_changes(page_size=999, kind="epoch").changes}
        assert counts["epoch"] == len(moved) == 51
        assert moved["1352.01"].note == "4.4 h earlier (0.7 sigma, 1.4 durations)"
        client = app.test_client()
        assert f"{counts['new']:,} new TOIs" in client.get("/changes").text
        check_feed(client.get("/changes.atom"))
