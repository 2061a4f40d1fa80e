"""Which stars a query finds, in which order, cached for as long as the catalogue and its scores stay the same.

Ranking 7,000 stars takes some milliseconds, and a reader who pages through a list asks for the same ranking again. The
key holds what the list is made of, so a new catalogue, scoring or vetting is seen at once.
"""

import dataclasses
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app_tess.storage.classifier_models import Classifier
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad
from app_tess.storage.score_models import VettingResult, current_run_id

if TYPE_CHECKING:
    from app_tess.storage.star_query import StarQuery

KEPT = 200
"""Rankings kept in memory, of at most 60 kB each."""
_kept: "OrderedDict[tuple[object, ...], array[int]]" = OrderedDict()
_lock = threading.Lock()


def ranked(query: "StarQuery", rank: Callable[[], Iterable[int]]) -> "array[int]":
    """Return the TIC ids of a query's stars, in order, for all its pages: `rank()`, or its earlier result."""
    versions = db.session.execute(
        select(
            select(func.max(CatalogueLoad.id)).scalar_subquery(),
            current_run_id,
            select(func.max(Classifier.loaded_at)).scalar_subquery(),
            select(func.count(Classifier.id)).scalar_subquery(),
            select(func.max(VettingResult.measured_at)).scalar_subquery(),
            select(func.count(VettingResult.toi)).scalar_subquery(),
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


def forget() -> None:
    """Empty the cache, to measure first views."""
    with _lock:
        _kept.clear()
