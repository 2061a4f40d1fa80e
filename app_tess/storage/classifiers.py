"""Other classifiers' scores, and the TOIs that they belong to."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, bindparam, delete, func, insert, select
from sqlalchemy.sql import visitors

from app_tess.astro.score_match import Matched, match_rows
from app_tess.errors import MissingData
from app_tess.storage.classifier_models import Classifier, ClassifierScore, MatchedScore
from app_tess.storage.data_version import of_version
from app_tess.storage.database import db
from app_tess.storage.listing import ListCount, ListedToi, listed
from app_tess.storage.models import Toi
from app_tess.storage.switching import switching


def _score_of_listed(key: str) -> ScalarSelect[float]:
    chosen = select(Classifier.id).order_by(Classifier.id).limit(1)
    if key:
        chosen = chosen.where(Classifier.name_key == key)
    return (
        select(MatchedScore.score)
        .where(MatchedScore.toi == listed.toi, MatchedScore.classifier_id == chosen.scalar_subquery())
        .correlate(ListedToi)
        .scalar_subquery()
    )


SCORE_OF_LISTED = _score_of_listed("")
"""A ListedToi's score by the classifier that was loaded first."""


def of_classifier(expression: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Return an expression on SCORE_OF_LISTED for the classifier of a name; if empty, unchanged."""
    if not name:
        return expression
    score = _score_of_listed(name_key(name))

    def replace(element: Any, **_kw: Any) -> Any:
        return score if element is SCORE_OF_LISTED else None

    replaced: ColumnElement[Any] = visitors.replacement_traverse(expression, {}, replace)
    return replaced


def name_key(name: str) -> str:
    """Return a name as two spellings of it are compared."""
    return name.casefold()


def replace_scores(classifier: Classifier, rows: list[dict[str, Any]]) -> Classifier:
    """Store a classifier's scores in place of those under the same name and match them, in one transaction.

    Parameters
    ----------
    classifier : Classifier
        Not yet stored; its key and its count are filled in here.
    rows : list of dict
        The columns of ClassifierScore without the classifier.
    """
    classifier.name_key, classifier.row_count = name_key(classifier.name), len(rows)
    with switching():
        _delete(classifier.name_key)
        db.session.add(classifier)
        db.session.flush()
        db.session.execute(insert(ClassifierScore), [row | {"classifier_id": classifier.id} for row in rows])
        _match(classifier.id)
    return classifier


def delete_scores(name: str) -> None:
    """Delete a classifier and its scores.

    Raises
    ------
    MissingData
        No scores are stored under this name.
    """
    get_classifier(name)
    with switching():
        _delete(name_key(name))


def _delete(key: str) -> None:
    ids = select(Classifier.id).where(Classifier.name_key == key)
    for table in (MatchedScore, ClassifierScore):
        db.session.execute(delete(table).where(table.classifier_id.in_(ids)))
    db.session.execute(delete(Classifier).where(Classifier.name_key == key))
    db.session.execute(delete(ListCount).where(ListCount.queue == "classifier_score"))


def match_all() -> None:
    """Match every stored score to the present catalogue, within the transaction that replaces it."""
    for classifier_id in db.session.scalars(select(Classifier.id)).all():
        _match(classifier_id)


def _match(classifier_id: int) -> None:
    """Fill `matched_scores`: a row that names the TOI comes first, then the highest score with the TOI's period."""
    db.session.execute(delete(MatchedScore).where(MatchedScore.classifier_id == classifier_id))
    best: dict[str, tuple[tuple[bool, float], dict[str, Any]]] = {}
    for row, matched in matches_of(classifier_id):
        for toi in matched.tois:
            rank = (matched.by_name, row.score)
            name = str(toi.toi)
            if name not in best or rank > best[name][0]:
                values = {"score": row.score, "scored_on": row.scored_on, "version": row.version}
                best[name] = rank, {"classifier_id": classifier_id, "toi": name, "tic_id": toi.tic_id} | values
    if best:
        db.session.execute(insert(MatchedScore), [values for _, values in best.values()])


def matches_of(classifier_id: int) -> Iterator[tuple[Row[*tuple[Any, ...]], Matched]]:
    """Yield each row of a classifier's file, in its order, with the TOIs that it belongs to."""
    tois = db.session.execute(select(Toi.toi, Toi.tic_id, Toi.period_d)).all()
    columns = list(ClassifierScore.__table__.columns)
    rows = db.session.execute(
        select(*columns).where(ClassifierScore.classifier_id == classifier_id).order_by(ClassifierScore.id)
    ).all()
    yield from zip(rows, match_rows(rows, tois), strict=True)


@of_version
def find_classifiers() -> list[Classifier]:
    """Return the classifiers whose scores are stored, by name."""
    return list(db.session.scalars(select(Classifier).order_by(Classifier.name_key)))


def get_classifier(name: str) -> Classifier:
    """Return a classifier by its name, in capitals or not.

    Raises
    ------
    MissingData
        No scores are stored under this name; the message names those that are.
    """
    found = db.session.scalars(select(Classifier).where(Classifier.name_key == name_key(name))).first()
    if found is None:
        names = ", ".join(classifier.name for classifier in find_classifiers()) or "none"
        raise MissingData(f"No scores of a classifier '{name}' are loaded; loaded: {names}.")
    return found


def version() -> tuple[Any, ...]:
    """Return what changes whenever scores are loaded or deleted."""
    return tuple(db.session.execute(select(func.max(Classifier.loaded_at), func.count(Classifier.id))).one())


def count_matched() -> dict[int, int]:
    """Return classifier id -> the number of TOIs that it scored."""
    counted = select(MatchedScore.classifier_id, func.count()).group_by(MatchedScore.classifier_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def scores_of(tois: Select[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return TOI -> its scores by other classifiers, by name: classifier, score, scored_on, version.

    Parameters
    ----------
    tois : Select
        Of the names of the TOIs.
    """
    return _by_toi(db.session.execute(_select_scores(tois)))


def _select_scores(tois: Select[Any]) -> Select[str, str, float, dt.date | None, str | None]:
    return (
        select(
            MatchedScore.toi,
            Classifier.name.label("classifier"),
            MatchedScore.score,
            MatchedScore.scored_on,
            MatchedScore.version,
        )
        .join(Classifier, Classifier.id == MatchedScore.classifier_id)
        .where(MatchedScore.toi.in_(tois))
        .order_by(Classifier.name_key)
    )


def _by_toi(rows: Iterable[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for toi, *values in rows:
        found.setdefault(toi, []).append(
            dict(zip(("classifier", "score", "scored_on", "version"), values, strict=True))
        )
    return found


_SCORES_OF_STAR = _select_scores(select(Toi.toi).where(Toi.tic_id == bindparam("tic_id")))


def scores_of_star(tic_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return `scores_of` the TOIs of a star."""
    return _by_toi(db.session.execute(_SCORES_OF_STAR, {"tic_id": tic_id}))


def as_text(scores: list[dict[str, Any]]) -> str | None:
    """Write the scores of a TOI in one cell: "Astronet: 0.2; ExoMiner: 0.95"; None where it has none."""
    return "; ".join(f"{row['classifier']}: {row['score']:.6g}" for row in scores) or None
