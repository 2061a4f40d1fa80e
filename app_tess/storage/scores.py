"""Scores belong to a scoring run, which is stored as a whole and becomes the current one in the same transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, Text, column, delete, select, table, update

from app_tess.fields import in_toi_table
from app_tess.storage import list_counts, listing
from app_tess.storage.data_version import of_version
from app_tess.storage.database import begin_consistent_read, db, plain
from app_tess.storage.inserting import insert_into, insert_rows
from app_tess.storage.models import Star, Toi
from app_tess.storage.score_models import Score, ScoringRun, StarScore
from app_tess.storage.spool import Spool
from app_tess.storage.switching import current_load_id, switching

KEPT_RUNS = 5
"""Older runs are dropped: 7,500 scores with their explanations take some 15 MB."""
READ_ROWS = 1000
"""Rows read at a time."""
IN_ORDER = (Toi.tic_id, Toi.toi_number, Toi.candidate_number, Toi.toi)
"""By star, and within a star in the order of TOIs."""
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
    rows: Collection[dict[str, Any]]
    """Of each TOI: toi, tic_id, planet_probability, not_scored_reason, explanation (its JSON text, or None)."""
    star_probabilities: Mapping[int, float | None]
    """TIC id -> probability that at least one TOI of the star is a planet."""

    @cached_property
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
    own = {"scoring_run_id": run.id}
    insert_into(_SCORES, (plain(row) | own for row in new.rows))
    stars = ({"tic_id": tic_id, "planet_probability": value} for tic_id, value in new.star_probabilities.items())
    insert_rows(StarScore, (plain(star) | own for star in stars))
    keep = select(ScoringRun.id).order_by(ScoringRun.id.desc()).limit(KEPT_RUNS).scalar_subquery()
    db.session.execute(delete(ScoringRun).where(ScoringRun.id.not_in(keep)))


_CURRENT_RUN = select(ScoringRun).where(ScoringRun.is_current)


@of_version
def find_current_run() -> ScoringRun | None:
    """Return the run whose scores are shown, or None before the first scoring."""
    return db.session.scalars(_CURRENT_RUN).first()


def read_catalogue(columns: Sequence[str]) -> tuple[int | None, Spool]:
    """Return the current load's id and the catalogue for scoring, both of one moment.

    Parameters
    ----------
    columns : sequence of str
        Of the scoring frame, those of a star with the prefix `tic_`; one that neither table has is left out.

    Returns
    -------
    load_id : int or None
    rows : Spool
        One per TOI, with `toi` and `tic_id`; the TOIs of a star are next to each other.
    """
    db.session.rollback()
    begin_consistent_read()
    load_id = current_load_id()
    statement = _with_star(columns)
    found = db.session.execute(statement.order_by(*IN_ORDER), execution_options={"yield_per": READ_ROWS})
    rows = Spool(statement.selected_columns.keys(), map(dict, found.mappings()))
    db.session.rollback()
    return load_id, rows


def read_star(tic_id: int) -> list[dict[str, Any]]:
    """Return the TOIs of a star with all columns of both tables; empty if it has none."""
    names = [*Toi.__table__.columns.keys(), *map(in_toi_table, Star.__table__.columns.keys())]
    found = db.session.execute(_with_star(names).where(Toi.tic_id == tic_id).order_by(*IN_ORDER))
    return [dict(row) for row in found.mappings()]


def _with_star(columns: Sequence[str]) -> Select[Any]:
    """Select these columns of each TOI and, with the prefix `tic_`, of its star."""
    toi, star = Toi.__table__.columns, Star.__table__.columns
    chosen = [column for column in toi if column.name in ("toi", "tic_id", *columns)]
    chosen += [
        column.label(in_toi_table(column.name))
        for column in star
        if column.name not in UNSCORED_COLUMNS and in_toi_table(column.name) in columns
    ]
    return select(*chosen).join_from(toi.toi.table, star.tic_id.table, star.tic_id == toi.tic_id)
