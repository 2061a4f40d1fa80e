"""/match: the page, its JSON and the commands, on TOIs, planets and a catalogue of eclipsing binaries."""

import gzip
import json

import pytest

from app_tess.errors import FileFormatError
from app_tess.storage.database import db
from app_tess.storage.eclipsing_binaries import binaries_of
from app_tess.storage.look_up_models import LookUp, TicNeighbour
from app_tess.storage.models import Star
from app_tess.storage.planet_models import Planet
from app_tess.tasks.load_eclipsing_binaries import load_eclipsing_binaries
from app_tess.web.pages.match import rounding_error
from tests.support import catalogues
from tests.support.catalogues import WASP46
from tests.support.shared import shared_path

BINARY, FAINT, DOUBLE, WITHOUT = 501, 502, 503, 504
HEADER = (
    "tic_id,signal,tmag,epoch_bjd,period_d,morphology,width_primary_phase,depth_primary,width_secondary_phase,"
    "depth_secondary\n"
)
ROWS = f"{BINARY},1,13.0,1501.0,5.0,0.3,0.04,0.2,,\n99,1,9.0,1500.0,1.0,0.9,,,,\n"


@pytest.fixture
def catalogue(app, tmp_path):
    """WASP-46 with a TOI, a planet without transits, and four TIC entries around it, one an eclipsing binary."""
    catalogues.fill()
    planet = {"planet_name": "WASP-46 c", "tic_id": WASP46, "period_d": 30.0, "discovery_method": "Radial Velocity"}
    db.session.add_all([Planet(**planet), LookUp(tic_id=WASP46, mast_url="", neighbour_count=4, notes=[])])
    for number, (neighbour, tmag, entry) in enumerate(
        ((BINARY, 13.0, None), (FAINT, 19.0, None), (DOUBLE, 13.0, "DUPLICATE"), (WITHOUT, None, None)), 1
    ):
        place = {"ra_deg": 318.736915, "dec_deg": -55.871794 + number / 360, "separation_arcsec": 10.0 * number}
        values = {"neighbour_id": neighbour, "tmag": tmag, "tic_disposition": entry}
        db.session.add(TicNeighbour(tic_id=WASP46, **place, **values))
    db.session.commit()
    path = tmp_path / "binaries.csv"
    path.write_text(HEADER + ROWS)
    load_eclipsing_binaries(path)


def ask(client, **parameters):
    return client.get("/api/v1/match", query_string={"star": f"TIC {WASP46}"} | parameters).json


def names(answer):
    return [(found["name"], found["observed_over_catalogued_period"]) for found in answer["explanations"]]


def test_a_time_is_explained_by_the_toi_with_its_error_propagated(catalogue, client):
    answer = ask(client, time_btjd=1326.009117 + 1000 * 1.43037 + 0.002)
    assert names(answer) == [("WASP-46 b, TOI-101.01", 1.0)]
    [difference] = answer["explanations"][0]["differences"]
    assert difference["difference_d"] == pytest.approx(0.002)
    assert difference["error_d"] == pytest.approx((0.00013**2 + (1000 * 7.7e-7) ** 2) ** 0.5)
    assert difference["sigma"] == pytest.approx(0.002 / difference["error_d"])


def test_a_neighboring_binary_explains_both_its_eclipses_at_half_its_period(catalogue, client):
    answer = ask(client, time_btjd="1503.5, 1506.0", period_d=2.5, depth_ppm=5000)
    assert names(answer) == [(f"TIC {BINARY}", 0.5)]
    found = answer["explanations"][0]
    assert found["kind"] == "eclipsing binary" and found["separation_arcsec"] == pytest.approx(10.0, abs=0.01)
    assert [difference["sigma"] for difference in found["differences"]] == [None, None]
    assert found["duration_h"] == pytest.approx(0.04 * 5.0 * 24) and found["depth_ppm"] == pytest.approx(200_000)


def test_bright_neighbors_are_listed_without_duplicates_and_those_without_tmag_are_counted(catalogue, client):
    answer = ask(client, time_btjd=1500.2, depth_ppm=5000)
    [bright] = answer["bright_neighbours"]
    assert bright["tic_id"] == BINARY
    assert bright["flux_share"] == pytest.approx(1 / (1 + 10 ** (0.4 * (13.0 - 12.4))))
    assert bright["eclipse_depth"] == pytest.approx(0.005 / bright["flux_share"])
    assert any("1 of 3 neighbors have no Tmag" in remark for remark in answer["remarks"])
    assert [one["tic_id"] for one in ask(client, time_btjd=1500.2, depth_ppm=100)["bright_neighbours"]] == [
        BINARY,
        FAINT,
    ]


def test_a_planet_without_a_transit_time_is_compared_by_its_period_alone(catalogue, client):
    assert [found["name"] for found in ask(client, time_btjd=1500, period_d=15.0)["period_only"]] == ["WASP-46 c"]
    assert ask(client, time_btjd=1500)["period_only"] == []


def test_a_position_finds_its_star_and_any_other_what_lies_around_it(catalogue, client):
    at_star = ask(client, star="21:14:56.86 -55:52:18.5", time_btjd=1326.009117)
    assert at_star["star"]["tic_id"] == WASP46 and names(at_star)
    beside = ask(client, star="318.78 -55.86", time_btjd=1326.009117)
    assert beside["star"]["tic_id"] is None and names(beside) and "No star is stored" in beside["remarks"][0]
    assert ask(client, star="100.0 20.0", time_btjd=1326.009117)["compared_count"] == 0


