"""Send a table while it is being read from the database.

Flask ends the application context of a request, and with it the database session, before the body is sent;
`stream_with_context` replaces it by a new one, which closes a PostgreSQL cursor. So the stream has its own context.
"""

import contextvars


class Stream:
    """An iterator of strings in an application context that lasts until the last of them, or until `close`.

    Parameters
    ----------
    app : Flask
    make_pieces : callable
        Called immediately, in the new context; returns the iterator. Its errors, and those of the first piece, are
        raised here, while the response can still become an error page.
    """

    def __init__(self, app, make_pieces):
        def pieces():
            with app.app_context():
                yield from make_pieces()

        self._context = contextvars.copy_context()
        self._pieces = pieces()
        self._first = [self._context.run(next, self._pieces)]

    def __iter__(self):
        return self

    def __next__(self):
        if self._first:
            return self._first.pop()
        return self._context.run(next, self._pieces)

    def close(self):
        """Close the iterator; the server calls this when the body is sent or the client disconnects."""
        self._context.run(self._pieces.close)

    __del__ = close
    """A response that no server closes (in a test) must not keep its cursor either."""
