"""One bad cell costs that cell, and one broken row that row: a note names column and row, and the rest is read."""

import numpy as np
import pytest

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.toi_columns import match_columns
from app_tess.errors import FileFormatError
from tests.support.shared import shared_path

COLUMNS = {
    "TIC ID": "1",
    "TOI": "1.01",
    "Period (days)": "3",
    "TFOPWG Disposition": "PC",
    "RA": "21:14:56.88",
    "Dec": "-00:30:00",
    "Depth (ppm)": "900",
    "Planet Name": "",
    "Sectors": "",
    "Date TOI Alerted (UTC)": "2019-05-07",
    "Comments": "",
}
FIELDS = {theirs: ours for ours, theirs in match_columns(COLUMNS).items()}


def row(number, **cells):
    changed = {"TIC ID": str(number), "TOI": f"{number}.01"} | {key.replace("_", " "): v for key, v in cells.items()}
    return ",".join('"' + (COLUMNS | changed)[name].replace('"', '""') + '"' for name in COLUMNS)


def parse(*rows):
    return parse_toi_table("\n".join([",".join(COLUMNS), *rows, ""]).encode("utf-8", "surrogateescape"), "toi.csv")


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x00", "\x1f", "\x7f"])
def test_only_cr_and_lf_end_a_row(mark):
    frame = parse(row(1, Comments=f"first{mark}second"), row(2))
    assert frame["toi"].tolist() == ["1.01", "2.01"]
    if mark in "\x85\u2028\u2029":
        assert frame["comments"].iloc[0] == f"first{mark}second" and not frame.attrs["skipped"]
    else:
        assert frame["comments"].iloc[0] == "first second"
        assert "row 1 (TOI 1.01), column 'Comments': control characters" in frame.attrs["skipped"][0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_and_line_breaks_in_quotes_are_read(end):
    text = end.join([",".join(COLUMNS), row(1, Comments=f"two{end}lines"), row(2), ""])
    frame = parse_toi_table(text.encode(), "toi.csv")
    assert frame["toi"].tolist() == ["1.01", "2.01"] and frame["comments"].iloc[0] == f"two{end}lines"


def test_the_reported_comment_with_a_line_separator_in_a_double_encoded_letter_is_kept():
    frame = parse_toi_table(shared_path("bug_reports/c06_nel_in_comment.csv").read_bytes(), "c06.csv")
    assert frame["toi"].tolist() == ["9001.01", "9002.01"] and frame["comments"].iloc[0].startswith("Halpha at 6563 Å;")


def test_double_encoded_text_is_repaired_and_text_that_is_right_stays():
    frame = parse(
        row(1, Comments="GonzÃ¡lez-Ã\x81lvarez"), row(2, Comments="Solène, α Cen, 3.9 ± 0.1"), row(3, Comments="¿¿")
    )
    assert frame["comments"].tolist() == ["González-Álvarez", "Solène, α Cen, 3.9 ± 0.1", "¿¿"]
    assert not frame.attrs["skipped"]


def test_bytes_that_are_not_utf_8_are_read_as_latin_1_and_reported():
    frame = parse(row(1, Comments="Sol\udce8ne"), row(2))
    assert frame["comments"].iloc[0] == "Solène"
    assert frame.attrs["skipped"] == ["row 1, column 'Comments': bytes that are not UTF-8 were read as Latin-1"]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Period (days)", "three", "'three' is not a number"),
        ("Period (days)", "inf", "'inf' is infinite"),
        ("Period (days)", "1e300", "'1e300' is outside 0 to 1000000"),
        ("Depth (ppm)", "-Infinity", "is infinite"),
        ("Depth (ppm)", "2e6", "outside 0 to 1000000"),
        ("Dec", "-95:00:00", "'-95:00:00' is outside -90 to 90"),
        ("Dec", "-95.0", "outside -90 to 90"),
        ("RA", "25:00:00", "outside 0 to 360"),
        ("RA", "12:61:00", "is not a number"),
        ("RA", "１２:00:00", "is not a number"),
        ("Period (days)", "１２.5", "is not a number"),
        ("Sectors", "1,２７", "'２７' is not a sector"),
        ("Planet Name", "x" * 81, "81 characters, where at most 80 are kept"),
        ("Comments", "x" * 1_000_000, "1,000,000 characters"),
        ("Sectors", "1," + "9" * 5000, "is not a sector"),
        ("Date TOI Alerted (UTC)", "2019-13-45", "'2019-13-45' is not a date"),
    ],
)
def test_a_bad_cell_is_left_blank_and_named_by_column_and_row(column, cell, reason):
    frame = parse(row(1), row(2, **{column: cell}), row(3))
    assert frame["toi"].tolist() == ["1.01", "2.01", "3.01"]
    value = frame[FIELDS[column]].iloc[1]
    assert value == "1" if column == "Sectors" else value is None or np.isnan(value)
    assert frame[FIELDS[column]].iloc[[0, 2]].notna().all() or COLUMNS[column] == ""
    assert any(f"row 2 (TOI 2.01), column '{column}': " in note and reason in note for note in frame.attrs["skipped"])
    assert max(map(len, frame.attrs["skipped"])) < 300


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"TIC ID": str(2**63)}, "column 'TIC ID': '9223372036854775808' is not an id of 64 bits; the row was skipped"),
        ({"TIC ID": "-5"}, "column 'TIC ID': '-5' is not an id"),
        ({"TIC ID": "1.5"}, "column 'TIC ID': '1.5' is not an id"),
        ({"TIC ID": ""}, "column 'TIC ID': blank"),
        ({"TIC ID": "１２３"}, "column 'TIC ID': '１２３' is not an id"),
        ({"TOI": "１０１.01"}, "column 'TOI': '１０１.01' is not a TOI number"),
        ({"TOI": "4294967296.01"}, "column 'TOI': '4294967296.01' is not a TOI number; the row was skipped"),
        ({"TOI": "<script>"}, "column 'TOI': '<script>' is not a TOI number"),
        ({"TOI": ""}, "column 'TOI': no TOI"),
    ],
)
def test_a_row_without_a_toi_or_a_star_is_skipped_and_reported(cells, reason):
    frame = parse(row(1), row(2, **cells), row(3))
    assert frame["toi"].tolist() == ["1.01", "3.01"]
    assert any(note.startswith("row 2") and reason in note for note in frame.attrs["skipped"])


