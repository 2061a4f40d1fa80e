"""The list of TOIs as the site's table shows, filters and sorts it: one row a TOI, one table, no join.

It is derived from the catalogue and the current scores, and rebuilt in the same transaction whenever one of them is replaced, so
that a reader never sees them disagree. Joining them anew for every view would cost more than all the rest of a page.
"""

from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, String, Text, and_, delete, func, insert, select, text
from sqlalchemy.orm import mapped_column

from app_tess.astro.ephemeris import SAME_SIGNAL
from app_tess.fields import EXOFOP_SIDE, LISTED_FIELDS
from app_tess.storage.database import db
from app_tess.storage.exominer_models import ExominerScore
from app_tess.storage.models import DataProduct, Star, Toi
from app_tess.storage.score_models import Score, StarScore, current_run_id


class ListedToi(db.Model):
    """A TOI of the table. Where the TIC lacks a star's value, ExoFOP's stands in."""

    __tablename__ = "listed_tois"
    position = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Its place in the order of TOIs, from 1: what equal values are told apart by."""
    toi = mapped_column(String(16), nullable=False, unique=True)
    tic_id = mapped_column(BigInteger, nullable=False, index=True)
    toi_number = mapped_column(Integer, nullable=False, index=True)
    tfopwg_disposition = mapped_column(String(3))
    planet_probability = mapped_column(Float)
    star_probability = mapped_column(Float)
    """That at least one of the star's TOIs is a planet."""
    exominer_score = mapped_column(Float)
    """NASA's ExoMiner on the same signal, where it published one."""
    alerted_on = mapped_column(Date)
    updated_on = mapped_column(Date)
    period_d = mapped_column(Float)
    epoch_btjd = mapped_column(Float)
    duration_h = mapped_column(Float)
    depth_ppm = mapped_column(Float)
    snr = mapped_column(Float)
    planet_radius_rearth = mapped_column(Float)
    insolation_earth = mapped_column(Float)
    equilibrium_temperature_k = mapped_column(Float)
    tmag = mapped_column(Float)
    teff_k = mapped_column(Float)
    distance_pc = mapped_column(Float)
    stellar_radius_rsun = mapped_column(Float)
    stellar_mass_msun = mapped_column(Float)
    logg = mapped_column(Float)
    metallicity_dex = mapped_column(Float)
    ra_deg = mapped_column(Float)
    dec_deg = mapped_column(Float)
    toi_count = mapped_column(Integer, nullable=False)
    """TOIs of its star."""
    light_curve_count = mapped_column(Integer, nullable=False)
    """Two-minute light curves of its star."""
    has_light_curves = mapped_column(Boolean, nullable=False)
    """Two-minute or 20-second ones."""
    sectors = mapped_column(Text)
    """ExoFOP's comma list, without spaces."""
    planet_name = mapped_column(String(80))
    not_scored_reason = mapped_column(Text)
    names = mapped_column(Text, nullable=False)
    """What the search box looks in: the planet's name and ExoFOP's comment, as `bare_name` writes them, with a space between."""


listed = ListedToi.__table__.c
"""Its columns. Lists are asked for by them and not by the class: plain rows, for turning 7,000 into objects takes longer than finding them."""
IGNORED_IN_NAMES = (" ", "-")
"""Nobody remembers whether it is WASP-46 b, WASP-46b or wasp 46b."""


def bare_name(name):
    """A name as it is searched for: "WASP-46 b" -> "wasp46b"."""
    for mark in IGNORED_IN_NAMES:
        name = name.replace(mark, "")
    return name.lower()


def rebuild():
    """Make the list anew from the tables, within the open transaction; the caller commits."""
    if db.engine.dialect.name == "postgresql":
        # Two rebuilds at once (a reset's and a scoring's) must not insert the same TOIs; readers are not held up.
        db.session.execute(text("LOCK TABLE listed_tois IN SHARE ROW EXCLUSIVE MODE"))
    db.session.execute(delete(ListedToi))
    values = _values()
    db.session.execute(insert(ListedToi).from_select(list(values), _joined(select(*values.values()))))


def _values():
    """Column -> the SQL expression that fills it."""
    return {
        "position": func.row_number().over(order_by=(Toi.toi_number, Toi.candidate_number, Toi.toi)),
        "toi_number": Toi.toi_number,
        **{field.name: _field_value(field) for field in LISTED_FIELDS},
        "planet_probability": Score.planet_probability,
        "star_probability": StarScore.planet_probability,
        "exominer_score": _exominer_score(),
        "not_scored_reason": Score.not_scored_reason,
        "toi_count": func.count().over(partition_by=Toi.tic_id),
        "light_curve_count": _product_count("lc"),
        "has_light_curves": _product_count("lc", "fast-lc") > 0,
        "names": _bare(Toi.planet_name) + " " + _bare(Toi.comments),
    }


def _field_value(field):
    """A star's value is the TIC's, or else ExoFOP's."""
    if field.kind == "list":
        return func.replace(getattr(Toi, field.name), " ", "")
    if not field.tic:
        return getattr(Toi, field.name)
    values = [getattr(Star, field.name)]
    if field.name in EXOFOP_SIDE:
        values.append(getattr(Toi, EXOFOP_SIDE[field.name].name))
    return func.coalesce(*values)


def _joined(values):
    return (
        values.select_from(Toi)
        .join(Star, Star.tic_id == Toi.tic_id)
        .outerjoin(Score, and_(Score.toi == Toi.toi, Score.scoring_run_id == current_run_id))
        .outerjoin(StarScore, and_(StarScore.tic_id == Toi.tic_id, StarScore.scoring_run_id == current_run_id))
    )


def _product_count(*kinds):
    return (
        select(func.count())
        .select_from(DataProduct)
        .where(DataProduct.tic_id == Toi.tic_id, DataProduct.kind.in_(kinds))
        .correlate(Toi)
        .scalar_subquery()
    )


def _exominer_score():
    """The highest of the star's events with the TOI's period; a single transit has none to compare."""
    return (
        select(func.max(ExominerScore.score))
        .where(
            ExominerScore.tic_id == Toi.tic_id,
            func.abs(ExominerScore.period_d / Toi.period_d - 1) <= SAME_SIGNAL,
        )
        .correlate(Toi)
        .scalar_subquery()
    )


def _bare(column):
    value = func.coalesce(column, "")
    for mark in IGNORED_IN_NAMES:
        value = func.replace(value, mark, "")
    return func.lower(value)
