"""Who may start a run, and the security headers of every response."""

import hmac
import ipaddress
from urllib.parse import urlsplit

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


PROXY_HEADERS = ("Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "Cf-Connecting-Ip", "True-Client-Ip")
"""With any `X-Forwarded-*`, signs that a proxy passed the request on."""

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def is_local_developer():
    """Return whether the request comes from a browser on a developer's own machine, who needs no token.

    In production never: a proxy on the same machine may forward anybody's request without a trace. In development the
    client and the Host must be loopback (another Host means DNS rebinding), and no proxy may be involved.
    """
    config = current_app.config["TESS"]
    if config.environment == "production" or config.proxy_hops:
        return False
    if any(name.startswith("X-Forwarded-") or name in PROXY_HEADERS for name, _ in request.headers):
        return False
    host = urlsplit(f"//{request.host}").hostname
    try:
        return host in LOCAL_HOSTS and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def authorize_action():
    """Check that a POST has the admin token, or comes from a developer's own browser with a CSRF token.

    The token is sent as `Authorization: Bearer <ADMIN_TOKEN>` or, with a CSRF token, in the form field `admin_token`.

    Raises
    ------
    NotAllowed
        The message says what is missing.
    """
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        if scheme.lower() == "bearer" and _is_admin_token(token.strip()):
            return
        raise NotAllowed("The Authorization header has no valid admin token (Bearer ADMIN_TOKEN).")
    try:
        csrf.protect()
    except CSRFError as error:
        raise NotAllowed(
            f"The CSRF token of the form is missing or has expired ({error.description}) Reload the page; "
            "programs send Authorization: Bearer ADMIN_TOKEN instead."
        ) from error
    if not is_local_developer() and not _is_admin_token(request.form.get("admin_token", "")):
        raise NotAllowed(
            "Runs can be started without the admin token only in development, on the machine itself: "
            "send Authorization: Bearer ADMIN_TOKEN, or fill in the token field of the form."
        )


def _is_admin_token(token):
    expected = current_app.config["TESS"].admin_token
    return bool(expected) and hmac.compare_digest(token.encode(), expected.encode())
