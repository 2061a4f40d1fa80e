"""JSON, CSV and ECSV. Each writer yields its header, then CHUNK_ROWS rows at a time, so that memory use is constant.

Writers are called as `write(columns, rows, about)`: `rows` iterates over sequences of plain values in the order of the
columns (None or NaN for a null), `about` maps names to the texts and numbers that say what the table is.
"""

import csv
import io
import json
from itertools import islice

from app_tess.web.api.exports.values import is_null, plain_text

CHUNK_ROWS = 500
ECSV_TYPES = {
    "long": "int64",
    "int": "int64",
    "double": "float64",
    "boolean": "bool",
    "text": "string",
    "date": "string",
}

CSVW_TYPES = {"long": "long", "int": "int", "double": "double", "boolean": "boolean", "text": "string", "date": "date"}


def chunks(rows):
    """Yield lists of at most CHUNK_ROWS rows."""
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


def describe_columns(columns):
    """Return the columns for JSON: name, datatype, unit (as astropy spells it, or null), UCD, description."""
    return [
        {
            "name": column.name,
            "datatype": column.datatype,
            "unit": column.unit or None,
            "ucd": column.ucd,
            "description": column.description,
        }
        for column in columns
    ]


def json_object(columns, row):
    """Return one row as name -> JSON value; NaN is null, dates are ISO strings."""
    return {
        column.name: None if is_null(value) else str(value) if column.datatype in ("date", "text") else value
        for column, value in zip(columns, row, strict=True)
    }


def write_json(columns, rows, about):
    """Write {"about": {...}, "columns": [...], "rows": [{name: value, ...}, ...], "count": n}."""
    yield (
        f'{{"about": {json.dumps(about, allow_nan=False)},\n'
        f'"columns": {json.dumps(describe_columns(columns))},\n"rows": [\n'
    )
    count = 0
    for chunk in chunks(rows):
        text = ",\n".join(json.dumps(json_object(columns, row), allow_nan=False) for row in chunk)
        yield ",\n" + text if count else text
        count += len(chunk)
    yield f'\n],\n"count": {count}}}\n'


def write_csv(columns, rows, _about):
    """Write RFC 4180 with a line of column names; a null is empty.

    Units are in `describe_csv`. A text that a spreadsheet would run as a formula is quoted (`quote_formula`).
    """
    yield _csv_lines([[column.name for column in columns]], "\r\n")
    is_text = [column.datatype == "text" for column in columns]
    for chunk in chunks(rows):
        yield _csv_lines(
            (
                [
                    quote_formula(plain_text(value)) if text else plain_text(value)
                    for value, text in zip(row, is_text, strict=True)
                ]
                for row in chunk
            ),
            "\r\n",
        )


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""First characters that make a spreadsheet evaluate a cell, and the apostrophe, so that the rule is reversible."""


def quote_formula(text):
    """Put an apostrophe before a text that a spreadsheet would evaluate; else return it unchanged.

    To reverse it, remove one leading apostrophe from each text that has one.

    References
    ----------
    OWASP, "CSV Injection".
    """
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def describe_csv(columns, table):
    """Return datatypes, units and descriptions in W3C's Metadata Vocabulary for Tabular Data."""

    def about(column):
        unit = {"schema:unitText": column.unit} if column.unit else {}
        return {
            "name": column.name,
            "titles": column.name,
            "datatype": CSVW_TYPES[column.datatype],
            "required": column.required,
            "dc:description": column.description,
        } | unit

    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{table}.csv",
        "null": "",
        "dialect": {"encoding": "utf-8", "header": True},
        "rdfs:comment": "A text that begins with = + - @ (also full-width), a tab, a line end or an apostrophe has one "
        "more apostrophe before it, so that no spreadsheet evaluates it as a formula: remove one leading apostrophe to "
        "restore it.",
        "tableSchema": {"columns": [about(column) for column in columns]},
    }


def write_ecsv(columns, rows, about):
    """Write Enhanced CSV 1.0 (Astropy Proposal for Enhancement 6): units and descriptions in a YAML header."""
    yield "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n"
    for column in columns:
        about_column = {
            "name": column.name,
            "datatype": ECSV_TYPES[column.datatype],
            "description": column.description,
            "meta": {"ucd": column.ucd},
        }
        if column.unit:
            about_column["unit"] = column.unit
        yield f"# - {json.dumps(about_column)}\n"
    yield f"# meta: {json.dumps(about)}\n# schema: astropy-2.0\n"
    yield _csv_lines([[column.name for column in columns]], "\n")
    for chunk in chunks(rows):
        yield _csv_lines(([_ecsv_text(value) for value in row] for row in chunk), "\n")


def _ecsv_text(value):
    if isinstance(value, bool):
        return str(value)
    return plain_text(value).replace("\r", " ").replace("\n", " ")


def _csv_lines(rows, line_end):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=line_end).writerows(rows)
    return buffer.getvalue()
