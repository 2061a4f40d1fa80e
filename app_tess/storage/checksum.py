"""Checksums of everything stored, to compare a restored database with the one that was backed up."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import select

from app_tess.storage.database import begin_consistent_read, db, plain

CHUNK_ROWS = 1000

NOT_KEPT = {"workers"}
"""The workers' heartbeats, which change every second while one is alive."""


@dataclass(frozen=True)
class TableChecksum:
    """The content of one table."""

    table: str
    rows: int
    sha256: str
    """Of the sorted SHA-256 sums of its rows: neither the order nor the kind of database counts."""


def table_checksums() -> list[TableChecksum]:
    """Return the checksum of every table but the workers' heartbeats, all of one moment."""
    begin_consistent_read()
    try:
        return [_checksum(name) for name in sorted(db.metadata.tables.keys() - NOT_KEPT)]
    finally:
        db.session.rollback()


def _checksum(name: str) -> TableChecksum:
    table = db.metadata.tables[name]
    rows = db.session.execute(select(table).execution_options(yield_per=CHUNK_ROWS)).mappings()
    sums = sorted(
        hashlib.sha256(json.dumps(plain(dict(row)), sort_keys=True, default=str).encode()).digest() for row in rows
    )
    return TableChecksum(name, len(sums), hashlib.sha256(b"".join(sums)).hexdigest())
