"""ExoFOP's TOI table: every spelling is read, and what is no TOI table is refused by name."""

import gzip
import zlib

import numpy as np
import pytest

from app_tess.archives import table_rows
from app_tess.archives.exofop import parse_toi_table
from app_tess.errors import FileFormatError
from tests.support.shared import shared_path

HEADER = "TIC ID,TOI,Period (days),TFOPWG Disposition,Epoch (BJD),Depth (mmag),RA,Dec,Sectors"


def table(*rows, header=HEADER):
    return "\n".join([header, *rows]).encode()


def test_it_keeps_101_10_beside_101_1():
    frame = parse_toi_table(table("1,101.1,3,PC,,,,,", "1,101.10,4,PC,,,,,"), "test")
    assert frame["toi"].tolist() == ["101.1", "101.10"]


def test_a_period_of_zero_or_none_is_a_single_transit():
    frame = parse_toi_table(table("1,1.01,0,PC,,,,,", "2,2.01,,PC,,,,,"), "test")
    assert frame["period_d"].isna().all()


def test_it_converts_epochs_coordinates_and_depths():
    row = parse_toi_table(table('1,1.01,3,PC,2458326.5,10,21:14:56.88,-00:30:00,"1,27"'), "test").iloc[0]
    assert row["epoch_btjd"] == pytest.approx(1326.5)
    assert row["ra_deg"] == pytest.approx(318.737) and row["dec_deg"] == pytest.approx(-0.5)
    assert row["depth_ppm"] == pytest.approx(1e6 * (1 - 10 ** (-0.004)))
    assert row["sectors"] == "1,27"


def test_a_blank_disposition_is_none_and_an_unknown_one_is_told():
    frame = parse_toi_table(table("1,1.01,3,,,,,,", "2,2.01,3,XX,,,,,"), "test")
    assert frame["tfopwg_disposition"].tolist() == [None, None]
    assert any("2.01" in sentence and "XX" in sentence for sentence in frame.attrs["skipped"])


def test_a_toi_listed_twice_is_kept_once_and_told():
    frame = parse_toi_table(table("1,1.01,3,PC,,,,,", "1,1.01,4,PC,,,,,"), "test")
    assert len(frame) == 1 and "twice" in frame.attrs["skipped"][0]


def test_ids_beyond_32_bits_survive():
    assert parse_toi_table(table("10000732589,1.01,3,PC,,,,,"), "test")["tic_id"].iloc[0] == 10000732589


def test_pipe_separated_tables_are_read():
    assert len(parse_toi_table(table("1|1.01|3|PC|||||", header=HEADER.replace(",", "|")), "test")) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,1.01,three,PC,,,,,", "Period"),
        ("1,1.01,inf,PC,,,,,", "infinite"),
        ("1,,3,PC,,,,,", "no TOI"),
        ("1,planet,3,PC,,,,,", "planet"),
        ("-5,1.01,3,PC,,,,,", "TIC ID"),
        ("1,1.01,3", "cut off"),
    ],
)
def test_it_refuses_a_broken_row_and_names_the_file(row, words):
    with pytest.raises(FileFormatError, match=words) as caught:
        parse_toi_table(table(row), "toi.csv")
    assert str(caught.value).startswith("toi.csv")


@pytest.mark.parametrize("lacking", ["TIC ID", "TOI", "Period (days)", "TFOPWG Disposition"])
def test_it_refuses_a_table_without_a_needed_column_and_names_it(lacking):
    header = ",".join("Other" if name == lacking else name for name in HEADER.split(","))
    with pytest.raises(FileFormatError, match="TOI" if lacking == "TOI" else lacking.split(" (")[0]):
        parse_toi_table(table("1,1.01,3,PC,,,,,", header=header), "toi.csv")


def test_it_reads_the_dashboard_export_with_a_preamble_and_other_names():
    data = shared_path("bad_inputs/exofop_2025-04-01_preamble_and_other_column_names.csv").read_bytes()
    frame = parse_toi_table(data, "export.csv")
    assert len(frame) == 7525 and frame["tic_id"].nunique() == 7237
    assert frame["teff_k"].notna().sum() > 7000 and frame["ra_deg"].notna().all()


def test_it_refuses_a_git_lfs_pointer():
    data = shared_path("bad_inputs/git_lfs_pointer_not_a_csv.csv").read_bytes()
    with pytest.raises(FileFormatError, match="pointer.csv: no TOI table here"):
        parse_toi_table(data, "pointer.csv")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("toi_2019-11_seed.csv", 1184),
        ("toi_2020-10-21.csv.gz", 2330),
        ("toi_2021-08-16.csv.gz", 4436),
        ("toi_2022-06-06.csv.gz", 5725),
        ("toi_2023-07-16.csv.gz", 6687),
        ("toi_2025-04-06.csv.gz", 7525),
    ],
)
def test_it_reads_every_snapshot_since_2019(name, rows):
    data = shared_path(f"toi_snapshots/{name}").read_bytes()
    frame = parse_toi_table(gzip.decompress(data) if name.endswith("gz") else data, name)
    assert len(frame) == rows
    assert np.isfinite(frame["epoch_btjd"].dropna()).all() and frame["epoch_btjd"].median() < 4000


def test_the_cells_of_a_column_are_not_kept_once_they_are_read():
    table = table_rows.RawTable(["TOI", "Comments"])
    for number in range(table_rows.PACKED_ROWS):
        table.add([f"{number}.01", "deep"], number + 1)
    assert table.take(0)[-1] == "999.01" and table.take(1) == ["deep"] * table_rows.PACKED_ROWS
    with pytest.raises(zlib.error, match="incomplete"):
        table.take(1)