def test_a_star_that_is_not_stored_is_compared_by_its_number_and_said_to_be_unknown(catalogue, client):
    answer = ask(client, star="99", time_btjd=1500.0)
    assert names(answer) == [("TIC 99", 1.0)] and "TIC 99 is not stored" in answer["remarks"][0]


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"star": "", "time_btjd": "1500"}, "star"),
        ({"star": "nowhere", "time_btjd": "1500"}, "star"),
        ({"star": "400 10", "time_btjd": "1500"}, "star"),
        ({"time_btjd": ""}, "time_btjd"),
        ({"time_btjd": "noon"}, "time_btjd"),
        ({"time_btjd": "2459000.5"}, "time_btjd"),
        ({"time_btjd": "nan"}, "time_btjd"),
        ({"time_btjd": "1500", "period_d": "0"}, "period_d"),
        ({"time_btjd": "1500", "depth_ppm": "1e6"}, "depth_ppm"),
        ({"time_btjd": "1500", "duration_h": "-1"}, "duration_h"),
        ({"time_btjd": "1500", "phase": "1"}, "phase"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(catalogue, client, parameters, field):
    query = {"star": f"TIC {WASP46}"} | parameters
    answer = client.get("/api/v1/match", query_string=query)
    assert answer.status_code == 400 and answer.json["error"]["message"].startswith(f"{field}: ")
    if set(query) - {"star"} and parameters.get("time_btjd") != "":
        page = client.get("/match", query_string=query)
        assert page.status_code == 400 and f"{field}: " in page.text and "<form" in page.text


def test_the_page_shows_the_answer_and_the_form_keeps_what_was_given(catalogue, client):
    page = client.get(f"/match?star={WASP46}&time_btjd=1326.01&depth_ppm=5000").text
    assert "WASP-46 b, TOI-101.01" in page and 'value="1326.01"' in page and f'href="/stars/{BINARY}"' in page
    assert "<form" in client.get("/match").text and "binaries.csv" in client.get("/match").text


def test_the_command_prints_the_same_as_text_and_as_json(catalogue, app):
    args = ["match", str(WASP46), "--time", "1326.01", "--depth", "5000"]
    text = app.test_cli_runner().invoke(args=args).output
    assert "WASP-46 b, TOI-101.01" in text and f"TIC {BINARY}" in text
    assert json.loads(app.test_cli_runner().invoke(args=[*args, "--json"]).output)["compared_count"] == 3
    refused = app.test_cli_runner().invoke(args=["match", "x", "--time", "1326"])
    assert refused.exit_code == 1 and "star: 'x' is neither" in refused.output


def test_binaries_are_read_plain_and_compressed_and_impossible_rows_are_noted(app, tmp_path):
    bad = "5,1,9,1500.0,-1.0,,,,,\nx,1,9,1500.0,1.0,,,,,\n6,1,9,,1.0,,,,,\n7,1,9,2458500.0,2.0,0.5,7.0,12.0,,\n"
    path = tmp_path / "binaries.csv.gz"
    path.write_bytes(gzip.compress((HEADER + ROWS + bad).encode()))
    said, notes = load_eclipsing_binaries(path)
    assert "3 signals of 3" in said and [note[:6] for note in notes] == ["line 4", "line 5", "line 6"]
    [seven] = binaries_of([7])
    assert (seven.epoch_btjd, seven.primary_depth) == (1500.0, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", HEADER.encode(), gzip.compress(HEADER.encode())[:-9], b"\x1f\x8bxx", b"\xff\xfe\x00", None],
)
def test_a_file_that_is_no_such_catalogue_is_refused_by_name_and_the_old_one_stays(catalogue, tmp_path, content):
    path = tmp_path / "other.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileFormatError, match=r"other\.csv"):
        load_eclipsing_binaries(path)
    assert len(binaries_of([BINARY, 99])) == 2


def test_the_catalogue_of_2022_explains_an_eclipse_of_cm_draconis(app, client):
    load_eclipsing_binaries(shared_path("catalogues/eclipsing_binaries_prsa2022.csv.gz"))
    db.session.add(Star(tic_id=199574208, has_tic_row=True, ra_deg=248.58, dec_deg=57.16, tmag=10.16))
    db.session.commit()
    answer = ask(client, star="TIC 199574208", time_btjd=1957.458, period_d=0.634195)
    assert names(answer) == [("TIC 199574208", 0.5)]


@pytest.mark.parametrize(
    ("typed", "error_d"), [("1326", 0.5), ("1326.0", 0.05), ("1326.009", 0.0005), ("1.326e3", 0.5)]
)
def test_a_time_without_an_error_has_that_of_its_digits_and_the_page_says_so(catalogue, client, typed, error_d):
    assert rounding_error(typed) == pytest.approx(error_d)
    page = client.get("/match", query_string={"star": f"TIC {WASP46}", "time_btjd": typed}).text
    assert f"the rounding of the digits typed, ± {error_d:g} d, is used" in page


def test_a_time_of_few_digits_is_explained_and_a_given_error_counts(catalogue, client):
    rounded, given = ask(client, time_btjd="1326.02"), ask(client, time_btjd="1326.02", time_err_d="0.001")
    for answer, is_firm in ((rounded, True), (given, False)):
        found = next(one for one in answer["explanations"] if "TOI-101.01" in one["name"])
        assert found["is_firm"] is is_firm
    page = client.get("/match", query_string={"star": f"TIC {WASP46}", "time_btjd": "1326.02", "time_err_d": "0.001"})
    assert "digits typed" not in page.text
