"""Send a table while it is read from the database.

Flask ends a request's application context, and with it the database session, before the body is sent; `stream_with_context`
only puts a new one in its place, which cuts a PostgreSQL cursor off. So the stream has a context of its own.
"""

import contextvars


class Stream:
    """An iterator of texts, made in an application context that lasts until the last of them, or until `close`.

    Parameters
    ----------
    app : Flask
    make_pieces : callable
        Called at once, in the new context; returns the iterator. What it raises, and what fetching the first piece
        raises, is raised here, while the answer can still become an error page.
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
        """Called by the server when the body is sent or the client has gone."""
        self._context.run(self._pieces.close)

    __del__ = close
    """An answer that no server closes (a test's) must not keep its cursor either."""
