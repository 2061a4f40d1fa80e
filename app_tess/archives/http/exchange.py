"""One answer of an archive while it arrives: its deadline, its bytes, and whether it is still wanted."""

import math
import time

from app_tess.archives.http.limits import Limits
from app_tess.archives.watch import current_check
from app_tess.errors import ArchiveError, ArchiveTimeout

POLL_S = 0.5
"""How often a wait is interrupted to look at the deadline and at `watched_by` [s]."""

CHECK_EVERY_S = 1.0
"""How often the check of `watched_by` is called at most [s]: it may ask the database."""


def pause(seconds: float) -> None:
    """Sleep before or between requests; whatever the check of `watched_by` raises ends it."""
    time.sleep(seconds)
    if (check := current_check()) is not None:
        check()


class Exchange:
    """The budget of one answer.

    Parameters
    ----------
    host : str
        The archive that was asked, for messages.
    limits : Limits
    largest_bytes : int
        Of all bodies of this answer together, decompressed.
    session_ends_at : float
        A monotonic time [s], at which this answer ends as well.
    """

    def __init__(self, host: str, limits: Limits, largest_bytes: int, session_ends_at: float = math.inf) -> None:
        self.host = host
        self.limits = limits
        self.largest_bytes = largest_bytes
        self.bytes_left = largest_bytes
        self.polls = 0
        self._session_ends_at = session_ends_at
        self._ends_at = min(time.monotonic() + limits.total_s, session_ends_at)
        self._checked_at = time.monotonic()

    @property
    def seconds_left(self) -> float:
        """Time to the deadline [s]; negative beyond it."""
        return self._ends_at - time.monotonic()

    def check(self) -> None:
        """Raise ArchiveTimeout beyond the deadline, or whatever the check of `watched_by` raises."""
        if self._session_ends_at <= time.monotonic():
            raise ArchiveTimeout(
                f"{self.host} did not answer in time: "
                f"all requests together took longer than {self.limits.session_s:g} s."
            )
        if self.seconds_left <= 0:
            raise ArchiveTimeout(
                f"{self.host} did not answer in time: its answer was incomplete after {self.limits.total_s:g} s."
            )
        check = current_check()
        if check is not None and time.monotonic() - self._checked_at >= CHECK_EVERY_S:
            check()
            self._checked_at = time.monotonic()

    def spend(self, n_bytes: int) -> None:
        """Count bytes that have arrived, or will; ArchiveError beyond the limit."""
        self.bytes_left -= n_bytes
        if self.bytes_left < 0:
            raise ArchiveError(f"{self.host} sent more than {_megabytes(self.largest_bytes)}; the answer was dropped.")

    def pause(self, seconds: float) -> None:
        """Sleep, in steps that `check`."""
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0:
            time.sleep(min(left, POLL_S, max(self.seconds_left, 0.0)))
            self.check()

    def extend(self, seconds: float) -> None:
        """Move the deadline by the time that this request has waited for its turn, and `check`."""
        self._ends_at = min(self._ends_at + seconds, self._session_ends_at)
        self.check()


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.3g} MB"
