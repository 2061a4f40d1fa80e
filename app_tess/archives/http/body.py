"""A body, read whole and decompressed within its limit: a megabyte of gzip can hold a gigabyte."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

from app_tess.archives.http.exchange import Exchange
from app_tess.errors import ArchiveError

CHUNK_BYTES = 1 << 16
GZIP = 16 + zlib.MAX_WBITS
ACCEPTED = "gzip"
"""The only compression that is asked for."""


class CutOff(Exception):
    """The body ended too early."""


def read_body(raw: Any, exchange: Exchange) -> bytes:
    """Return a response's body.

    Parameters
    ----------
    raw : urllib3.HTTPResponse
        Not read yet.
    exchange : Exchange
        Counts the decompressed bytes.

    Raises
    ------
    CutOff
        Fewer bytes arrived than were announced, or the gzip stream has no end.
    ArchiveError
        Too large, damaged, or compressed in a way that was not asked for.
    """
    encoding = raw.headers.get("Content-Encoding", "").strip().lower()
    announced = raw.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > exchange.bytes_left:
        exchange.spend(int(announced))
    chunks = raw.stream(CHUNK_BYTES, decode_content=False)
    if encoding in ("gzip", "x-gzip"):
        chunks = _decompressed(chunks, exchange.host)
    elif encoding not in ("", "identity"):
        raise ArchiveError(f"{exchange.host} sent a body with the encoding '{encoding[:40]}', which was not requested.")
    body = io.BytesIO()
    for chunk in chunks:
        exchange.spend(len(chunk))
        body.write(chunk)
    return body.getvalue()


def _decompressed(chunks: Iterator[bytes], host: str) -> Iterator[bytes]:
    """Yield at most CHUNK_BYTES at a time, however well the chunks were compressed."""
    stream, begun = zlib.decompressobj(GZIP), False
    for chunk in chunks:
        rest = chunk
        while rest:
            try:
                yield stream.decompress(rest, CHUNK_BYTES)
            except zlib.error as error:
                raise ArchiveError(f"{host} sent a damaged gzip body: {error}.") from error
            rest, begun = stream.unconsumed_tail, True
            if stream.eof:  # RFC 1952 lets another member follow
                rest, stream, begun = stream.unused_data, zlib.decompressobj(GZIP), False
    if begun:
        yield stream.flush()  # a remainder of less than a chunk, which zlib has held back
        if not stream.eof:
            raise CutOff("the compressed body has no end")
