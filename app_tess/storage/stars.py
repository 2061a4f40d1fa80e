"""StarQuery -> a page of stars, for the table, the exports and the interfaces; never a query per row."""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Row, Select, and_, bindparam, case, or_, select, true

from app_tess.errors import MissingData
from app_tess.fields import in_toi_table
from app_tess.storage import classifiers
from app_tess.storage.database import db
from app_tess.storage.list_counts import Counts
from app_tess.storage.list_places import order_of, parts
from app_tess.storage.listing import listed, stored_kinds
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.planet_models import Planet
from app_tess.storage.planets import PUBLISHED_COLUMNS, hosts_of
from app_tess.storage.ranking import inside_cone, ranking_of
from app_tess.storage.score_models import HAS_FOLD, Score, StarScore, VettingResult, current_run_id
from app_tess.storage.star_query import StarQuery

STREAM_ROWS = 500
"""Rows fetched at a time for an export, so that memory does not grow with the table."""
EVERYTHING = slice(0, None)
SCORE_NAMES = ("planet_probability", "not_scored_reason", "light_curve_class", "light_curve_pc")
STAR_COLUMNS = list(Star.__table__.columns)
TOI_COLUMNS = list(Toi.__table__.columns)
TIC_COLUMNS = [
    column.label(in_toi_table(column.name)) for column in STAR_COLUMNS if column.name not in ("tic_id", "has_tic_row")
]


@dataclass
class StarRow:
    """A star in a list."""

    tois: list[Row[*tuple[Any, ...]]]
    """Its TOIs in order: the columns of a ListedToi; `matches`, whether the TOI passes the filters; `folded_at` and
    `finding` of its vetting, where that has a folded view to show and is not outdated."""

    @property
    def star(self) -> Row[*tuple[Any, ...]]:
        """A row with the star's own values, which are the same in all its rows."""
        return self.tois[0]

    @property
    def tic_id(self) -> int:
        """Its number in the TESS Input Catalog."""
        return int(self.star.tic_id)


@dataclass
class StarPage:
    """One page of a list."""

    stars: list[StarRow]
    total: int
    """The number of stars on all pages."""
    page: int
    pages: int
    """At least 1."""
    counts: Callable[[], Counts]
    """What the list has on all its pages."""


@dataclass
class StarDetail:
    """A star with everything that is stored of it."""

    star: Star
    tois: list[Toi]
    products: list[DataProduct]
    scores: dict[str, Score]
    """TOI -> its score of the current scoring run."""
    planet_probability: float | None

    @property
    def tic_id(self) -> int:
        """Its number in the TESS Input Catalog."""
        return self.star.tic_id


@dataclass
class Neighbours:
    """The stars before and after one in a list (or None), and its position there, from 1."""

    previous_tic_id: int | None
    next_tic_id: int | None
    position: int
    total: int


