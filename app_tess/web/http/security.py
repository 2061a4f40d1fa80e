"""Who may start a run, and the headers that every page carries."""

import hmac
import ipaddress

from flask import current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from app_tess.errors import NotAllowed

csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app):
    csrf.init_app(app)
    app.after_request(_add_headers)


def _add_headers(response):
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def comes_from_loopback():
    """Is the client on this machine? A request that a proxy passed on (and we were not told of) is not."""
    if "X-Forwarded-For" in request.headers and not current_app.config["TESS"].proxy_hops:
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def authorise_action():
    """Let a POST pass: with the admin token, or from a browser on loopback with a CSRF token.

    The token comes as `Authorization: Bearer <ADMIN_TOKEN>`, or, with a CSRF token, in the form's field `admin_token`.

    Raises
    ------
    NotAllowed
        Says what is missing.
    """
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() == "bearer" and _is_admin_token(token.strip()):
            return
        raise NotAllowed("The Authorization header holds no valid admin token (Bearer ADMIN_TOKEN).")
    try:
        csrf.protect()
    except CSRFError as error:
        raise NotAllowed(
            f"The form's CSRF token is missing or too old ({error.description}) Load the page again; "
            "a program sends Authorization: Bearer ADMIN_TOKEN instead."
        ) from error
    if not comes_from_loopback() and not _is_admin_token(request.form.get("admin_token", "")):
        raise NotAllowed(
            "Only this machine may start a run without the admin token: "
            "send Authorization: Bearer ADMIN_TOKEN, or fill in the form's field."
        )


def _is_admin_token(token):
    wanted = current_app.config["TESS"].admin_token
    return bool(wanted) and hmac.compare_digest(token.encode(), wanted.encode())
