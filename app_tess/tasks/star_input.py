"""A star as plain values, read from the database once: what is measured of it then needs no database.

Another process or machine can take it (pickle), read the star's files and measure them.
"""

import datetime as dt
from dataclasses import dataclass

from app_tess.astro.ephemeris_change import SIGNAL_COLUMNS
from app_tess.storage import catalogue
from app_tess.storage.known_signals import signals_of_neighbors
from app_tess.storage.look_ups import product_list_date


@dataclass(frozen=True)
class ListedFile:
    """A data product as the catalogue lists it."""

    data_url: str
    tic_id: int
    filename: str
    kind: str
    sector: int | None
    last_sector: int | None
    start_btjd: float | None
    stop_btjd: float | None
    simulated: bool
    """Whether it is the bundled sample's."""


@dataclass(frozen=True)
class ListedToi:
    """A TOI as the catalogue lists it: what a vetting and a search use of it."""

    toi: str
    tic_id: int
    sectors: str | None
    period_d: float | None
    period_err_d: float | None
    epoch_btjd: float | None
    epoch_err_d: float | None
    duration_h: float | None
    duration_err_h: float | None
    depth_ppm: float | None
    depth_err_ppm: float | None

    @property
    def catalogue_values(self):
        """SIGNAL_COLUMNS -> value."""
        return {name: getattr(self, name) for name in SIGNAL_COLUMNS}


@dataclass(frozen=True)
class ListedNeighbor:
    """A TOI or a catalogued eclipsing binary of a neighboring star: its transits, without its disposition."""

    kind: str
    """`TOI` or `eclipsing binary`."""
    name: str
    tic_id: int
    separation_arcsec: float
    period_d: float | None
    period_err_d: float | None
    epoch_btjd: float | None
    epoch_err_d: float | None
    duration_h: float | None
    depth_ppm: float | None


@dataclass(frozen=True)
class StarInput:
    """What is known of a star before its light curves are read."""

    tic_id: int
    tmag: float | None
    stellar_radius_rsun: float | None
    density_solar: float | None
    tois: tuple[ListedToi, ...]
    products: tuple[ListedFile, ...]
    listed_at: dt.datetime | None
    """When its product list was fetched."""
    neighbors: tuple[ListedNeighbor, ...] = ()
    """Signals of other stars within 3 arcmin, the nearest first."""


def read_star(detail):
    """Return a stored star (`stars.get_star`) as plain values."""
    load = catalogue.find_current_load()
    simulated = load is not None and load.simulated and bool(detail.tois)
    return StarInput(
        detail.tic_id,
        detail.star.tmag,
        detail.star.stellar_radius_rsun,
        detail.star.density_solar,
        tuple(ListedToi(**_columns(toi, ListedToi)) for toi in detail.tois),
        tuple(ListedFile(**_columns(one, ListedFile), simulated=simulated) for one in detail.products),
        product_list_date(detail, load),
        tuple(ListedNeighbor(**_columns(one, ListedNeighbor)) for one in signals_of_neighbors(detail.star)),
    )


def _columns(row, kind):
    return {name: getattr(row, name) for name in kind.__dataclass_fields__ if name != "simulated"}
