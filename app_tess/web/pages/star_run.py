"""A run that was started on a star's page, shown there: `?run=12`. Such a page is nobody else's, and is not stored."""

from flask import after_this_request

from app_tess.storage import run_records
from app_tess.web.http.parameters import read_whole_number
from app_tess.web.pages.runs import KINDS, NO_STORE, REFRESH_S

LARGEST_RUN = 2**31 - 1


def run_context(args):
    """Return the run that the address names, for the template; MissingData if there is none of that number."""
    number = read_whole_number(args, "run", 1, LARGEST_RUN)
    if number is None:
        return {"star_run": None}
    run = run_records.get_run(number)
    after_this_request(_not_stored)
    return {"star_run": run, "run_kinds": KINDS, "run_refresh_s": REFRESH_S if run.is_active else None}


def _not_stored(response):
    response.headers.update(NO_STORE)
    return response
