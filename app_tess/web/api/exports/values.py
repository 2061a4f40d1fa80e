"""Values as they are exported, a column at a time: what is called for each of a million cells takes a second.

Numbers are written so that they read back as the same double; NaN and infinities are nulls.
"""

import math

LITERALS = {True: "true", False: "false", None: None}


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


def written(column, values):
    """Return a column's values as text or as numbers that `str` writes in full; booleans are true and false."""
    if column.datatype == "boolean":
        return [LITERALS[value] for value in values]
    return typed(column, values)


def by_column(columns, rows, convert):
    """Return rows with each column's values converted by `convert(column, values)`."""
    converted = [convert(column, values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)]
    return zip(*converted, strict=True)
