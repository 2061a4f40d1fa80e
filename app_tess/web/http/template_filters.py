"""Jinja filters that format values: `{{ toi.period_d|number(5) }}`. A missing value is a dash."""

import math

from app_tess.astro.dispositions import describe_disposition
from app_tess.astro.identifiers import parse_sectors, toi_name
from app_tess.astro.probability_bands import NOT_SCORED, find_band
from app_tess.astro.times import btjd_to_bjd
from app_tess.fields.field import capitalized
from app_tess.fields.written import LARGEST_WRITTEN_OUT, MISSING, measured


def init_app(app):
    """Register the filters."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for function in (
        number,
        measured,
        percent,
        probability_word,
        find_band,
        day,
        moment,
        tess_moment,
        duration,
        seconds,
        capitalized,
        count,
        sector_span,
        archive_file,
        toi_name,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["disposition"] = describe_disposition


def number(value, decimals=2):
    """Format a number with the given decimals and thousands separators: 18961.4 -> 18,961.40."""
    if not _finite(value):
        return MISSING
    return f"{value:,.{decimals}f}" if abs(value) < LARGEST_WRITTEN_OUT else f"{value:.6g}"


def percent(probability):
    """Format a probability: 0.934 -> 93 %, 0.998 -> 99.8 %, 0.9999 -> > 99.9 %, never 100 %."""
    if not _finite(probability):
        return MISSING
    if probability > 0.999:
        return "> 99.9 %"
    if probability < 0.001:
        return "< 0.1 %"
    digits = 1 if probability < 0.01 or probability > 0.99 else 0
    return f"{100 * probability:.{digits}f} %"


def probability_word(probability):
    """Return the word for a probability."""
    band = find_band(probability)
    return band.word if band else NOT_SCORED


def number_runs(text):
    """Abbreviate runs in a comma-separated list: "1,2,14,15,16" -> "1, 2, 14–16"; other text is unchanged."""
    sectors = parse_sectors(text)
    if len(sectors) != text.count(",") + 1:
        return text
    runs: list[list[int]] = []
    for number in sectors:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def day(value):
    """Format a date."""
    return MISSING if value is None else value.strftime("%Y-%m-%d")


def moment(value):
    """Format a UTC time to the minute."""
    return MISSING if value is None else value.strftime("%Y-%m-%d %H:%M UTC")


def tess_moment(btjd):
    """Format a BTJD as BJD: 1354.1052 -> 2458354.10520."""
    return MISSING if not _finite(btjd) else f"{btjd_to_bjd(btjd):.5f}"


def duration(hours):
    """Format hours as hours and minutes: 2.77 -> 2 h 46 min."""
    if not _finite(hours):
        return MISSING
    if abs(hours) >= LARGEST_WRITTEN_OUT:
        return f"{hours:.6g} h"
    minutes = round(hours * 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def seconds(value):
    """Format a duration: 8.4 -> 8.4 s, 203.5 -> 3 min 24 s."""
    if not _finite(value):
        return MISSING
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def count(number_of, singular, plural=None):
    """Format a count with its noun: 1 star, 2 stars, 7,237 stars."""
    return f"{number_of:,} {singular if number_of == 1 else plural or singular + 's'}"


def sector_span(product):
    """Format the sectors of a product: sector 1, sectors 1 to 13."""
    return (
        f"sector {product.sector}"
        if product.sector == product.last_sector
        else f"sectors {product.sector} to {product.last_sector}"
    )


def archive_file(data_url):
    """Return the download address of a MAST URI."""
    return f"https://mast.stsci.edu/api/v0.1/Download/file?uri={data_url}"


def _finite(value):
    return value is not None and math.isfinite(value)
