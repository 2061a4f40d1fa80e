"""Replies of MAST with odd cells: each costs its cell or row, and a note names it; MAST's own errors are shown."""

import json

import numpy as np
import pytest
from astroquery.mast.discovery_portal import PortalAPI

from app_tess.archives import http, tic_rows
from app_tess.archives.mast import MastClient
from app_tess.errors import ArchiveError

GOOD = {"ID": "1", "ra": 318.7, "dec": -55.9, "Teff": 5600.0, "numcont": 3}


@pytest.fixture
def client(sample_archive):
    url = sample_archive.mast_url
    return MastClient(url, http.open_session(http.Limits(http.allow(url), silence_s=5, retries=0)))


def reply(*rows):
    names = dict.fromkeys((*tic_rows.TIC_COLUMNS, *tic_rows.TIC_NAMES))
    text = ("ID", "TWOMASS", "GAIA", "disposition", "duplicate_id")
    return json.dumps(
        {
            "status": "COMPLETE",
            "msg": "",
            "data": [dict.fromkeys(names) | GOOD | row for row in rows],
            "fields": [{"name": name, "type": "string" if name in text else "float"} for name in names],
            "paging": {"page": 1, "pagesFiltered": 1, "rows": len(rows)},
        }
    ).encode()


def fetch(client, archive, *rows):
    archive.replace_body("Mast.Catalogs.Filtered.Tic", reply(*rows), "application/json")
    return client.fetch_tic_rows([1, 2, 3])


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ({"Teff": "hot"}, "TIC 2, column 'Teff': 'hot' is not a number; left blank"),
        ({"Teff": float("inf")}, "TIC 2, column 'Teff': 'inf' is infinite; left blank"),
        ({"Teff": [1, 2]}, "TIC 2, column 'Teff': '[1, 2]' is not a number; left blank"),
        ({"Teff": {"a": 1}}, "column 'Teff'"),
        ({"Teff": float("nan")}, None),
        ({"Teff": None}, None),
        ({"Teff": ""}, None),
        ({"ra": 400.0}, "TIC 2, column 'ra': '400.0' is outside 0 to 360; left blank"),
        ({"dec": -95}, "TIC 2, column 'dec': '-95' is outside -90 to 90; left blank"),
        ({"numcont": 2**31}, "TIC 2, column 'numcont': '2147483648' is outside 0 to 2147483647; left blank"),
        ({"numcont": 1.5}, "TIC 2, column 'numcont': '1.5' is not a whole number; left blank"),
        ({"TWOMASS": "x" * 100}, "TIC 2, column 'TWOMASS': 100 characters"),
        ({"GAIA": str(2**63)}, "TIC 2, column 'GAIA': '9223372036854775808' is not an id of 64 bits; left blank"),
    ],
)
def test_an_odd_cell_of_a_star_is_left_blank_and_named(client, sample_archive, cell, note):
    rows = fetch(client, sample_archive, {"ID": "1"}, {"ID": "2"} | cell, {"ID": "3"})
    (theirs,) = cell
    column = rows[(tic_rows.TIC_COLUMNS | tic_rows.TIC_NAMES)[theirs]]
    assert rows["tic_id"].tolist() == [1, 2, 3] and column.isna().tolist()[1]
    assert rows["dec_deg"].iloc[[0, 2]].tolist() == [-55.9, -55.9] and rows["teff_k"].iloc[2] == 5600.0
    assert rows.attrs["skipped"] == [] if note is None else note in rows.attrs["skipped"][0]


@pytest.mark.parametrize("tic_id", [None, "", "many", -1, 0, 2**63, 1.5, True])
def test_a_row_without_an_id_is_skipped_and_reported(client, sample_archive, tic_id):
    rows = fetch(client, sample_archive, {"ID": "1"}, {"ID": tic_id}, {"ID": 3})
    assert rows["tic_id"].tolist() == [1, 3] and rows["tic_id"].dtype == np.int64
    assert "column 'ID'" in rows.attrs["skipped"][0] and "the row was skipped" in rows.attrs["skipped"][0]


def test_what_the_tic_says_of_its_entries_is_kept_exactly(client, sample_archive):
    entry = {"disposition": "DUPLICATE", "duplicate_id": "10000732589", "GAIA": "6356417496318028929"}
    rows = fetch(client, sample_archive, {"ID": "1", "TWOMASS": "21145688-5552187"} | entry, {"ID": "2"})
    names = rows[["tic_disposition", "duplicate_id", "gaia_dr2_id", "twomass"]]
    assert names.iloc[0].tolist() == ["DUPLICATE", 10000732589, 6356417496318028929, "21145688-5552187"]
    assert names.iloc[1].tolist() == [None] * 4


@pytest.mark.parametrize("part", ["columnsconfig", "Mast.Catalogs.All.Tic", "Mast.Catalogs.Filtered.Tic"])
def test_masts_own_message_is_shown_whichever_request_fails(client, sample_archive, part, monkeypatch):
    monkeypatch.setattr(PortalAPI, "_column_configs", {})  # astroquery asks once in a process
    error = {"status": "ERROR", "msg": "Catalog TIC is being rebuilt until Monday.", "data": []}
    sample_archive.replace_body(part, json.dumps(error).encode(), "application/json")
    with pytest.raises(
        ArchiveError, match=r"127\.0\.0\.1:\d+ reports an error: Catalog TIC is being rebuilt until Mon"
    ):
        client.fetch_tic_rows([1])
