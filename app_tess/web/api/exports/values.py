"""Format values as text: numbers read back as the same double; NaN and infinities are empty."""

import math


def is_null(value):
    """Return whether a value is None, NaN or infinite."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def plain_text(value):
    """Return a number, a date, a boolean (`true`, `false`) or a text as text; a null as the empty text."""
    if is_null(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)
