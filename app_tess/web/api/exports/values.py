"""A value as text: numbers so that they read back as the same double, NaN and infinities as nothing."""

import math


def is_null(value):
    """None, NaN and infinities: what the archives do not say, or cannot mean."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def plain_text(value):
    """A number, a date, a boolean (`true`, `false`) or a text as text; a null as the empty text."""
    if is_null(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)
