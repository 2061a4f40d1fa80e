"""Every request to an archive: one session that owns time limits, size limits, allowed hosts, retries and cancellation.

    session = open_session(Limits(allow(config.mast_url)))
    body = get(session, url).content

astroquery is given the same session, so that its replies meet the same limits.
"""

from app_tess.archives.http.exchange import pause
from app_tess.archives.http.gate import Gate, gated
from app_tess.archives.http.limits import LARGEST_FILE_BYTES, LARGEST_TABLE_BYTES, Limits, allow, origin_of
from app_tess.archives.http.session import USER_AGENT, ArchiveSession, explain, get, open_session

__all__ = [
    "LARGEST_FILE_BYTES",
    "LARGEST_TABLE_BYTES",
    "USER_AGENT",
    "ArchiveSession",
    "Gate",
    "Limits",
    "allow",
    "explain",
    "gated",
    "get",
    "open_session",
    "origin_of",
    "pause",
]
