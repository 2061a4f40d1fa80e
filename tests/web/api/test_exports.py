"""The writers give astropy the same values, units and types in every format."""

import csv
import io
import json
import math

import astropy.units as u
import pytest
from astropy.io.votable.ucd import parse_ucd
from astropy.table import Table

from app_tess.web.api.exports import columns, votable, writers

TOI = {
    "toi": "101.10",
    "tic_id": 10_000_000_001,
    "tfopwg_disposition": "KP",
    "planet_probability": 0.93,
    "planet_name": 'WASP-46 b "β" <&>, §',
    "comments": "two\nlines, with\x0b control",
    "epoch_btjd": 2000.123456789,
    "period_d": 1.430370,
    "depth_ppm": 18961.0,
    "planet_radius_rearth": 13.2,
    "snr": math.nan,
    "logg": 4.5,
    "metallicity_dex": 0.1,
    "alerted_on": "2018-09-05",
}
ROWS = [
    [TOI.get(column.name) for column in columns.TOI_COLUMNS],
    [{"toi": "101.1", "tic_id": 1}.get(column.name) for column in columns.TOI_COLUMNS],
]
ABOUT = {"table": "tois", "count": 2, "model": None}


def text_of(write, rows=ROWS):
    return "".join(write(columns.TOI_COLUMNS, iter(rows), ABOUT))


def read_votable(text):
    return Table.read(io.BytesIO(text.encode()), format="votable")


@pytest.fixture(params=["votable", "ecsv"])
def table(request):
    if request.param == "votable":
        return read_votable(text_of(votable.write_votable))
    return Table.read(text_of(writers.write_ecsv), format="ascii.ecsv")


def test_a_toi_stays_text_and_a_tic_id_a_64_bit_integer(table):
    assert [str(toi) for toi in table["toi"]] == ["101.10", "101.1"]
    assert table["toi"].dtype.kind in "UO"
    assert table["tic_id"].dtype.kind == "i" and table["tic_id"].dtype.itemsize == 8
    assert int(table["tic_id"][0]) == 10_000_000_001


def test_astropy_understands_every_unit(table):
    assert table["planet_radius_rearth"].unit.to(u.km) == pytest.approx(6378.1, rel=1e-3)
    assert table["depth_ppm"].unit.to(u.dimensionless_unscaled) == pytest.approx(1e-6)
    assert table["logg"].unit == u.dex(u.cm / u.s**2)
    assert table["pm_ra_masyr"].unit == u.mas / u.yr
    for column in columns.TOI_COLUMNS:
        unit = table[column.name].unit
        assert (unit is None) == (column.unit == ""), column.name
        assert unit is None or unit.is_equivalent(u.Unit(column.unit)), column.name
        assert table[column.name].description == column.description


def test_a_double_reads_back_as_the_same_double_and_nan_is_missing(table):
    assert table["epoch_btjd"][0] == 2000.123456789
    assert table["snr"].mask.tolist() == [True, True]
    assert table["period_d"].mask.tolist() == [False, True]


def test_awkward_text_survives(table):
    assert str(table["planet_name"][0]) == 'WASP-46 b "β" <&>, §'
    assert "two" in str(table["comments"][0]) and "lines" in str(table["comments"][0])


def test_json_has_null_for_nan_and_describes_its_columns():
    answer = json.loads(text_of(writers.write_json), parse_constant=pytest.fail)
    assert answer["rows"][0]["snr"] is None
    assert answer["rows"][0]["toi"] == "101.10"
    assert answer["rows"][0]["tic_id"] == 10_000_000_001
    assert {
        "name": "period_d",
        "datatype": "double",
        "unit": "d",
        "ucd": "time.period",
        "description": "Orbital period; null for a single transit",
    } in answer["columns"]


def test_csv_keeps_the_text_of_a_toi_and_leaves_nulls_empty():
    rows = list(csv.DictReader(io.StringIO(text_of(writers.write_csv))))
    assert rows[0]["toi"] == "101.10" and rows[0]["snr"] == "" and rows[1]["planet_name"] == ""


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'quoted'", "''", '=HYPERLINK("x")']
)
def test_no_text_in_a_csv_is_a_formula_and_the_rule_can_be_reversed(text):
    row = [text if column.name == "comments" else TOI.get(column.name) for column in columns.TOI_COLUMNS]
    read = next(csv.DictReader(io.StringIO(text_of(writers.write_csv, [row]), newline="")))
    assert read["comments"] == "'" + text
    assert read["comments"].removeprefix("'") == text


@pytest.mark.parametrize("text", ["", " a ", "a,b", 'a "b"', '"', "a\nb", "a\r\nb", "100 %", "%s", "§ β", ";", "a\tb"])
def test_texts_are_quoted_as_pythons_csv_writer_and_json_do(text):
    row = [text if column.name == "comments" else TOI.get(column.name) for column in columns.TOI_COLUMNS]
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["1.5", text])
    assert "," + buffer.getvalue().removeprefix("1.5,").removesuffix("\r\n") + "," in text_of(writers.write_csv, [row])
    assert json.loads(text_of(writers.write_json, [row]))["rows"][0]["comments"] == text
    assert f'"comments": {json.dumps(text)}' in text_of(writers.write_json, [row])


def test_a_negative_number_in_a_csv_stays_a_number():
    row = [-0.5 if column.name == "metallicity_dex" else TOI.get(column.name) for column in columns.TOI_COLUMNS]
    read = next(csv.DictReader(io.StringIO(text_of(writers.write_csv, [row]))))
    assert float(read["metallicity_dex"]) == -0.5
    assert read["toi"] == "101.10" and read["planet_name"] == TOI["planet_name"]


@pytest.mark.parametrize("write", [writers.write_json, writers.write_csv, writers.write_ecsv, votable.write_votable])
def test_an_empty_table_is_still_a_table(write):
    assert text_of(write, [])
    if write is votable.write_votable:
        assert len(read_votable(text_of(write, []))) == 0


@pytest.mark.parametrize("write", [writers.write_json, writers.write_csv, writers.write_ecsv, votable.write_votable])
def test_a_writer_asks_for_rows_as_it_goes(write):
    asked = []

    def rows():
        for number in range(5000):
            asked.append(number)
            yield ROWS[0]

    pieces = write(columns.TOI_COLUMNS, rows(), ABOUT)
    while not asked:
        next(pieces)
    assert len(asked) <= writers.CHUNK_ROWS
    assert max(len(piece) for piece in pieces) < 2_000_000


def test_every_unit_has_a_spelling_for_votable():
    for column in (*columns.TOI_COLUMNS, *columns.CONE_COLUMNS):
        assert u.Unit(column.unit).is_equivalent(
            u.Unit(column.cds_unit or "", format="cds") if column.cds_unit else u.one
        ), column.name


def test_every_ucd_is_in_the_ivoas_vocabulary():
    for column in (*columns.TOI_COLUMNS, *(set(columns.CONE_COLUMNS) - set(columns.STANDARD_CONE_COLUMNS))):
        parse_ucd(column.ucd, check_controlled_vocabulary=True)
