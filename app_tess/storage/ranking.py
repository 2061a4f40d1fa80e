"""Which stars a query finds, in which order, kept for as long as the catalogue and its scores stay.

Ranking 7,000 stars takes the database some milliseconds; a reader who turns pages or walks from star to star asks for the same
list again and again. What is kept is keyed by what the list is made of, so a reload or a new scoring is seen at once.
"""

import dataclasses
import threading
from array import array
from collections import OrderedDict

from sqlalchemy import func, select

from app_tess.storage.database import db
from app_tess.storage.exominer_models import ExominerLoad
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.score_models import current_run_id

KEPT = 200
"""Rankings kept in memory, of at most 60 kB each."""
_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


def ranked(query, rank):
    """All tic ids of a query, in order, whatever its page: `rank()`, or what it said before. An array of 64-bit numbers."""
    versions = db.session.execute(
        select(
            select(func.max(CatalogueLoad.id)).scalar_subquery(),
            current_run_id,
            select(func.max(ExominerLoad.id)).scalar_subquery(),
        )
    ).one()
    key = (str(db.engine.url), *versions, repr(dataclasses.replace(query, page=1, page_size=1)))
    with _lock:
        if key in _kept and versions[0] is not None:
            _kept.move_to_end(key)
            return _kept[key]
    answer = array("q", rank())
    with _lock:
        _kept[key] = answer
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return answer


def forget():
    """Rank anew whatever is asked next: for measurements of a first view."""
    with _lock:
        _kept.clear()