def test_the_largest_ids_stay_exact():
    frame = parse(row(1, **{"TIC ID": str(2**63 - 1)}), row(2, **{"TIC ID": str(2**53 + 1)}))
    assert frame["tic_id"].tolist() == [2**63 - 1, 2**53 + 1]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (row(2) + ",more", "row 2: has 12 columns, its header has 11; skipped"),
        ("2,2.01,3", "row 2: has 3 columns"),
        (row(2)[:-1] + "never closed", "row 2: has a quotation mark in the wrong place"),
        (row(2)[:-2] + '"a "quoted" word"', "row 2: has a quotation mark in the wrong place"),
    ],
)
def test_a_broken_row_costs_no_other_row(broken, reason):
    frame = parse(row(1), broken, row(3), row(4))
    assert frame["toi"].tolist() == ["1.01", "3.01", "4.01"]
    assert frame.attrs["skipped"][0].startswith(reason)


def test_a_comment_of_many_lines_costs_no_row():
    frame = parse(row(1), row(2, Comments='"' + "line\n" * 100_000 + '"'), row(3))
    assert frame["toi"].tolist() == ["1.01", "2.01", "3.01"] and frame["comments"].iloc[1] is None
    assert "characters, where at most 10,000 are kept" in frame.attrs["skipped"][0]


def test_a_table_of_broken_rows_is_refused():
    rows = [row(number) for number in range(1, 89)] + ["1,2"] * 12
    with pytest.raises(FileFormatError, match=r"toi.csv: 12 of 100 rows .* row 89: has 2 columns"):
        parse(*rows)
    assert len(parse(*rows[:-2])) == 88


def test_many_notes_on_a_column_become_one():
    notes = parse(*(row(number, Dec="-95") for number in range(1, 51))).attrs["skipped"]
    assert len(notes) == 21 and notes[-1] == "and 30 more cells of column 'Dec'"


def test_decimal_degrees_among_sexagesimal_values_are_read_and_reported():
    data = shared_path("bug_reports/c15_ra_decimal_among_sexagesimal.csv").read_bytes()
    frame = parse_toi_table(data, "c15.csv")
    assert frame["ra_deg"].notna().all()
    assert any("column 'RA': " in note and "read as degrees" in note for note in frame.attrs["skipped"])


def test_a_column_that_stands_twice_is_refused_by_name():
    data = shared_path("bug_reports/c15_duplicate_header.csv").read_bytes()
    with pytest.raises(FileFormatError, match="c15.csv: the TOI table has the column '.*' twice"):
        parse_toi_table(data, "c15.csv")
    header = ",".join([*COLUMNS, "period_(days)"])
    with pytest.raises(FileFormatError, match="'Period .days.' twice"):
        parse_toi_table(f"{header}\n{row(1)},4\n".encode(), "toi.csv")


def test_absent_columns_and_those_in_their_place_are_named():
    frame = parse_toi_table(b"TIC ID,TOI,Period (days),TFOPWG Disposition,Tiefe\n1,1.01,3,PC,900\n", "toi.csv")
    (sentence,) = frame.attrs["absent"]
    assert "Depth (ppm)" in sentence and sentence.endswith("not recognized: Tiefe")
    assert "depth_ppm" in frame.attrs["absent_columns"] and not frame.attrs["skipped"]


def test_the_exoplanet_archives_toi_is_a_number_and_gets_its_two_digits_back():
    data = b"# a comment\n" * 40 + b"toi,tid,tfopwg_disp,pl_orbper\n1000.1,5,PC,3\n1000.01,5,PC,4\n"
    assert parse_toi_table(data, "TOI.csv")["toi"].tolist() == ["1000.10", "1000.01"]
