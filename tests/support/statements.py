"""The statements that a part of a test executes."""

from contextlib import contextmanager

from sqlalchemy import event


@contextmanager
def statements_of(engine):
    """Give the list that grows by (SQL, parameters) with each statement until the block ends."""
    seen = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
