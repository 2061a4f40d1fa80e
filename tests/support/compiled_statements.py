"""SQL compiled once in a process: the engines of each test would spend a tenth of the processor time on it."""

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

_compiled = LRUCache(5_000)


def _signature(dialect):
    return type(dialect), dialect.server_version_info


def _is_same(dialect, other):
    return isinstance(other, DefaultDialect) and _signature(dialect) == _signature(other)


def compile_statements_once():
    """Let all engines of this process share them. They are kept by dialect, here by its kind and version."""
    DefaultDialect.__eq__ = _is_same
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))
    Engine._compiled_cache = property(lambda engine: _compiled, lambda engine, own: None)