def find_stars(query: StarQuery) -> StarPage:
    """Return a page of the stars that `query` describes.

    At most three SQL statements, however many rows. A page beyond the last one is empty, with the true `total`.
    """
    ranking = ranking_of(query)
    tic_ids = ranking.page((query.page - 1) * query.page_size, query.page_size)
    pages = max(1, -(-ranking.total // query.page_size))
    return StarPage(_star_rows(tic_ids, query), ranking.total, query.page, pages, ranking.counts)


def count_stars(query: StarQuery) -> int:
    """Return how many stars a list has on all its pages."""
    return ranking_of(query).total


def find_neighbours(query: StarQuery, tic_id: int) -> Neighbours | None:
    """Return the neighbors of a star in a list; None when the list does not hold it."""
    ranking = ranking_of(query)
    found = ranking.around(tic_id)
    if found is None:
        return None
    before, place, after = found
    return Neighbours(before, after, place + 1, ranking.total)


def get_tic_id(toi: str) -> int:
    """Return the star of a TOI.

    Raises
    ------
    MissingData
        The catalogue has no such TOI.
    """
    found = db.session.get(Toi, toi)
    if found is None:
        raise MissingData(f"There is no TOI {toi} in the catalogue.")
    return found.tic_id


_TIC_ID = bindparam("tic_id", type_=BigInteger)
_STAR = select(Star).where(Star.tic_id == _TIC_ID)
_TOIS_OF_STAR = select(Toi).where(Toi.tic_id == _TIC_ID).order_by(Toi.toi_number, Toi.candidate_number, Toi.toi)
_PRODUCTS_OF_STAR = (
    select(DataProduct).where(DataProduct.tic_id == _TIC_ID).order_by(DataProduct.sector, DataProduct.filename)
)
_SCORES_OF_STAR = (
    select(Score, StarScore.planet_probability)
    .outerjoin(StarScore, and_(StarScore.scoring_run_id == Score.scoring_run_id, StarScore.tic_id == Score.tic_id))
    .where(Score.scoring_run_id == current_run_id, Score.tic_id == _TIC_ID)
)
_RELATED = select(Star.tic_id).where(or_(Star.duplicate_id == _TIC_ID, Star.tic_id == bindparam("duplicate_id")))
"""Built once: building takes longer than running them, and so does what a relationship builds to load its rows."""


def get_star(tic_id: int) -> StarDetail:
    """Return everything that is stored of a star, in four SQL statements.

    Raises
    ------
    MissingData
        The star is not stored.
    """
    of_star = {"tic_id": tic_id}
    star = db.session.scalars(_STAR, of_star).first() if 0 < tic_id < 2**63 else None
    if star is None:
        raise MissingData(f"TIC {tic_id} has no TOI, and has not been looked up at MAST.")
    found = db.session.execute(_SCORES_OF_STAR, of_star).all()
    return StarDetail(
        star,
        list(db.session.scalars(_TOIS_OF_STAR, of_star)),
        list(db.session.scalars(_PRODUCTS_OF_STAR, of_star)),
        {score.toi: score for score, _ in found},
        found[0][1] if found else None,
    )


def related_entries(star: Star) -> tuple[list[int], bool]:
    """Return the entries here that duplicate a star, and whether the one that the star duplicates is here."""
    original = star.duplicate_id or -1  # no star's: where NULL is compared, SQLite reads the whole table
    found = db.session.scalars(_RELATED, {"tic_id": star.tic_id, "duplicate_id": original}).all()
    return sorted(set(found) - {original}), original in found


def iter_tois(query: StarQuery, part: slice = EVERYTHING) -> Generator[dict[str, Any]]:
    """Stream the TOIs that pass, or a part of them, as dicts, in the list's order, whatever the query's page.

    Keys: the TOI's columns, SCORE_NAMES, `classifier_score` (the query's), `classifier_scores` (of all, as
    text), what is published (`fields.planet.in_list`), and the star's columns with the prefix `tic_`: the TOI's own
    `teff_k`, `tmag`... are ExoFOP's.
    """
    found = (
        select(
            *TOI_COLUMNS,
            *(listed[name] for name in SCORE_NAMES),
            query.classifier_score(),
            *PUBLISHED_COLUMNS,
            *TIC_COLUMNS,
        )
        .select_from(listed.toi.table)
        .join(Toi, Toi.toi == listed.toi)
        .join(Star, Star.tic_id == listed.tic_id)
        .outerjoin(Planet, Planet.toi == listed.toi)
        .where(*query.conditions())
    )
    orders: list[tuple[ColumnElement[bool], Sequence[ColumnElement[Any]]]] = [(true(), query.order())]
    if part == EVERYTHING and not query.text:  # an index gives the order of each part, and the first rows at once
        orders = [(condition, order_of(columns, query.descending)) for condition, columns in parts(query)]
    inside = inside_cone(query)
    if inside is None and part != EVERYTHING:
        found = found.where(listed.toi.in_(_names(query, part)))
        part = EVERYTHING
    others = classifiers.scores_of(found.with_only_columns(listed.toi))
    every = chain.from_iterable(_stream(found.where(condition).order_by(*order)) for condition, order in orders)
    passing = (row for row in every if inside is None or row["tic_id"] in inside)
    for row in islice(passing, part.start, part.stop):
        row["classifier_scores"] = classifiers.as_text(others.get(row["toi"], []))
        yield row


def _stream(found: Select[*tuple[Any, ...]]) -> Generator[dict[str, Any]]:
    with db.session.connection().execute(found.execution_options(yield_per=STREAM_ROWS)) as rows:
        names = list(rows.keys())
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _names(query: StarQuery, part: slice) -> Select[tuple[str]]:
    """Select a part of the list's TOIs: sorting a few columns takes a tenth of sorting all rows."""
    names = select(listed.toi).where(*query.conditions()).order_by(*query.order())
    return names.offset(part.start).limit(part.stop - part.start)


def iter_stars(query: StarQuery, part: slice = EVERYTHING) -> Generator[dict[str, Any]]:
    """Stream the stars of the list, or a part of them, as dicts, whatever the query's page; STREAM_ROWS at a time.

    Keys: the star's columns, `planet_probability` (of at least one planet), `toi_count`, `tois` (those that pass the
    filters, in order, joined by a space), `light_curve_count`, `product_kinds` (joined by a space), and what is
    published of a star with planets (`fields.planet.HOST_FIELDS`).
    """
    order, conditions = ranking_of(query).first(part.stop)[part], query.conditions()
    for start in range(0, len(order), STREAM_ROWS):
        tic_ids = order[start : start + STREAM_ROWS]
        tois: dict[int, list[Row[*tuple[Any, ...]]]] = {}
        for row in db.session.execute(
            select(
                listed.tic_id,
                listed.toi,
                listed.star_probability,
                listed.light_curve_count,
                listed.product_kinds,
            )
            .where(listed.tic_id.in_(tic_ids), *conditions)
            .order_by(listed.position)
        ):
            tois.setdefault(row.tic_id, []).append(row)
        found = {
            row["tic_id"]: row
            for row in db.session.execute(select(*STAR_COLUMNS).where(Star.tic_id.in_(tic_ids))).mappings()
        }
        hosts = hosts_of(tic_ids)
        for tic_id in tic_ids:
            first = tois[tic_id][0]
            yield (
                dict(found[tic_id])
                | hosts[tic_id]
                | {
                    "planet_probability": first.star_probability,
                    "light_curve_count": first.light_curve_count,
                    "product_kinds": " ".join(stored_kinds(first.product_kinds)),
                    "toi_count": len(tois[tic_id]),
                    "tois": " ".join(row.toi for row in tois[tic_id]),
                }
            )


def find_points(query: StarQuery, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return columns of the list for a plot: name -> values of every TOI that passes, shape (N,); NaN is a null."""
    inside = inside_cone(query)
    found = db.session.execute(select(listed.tic_id, *(listed[name] for name in names)).where(*query.conditions()))
    rows = [tuple(row) for row in found if inside is None or row[0] in inside]
    values = np.array(rows, dtype=float).reshape(len(rows), 1 + len(names))
    return {name: values[:, number] for number, name in enumerate(names, 1)}


_FOLDS = (
    select(VettingResult.toi, VettingResult.measured_at.label("folded_at"), VettingResult.finding)
    .where(*HAS_FOLD)
    .subquery("folds")
)


def _star_rows(tic_ids: Iterable[int], query: StarQuery) -> list[StarRow]:
    """Return the rows of a page, in the order of `tic_ids`, in one statement."""
    matches = case((and_(true(), *query.conditions()), True), else_=False).label("matches")
    rows = {tic_id: StarRow([]) for tic_id in tic_ids}
    found = (
        select(*listed, matches, query.classifier_score(), _FOLDS.c.folded_at, _FOLDS.c.finding)
        .outerjoin_from(listed.toi.table, _FOLDS, _FOLDS.c.toi == listed.toi)
        .where(listed.tic_id.in_(list(rows)))
    )
    for toi in db.session.execute(found.order_by(listed.position)):
        rows[toi.tic_id].tois.append(toi)
    return list(rows.values())
