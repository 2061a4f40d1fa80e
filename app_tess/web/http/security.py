"""Who may start a run, and the security headers of every response."""

import hmac
import ipaddress
import logging
from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from app_tess.errors import NotAllowed
from app_tess.web.http import limits

log = logging.getLogger(__name__)
csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


HSTS = "max-age=31536000"
"""Over TLS: for a year the browser asks this host by TLS only."""


def init_app(app):
    csrf.init_app(app)
    limits.init_app(app)
    app.after_request(_add_headers)


def _add_headers(response):
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
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


def authorize_action(visitors=False):
    """Check that a POST has the admin token, or comes from a developer's own browser with a CSRF token.

    The token is sent as `Authorization: Bearer <ADMIN_TOKEN>` or, with a CSRF token, in the form field `admin_token`.

    Parameters
    ----------
    visitors : bool
        Whether the CSRF token alone is enough.

    Returns
    -------
    bool
        Whether it is allowed to a visitor only: the caller applies the visitors' quotas.

    Raises
    ------
    NotAllowed
        The message says what is missing.
    TooManyRequests
        The client has sent too many wrong tokens: not even the right one is accepted for a while.
    """
    expected = current_app.config["TESS"].admin_token
    if "Authorization" in request.headers:
        if is_token(bearer_token(), expected):
            return False
        raise NotAllowed("The Authorization header has no valid admin token (Bearer ADMIN_TOKEN).")
    try:
        csrf.protect()
    except CSRFError as error:
        raise NotAllowed(
            f"The CSRF token of the form is missing or has expired ({error.description}) Reload the page; "
            "programs send Authorization: Bearer ADMIN_TOKEN instead."
        ) from error
    token = request.form.get("admin_token", "")
    if is_local_developer() or (token and is_token(token, expected)):
        return False
    if visitors and not token:
        return True
    raise NotAllowed(
        "Runs can be started without the admin token only in development, on the machine itself: "
        "send Authorization: Bearer ADMIN_TOKEN, or fill in the token field of the form."
    )


def bearer_token():
    """Return the token of `Authorization: Bearer ...`, empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_token(given, expected):
    """Return whether a secret token is right, in constant time; a wrong one is counted and logged.

    Raises
    ------
    TooManyRequests
        The client has sent too many wrong ones; the token is not even compared.
    """
    limits.require_below(limits.WRONG_TOKENS)
    if expected and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        return True
    if given:
        count = limits.count_one(limits.WRONG_TOKENS)
        log.warning("%s sent a wrong token for %s: number %d", limits.client_name(), request.path, count)
    return False
