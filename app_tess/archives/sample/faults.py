"""Faults that a test can ask the sample archive for: errors, hangs, wrong bodies, transfers cut short.

A fault matches when its `path_part` occurs in the request's path and query, or in its decoded form, so
`fail_next("Mast.Caom.Filtered")` hits only the product queries. The newest fault that matches wins.
"""

import threading
from dataclasses import dataclass, field


@dataclass
class Fault:
    """One thing to go wrong, `times` times (None: until cleared)."""

    path_part: str
    times: int | None = 1
    status: int | None = None
    headers: dict = field(default_factory=dict)
    hang_s: float = 0.0
    body: bytes | None = None
    content_type: str = "text/html"
    keep_fraction: float | None = None
    stall_s: float = 0.0


class Faults:
    """The faults still to come; safe to use from the server's threads."""

    def __init__(self):
        self._faults = []
        self._lock = threading.Lock()

    def fail_next(self, path_part, status=503, times=1, headers=None):
        """Answer the next `times` matching requests with an HTTP error status (and e.g. a Retry-After header)."""
        self._add(Fault(path_part, times, status=status, headers=headers or {}))

    def hang(self, path_part, seconds, times=1):
        """Keep silent for some seconds before the answer, so that clients meet their time-out."""
        self._add(Fault(path_part, times, hang_s=seconds))

    def replace_body(self, path_part, body, content_type="text/html", times=None):
        """Answer 200 with these bytes instead, e.g. a maintenance page; times=None: until `clear_faults`."""
        self._add(Fault(path_part, times, body=body, content_type=content_type))

    def truncate(self, path_part, keep_fraction=0.5, times=1):
        """Promise the whole body in Content-Length, send only this fraction of it, and hang up."""
        self._add(Fault(path_part, times, keep_fraction=keep_fraction))

    def stall(self, path_part, seconds, times=1):
        """Send half of the body, keep silent for some seconds, then send the rest: time to kill who is waiting for it."""
        self._add(Fault(path_part, times, stall_s=seconds))

    def clear_faults(self):
        """Behave well again."""
        with self._lock:
            self._faults.clear()

    def _add(self, fault):
        with self._lock:
            self._faults.insert(0, fault)

    def take_fault(self, request_text):
        """Return the fault that befalls this request, using it up by one; a harmless one if none matches."""
        with self._lock:
            for fault in self._faults:
                if fault.path_part in request_text:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return Fault(path_part="")
