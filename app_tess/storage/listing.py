"""The list of TOIs as the site's table shows, filters and sorts it: one row per TOI, one table, no join.

It is derived from the catalogue and the current scores, and rebuilt in the same transaction whenever one of them is
replaced, so they never disagree. Joining them for every view would cost more than the rest of a page.
"""

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Index,
    Integer,
    Select,
    String,
    Subquery,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app_tess.fields import EXOFOP_SIDE, LISTED_FIELDS, Field
from app_tess.storage.database import Model, db
from app_tess.storage.models import PRODUCT_KINDS, DataProduct, Star, Toi, is_light_curve
from app_tess.storage.score_models import Score, StarScore, VettingResult, current_run_id

SORTED_BY = (
    "alerted_on",
    "planet_probability",
    "star_probability",
    "light_curve_pc",
    "period_d",
    "depth_ppm",
    "snr",
    "planet_radius_rearth",
    "tmag",
    "teff_k",
    "distance_pc",
)
"""The columns by which lists are mostly sorted and limited: an index gives their first TOIs in order.

One for each of nine further columns would make the rebuilding of the list half as long again.
"""
COUNTED = ("tic_id", "toi_count", "has_light_curves", "light_curve_class")
"""What counting reads, in those indexes too: the table is not read for a list that one range limits."""


class ListedToi(Model):
    """A TOI of the table. Where the TIC lacks a star's value, ExoFOP's stands in."""

    __tablename__ = "listed_tois"
    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    """A number of the TOI alone, in the order of TOIs: a new one moves no other. It breaks ties."""
    toi: Mapped[str] = mapped_column(String(16), unique=True)
    tic_id: Mapped[int] = mapped_column(BigInteger, index=True)
    toi_number: Mapped[int] = mapped_column(index=True)
    tfopwg_disposition: Mapped[str | None] = mapped_column(String(3))
    planet_probability: Mapped[float | None] = mapped_column(Float)
    star_probability: Mapped[float | None] = mapped_column(Float)
    """That at least one of the star's TOIs is a planet."""
    light_curve_class: Mapped[str | None] = mapped_column(String(2))
    light_curve_pc: Mapped[float | None] = mapped_column(Float)
    """Most probable class and probability of a planet candidate by the light curve, where the TOI has been vetted."""
    alerted_on: Mapped[dt.date | None]
    updated_on: Mapped[dt.date | None]
    period_d: Mapped[float | None] = mapped_column(Float)
    epoch_btjd: Mapped[float | None] = mapped_column(Float)
    duration_h: Mapped[float | None] = mapped_column(Float)
    depth_ppm: Mapped[float | None] = mapped_column(Float)
    snr: Mapped[float | None] = mapped_column(Float)
    planet_radius_rearth: Mapped[float | None] = mapped_column(Float)
    insolation_earth: Mapped[float | None] = mapped_column(Float)
    equilibrium_temperature_k: Mapped[float | None] = mapped_column(Float)
    tmag: Mapped[float | None] = mapped_column(Float)
    teff_k: Mapped[float | None] = mapped_column(Float)
    distance_pc: Mapped[float | None] = mapped_column(Float)
    stellar_radius_rsun: Mapped[float | None] = mapped_column(Float)
    stellar_mass_msun: Mapped[float | None] = mapped_column(Float)
    logg: Mapped[float | None] = mapped_column(Float)
    metallicity_dex: Mapped[float | None] = mapped_column(Float)
    ra_deg: Mapped[float | None] = mapped_column(Float)
    dec_deg: Mapped[float | None] = mapped_column(Float)
    toi_count: Mapped[int]
    """TOIs of its star."""
    light_curve_count: Mapped[int]
    """Sectors in which its star has a light curve of any kind."""
    product_kinds: Mapped[str] = mapped_column(Text)
    """The kinds of its star's data products, each between commas: ",lc,qlp,"; else empty."""
    has_light_curves: Mapped[bool]
    """Whether its star has a light curve of any kind."""
    sectors: Mapped[str | None] = mapped_column(Text)
    """ExoFOP's comma list, without spaces."""
    planet_name: Mapped[str | None] = mapped_column(String(80))
    not_scored_reason: Mapped[str | None] = mapped_column(Text)
    names: Mapped[str] = mapped_column(Text)
    """What the search box searches: the planet's name and ExoFOP's comment, as `bare_name` writes them."""
    __table_args__ = (
        *(Index(f"ix_listed_tois_{name}", name, "position", *COUNTED) for name in SORTED_BY),
        Index("ix_listed_tois_sky", "dec_deg", "ra_deg"),
        Index("ix_listed_tois_counted", "toi_count", "has_light_curves", "light_curve_class", "tic_id"),
    )


