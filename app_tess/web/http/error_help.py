"""What an error page says beside its message: a title, and what to do next. Nothing of how the site is built."""

from app_tess.logs import request_id

HELP = {
    202: ("One moment", "Wait: this page opens in a moment. A program asks again after Retry-After seconds."),
    400: ("Bad request", "Correct what the message names, in the form or in the address, and try again."),
    403: (
        "Not allowed",
        "Starting a run needs the admin token. Reading pages needs none.",
    ),
    404: ("Not found", "Check the address, or search for a TIC id, a TOI, a name or a position in the field above."),
    405: ("Method not allowed", "Read this address with GET, or use the form on its page."),
    406: ("Not acceptable", "Ask for a format that the API documentation lists."),
    409: ("Already running", "Wait until that run has ended; the list of runs shows its progress."),
    413: ("Request too large", "Send less: no form of this site needs more than 64 kB."),
    429: ("Too many requests", "Wait as many seconds as the Retry-After header states, then try again."),
    500: ("Internal error", "Try again. If it fails again, report the request id to the operator of this site."),
    502: ("Archive error", "Try again later: the archive failed, and what is stored here can be read all the same."),
    503: ("Temporarily unavailable", "Try again in half a minute."),
    504: ("Archive timeout", "Try again later: the archive did not respond, and what is stored here can be read."),
}
"""Title and advice by HTTP status."""


def title_of(status):
    """Return the title of the page for a status; one that is not listed gets that of its family."""
    return _help(status)[0]


def error_record(status, code, message):
    """Return what every error says, as a page and as JSON: code, status, message, what_to_do, request_id."""
    return {
        "code": code,
        "status": status,
        "message": message,
        "what_to_do": _help(status)[1],
        "request_id": request_id.get(),
    }


def _help(status):
    return HELP.get(status) or (HELP[500] if status >= 500 else ("Request rejected", HELP[400][1]))
