"""StarQuery -> a page of stars. The table, the exports and the interfaces all ask here; no query per row, ever."""
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select, true
from sqlalchemy.sql import visitors

from app_tess.astro.sky import separation_deg
from app_tess.errors import NotFound
from app_tess.storage.database import db
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.score_models import Score, StarScore
from app_tess.storage.star_query import SORTS, StarQuery, current_run_id

__all__ = ["StarQuery", "StarPage", "StarRow", "StarDetail", "Neighbours", "find_stars", "find_neighbours", "get_star",
           "iter_stars", "iter_tois", "tic_ids_in_cone", "find_positions"]

STREAM_ROWS = 500
"""Rows fetched at a time for an export: memory stays flat whatever the table's size."""
STAR_COLUMNS = list(Star.__table__.columns)
TOI_COLUMNS = list(Toi.__table__.columns)
TIC_COLUMNS = [column.label(f"tic_{column.name}") for column in STAR_COLUMNS if column.name not in ("tic_id", "has_tic_row")]
IN_TOI_ORDER = (Toi.toi_number, Toi.candidate_number, Toi.toi)


@dataclass
class StarRow:
    """A star of a list: `star` (its columns), `tois` (rows with every TOI column, `planet_probability`,
    `not_scored_reason`, and `matches`: did this TOI pass the filters), and what belongs to it."""

    star: object
    tois: list
    planet_probability: float | None
    light_curve_count: int
    validation_count: int


@dataclass
class StarPage:
    """One page of a list: `total` is the number of stars in all, `pages` at least 1."""

    stars: list
    total: int
    page: int
    pages: int


@dataclass
class StarDetail:
    """A star with all that is stored of it: ORM rows, and `scores`: TOI -> Score of the current scoring run."""

    star: Star
    tois: list
    products: list
    scores: dict
    planet_probability: float | None

    @property
    def tic_id(self):
        return self.star.tic_id


@dataclass
class Neighbours:
    """The stars before and after one in a list (or None), and where it stands in it, from 1."""

    previous_tic_id: int | None
    next_tic_id: int | None
    position: int
    total: int


