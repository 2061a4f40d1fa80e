"""The columns of the star table: what each is called, its unit, and how it is written. The reader's choice is remembered."""
from dataclasses import dataclass

from app_tess.errors import BadRequest
from app_tess.web import filters

COOKIE = "columns"


@dataclass(frozen=True)
class Column:
    """`of`: "toi" (a value a TOI), "star" (the TIC's, or ExoFOP's where the TIC has none), or "row" (counted a star)."""

    name: str
    label: str
    unit: str = ""
    of: str = "toi"
    decimals: int | None = None
    term: str = ""
    """Its entry in the glossary."""
    tois_name: str = ""
    """Where a star's value is called otherwise in the TOI table."""

    def write(self, row, toi):
        """The cell's text."""
        value = self.value(row, toi)
        if value is None or value == "":
            return filters.MISSING
        return filters.number(value, self.decimals) if self.decimals is not None else str(value)

    def value(self, row, toi):
        if self.of == "toi":
            return getattr(toi, self.name)
        if self.of == "row":
            return {"toi_count": len(row.tois), "light_curves": row.light_curve_count}[self.name]
        value = getattr(row.star, self.name)
        return getattr(row.tois[0], self.tois_name or self.name, None) if value is None else value


COLUMNS = {column.name: column for column in (
    Column("tic_id", "TIC id", of="star", term="tic"),
    Column("toi", "TOI", term="toi"),
    Column("disposition", "Disposition", term="disposition"),
    Column("probability", "Planet probability", term="probability"),
    Column("period_d", "Period", "d", decimals=4, term="period"),
    Column("depth_ppm", "Depth", "ppm", decimals=0, term="depth"),
    Column("planet_radius_rearth", "Radius", "R⊕", decimals=2, term="planet-radius"),
    Column("tmag", "Tmag", "mag", "star", 2, term="tmag"),
    Column("planet_name", "Planet name"),
    Column("epoch_btjd", "Epoch", "BTJD", decimals=4, term="btjd"),
    Column("duration_h", "Duration", "h", decimals=2, term="duration"),
    Column("snr", "SNR", decimals=1, term="snr"),
    Column("insolation_earth", "Insolation", "S⊕", decimals=1, term="insolation"),
    Column("equilibrium_temperature_k", "Equilibrium temperature", "K", decimals=0, term="equilibrium-temperature"),
    Column("teff_k", "Teff", "K", "star", 0, term="teff"),
    Column("stellar_radius_rsun", "Stellar radius", "R☉", "star", 2, term="stellar-radius"),
    Column("stellar_mass_msun", "Stellar mass", "M☉", "star", 2),
    Column("logg", "log g", "cgs", "star", 2, term="logg"),
    Column("distance_pc", "Distance", "pc", "star", 1, term="parsec", tois_name="stellar_distance_pc"),
    Column("ra_deg", "RA", "deg", "star", 4, term="ra-dec"),
    Column("dec_deg", "Dec", "deg", "star", 4, term="ra-dec"),
    Column("toi_count", "Number of TOIs", of="row", decimals=0),
    Column("light_curves", "2-min light curves", of="row", decimals=0, term="light-curve"),
    Column("alerted_on", "Alerted"),
    Column("updated_on", "Updated"),
    Column("sectors", "Sectors", term="sector"),
)}
DEFAULT = ("tic_id", "toi", "disposition", "probability", "period_d", "depth_ppm", "planet_radius_rearth", "tmag")
ALWAYS = ("tic_id", "toi")


def chosen_columns(args, cookies):
    """The columns to show: the address's, else the remembered ones, else the usual eight.

    Raises
    ------
    BadRequest
        The address names a column that does not exist (a stale cookie is only ignored).
    """
    asked = [name for value in args.getlist("columns") for name in value.split(",") if name]
    for name in asked:
        if name not in COLUMNS:
            raise BadRequest(f"columns: there is no column '{name}'.")
    names = asked or [name for name in cookies.get(COOKIE, "").split(".") if name in COLUMNS] or list(DEFAULT)
    return [column for name, column in COLUMNS.items() if name in names or name in ALWAYS]


def remembered(columns):
    """The cookie's value."""
    return ".".join(column.name for column in columns)
