"""MAST's name resolver, which asks SIMBAD and NED: a name -> positions on the sky. Request and parse apart.

Source: https://mast.stsci.edu/api/v0/_services.html (Mast.Name.Lookup); the reply's form as in astroquery's tests.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from app_tess.archives import http
from app_tess.errors import ArchiveError

SERVICE = "Mast.Name.Lookup"
LARGEST_REPLY_BYTES = 1_000_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class ResolvedName:
    """An object that bears a name: its main name, who says so, and where it is [deg, ICRS]."""

    canonical_name: str
    resolver: str
    ra_deg: float
    dec_deg: float


def fetch_name(base_url: str, session: http.ArchiveSession, name: str) -> list[ResolvedName]:
    """Ask for a name; return what bears it, the resolver's first choice first, and nothing for an unknown name.

    Raises
    ------
    ArchiveError, ArchiveTimeout
        MAST does not answer, or in another form; the message names the host.
    """
    url, host = base_url.rstrip("/") + "/api/v0/invoke", urlparse(base_url).netloc
    asked = json.dumps({"service": SERVICE, "params": {"input": name, "format": "json"}, "format": "json"})
    with session.answer(url, LARGEST_REPLY_BYTES):
        while True:
            content = http.get(session, url, {"request": asked}, LARGEST_REPLY_BYTES).content
            try:
                reply = json.loads(content)
            except ValueError as error:
                raise ArchiveError(f"{host} answered something that is not JSON (an error page?).") from error
            if not isinstance(reply, dict) or reply.get("status") != "EXECUTING":  # the session pauses, and has an end
                return parse_resolved(reply, host)


def parse_resolved(reply: Any, source: str) -> list[ResolvedName]:
    """Return the objects in a reply; an entry without a position on the sky is left out.

    Raises
    ------
    ArchiveError
        Not a reply of this service.
    """
    known = reply if isinstance(reply, dict) else {}
    found = known.get("resolvedCoordinate")
    if not isinstance(found, list):
        message = str(known.get("msg") or "no list of objects")[:200]
        raise ArchiveError(f"{source} did not answer as a name resolver: {message}.")
    return [entry for one in found if isinstance(one, dict) and (entry := _entry(one)) is not None]


def _entry(one: dict[str, Any]) -> ResolvedName | None:
    try:
        ra_deg, dec_deg = float(one["ra"]), float(one["decl"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (math.isfinite(ra_deg) and 0 <= ra_deg <= 360 and -90 <= dec_deg <= 90):
        return None
    canonical, resolver = (_text(one.get(name)) for name in ("canonicalName", "resolver"))
    return ResolvedName(canonical, resolver, ra_deg, dec_deg)


def _text(value: Any) -> str:
    return "".join(char for char in " ".join(str(value or "").split()) if char.isprintable())[:LONGEST_NAME]
