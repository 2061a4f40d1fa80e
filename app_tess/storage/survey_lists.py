"""What surveys and searches found, as lists: the signals detected here, and how they agree with the TOIs."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, literal, select

from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.storage.database import db
from app_tess.storage.models import Toi
from app_tess.storage.search_models import DetectedSignal, Search
from app_tess.storage.survey_models import Survey, SurveyStar

NO_CLASS = "none"
"""The filter's word for signals that the network could not classify."""

KINDS = ("periodic", "single")

EVERYTHING = slice(0, None)


@dataclass(frozen=True)
class SignalQuery:
    """Which detected signals; without anything all of them."""

    light_curve_classes: tuple[str, ...] = ()
    """Codes in LIGHT_CURVE_CLASSES, or NO_CLASS."""
    is_new: bool | None = None
    """True: it is no TOI; False: it is a TOI found again."""
    kind: str | None = None
    """One of KINDS."""
    sde_min: float | None = None
    """A single transit has no SDE, and passes no limit."""
    survey_id: int | None = None
    page: int = 1
    page_size: int = 50

    def conditions(self) -> list[Any]:
        """Return the conditions on a DetectedSignal."""
        found: list[Any] = []
        if self.light_curve_classes:
            shown = func.coalesce(DetectedSignal.light_curve_class, NO_CLASS)
            found.append(shown.in_(self.light_curve_classes))
        if self.is_new is not None:
            found.append(DetectedSignal.same_as.is_(None) if self.is_new else DetectedSignal.same_as.is_not(None))
        if self.kind is not None:
            single = DetectedSignal.period_d.is_(None)
            found.append(single if self.kind == "single" else ~single)
        if self.sde_min is not None:
            found.append(DetectedSignal.sde >= self.sde_min)
        if self.survey_id is not None:
            stars = select(SurveyStar.tic_id).where(SurveyStar.survey_id == self.survey_id)
            found.append(DetectedSignal.tic_id.in_(stars))
        return found


@dataclass(frozen=True)
class Agreement:
    """How the searches that did not mask the TOIs agree with them."""

    recovered: int
    """TOIs that were found again."""
    missed: int
    """TOIs with a period and an epoch that were not."""
    new: int
    """Signals of any search that are no TOI."""


def count_signals(query: SignalQuery) -> int:
    """Return how many signals pass."""
    return db.session.scalar(select(func.count()).select_from(DetectedSignal).where(*query.conditions())) or 0


def count_classes(query: SignalQuery) -> dict[str, int]:
    """Return class -> number of signals that pass, in the classes' order; NO_CLASS last."""
    shown = func.coalesce(DetectedSignal.light_curve_class, NO_CLASS)
    found = select(shown, func.count()).where(*query.conditions()).group_by(shown)
    counts = {row[0]: row[1] for row in db.session.execute(found)}
    return {code: counts[code] for code in (*LIGHT_CURVE_CLASSES, NO_CLASS) if code in counts}


def iter_signals(query: SignalQuery, part: slice = EVERYTHING) -> Generator[dict[str, Any]]:
    """Yield the signals that pass, by class and then by SDE, descending; single transits after the periodic ones."""
    rank = case(
        {code: number for number, code in enumerate(LIGHT_CURVE_CLASSES)}, value=DetectedSignal.light_curve_class
    )
    columns = ("tic_id", "number", "period_d", "epoch_btjd", "depth_ppm", "snr", "sde", "same_as")
    found = (
        select(
            *(getattr(DetectedSignal, name) for name in columns),
            DetectedSignal.light_curve_class,
            DetectedSignal.light_curve_pc,
            Search.searched_at,
            Search.simulated,
        )
        .join(Search, Search.tic_id == DetectedSignal.tic_id)
        .where(*query.conditions())
        .order_by(
            func.coalesce(rank, len(LIGHT_CURVE_CLASSES)),
            DetectedSignal.sde.is_(None),
            DetectedSignal.sde.desc(),
            DetectedSignal.tic_id,
            DetectedSignal.number,
        )
        .offset(part.start)
        .limit(None if part.stop is None else part.stop - part.start)
    )
    for row in db.session.execute(found).mappings():
        yield dict(row) | {"searched_at": f"{row['searched_at']:%Y-%m-%dT%H:%M:%SZ}"}


def agreement() -> Agreement:
    """Compare all signals with the TOIs of their stars."""
    searched = _blind_tois(select(func.count()))
    recovered = db.session.scalar(searched.where(_is_found)) or 0
    total = db.session.scalar(searched) or 0
    return Agreement(recovered, total - recovered, count_signals(SignalQuery(is_new=True)))


_is_found = (
    select(DetectedSignal.tic_id)
    .where(DetectedSignal.tic_id == Toi.tic_id, DetectedSignal.same_as == literal("TOI-") + Toi.toi)
    .exists()
)


def _blind_tois(what: Any) -> Any:
    """Select of the TOIs whose transits a search could find: placed in time, and not masked."""
    placed = and_(Toi.period_d.is_not(None), Toi.epoch_btjd.is_not(None))
    blind = and_(Search.tic_id == Toi.tic_id, Search.masked_known.is_(False))
    return what.select_from(Toi).join(Search, blind).where(placed)


def missed_tois(most: int) -> list[Any]:
    """Return rows (toi, tic_id, period_d, depth_ppm) of TOIs that a search did not find again, deepest first."""
    columns = select(Toi.toi, Toi.tic_id, Toi.period_d, Toi.depth_ppm)
    found = _blind_tois(columns).where(~_is_found).order_by(Toi.depth_ppm.is_(None), Toi.depth_ppm.desc(), Toi.toi)
    return list(db.session.execute(found.limit(most)))


def summaries() -> list[dict[str, Any]]:
    """Return how each survey stands, the newest first."""
    state = {name: func.sum(case((SurveyStar.state == name, 1), else_=0)) for name in ("waiting", "done", "failed")}
    sums = {
        name: func.sum(getattr(SurveyStar, name))
        for name in ("toi_count", "measured_count", "signal_count", "file_bytes")
    }
    names = ("id", "what", "label", "options", "started_at", "ended_at")
    columns = [value.label(name) for name, value in (state | sums).items()]
    found = select(SurveyStar.survey_id.label("id"), *columns).group_by(SurveyStar.survey_id)
    rows = [dict(row) for row in db.session.execute(found).mappings()]
    surveys = {survey.id: survey for survey in db.session.scalars(select(Survey))}
    return [
        {name: getattr(surveys[row["id"]], name) for name in names} | {name: int(row[name]) for name in (state | sums)}
        for row in sorted(rows, key=lambda row: -row["id"])
    ]


def failed_stars(most: int) -> list[Any]:
    """Return rows (survey_id, tic_id, message) of the stars that failed, of the newest survey first."""
    found = select(SurveyStar.survey_id, SurveyStar.tic_id, SurveyStar.message).where(SurveyStar.state == "failed")
    return list(db.session.execute(found.order_by(SurveyStar.survey_id.desc(), SurveyStar.tic_id).limit(most)))
