"""The faults that `archive serve --fault KIND` and the tests inject, one entry each.

A kind fails every request of its kind of answer until the faults are cleared. `second_s` is how long a second of the
fault lasts, so that tests need not wait.
"""

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app_tess.archives.sample.faults import Fault
from app_tess.archives.sample.server import SampleArchive

ALL, TOI_TABLE, QUERIES, FILES = "", "download_toi", "invoke", "Download/file"
FOREVER_S = 1e7
HUGE_BYTES = 3_000_000_000
BOMB_BYTES = 4_000_000_000
MARKUP = "<script>alert('TOI')</script><img src=x onerror=alert(1)>"
ELSEWHERE = "http://169.254.169.254/latest/meta-data/"
TRAVERSAL = "mast:TESS/product/../../../../etc/"


@dataclass(frozen=True)
class FaultKind:
    """A named fault.

    Attributes
    ----------
    name, description : str
        As on the command line.
    apply : callable
        (archive, second_s) -> None: injects it.
    """

    name: str
    description: str
    apply: Callable[[SampleArchive, float], None]


def _kind(name: str, description: str, path_part: str, **fault: Any) -> FaultKind:
    return FaultKind(
        name, description, lambda archive, _second_s: archive.inject(Fault(path_part, **{"times": None} | fault))
    )


def _zeros() -> Iterator[bytes]:
    block = bytes(1_000_000)
    for _ in range(HUGE_BYTES // len(block)):
        yield block


def _bomb() -> Iterator[bytes]:
    """Yield gzip data that decompress to BOMB_BYTES zeros: one block, repeated."""
    stream, block = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS), bytes(1 << 20)
    yield stream.compress(block) + stream.flush(zlib.Z_FULL_FLUSH)
    repeated = stream.compress(block) + stream.flush(zlib.Z_FULL_FLUSH)
    for _ in range(BOMB_BYTES // len(block) - 1):
        yield repeated


def _csv(change: Callable[[list[list[str]]], list[list[str]]]) -> Callable[[bytes], bytes]:
    """Return a change of a CSV body, given one of its rows, the header included."""

    def changed(body: bytes) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(change(list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))))
        return text.getvalue().encode()

    return changed


def _set(column: str, value: str) -> Callable[[list[list[str]]], list[list[str]]]:
    def changed(rows: list[list[str]]) -> list[list[str]]:
        place = rows[0].index(column)
        return [rows[0], *([*row[:place], value, *row[place + 1 :]] for row in rows[1:])]

    return changed


def _markup(rows: list[list[str]]) -> list[list[str]]:
    return _set("Planet Name", MARKUP)(_set("Comments", MARKUP)(rows))


def _renamed(rows: list[list[str]]) -> list[list[str]]:
    return [[f"{name} (new)" for name in rows[0]], *rows[1:]]


def _wider(rows: list[list[str]]) -> list[list[str]]:
    return [[*rows[0], "Signal Color"], *([*row, "blue"] for row in rows[1:])]


def _reply(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """Return a change of each row in MAST's replies; other JSON stays."""

    def changed(body: bytes) -> bytes:
        reply = json.loads(body)
        rows = reply.get("data") if isinstance(reply, dict) else None
        for row in rows if isinstance(rows, list) else []:
            change(row)
        return json.dumps(reply).encode()

    return changed


def _numbers(value: object) -> Callable[[bytes], bytes]:
    """Return a change that puts a value in place of a star's temperature and radius."""
    return _reply(lambda row: row.update({name: value for name in ("Teff", "rad") if name in row}))


def _addresses(folder: str) -> Callable[[bytes], bytes]:
    return _reply(
        lambda row: row.update(dataURL=folder + str(row["dataURL"]).rsplit("/", 1)[-1]) if "dataURL" in row else None
    )


def _redirect(location: str) -> dict[str, Any]:
    return {"status": 302, "headers": {"Location": location}}


KINDS = (
    FaultKind("refuse", "refuse every connection", lambda archive, _: archive.refuse_connections()),
    _kind("silent", "accept connections and never answer", ALL, hang_s=FOREVER_S),
    FaultKind(
        "drip", "send one byte per second", lambda archive, second_s: archive.inject(Fault(ALL, None, drip_s=second_s))
    ),
    _kind("busy", "429 with Retry-After: 1", ALL, status=429, headers={"Retry-After": "1"}),
    _kind("busy-hour", "429 with Retry-After: 3600", ALL, status=429, headers={"Retry-After": "3600"}),
    _kind("error-once", "500 for the first request", ALL, status=500, times=1),
    _kind("error", "500 for every request", ALL, status=500),
    _kind("html", "an HTML page with status 200", ALL, body=b"<!DOCTYPE html><title>Maintenance</title>"),
    _kind("truncated-csv", "half of the TOI table, as if it were whole", TOI_TABLE, change=lambda b: b[: len(b) // 2]),
    _kind("truncated-fits", "half of each file, as if it were whole", FILES, change=lambda b: b[: len(b) // 2]),
    _kind("cut-off", "close the connection in the middle of each body", ALL, keep_fraction=0.5),
    _kind("too-short", "announce fewer bytes than are sent", ALL, headers={"Content-Length": "1000"}),
    _kind("gzip-bomb", "4 MB of gzip that hold 4 GB", ALL, stream=_bomb, headers={"Content-Encoding": "gzip"}),
    _kind(
        "huge",
        "3 GB, as announced",
        ALL,
        stream=_zeros,
        headers={"Content-Length": str(HUGE_BYTES)},
    ),
    _kind("huge-unannounced", "3 GB, not announced", ALL, stream=_zeros),
    _kind("redirect-host", "redirect to another host", ALL, **_redirect("https://archive.example/file")),
    _kind("redirect-file", "redirect to file:///etc/passwd", ALL, **_redirect("file:///etc/passwd")),
    _kind("redirect-link-local", "redirect to a link-local address", ALL, **_redirect(ELSEWHERE)),
    _kind("redirect-circle", "redirect to the same address", ALL, **_redirect("/tess/download_toi.php")),
    _kind(
        "executing",
        "MAST answers EXECUTING indefinitely",
        QUERIES,
        body=b'{"status": "EXECUTING", "msg": "", "data": [], "fields": [], "paging": {}}',
        content_type="application/json",
    ),
    _kind("nested-json", "MAST answers with JSON nested 100,000 deep", QUERIES, body=b"[" * 100_000),
    _kind("json-nan", "NaN for a star's temperature and radius", QUERIES, change=_numbers(float("nan"))),
    _kind("json-infinity", "Infinity for them", QUERIES, change=_numbers(float("inf"))),
    _kind("json-null", "null for them", QUERIES, change=_numbers(None)),
    _kind("json-text", "text for them", QUERIES, change=_numbers("hot")),
    _kind("duplicate-tois", "list every TOI twice", TOI_TABLE, change=_csv(lambda rows: [*rows, *rows[1:]])),
    _kind("half-missing", "leave out half of the TOIs", TOI_TABLE, change=_csv(lambda rows: rows[: len(rows) // 2])),
    _kind("unknown-columns", "add a column that is not known", TOI_TABLE, change=_csv(_wider)),
    _kind("renamed-columns", "rename every column", TOI_TABLE, change=_csv(_renamed)),
    _kind("markup", "put HTML into comments and names", TOI_TABLE, change=_csv(_markup)),
    _kind("urls-elsewhere", "list files at another host", QUERIES, change=_addresses(ELSEWHERE)),
    _kind("urls-traversal", "list files outside the product folder", QUERIES, change=_addresses(TRAVERSAL)),
)

BY_NAME = {kind.name: kind for kind in KINDS}
