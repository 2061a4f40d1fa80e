"""JSON, CSV and ECSV. Each writer yields its header, then CHUNK_ROWS rows at a time, so that memory use is constant.

Writers are called as `write(columns, rows, about)`: `rows` iterates over sequences of plain values in the order of the
columns (None or NaN for a null), `about` maps names to the texts and numbers that say what the table is.
"""

import json
import re

from app_tess.storage.database import batches
from app_tess.web.api.exports.values import by_column, texts, typed

CHUNK_ROWS = 500
ECSV_TYPES = {
    "long": "int64",
    "int": "int64",
    "double": "float64",
    "boolean": "bool",
    "text": "string",
    "date": "string",
}

ECSV_LITERALS = {True: "True", False: "False"}

CSVW_TYPES = {"long": "long", "int": "int", "double": "double", "boolean": "boolean", "text": "string", "date": "date"}


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
    [values] = by_column(columns, [row], typed)
    return dict(zip((column.name for column in columns), values, strict=True))


def write_json(columns, rows, about):
    """Write {"about": {...}, "columns": [...], "rows": [{name: value, ...}, ...], "count": n}."""
    yield (
        f'{{"about": {json.dumps(about, allow_nan=False)},\n'
        f'"columns": {json.dumps(describe_columns(columns))},\n"rows": [\n'
    )
    count, row = 0, "{" + ", ".join(f"{json.dumps(column.name)}: %s" for column in columns) + "}"
    for chunk in batches(rows, CHUNK_ROWS):
        text = ",\n".join(map(row.__mod__, by_column(columns, chunk, _json_values)))
        yield ",\n" + text if count else text
        count += len(chunk)
    yield f'\n],\n"count": {count}}}\n'


def _json_values(column, values):
    return texts(column, values, json.JSONEncoder().encode, "null")


def write_csv(columns, rows, _about):
    """Write RFC 4180 with a line of column names; a null is empty.

    Units are in `describe_csv`. A text that a spreadsheet would run as a formula is quoted (`quote_formula`).
    """
    yield _csv_lines([[column.name for column in columns]], "\r\n")
    for chunk in batches(rows, CHUNK_ROWS):
        yield _csv_lines(by_column(columns, chunk, _csv_values), "\r\n")


def _csv_values(column, values):
    return texts(column, values, lambda text: _quote(quote_formula(text)))


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
    for chunk in batches(rows, CHUNK_ROWS):
        yield _csv_lines(by_column(columns, chunk, _ecsv_values), "\n")


def _ecsv_values(column, values):
    """Return a column's values: ECSV spells booleans True and False, and astropy reads a line as a row."""
    return texts(
        column, values, lambda text: _quote(text.replace("\r", " ").replace("\n", " ")), literals=ECSV_LITERALS
    )


SPECIAL = re.compile('[,"\r\n]')


def _quote(text):
    """Return a text as RFC 4180 has it: one with a comma, a quote or a line end within quotes."""
    return '"' + text.replace('"', '""') + '"' if SPECIAL.search(text) else text


def _csv_lines(rows, line_end):
    return line_end.join(map(",".join, rows)) + line_end
