"""A table in a file on disk, sent while it is made: no query waits for a client that reads it slowly."""

import os
import tempfile
import threading
from collections.abc import Iterator
from typing import IO

from flask import Response, request

PART_BYTES = 256 * 1024
"""Of a table that a client is sent at a time."""


class FilePart(bytes):
    """Bytes that are also in a file, so that a server can keep their place in memory instead (`gunicorn_worker`)."""

    file: IO[bytes]
    at: int

    @classmethod
    def read(cls, file: IO[bytes], at: int, size: int) -> "FilePart":
        """Return at most `size` bytes from `at` on."""
        part = cls(os.pread(file.fileno(), size, at))
        part.file, part.at = file, at
        return part


class TableFile:
    """A table as far as it has been made. Its file has no name, so that none is left if the process is killed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as this object and who reads it)
        self._changed = threading.Condition()
        self._bytes = 0
        self._error: BaseException | None = None
        self.has_ended = False

    def add(self, text: str) -> None:
        """Append a piece, for all who read the table."""
        self._file.write(text.encode())
        self._file.flush()
        with self._changed:
            self._bytes = self._file.tell()
            self._changed.notify_all()

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to send."""
        return self._bytes > 0

    def end(self, error: BaseException | None = None) -> None:
        """Say that the table is whole, or what kept it from being so."""
        with self._changed:
            self.has_ended, self._error = True, error
            self._changed.notify_all()

    def response(self, content_type: str) -> Response:
        """Return a response as soon as the table has begun; its length is stated if the table is whole.

        A client of HTTP/1.0 could not see that a response of unknown length broke off. It waits for the whole table.

        Raises
        ------
        Exception
            What kept the table from being whole, while the response can still become an error page.
        """
        self._wait_for(1 if request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0" else None)
        with self._changed:
            has_ended, error = self.has_ended, self._error
        if error is not None:
            raise error
        response = Response(self._parts(), content_type=content_type)
        if has_ended:
            response.content_length = self._bytes
        return response

    def _wait_for(self, size: int | None) -> int:
        """Wait until so many bytes are there (None: all), or there will be no more; return how many there are."""
        with self._changed:
            self._changed.wait_for(lambda: self.has_ended or (size is not None and self._bytes >= size))
            return self._bytes

    def _parts(self) -> Iterator[FilePart]:
        """Yield the table from its beginning to its end, as it grows.

        Raises
        ------
        ConnectionAbortedError
            It will not be whole. The server then closes the connection, and the end of a chunked response is missing.
        """
        at = 0
        while at < self._wait_for(at + 1):
            part = FilePart.read(self._file, at, min(PART_BYTES, self._bytes - at))
            at += len(part)
            yield part
        if self._error is not None:
            raise ConnectionAbortedError("The table was not made to its end.") from self._error