def find_stars(query):
    """A page of the stars that `query` describes.

    Four SQL statements (five with a cone), however many rows. An empty page beyond the last one keeps the true `total`.
    """
    ranked = _ranked(query).add_columns(func.count().over().label("total"))
    rows = db.session.execute(ranked.limit(query.page_size).offset((query.page - 1) * query.page_size)).all()
    total = rows[0].total if rows else 0
    if not rows and query.page > 1:
        total = db.session.scalar(select(func.count()).select_from(_ranked(query).order_by(None).subquery()))
    stars = _star_rows([row.tic_id for row in rows], query)
    return StarPage(stars, total, query.page, max(1, -(-total // query.page_size)))


def find_neighbours(query, tic_id):
    """Where a star stands in a list, as Neighbours; None when the list does not hold it."""
    conditions = query.conditions(_cone(query))
    value, order = _order(query)
    ranked = _joined(select(Toi.tic_id), conditions, value).where(*conditions).group_by(Toi.tic_id)
    placed = ranked.add_columns(
        func.lag(Toi.tic_id).over(order_by=order).label("previous"), func.lead(Toi.tic_id).over(order_by=order).label("next"),
        func.row_number().over(order_by=order).label("position"), func.count().over().label("total")).subquery()
    row = db.session.execute(select(placed).where(placed.c.tic_id == tic_id)).first()
    return row and Neighbours(row.previous, row.next, row.position, row.total)


def get_star(tic_id):
    """All that is stored of a star, in five SQL statements.

    Raises
    ------
    NotFound
        The catalogue has no such star.
    """
    star = db.session.get(Star, tic_id) if 0 < tic_id < 2**63 else None
    if star is None:
        raise NotFound(f"There is no TIC {tic_id} in the catalogue: it holds only stars with a TOI.")
    scores = {score.toi: score for score in db.session.scalars(
        select(Score).where(Score.scoring_run_id == current_run_id, Score.tic_id == tic_id))}
    probability = db.session.scalar(select(StarScore.planet_probability).where(
        StarScore.scoring_run_id == current_run_id, StarScore.tic_id == tic_id))
    return StarDetail(star, list(star.tois), list(star.products), scores, probability)


def iter_tois(query):
    """Every TOI that passes, as dicts, in the list's order; whatever the page. Streams.

    Keys: the TOI's columns, `planet_probability`, `not_scored_reason`, and the star's columns with the prefix `tic_`
    (as in a scoring frame: the TOI's own `teff_k`, `tmag`... are ExoFOP's).
    """
    conditions = query.conditions(_cone(query))
    value, _ = _order(query)
    select_all = select(*TOI_COLUMNS, Score.planet_probability, Score.not_scored_reason, *TIC_COLUMNS)
    found = _joined(select_all, conditions, value, Score.planet_probability, Star.tic_id).where(*conditions).order_by(
        value.is_(None), value.desc() if query.descending else value.asc(), *IN_TOI_ORDER)
    yield from _stream(found)


def iter_stars(query):
    """Every star of the list, as dicts, in the list's order; whatever the page. Streams.

    Keys: the star's columns, `planet_probability` (at least one planet), `toi_count`, `tois` (those that pass the filters,
    in order, joined by a space) and `light_curve_count`.
    """
    ranked = _ranked(query, position=True).subquery()
    found = select(*STAR_COLUMNS, *_star_extras()).join(ranked, ranked.c.tic_id == Star.tic_id) \
        .outerjoin(StarScore, _star_score_matches()).order_by(ranked.c.position)
    names = _toi_names(query)
    for row in _stream(found):
        row.pop("validation_count")
        tois = names.get(row["tic_id"], [])
        yield row | {"toi_count": len(tois), "tois": " ".join(tois)}


def tic_ids_in_cone(ra_deg, dec_deg, radius_deg):
    """tic_id -> separation [deg] of the stars within `radius_deg` of a position, that distance included."""
    box = select(Star.tic_id, Star.ra_deg, Star.dec_deg).where(
        Star.dec_deg.between(dec_deg - radius_deg, dec_deg + radius_deg), Star.ra_deg.is_not(None))
    rows = db.session.execute(box).all()
    if not rows:
        return {}
    tic_ids, ra, dec = zip(*rows, strict=True)
    separations = separation_deg(ra, dec, ra_deg, dec_deg).tolist()
    return {tic_id: away for tic_id, away in zip(tic_ids, separations, strict=True) if away <= radius_deg}


def find_positions(query, limit):
    """The first `limit` TOIs of the list as plain rows, for the plots: toi, tic_id, position, period, radius, probability."""
    conditions = query.conditions(_cone(query))
    value, _ = _order(query)
    columns = (Toi.toi, Toi.tic_id, Toi.period_d, Toi.planet_radius_rearth, Toi.tfopwg_disposition,
               Star.ra_deg, Star.dec_deg, Score.planet_probability)
    found = _joined(select(*columns), conditions, value, Score.planet_probability, Star.ra_deg).where(*conditions).order_by(
        value.is_(None), value.desc() if query.descending else value.asc(), *IN_TOI_ORDER)
    return db.session.execute(found.limit(limit)).all()


def _ranked(query, position=False):
    """SELECT tic_id of the stars found, sorted; with `position`, numbered instead, for a join."""
    conditions = query.conditions(_cone(query))
    value, order = _order(query)
    ranked = _joined(select(Toi.tic_id), conditions, value).where(*conditions).group_by(Toi.tic_id)
    if position:
        return ranked.add_columns(func.row_number().over(order_by=order).label("position"))
    return ranked.order_by(*order)


def _order(query):
    """The value sorted by, and the ORDER BY of stars: missing values last either way, then the TOI number, then the TIC id.

    A star with several TOIs stands at its best one: the largest value when descending, the smallest when ascending.
    """
    value = SORTS[query.sort]
    best = func.max if query.descending else func.min
    turned = (lambda column: column.desc()) if query.descending else (lambda column: column.asc())
    return value, [best(value).is_(None), turned(best(value)), turned(best(Toi.toi_number)), Toi.tic_id]


def _joined(statement, *needed):
    """FROM tois, joined with stars and scores only where a condition or the sort speaks of them: joins cost milliseconds."""
    names = {name for part in needed for clause in (part if isinstance(part, list) else [part]) for name in _table_names(clause)}
    statement = statement.select_from(Toi)
    if "stars" in names:
        statement = statement.join(Star, Star.tic_id == Toi.tic_id)
    if "scores" in names:
        statement = statement.outerjoin(Score, _score_matches())
    if "star_scores" in names:
        statement = statement.outerjoin(StarScore, and_(StarScore.tic_id == Toi.tic_id, StarScore.scoring_run_id == current_run_id))
    return statement


def _table_names(clause):
    clause = clause.__clause_element__() if hasattr(clause, "__clause_element__") else clause
    return {element.table.name for element in visitors.iterate(clause)
            if getattr(element, "table", None) is not None and hasattr(element.table, "name")}


def _score_matches():
    return and_(Score.toi == Toi.toi, Score.scoring_run_id == current_run_id)


def _star_score_matches():
    return and_(StarScore.tic_id == Star.tic_id, StarScore.scoring_run_id == current_run_id)


def _star_extras():
    def count(*kinds):
        return select(func.count()).select_from(DataProduct).where(
            DataProduct.tic_id == Star.tic_id, DataProduct.kind.in_(kinds)).correlate(Star).scalar_subquery()
    return StarScore.planet_probability, count("lc").label("light_curve_count"), count("dvt").label("validation_count")


def _star_rows(tic_ids, query):
    """The rows of a page, in the order of `tic_ids`: one statement for the stars, one for their TOIs and scores."""
    if not tic_ids:
        return []
    stars = {row.tic_id: row for row in db.session.execute(
        select(*STAR_COLUMNS, *_star_extras()).outerjoin(StarScore, _star_score_matches()).where(Star.tic_id.in_(tic_ids)))}
    conditions = [*query.conditions(), Toi.tic_id.in_(tic_ids)]
    matches = case((and_(true(), *conditions), True), else_=False).label("matches")
    tois = {}
    for toi in db.session.execute(
            select(*TOI_COLUMNS, Score.planet_probability, Score.not_scored_reason, matches)
            .join(Star, Star.tic_id == Toi.tic_id).outerjoin(Score, _score_matches())
            .where(Toi.tic_id.in_(tic_ids)).order_by(*IN_TOI_ORDER)):
        tois.setdefault(toi.tic_id, []).append(toi)
    return [StarRow(stars[tic_id], tois[tic_id], stars[tic_id].planet_probability, stars[tic_id].light_curve_count,
                    stars[tic_id].validation_count) for tic_id in tic_ids]


def _toi_names(query):
    conditions = query.conditions(_cone(query))
    found = _joined(select(Toi.tic_id, Toi.toi), conditions).where(*conditions).order_by(*IN_TOI_ORDER)
    names = {}
    for tic_id, toi in db.session.execute(found):
        names.setdefault(tic_id, []).append(toi)
    return names


def _cone(query):
    return None if query.cone is None else list(tic_ids_in_cone(*query.cone))


def _stream(statement):
    with db.session.execute(statement.execution_options(yield_per=STREAM_ROWS)) as rows:
        for row in rows.mappings():
            yield dict(row)
