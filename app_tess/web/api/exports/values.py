"""Values as they are exported, a column at a time: what is called for each of a million cells takes a second.

Numbers are written so that they read back as the same double; NaN and infinities are nulls.
"""

import math

LITERALS = {True: "true", False: "false"}


def without_infinities(values):
    """Return a column's numbers, booleans or nulls with None for NaN and infinities."""
    # A sum is finite only if every term is. It may overflow: that costs time and changes nothing.
    if math.isfinite(sum(filter(None, values))):
        return values
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]


def typed(column, values):
    """Return a column's values with their own types: numbers and booleans, texts and dates as text; None is a null."""
    if column.datatype in ("text", "date"):
        return [None if value is None else str(value) for value in values]
    return without_infinities(values)


def texts(column, values, quote, null="", literals=LITERALS):
    """Return a column's values as text: numbers in full, texts and dates as `quote` writes them, `null` for a null."""
    if column.datatype in ("text", "date"):
        return [null if value is None else quote(str(value)) for value in values]
    if column.datatype == "boolean":
        return [null if value is None else literals[value] for value in values]
    return [null if value is None else str(value) for value in without_infinities(values)]


def by_column(columns, rows, convert):
    """Return rows with each column's values converted by `convert(column, values)`."""
    converted = [convert(column, values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)]
    return zip(*converted, strict=True)
