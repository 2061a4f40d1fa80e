"""Surveys: begun or resumed by their targets, and stored in batches by one writer."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from app_tess.errors import RunEnded
from app_tess.storage import look_ups, searches, vetting_results
from app_tess.storage.database import changed_rows, db, now, plain
from app_tess.storage.look_ups import INSERT_ROWS
from app_tess.storage.survey_models import Survey, SurveyStar
from app_tess.storage.switching import switching

STARS_A_READ = 200
"""Waiting stars that are read at a time, so that memory does not grow with a survey."""

REPORT_COLUMNS = (
    "tic_id",
    "state",
    "message",
    "toi_count",
    "measured_count",
    "signal_count",
    "file_bytes",
    "read_s",
    "vet_s",
    "search_s",
    "finished_at",
)


@dataclass
class StarResult:
    """What a survey stores of a star: its row in the survey, and what was measured."""

    tic_id: int
    row: dict[str, Any]
    """Columns of SurveyStar."""
    vetting: list[dict[str, Any]] = field(default_factory=list)
    search: dict[str, Any] | None = None
    signals: list[dict[str, Any]] = field(default_factory=list)
    unavailable_at: float | None = None
    """When an archive was out, so that the star has to wait (Unix time [s]); None where it was measured or failed."""
    fetched: bool = False
    """Whether the archive has sent a file for it."""


def begin(what: str, label: str, targets: Mapping[int, str | None], options: dict[str, Any]) -> tuple[Survey, bool]:
    """Return the survey of these targets with these options, and whether it was there already.

    Parameters
    ----------
    what, label : str
        As in Survey.
    targets : mapping
        TIC id -> address of the one light curve to use, or None.
    options : dict
    """
    sha256 = hashlib.sha256("".join(f"{tic_id}\n" for tic_id in sorted(targets)).encode()).hexdigest()
    alike = select(Survey).where(Survey.what == what, Survey.targets_sha256 == sha256).order_by(Survey.id.desc())
    found = next((survey for survey in db.session.scalars(alike) if survey.options == options), None)
    with switching():
        if found is None:
            survey = Survey(what=what, label=label, targets_sha256=sha256, options=options)
            db.session.add(survey)
            db.session.flush()
            rows = [{"survey_id": survey.id, "tic_id": tic_id, "data_url": targets[tic_id]} for tic_id in targets]
            for start in range(0, len(rows), INSERT_ROWS):
                db.session.execute(insert(SurveyStar), rows[start : start + INSERT_ROWS])
        else:
            survey = found
        survey.driver = secrets.token_hex(16)
    return survey, found is not None


def retry_failed(survey_id: int) -> int:
    """Let the stars that failed wait again; return how many."""
    with switching():
        changed = db.session.execute(
            update(SurveyStar)
            .where(SurveyStar.survey_id == survey_id, SurveyStar.state == "failed")
            .values(state="waiting", message=None)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(update(Survey).where(Survey.id == survey_id).values(ended_at=None))
    return changed_rows(changed)


def iter_waiting(survey_id: int) -> Iterator[list[tuple[int, str | None]]]:
    """Yield the waiting stars and their light curves, by TIC id, some at a time; each star once."""
    last = 0
    while True:
        found = db.session.execute(
            select(SurveyStar.tic_id, SurveyStar.data_url)
            .where(SurveyStar.survey_id == survey_id, SurveyStar.state == "waiting", SurveyStar.tic_id > last)
            .order_by(SurveyStar.tic_id)
            .limit(STARS_A_READ)
        ).all()
        if not found:
            return
        last = found[-1].tic_id
        yield [(tic_id, data_url) for tic_id, data_url in found]


def count_states(survey_id: int) -> dict[str, int]:
    """Return state -> number of stars; every state is there."""
    found = db.session.execute(
        select(SurveyStar.state, func.count()).where(SurveyStar.survey_id == survey_id).group_by(SurveyStar.state)
    )
    return {"waiting": 0, "done": 0, "failed": 0} | {row.state: row[1] for row in found}


def record_batch(survey_id: int, driver: str, results: Sequence[StarResult], load_id: int | None) -> None:
    """Store the results of some stars, and that they are done: all of it or nothing.

    Parameters
    ----------
    survey_id : int
    driver : str
        As it was when the survey was begun or resumed.
    results : sequence of StarResult
    load_id : int or None
        The catalogue that they were measured with.

    Raises
    ------
    OutdatedInput
        The catalogue was replaced meanwhile; the stars wait.
    RunEnded
        Another command has resumed the survey meanwhile.
    """
    with switching(computed_from=load_id):
        held = update(Survey).where(Survey.id == survey_id, Survey.driver == driver).values(driver=driver)
        if changed_rows(db.session.execute(held)) != 1:
            raise RunEnded("Another command has resumed this survey; what it stores is complete without this one.")
        for result in results:
            if result.vetting:
                vetting_results.write(result.vetting)
            if result.search is not None:
                searches.write(result.search, result.signals)
            db.session.execute(
                update(SurveyStar)
                .where(SurveyStar.survey_id == survey_id, SurveyStar.tic_id == result.tic_id)
                .values(plain(result.row) | {"finished_at": now()})
                .execution_options(synchronize_session=False)
            )
        if not count_states(survey_id)["waiting"]:
            db.session.execute(update(Survey).where(Survey.id == survey_id).values(ended_at=now()))


def failures(survey_id: int) -> list[tuple[int, str]]:
    """Return (TIC id, reason) of the stars that failed, by TIC id."""
    found = (
        select(SurveyStar.tic_id, SurveyStar.message)
        .where(SurveyStar.survey_id == survey_id, SurveyStar.state == "failed")
        .order_by(SurveyStar.tic_id)
    )
    return [(tic_id, message or "") for tic_id, message in db.session.execute(found)]


def iter_report(survey_id: int) -> Iterator[Sequence[Any]]:
    """Yield REPORT_COLUMNS of each star of a survey, by TIC id."""
    columns = [getattr(SurveyStar, name) for name in REPORT_COLUMNS]
    found = select(*columns).where(SurveyStar.survey_id == survey_id).order_by(SurveyStar.tic_id)
    with db.session.execute(found.execution_options(yield_per=STARS_A_READ)) as rows:
        yield from rows


def add_stars(rows: Sequence[dict[str, Any]], products: Sequence[dict[str, Any]], source: str, note: str) -> None:
    """Store stars that are not in the catalogue, and light curves that it does not list, as look-ups do."""
    with switching():
        look_ups.insert_without_neighbours(rows, products, source, note)


def forget_all() -> None:
    """Delete every survey, within the open transaction: it measured the light curves of another catalogue."""
    db.session.execute(delete(SurveyStar))
    db.session.execute(delete(Survey))
