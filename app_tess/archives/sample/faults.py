"""Faults that a test can inject into the sample archive: errors, hangs, wrong bodies, truncated transfers.

A fault matches when its `path_part` occurs in the request's path and query, or in its decoded form, so
`fail_next("Mast.Caom.Filtered")` hits only the product queries. The newest fault that matches wins.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass
class Fault:
    """A fault that occurs `times` times (None: until cleared); `fault_kinds` names the usual ones.

    Attributes
    ----------
    status : int, optional
        Answer with this HTTP status and a sentence.
    headers : mapping
        Further headers; they replace the usual ones of the same name.
    hang_s : float
        Wait before answering [s].
    body, content_type
        Answer 200 with these bytes.
    change : callable, optional
        The usual body -> the body to send.
    stream : callable, optional
        Returns the body in chunks; without a Content-Length in `headers` the connection's end ends it.
    keep_fraction : float, optional
        Announce the whole body, send this fraction of it, and close the connection.
    stall_s : float
        Send half of the body, wait, then send the rest [s].
    drip_s : float
        Wait before each byte, of the headers too [s].
    """

    path_part: str
    times: int | None = 1
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_s: float = 0.0
    body: bytes | None = None
    content_type: str = "text/html"
    change: Callable[[bytes], bytes] | None = None
    stream: Callable[[], Iterable[bytes]] | None = None
    keep_fraction: float | None = None
    stall_s: float = 0.0
    drip_s: float = 0.0


class Faults:
    """The pending faults; safe to use from the server's threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def fail_next(
        self, path_part: str, status: int = 503, times: int | None = 1, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer the next `times` matching requests with an HTTP error status (and e.g. a Retry-After header)."""
        self.inject(Fault(path_part, times, status=status, headers=headers or {}))

    def hang(self, path_part: str, seconds: float, times: int | None = 1) -> None:
        """Wait some seconds before answering, so that clients run into their time-out."""
        self.inject(Fault(path_part, times, hang_s=seconds))

    def replace_body(
        self, path_part: str, body: bytes, content_type: str = "text/html", times: int | None = None
    ) -> None:
        """Answer 200 with these bytes instead, e.g. a maintenance page; times=None: until `clear_faults`."""
        self.inject(Fault(path_part, times, body=body, content_type=content_type))

    def truncate(self, path_part: str, keep_fraction: float = 0.5, times: int | None = 1) -> None:
        """Announce the whole body in Content-Length, send only this fraction of it, and close the connection."""
        self.inject(Fault(path_part, times, keep_fraction=keep_fraction))

    def stall(self, path_part: str, seconds: float, times: int | None = 1) -> None:
        """Send half of the body, wait some seconds, then send the rest: time to kill a process that waits for it."""
        self.inject(Fault(path_part, times, stall_s=seconds))

    def inject(self, fault: Fault) -> None:
        """Add a fault; it wins over earlier ones."""
        with self._lock:
            self._faults.insert(0, fault)

    def clear_faults(self) -> None:
        """Remove all pending faults."""
        with self._lock:
            self._faults.clear()

    def take_fault(self, request_text: str) -> Fault:
        """Return the fault that applies to this request and count it as used; one without effect if none matches."""
        with self._lock:
            for fault in self._faults:
                if fault.path_part in request_text:
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._faults.remove(fault)
                    return fault
        return Fault(path_part="")
