"""Published planets in the database: replaced with the catalogue, read for a star's page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from app_tess.astro.names import name_key
from app_tess.fields.planet import HOST_FIELDS, PLANET_COLUMNS, in_list
from app_tess.storage.database import db, plain
from app_tess.storage.planet_models import Planet, SearchName

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = [field.name for field in PLANET_COLUMNS]
PUBLISHED_COLUMNS = [
    getattr(Planet, field.name).label(in_list(field))
    for field in PLANET_COLUMNS
    if field.name not in ("planet_name", "tic_id")
]
HOST_COLUMNS = [getattr(Planet, field.name) for field in HOST_FIELDS]


def read_planets() -> "pd.DataFrame":
    """Return the stored planets as `exoplanet_archive.parse_planets` does, for an update without that archive."""
    import pandas as pd

    rows = db.session.execute(select(*(getattr(Planet, name) for name in COLUMNS)).order_by(Planet.planet_name))
    return pd.DataFrame([tuple(row) for row in rows], columns=COLUMNS, dtype=object)


def replace_planets(planets: "pd.DataFrame | None") -> None:
    """Replace planets and search names, within the transaction that replaces the catalogue.

    Parameters
    ----------
    planets : pandas.DataFrame
        With the columns of `PLANET_COLUMNS`, and `toi`; None: there are none.
    """
    rows = [] if planets is None else [plain(row) for row in planets.to_dict("records")]
    for model in (SearchName, Planet):
        db.session.execute(delete(model))
    if rows:
        db.session.execute(insert(Planet), rows)
        db.session.execute(insert(SearchName), _search_names(rows))


def _search_names(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, int, str | None], None] = {}
    for row in rows:
        found[name_key(row["planet_name"]), row["tic_id"], row["toi"]] = None
        for name in (row["host_name"], row["hd_name"], row["hip_name"], row["gaia_dr3_name"]):
            if name:
                found[name_key(name), row["tic_id"], None] = None
    return [{"key": key, "tic_id": tic_id, "toi": toi} for key, tic_id, toi in found]


_PLANETS_OF_STAR = (
    select(Planet)
    .where(Planet.tic_id == bindparam("tic_id"))
    .order_by(Planet.period_d.asc().nulls_last(), Planet.planet_name)
)


def planets_of(tic_id: int) -> list[Planet]:
    """Return a star's published planets, shortest period first."""
    return list(db.session.scalars(_PLANETS_OF_STAR, {"tic_id": tic_id}))


def rows_of_star(tic_id: int) -> list[tuple[Any, ...]]:
    """Return a star's published planets, each as its TOI and then the values of COLUMNS, shortest period first."""
    return [(planet.toi, *(getattr(planet, name) for name in COLUMNS)) for planet in planets_of(tic_id)]


def names_of_tois(tois: list[str]) -> dict[str, str]:
    """Return TOI -> the name of its planet, for those that have one."""
    rows = select(Planet.toi, Planet.planet_name).where(Planet.toi.in_(tois)).order_by(Planet.planet_name)
    return {toi: name for toi, name in db.session.execute(rows) if toi is not None}


def hosts_of(tic_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return TIC id -> what is published of the star; every value is None for one without a known planet."""
    found: dict[int, dict[str, Any]] = {tic_id: {column.key: None for column in HOST_COLUMNS} for tic_id in tic_ids}
    planets = select(Planet.tic_id, *HOST_COLUMNS).where(Planet.tic_id.in_(tic_ids)).order_by(Planet.planet_name.desc())
    for row in db.session.execute(planets).mappings():
        found[row["tic_id"]] = {column.key: row[column.key] for column in HOST_COLUMNS}
    return found
