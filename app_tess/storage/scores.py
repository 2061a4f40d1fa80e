"""Scores belong to a scoring run, which is stored as a whole and becomes the current one in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, column, delete, insert, select, table, update

from app_tess.fields import in_toi_table
from app_tess.storage import list_counts, listing
from app_tess.storage.database import begin_consistent_read, db, plain
from app_tess.storage.models import Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore
from app_tess.storage.switching import current_load_id, switching

KEPT_RUNS = 5
"""Older runs are dropped: 7,500 scores with their explanations take some 15 MB."""
INSERT_ROWS = 1000
"""Rows in one INSERT."""
IN_ORDER = ("toi", "tic_id", "toi_number", "candidate_number")
"""Columns that identify a TOI and give its place."""
UNSCORED_COLUMNS = ("tic_id", "has_tic_row")
"""Columns of a star that a TOI has as well, or that are not the TIC's."""
_SCORES = table(
    Score.__tablename__,
    *(column(one.name, Text() if one.name == "explanation" else one.type) for one in Score.__table__.columns),
)
"""The table with explanations as the JSON text that they are written as: as objects they would take five times more."""


@dataclass(frozen=True)
class NewScores:
    """The scores of a whole catalogue by one model, not yet stored."""

    artifact_sha256: str
    model_name: str
    rows: Sequence[dict[str, Any]]
    """Of each TOI: toi, tic_id, planet_probability, not_scored_reason, explanation (its JSON text, or None)."""
    star_probabilities: Mapping[int, float | None]
    """TIC id -> probability that at least one TOI of the star is a planet."""

    @property
    def scored_count(self) -> int:
        """TOIs with a score."""
        return sum(row["planet_probability"] is not None for row in self.rows)

    @property
    def unscored_count(self) -> int:
        """TOIs without."""
        return len(self.rows) - self.scored_count

    @property
    def sizes(self) -> dict[str, int]:
        """What is noted of them in a run."""
        return {"scored": self.scored_count} | ({"not scored": self.unscored_count} if self.unscored_count else {})


def store_scores(new: NewScores, load_id: int | None, message: str = "") -> None:
    """Make new scores of the present catalogue the current ones, in one transaction, with the end of their run.

    Raises
    ------
    OutdatedInput, RunEnded
        They were computed from an older load than the current one, or the run is over; the old scores stay.
    """
    with switching(computed_from=load_id) as switch:
        insert_scores(new, load_id)
        listing.rebuild()
        list_counts.recount()
        switch.message, switch.sizes = message, new.sizes


def insert_scores(new: NewScores, load_id: int | None) -> None:
    """Make new scores the current ones and delete the oldest, within the open transaction."""
    db.session.execute(update(ScoringRun).where(ScoringRun.is_current).values(is_current=False))
    run = ScoringRun(
        artifact_sha256=new.artifact_sha256,
        model_name=new.model_name,
        load_id=load_id,
        scored_count=new.scored_count,
        unscored_count=new.unscored_count,
        is_current=True,
    )
    db.session.add(run)
    db.session.flush()
    for start in range(0, len(new.rows), INSERT_ROWS):
        chunk = new.rows[start : start + INSERT_ROWS]
        db.session.execute(insert(_SCORES), [plain(row) | {"scoring_run_id": run.id} for row in chunk])
    stars = [
        {"scoring_run_id": run.id, "tic_id": int(tic_id), "planet_probability": plain(value)}
        for tic_id, value in new.star_probabilities.items()
    ]
    if stars:
        db.session.execute(insert(StarScore), stars)
    keep = select(ScoringRun.id).order_by(ScoringRun.id.desc()).limit(KEPT_RUNS).scalar_subquery()
    db.session.execute(delete(ScoringRun).where(ScoringRun.id.not_in(keep)))


_CURRENT_RUN = select(ScoringRun).where(ScoringRun.is_current)


def find_current_run() -> ScoringRun | None:
    """Return the run whose scores are shown, or None before the first scoring."""
    return db.session.scalars(_CURRENT_RUN).first()


def read_catalogue(columns: Sequence[str]) -> tuple[int | None, list[dict[str, Any]]]:
    """Return the current load's id and the catalogue for scoring, both of one moment.

    Parameters
    ----------
    columns : sequence of str
        See `scoring_rows`.

    Returns
    -------
    load_id : int or None
    rows : list of dict
        See `scoring_rows`.
    """
    db.session.rollback()
    begin_consistent_read()
    load_id = current_load_id()
    of_toi = [one for one in Toi.__table__.columns if one.name in (*IN_ORDER, *columns)]
    of_star = [one for one in Star.__table__.columns if one.name == "tic_id" or in_toi_table(one.name) in columns]
    tois, stars = (db.session.execute(select(*names)).mappings() for names in (of_toi, of_star))
    rows = scoring_rows(tois, stars, columns)
    db.session.rollback()
    return load_id, rows


def read_star(tic_id: int) -> list[dict[str, Any]]:
    """Return the TOIs of a star with all columns of both tables; empty if it has none."""
    stars, tois = (
        [dict(row) for row in db.session.execute(select(table).where(table.c.tic_id == tic_id)).mappings()]
        for table in (Star.__table__, Toi.__table__)
    )
    names = [*Toi.__table__.columns.keys(), *map(in_toi_table, Star.__table__.columns.keys())]
    return scoring_rows(tois, stars, names)


def scoring_rows(tois: Iterable[Any], stars: Iterable[Any], columns: Sequence[str]) -> list[dict[str, Any]]:
    """Join rows of TOIs and of their stars for scoring.

    Parameters
    ----------
    tois, stars : iterable of mappings
    columns : sequence of str
        To be kept, beside `toi` and `tic_id`; those of a star have the prefix `tic_`.

    Returns
    -------
    list of dict
        One per TOI, in the order of TOIs.
    """
    kept = {"toi", "tic_id", *columns}
    of_star = {
        star["tic_id"]: {
            in_toi_table(name): value
            for name, value in star.items()
            if name not in UNSCORED_COLUMNS and in_toi_table(name) in kept
        }
        for star in stars
    }
    ordered = sorted(tois, key=lambda toi: (toi["toi_number"], toi["candidate_number"], toi["toi"]))
    return [{name: value for name, value in toi.items() if name in kept} | of_star[toi["tic_id"]] for toi in ordered]
