"""A table in a file on disk: no query and no thread waits for the clients that read it, however slowly they do."""

import io
import os
import tempfile

from flask import Response, request
from werkzeug.wsgi import wrap_file


class TableFile:
    """A table as it is sent. Its file has no name, so that none is left if the process is killed.

    Parameters
    ----------
    pieces : iterable of str
        Read to its end now: its errors are raised here, while the response can still become an error page.
    """

    def __init__(self, pieces):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (it lives as long as this object)
        for piece in pieces:
            self._file.write(piece.encode())
        self._file.flush()
        self._bytes = self._file.tell()

    def response(self, content_type):
        """Return a response that the server sends from the file, and closes when the last byte is sent."""
        file = io.BufferedReader(_Reading(self._file))
        response = Response(wrap_file(request.environ, file), content_type=content_type, direct_passthrough=True)
        response.content_length = self._bytes
        return response


class _Reading(io.RawIOBase):
    """A file as one client reads it: from its beginning to its end, although its TableFile may be gone."""

    def __init__(self, file):
        self._descriptor, self._at = os.dup(file.fileno()), 0

    def readable(self):
        return True

    def readinto(self, buffer):
        count = os.preadv(self._descriptor, [buffer], self._at)
        self._at += count
        return count

    def seekable(self):
        return True

    def seek(self, offset, whence=os.SEEK_SET):
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = base + offset
        return self._at

    def close(self):
        if not self.closed:
            os.close(self._descriptor)
        super().close()
