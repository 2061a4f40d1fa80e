"""How values are written: `{{ toi.period_d|number(5) }}`. A missing value is a dash, never `None` or `nan`."""

import math

from app_tess.astro.dispositions import describe_disposition
from app_tess.astro.identifiers import toi_name
from app_tess.astro.times import btjd_to_bjd

MISSING = "–"
WORDS = ((0.9, "very likely"), (0.7, "likely"), (0.3, "unclear"), (0.1, "unlikely"), (0.0, "very unlikely"))
"""The lowest probability that each word stands for."""
MAX_DECIMALS = 10


def init_app(app):
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for function in (
        number,
        measured,
        percent,
        probability_word,
        probability_level,
        day,
        moment,
        tess_moment,
        duration,
        count,
        sector_span,
        archive_file,
        toi_name,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["disposition"] = describe_disposition


def number(value, decimals=2):
    """A number with so many decimals and thin groups of three: 18961.4 -> 18,961.4."""
    return MISSING if not _finite(value) else f"{value:,.{decimals}f}"


def measured(value, error=None, decimals=2):
    """Value ± error, both to two digits of the error: 1.430370 ± 0.000021; without an error, `decimals` decimals."""
    if not _finite(value):
        return MISSING
    known = _finite(error) and error > 0
    if known:
        decimals = min(MAX_DECIMALS, max(0, 1 - math.floor(math.log10(error))))
    mark = "" if abs(value) < 10_000 and decimals > 2 else ","
    return f"{value:{mark}.{decimals}f}" + (f" ± {error:{mark}.{decimals}f}" if known else "")


def percent(probability):
    """0.934 -> 93 %; never a false certainty: 0.998 -> 99.8 %, 0.9999 -> > 99.9 %."""
    if not _finite(probability):
        return MISSING
    if probability > 0.999:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    digits = 1 if probability < 0.01 or probability > 0.99 else 0
    return f"{100 * probability:.{digits}f} %"


def probability_word(probability):
    """The word beside the number: the same thresholds everywhere."""
    if not _finite(probability):
        return "not scored"
    return next(word for lowest, word in WORDS if probability >= lowest)


def probability_level(probability):
    """likely, unclear or unlikely: the bar's colour in the style sheet."""
    return probability_word(probability).removeprefix("very ")


def number_runs(text):
    """A comma list of numbers with its runs of three or more drawn together: "1,2,14,15,16" -> "1, 2, 14–16"; else the text."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        return text
    runs: list[list[int]] = []
    for number in map(int, parts):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def day(value):
    return MISSING if value is None else value.strftime("%Y-%m-%d")


def moment(value):
    return MISSING if value is None else value.strftime("%Y-%m-%d %H:%M UTC")


def tess_moment(btjd):
    """BTJD [d] as a BJD for those who want the whole number: 1354.1052 -> 2458354.1052."""
    return MISSING if not _finite(btjd) else f"{btjd_to_bjd(btjd):.5f}"


def duration(hours):
    """Hours as hours and minutes: 2.77 -> 2 h 46 min."""
    if not _finite(hours):
        return MISSING
    minutes = round(hours * 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def count(number_of, singular, plural=None):
    """1 star, 2 stars, 7,237 stars."""
    return f"{number_of:,} {singular if number_of == 1 else plural or singular + 's'}"


def sector_span(product):
    """The sectors of a product's data: sector 1, sectors 1 to 13."""
    return (
        f"sector {product.sector}"
        if product.sector == product.last_sector
        else f"sectors {product.sector} to {product.last_sector}"
    )


def archive_file(data_url):
    """MAST's URI of a product -> the address of its download."""
    return f"https://mast.stsci.edu/api/v0.1/Download/file?uri={data_url}"


def _finite(value):
    return value is not None and math.isfinite(value)
