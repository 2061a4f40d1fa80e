"""Log lines for people or, as JSON, for machines: each names its request or run, and none contains a secret."""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

FORMATS = ("human", "json")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request that this thread answers, or an empty text."""

run_id: ContextVar[int | None] = ContextVar("run_id", default=None)
"""The run that this thread executes, or None."""

HIDDEN = "***"
SHORTEST_SECRET = 8
"""Shorter values of settings are hidden by their names only: hiding each "tess" would make the lines unreadable."""

PATTERNS = (
    (re.compile(r"(?<=://)([^\s/:@]{0,200}):[^\s@]{1,200}@"), rf"\1:{HIDDEN}@"),  # user:password@host
    (re.compile(r"\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^\r\n]+", re.I), rf"\1\2{HIDDEN}"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.I), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"((?:token|secret|password|passwd|session|api[_-]?key)[\w-]{0,40}['\"]?\s{0,9}(?:=|:\s|:['\"])\s*)"
            r"(?:'[^']*'|\"[^\"]*\"|[^\s'\"&;,)}\]]+)",
            re.I,
        ),
        rf"\1{HIDDEN}",
    ),
)
"""What is hidden wherever it stands: passwords in addresses, headers with credentials, and values named as secrets.

No pattern takes longer than proportional to the length of the line: a path of 20,000 letters must not stop the process.
"""

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""Attributes of every record; what a caller adds with `extra` becomes a field of the JSON."""

CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Escapes, so that no address can forge a second line."""


class Redactor:
    """Hides secrets in a text: known values, and whatever stands where secrets stand.

    Parameters
    ----------
    secrets : iterable of str
        Values of settings; empty and short ones are ignored.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known = sorted({text for text in secrets if len(text) >= SHORTEST_SECRET}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for pattern, replacement in PATTERNS:
            text = pattern.sub(replacement, text)
        return text


def passwords_of(url: str) -> list[str]:
    """Return the password in a database URL as it is written there and as it is sent, if there is one."""
    password = urlsplit(url).password or ""
    return [password, unquote(password)]


class HumanFormatter(logging.Formatter):
    """`2026-11-25 18:04:31 INFO app_tess.web [request 1f0c...]: message`, then the traceback if there is one."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        about = [f"request {request_id.get()}"] if request_id.get() else []
        about += [f"run {run_id.get()}"] if run_id.get() is not None else []
        place = f" [{', '.join(about)}]" if about else ""
        head = f"{_time(record):%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}{place}"
        line = f"{head}: {record.getMessage().translate(CONTROL)}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return self._redact(line)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, process, request_id, run_id, exception, added fields."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            "request_id": request_id.get() or None,
            "run_id": run_id.get(),
            "exception": self.formatException(record.exc_info) if record.exc_info else None,
        } | _extra(record)
        return json.dumps(
            {
                key: value if isinstance(value, int | float) else self._redact(str(value))
                for key, value in fields.items()
                if value is not None
            }
        )


class _StderrHandler(logging.StreamHandler):
    """Writes to what `sys.stderr` is at that moment, because a test or a server may replace it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self):
        return sys.stderr


def configure(form: str, secrets: Iterable[str], level: int = logging.INFO) -> None:
    """Send every logger's lines to stderr in one form; a second call replaces the first.

    Parameters
    ----------
    form : str
        `human` or `json`.
    secrets : iterable of str
        Values that no line may contain.
    level : int
        Lowest level shown.
    """
    handler = _StderrHandler()
    handler.setFormatter((JsonFormatter if form == "json" else HumanFormatter)(Redactor(secrets)))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _StderrHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("huey").setLevel(logging.WARNING)
    logging.captureWarnings(True)


@contextlib.contextmanager
def in_run(number: int) -> Iterator[None]:
    """Name a run in every line that this thread writes in the context."""
    token = run_id.set(number)
    try:
        yield
    finally:
        run_id.reset(token)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in STANDARD}
