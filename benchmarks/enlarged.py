"""The loaded catalogue many times over, in its database: new numbers and positions, and values that differ by a few %.

Copies have no published names and no explanations of their scores; everything else has the real distribution.
"""

import csv
import time

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    case,
    cast,
    func,
    insert,
    null,
    select,
    text,
    true,
    update,
)

from app_tess.storage import list_counts, listing
from app_tess.storage.database import db
from app_tess.storage.models import CatalogueLoad, DataProduct, Star, Toi
from app_tess.storage.score_models import Score, StarScore, current_run_id
from app_tess.storage.switching import switching

TIC_STEP, TOI_STEP = 3_000_000_000, 8_000
"""Added to the numbers of each further copy: more than the largest in the catalogue."""

SPREAD = 0.1
"""Values are multiplied by something within half of this of 1."""

KEPT_AS_THEY_ARE = ("ra_deg", "dec_deg", "epoch_btjd", "gal_lon_deg", "gal_lat_deg", "ecl_lon_deg", "ecl_lat_deg")
BLANK = ("planet_name", "duplicate_id", "twomass", "gaia_dr2_id", "explanation")

_copies = Table("enlarged_copies", MetaData(), Column("number", Integer, primary_key=True))


def enlarge(most_tois):
    """Add whole copies of the catalogue until it has at least so many TOIs; return (TOIs, seconds, list's seconds)."""
    began = time.perf_counter()
    count = db.session.scalar(select(func.count()).select_from(Toi))
    with switching():
        _copies.create(db.session.connection())
        numbers = [{"number": number} for number in range(1, -(-most_tois // count))]
        if numbers:
            db.session.execute(insert(_copies), numbers)
        for model in (Star, Toi, DataProduct, Score, StarScore):
            _multiply(model)
        began_list = time.perf_counter()
        listing.rebuild()
        list_counts.recount()
        list_s = time.perf_counter() - began_list
        _copies.drop(db.session.connection())
        count = db.session.scalar(select(func.count()).select_from(Toi))
        stars = db.session.scalar(select(func.count()).select_from(Star))
        db.session.execute(update(CatalogueLoad).values(toi_count=count, star_count=stars))
    seconds = time.perf_counter() - began
    if db.engine.dialect.name == "postgresql":  # autovacuum does so within minutes
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return count, seconds, list_s


def _multiply(model):
    columns = model.__table__.columns
    values = [_value(column, columns).label(column.name) for column in columns]
    found = select(*values).select_from(model).join(_copies, true())
    if "scoring_run_id" in columns:
        found = found.where(columns["scoring_run_id"] == current_run_id)
    db.session.execute(insert(model).from_select([column.name for column in columns], found))


def _value(column, columns):
    number, tic_id, name = _copies.c.number, columns["tic_id"], column.name
    uniform = cast((tic_id * 31 + number * 7919) % 10007, Double) / 10007.0
    if name == "tic_id":
        return tic_id + cast(number, BigInteger) * TIC_STEP
    if name == "toi_number":
        return column + number * TOI_STEP
    if name == "toi":
        digits = func.strpos(column, ".") if db.engine.dialect.name == "postgresql" else func.instr(column, ".")
        first = cast(func.substr(column, 1, digits - 1), Integer) + number * TOI_STEP
        return cast(first, String).concat(func.substr(column, digits))
    if name == "ra_deg":
        moved = column + 360.0 * uniform
        return case((moved >= 360.0, moved - 360.0), else_=moved)
    if name in ("data_url", "filename"):
        return cast(number, String).concat("-").concat(column)
    if name == "comments":
        return case((columns["tfopwg_disposition"].in_(("CP", "KP")), null()), else_=column)
    if name in BLANK:
        return cast(null(), column.type)
    if name == "planet_probability":
        return column * (1.0 - SPREAD * uniform)
    if str(column.type) == "FLOAT" and name not in KEPT_AS_THEY_ARE:
        return column * (1.0 + SPREAD * (uniform - 0.5))
    return column


def enlarge_files(source, folder, copies):
    """Write the catalogue's files many times over into a folder, for an archive: new numbers, the same positions."""
    folder.mkdir()
    for name, change in (("toi.csv", _copied_toi), ("tic.csv", _copied_star), ("products.csv", _copied_product)):
        with (
            open(source / name, newline="", encoding="utf-8-sig") as read,
            open(folder / name, "w", newline="", encoding="utf-8") as written,
        ):
            rows = csv.DictReader(read)
            writer = csv.DictWriter(written, rows.fieldnames)
            writer.writeheader()
            for row in rows:
                writer.writerow(row)
                writer.writerows(change(row, number) for number in range(1, copies))


def _copied_toi(row, number):
    first, digits = row["TOI"].split(".")
    toi = f"{int(first) + number * TOI_STEP}.{digits}"
    return row | {"TIC ID": _copied_tic_id(row["TIC ID"], number), "TOI": toi, "Planet Name": ""}


def _copied_star(row, number):
    return row | {"ID": _copied_tic_id(row["ID"], number)}


def _copied_product(row, number):
    tic_id = _copied_tic_id(row["target_name"], number)
    address = row["dataURL"].replace(f"{int(row['target_name']):016d}", f"{int(tic_id):016d}")
    return {"target_name": tic_id, "dataURL": address}


def _copied_tic_id(text, number):
    return str(int(text) + number * TIC_STEP)
