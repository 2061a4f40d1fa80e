"""The pipeline's own tests of a star's TOIs, from the newest data-validation report."""

import dataclasses
import hashlib
from dataclasses import dataclass

from app_tess.archives.products.validation_report import read_validation_report, report_urls
from app_tess.astro.validation import match_event
from app_tess.errors import AppTessError, BeingFetched, EphemerisError, FileFormatError
from app_tess.tasks.product_choice import validation_products
from app_tess.tasks.product_files import discard, get_file
from app_tess.tasks.star_signals import ephemeris_of

MOST_REPORTS = 2
"""Reports that are tried: the newest supersedes the others, and of a star with many the second is as good."""


@dataclass(frozen=True)
class Report:
    """A report at MAST, whose address follows from that of the time series."""

    filename: str
    data_url: str
    tic_id: int
    sector: int
    last_sector: int
    simulated: bool | None = None
    """None: to be looked up in the database."""


def find_reports(star):
    """Return the star's reports, the newest first: of the last sectors and, among those, of the most."""
    products = sorted(validation_products(star), key=lambda one: (-(one.last_sector or 0), one.sector or 0))
    found = []
    for product in products:
        url = report_urls(product.data_url).get("tests")
        if url:
            name = url.rsplit("/", 1)[-1]
            simulated = getattr(product, "simulated", None)
            found.append(Report(name, url, product.tic_id, product.sector, product.last_sector, simulated))
    return found


def pipeline_tests(config, star):
    """Fetch the newest report and match its events to the star's TOIs by period and epoch, never by number.

    Returns
    -------
    dict
        TOI -> plain values: file, sha256, sector, last_sector, event (its number in the report), and tests.
    str or None
        Why there are none; None where there are or where the star has no report.
    """
    problem = None
    for report in find_reports(star)[:MOST_REPORTS]:
        try:
            data = get_file(config, report)
            events = _read(config, report, data)
        except BeingFetched:
            raise
        except AppTessError as error:
            problem = str(error)
            continue
        return {toi.toi: _matched(toi, events, report, data) for toi in star.tois}, None
    return {}, problem


def _read(config, report, data):
    try:
        return read_validation_report(data, report.filename, report.tic_id)
    except FileFormatError as error:
        discard(config, report, str(error))  # so that the next attempt fetches it again
        raise


def _matched(toi, events, report, data):
    """Return the tests of the event that is this TOI; None where none is."""
    try:
        event = match_event(events, ephemeris_of(toi))
    except EphemerisError:
        return None
    if event is None:
        return None
    return {
        "file": report.filename,
        "data_url": report.data_url,
        "sha256": hashlib.sha256(data).hexdigest(),
        "sector": report.sector,
        "last_sector": report.last_sector,
        "event": event.number,
        "period_d": event.period_d,
        "epoch_btjd": event.epoch_btjd,
        "depth_ppm": event.depth_ppm,
        "tests": [dataclasses.asdict(test) for test in event.tests],
    }
