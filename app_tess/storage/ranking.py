"""Which stars a query finds, in which order: worked out by the database, and kept for as long as the catalogue and its scores stay.

Ranking 7,000 stars takes the database some 10 ms; a reader who turns pages or walks from star to star asks for the same list
again and again. What is kept is keyed by the load and the scoring run, so a reload or a new scoring is seen at once.
"""
import threading
from array import array
from collections import OrderedDict

from sqlalchemy import func, select

from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.star_query import current_run_id

KEPT = 200
"""Answers kept in memory; a whole ranking takes 60 kB, a page 1 kB."""
_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


def page_of(query, ranked, counted):
    """(tic ids of the query's page, number of stars in all). `counted` counts the stars found."""
    def ask():
        limited = ranked.limit(query.page_size).offset((query.page - 1) * query.page_size)
        tic_ids = list(db.session.scalars(limited))
        if query.page == 1 and len(tic_ids) < query.page_size:
            return tic_ids, len(tic_ids)
        return tic_ids, db.session.scalar(counted)
    return _remember(("page", repr(query)), ask)


def whole(query, ranked):
    """All tic ids of a query, in order, whatever its page."""
    key = ("whole", repr(query).rsplit("page=", 1)[0])
    return _remember(key, lambda: array("q", db.session.scalars(ranked)))


def _remember(key, ask):
    load_id, run_id = db.session.execute(select(select(func.max(CatalogueLoad.id)).scalar_subquery(), current_run_id)).one()
    if load_id is None:
        return ask()
    key = (str(db.engine.url), load_id, run_id, *key)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    answer = ask()
    with _lock:
        _kept[key] = answer
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return answer