class ListCount(Model):
    """How many stars and TOIs a list has that is often asked for; see `list_counts`, which keeps it right."""

    __tablename__ = "list_counts"
    queue: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A name of `star_query.QUEUES`, or "" for all TOIs."""
    stars: Mapped[int]
    drawable: Mapped[int]
    """Stars with a light curve."""
    tois: Mapped[int]
    classified: Mapped[int]
    """TOIs with a light-curve class."""


listed = ListedToi.__table__.c
"""Its columns. Lists select them rather than the class: making objects of 7,000 rows takes longer than finding them."""
IGNORED_IN_NAMES = (" ", "-")
"""People write WASP-46 b, WASP-46b and wasp 46b."""


def bare_name(name: str) -> str:
    """Return a name as it is searched for: "WASP-46 b" -> "wasp46b"."""
    for mark in IGNORED_IN_NAMES:
        name = name.replace(mark, "")
    return name.lower()


def rebuild() -> None:
    """Bring the list up to date, within a transaction of `switching`: two at once would insert the same TOIs.

    Rows that are as they would be made anew stay, since comparing a row costs less than its place in every index. The
    stored counts are no longer right, and are deleted.
    """
    db.session.execute(delete(ListCount))
    values = _joined(select(*(value.label(name) for name, value in _values().items())))
    new = values.subquery("new")
    differ = or_(new.c.toi.is_(None), *(listed[column.name].is_distinct_from(column) for column in new.c))
    outdated = select(listed.toi).outerjoin(new, new.c.toi == listed.toi).where(differ)
    db.session.execute(
        delete(ListedToi).where(listed.toi.in_(outdated)), execution_options={"synchronize_session": False}
    )
    if _count(ListedToi) < _count(Toi):
        stars = select(Toi.tic_id).outerjoin(ListedToi, listed.toi == Toi.toi).where(listed.toi.is_(None))
        new = values.where(Toi.tic_id.in_(stars)).subquery("new")
        lacking = select(new).outerjoin(ListedToi, listed.toi == new.c.toi).where(listed.toi.is_(None))
        db.session.execute(insert(ListedToi).from_select([column.name for column in new.c], lacking))


def _count(model: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _values() -> dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]]:
    """Return column -> the SQL expression that fills it."""
    return {
        "position": _position(),
        "toi_number": Toi.toi_number,
        **{field.name: _field_value(field) for field in LISTED_FIELDS},
        "planet_probability": Score.planet_probability,
        "star_probability": StarScore.planet_probability,
        "light_curve_class": VettingResult.light_curve_class,
        "light_curve_pc": VettingResult.light_curve_pc,
        "not_scored_reason": Score.not_scored_reason,
        "toi_count": func.count().over(partition_by=Toi.tic_id),
        "light_curve_count": func.coalesce(_files.light_curve_count, 0),
        "has_light_curves": func.coalesce(_files.light_curve_count, 0) > 0,
        "product_kinds": _product_kinds(),
        "names": _bare(Toi.planet_name) + " " + _bare(Toi.comments),
    }


def _position() -> ColumnElement[int]:
    """Return the TOI as one number: its digits before and after the point, then those that are leading zeros."""
    before = func.length(func.rtrim(Toi.toi, "0123456789")) - 1
    after = func.length(Toi.toi) - before - 1
    number = cast(Toi.toi_number, BigInteger) * 10_000 + Toi.candidate_number
    return (number * 10 + 9 - before) * 10 + 4 - after


def _field_value(field: Field) -> ColumnElement[Any]:
    """Return a field's SQL expression; a star's value is the TIC's, or else ExoFOP's."""
    if field.kind == "list":
        return func.replace(Toi.__table__.c[field.name], " ", "")
    if not field.tic:
        return Toi.__table__.c[field.name]
    values = [Star.__table__.c[field.name]]
    if field.name in EXOFOP_SIDE:
        values.append(Toi.__table__.c[EXOFOP_SIDE[field.name].name])
    return func.coalesce(*values)


def _joined(values: Select[Any]) -> Select[Any]:
    return (
        values.select_from(Toi)
        .join(Star, Star.tic_id == Toi.tic_id)
        .outerjoin(_files.tic_id.table, _files.tic_id == Toi.tic_id)
        .outerjoin(Score, and_(Score.toi == Toi.toi, Score.scoring_run_id == current_run_id))
        .outerjoin(
            VettingResult,
            and_(VettingResult.toi == Toi.toi, VettingResult.tic_id == Toi.tic_id, VettingResult.outdated.is_(None)),
        )
        .outerjoin(StarScore, and_(StarScore.tic_id == Toi.tic_id, StarScore.scoring_run_id == current_run_id))
    )


def _files_of_stars() -> Subquery:
    """Return of each star with files: its sectors with a light curve, and for each kind whether it has such a file."""
    sector = case((is_light_curve, DataProduct.sector))
    kinds = (func.max(case((DataProduct.kind == kind, 1), else_=0)).label(kind) for kind in PRODUCT_KINDS)
    counted = func.count(sector.distinct()).label("light_curve_count")
    return select(DataProduct.tic_id, counted, *kinds).group_by(DataProduct.tic_id).subquery("files_of_stars")


_files = _files_of_stars().c
"""Grouped once for all stars, and not looked up for each: PostgreSQL takes that to be cheap, and it is not."""


def _product_kinds() -> ColumnElement[str]:
    """Join the kinds of which the star has a file, in the order of PRODUCT_KINDS."""
    found: ColumnElement[str] = literal("")
    for kind in PRODUCT_KINDS:
        found = found + case((_files[kind] == 1, f"{kind},"), else_="")
    return case((_files.tic_id.is_not(None), "," + found), else_="")


def has_kind(kind: str) -> ColumnElement[bool]:
    """Whether the star of a listed TOI has a data product of a kind."""
    return listed.product_kinds.like(f"%,{kind},%")


def stored_kinds(text: str) -> list[str]:
    """Return the kinds in a value of `product_kinds`."""
    return [kind for kind in text.split(",") if kind]


def _bare(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    value: ColumnElement[str] = func.coalesce(column, "")
    for mark in IGNORED_IN_NAMES:
        value = func.replace(value, mark, "")
    return func.lower(value)
