"""A table in a file on disk: no query and no thread waits for the clients that read it, however slowly they do."""

import tempfile

from flask import Response, request
from werkzeug.wsgi import wrap_file


class TableFile:
    """A table as it is sent. The file is removed with this object; those who are reading it then go on.

    Parameters
    ----------
    pieces : iterable of str
        Read to its end now: its errors are raised here, while the response can still become an error page.
    """

    def __init__(self, pieces):
        self._file = tempfile.NamedTemporaryFile(prefix="tess-table-")  # noqa: SIM115  (it lives as long as this object)
        for piece in pieces:
            self._file.write(piece.encode())
        self._file.flush()
        self._bytes = self._file.tell()

    def response(self, content_type):
        """Return a response that the server sends from the file."""
        file = open(self._file.name, "rb")  # noqa: SIM115  (the server closes it when the last byte is sent)
        response = Response(wrap_file(request.environ, file), content_type=content_type, direct_passthrough=True)
        response.content_length = self._bytes
        return response
