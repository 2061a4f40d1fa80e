"""Whether the requests of this thread are still needed.

Apart from `archives.http`, since a run that asks no archive need not wait for the libraries of a session.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_check: ContextVar[Callable[[], None] | None] = ContextVar("archive_request_check", default=None)


@contextmanager
def watched_by(check: Callable[[], None]) -> Iterator[None]:
    """Call `check` about once a second during every archive request of this thread; what it raises ends the request."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def current_check() -> Callable[[], None] | None:
    """Return the check of the innermost `watched_by`, or None."""
    return _check.get()
