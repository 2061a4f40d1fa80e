"""What is stored of a star in tables that most stars are not in: they are asked together which of them have it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select

from app_tess.storage import classifiers, known_signals, look_ups, planets, searches, vetting_results
from app_tess.storage.classifier_models import MatchedScore
from app_tess.storage.database import db
from app_tess.storage.eclipsing_binary_models import EclipsingBinary
from app_tess.storage.look_up_models import LookUp
from app_tess.storage.planet_models import Planet
from app_tess.storage.score_models import VettingResult
from app_tess.storage.search_models import Search

TABLES = (VettingResult, Search, Planet, LookUp, MatchedScore, EclipsingBinary)
_WHICH_HAVE = select(*(exists().where(table.tic_id == bindparam("tic_id")) for table in TABLES))


@dataclass(frozen=True)
class BesideStar:
    """What belongs to a star beside its `StarDetail`, as the modules of the tables return it."""

    vetting: dict[str, VettingResult]
    search: Search | None
    planets: list[Planet]
    look_up: LookUp | None
    classifier_scores: dict[str, list[dict[str, Any]]]
    binaries: list[known_signals.KnownSignal]


def read_beside(tic_id: int) -> BesideStar:
    """Return it in one statement, and one for each table that has something."""
    found = db.session.execute(_WHICH_HAVE, {"tic_id": tic_id}).one()
    have = {table for table, is_there in zip(TABLES, found, strict=True) if is_there}
    return BesideStar(
        vetting_results.results_of_star(tic_id) if VettingResult in have else {},
        searches.search_of_star(tic_id) if Search in have else None,
        planets.planets_of(tic_id) if Planet in have else [],
        look_ups.find_look_up(tic_id) if LookUp in have else None,
        classifiers.scores_of_star(tic_id) if MatchedScore in have else {},
        known_signals.known_binaries({tic_id: 0.0}) if EclipsingBinary in have else [],
    )
