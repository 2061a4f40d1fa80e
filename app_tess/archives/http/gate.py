"""Who may ask an archive now: by default anyone; a survey's workers share a limit and a back-off for each host."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

Waited = Callable[[float], None]
"""Is called with the seconds that passed while a request waited; raises where it is no longer wanted."""


class Gate:
    """Lets every request pass at once."""

    def turn(self, host: str, waited: Waited) -> AbstractContextManager[None]:
        """Wait until a request may be sent to a host; the turn lasts as long as the context."""
        return nullcontext()

    def rest(self, host: str, seconds: float) -> None:
        """Note that a host failed or asks for a pause."""


_gate: ContextVar[Gate] = ContextVar("archive_gate", default=Gate())  # noqa: B039 - it holds no state


@contextmanager
def gated(gate: Gate) -> Iterator[None]:
    """Let every archive request of this thread within the context pass a gate."""
    token = _gate.set(gate)
    try:
        yield
    finally:
        _gate.reset(token)


def current_gate() -> Gate:
    """Return the gate of this thread."""
    return _gate.get()
