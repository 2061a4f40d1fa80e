"""Invalid values in the address of a page: the page is shown without them, and its form names each beside its field.

This holds for every page that is read with GET, whatever it reads: its view is called again without the parameter that
an InvalidInput names, until it succeeds. A view may do without a parameter that it needs, where `invalid_values` has
it. The status is 400. Interfaces and files answer with the error itself.
"""

import functools
import re

from flask import make_response, request

from app_tess.errors import InvalidInput
from app_tess.web.http.errors import parameter_of, wants_json

NO_PAGE = re.compile(r"\.\w+$|^/(api|static)/|^/(healthz|readyz|metrics)$")
"""Rules of files and interfaces."""
MOST_INVALID = 20
"""Values that a page names; an address with more gets the error alone."""
LONGEST_SHOWN = 200
"""Characters of an invalid value."""


def init_app(app):
    """Wrap the views of all pages; after the routes are registered."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for endpoint in {rule.endpoint for rule in rules if not NO_PAGE.search(rule.rule)}:
        app.view_functions[endpoint] = _without_invalid_values(app.view_functions[endpoint])
    app.context_processor(lambda: {"invalid": invalid_values(), "entered": entered})


def invalid_values():
    """Return parameter -> (what was typed, what is wrong with it) of the page being shown."""
    return request.environ.setdefault("tess.invalid_values", {})


def entered(name, shown):
    """Return what a form's field shows: the invalid value that was typed, else `shown`, as text."""
    if name in invalid_values():
        return invalid_values()[name][0]
    return "" if shown is None else shown


def _without_invalid_values(view):
    @functools.wraps(view)
    def show(**values):
        if request.method not in ("GET", "HEAD") or wants_json():
            return view(**values)
        return _call(view, values)

    return show


def _call(view, values):
    invalid, first = invalid_values(), None
    while True:
        try:
            response = view(**values)
            if first is None:
                return response
            response = make_response(response)
            if response.status_code == 200:
                return _refused(response)
            invalid.clear()
            raise first  # without the invalid values the address leads elsewhere: there is no page to show
        except InvalidInput as error:
            name = parameter_of(error, request.args)
            if error is first or name in invalid or len(invalid) == MOST_INVALID:
                invalid.clear()
                raise
            first = first or error
            args = request.args.copy()
            invalid[name] = ", ".join(args.poplist(name))[:LONGEST_SHOWN], str(error)
            request.args = args


def _refused(response):
    """Return the page with the status 400; a list that is updated in place is loaded anew, with its form."""
    if "HX-Request" in request.headers:
        response = make_response("")
        response.headers["HX-Redirect"] = request.full_path
    response.status_code = 400
    response.headers["Cache-Control"] = "no-store"
    response.headers["HX-Push-Url"] = "false"
    return response
