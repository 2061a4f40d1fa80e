"""The columns of the star table: what each is called, its unit, and how it is written. The reader's choice is remembered."""

from dataclasses import dataclass

from app_tess.errors import InvalidInput
from app_tess.web.http import template_filters

COOKIE = "columns"


@dataclass(frozen=True)
class Column:
    """`attribute` of a ListedToi, called `name` in addresses. `of_star`: the same for all TOIs of a star, so written once."""

    name: str
    label: str
    unit: str = ""
    decimals: int | None = None
    term: str = ""
    """Its entry in the glossary."""
    attribute: str = ""
    of_star: bool = False
    largest_first: bool = False
    """What a first click on its head asks for."""
    words: bool = False
    """Written from the left; figures stand under one another at the right."""
    wide: bool = False
    """A list of numbers, broken into lines at its commas."""

    def write(self, toi):
        """The cell's text."""
        value = getattr(toi, self.attribute or self.name)
        if value is None or value == "":
            return template_filters.MISSING
        if self.decimals is not None:
            return f"{value:.{self.decimals}f}" if self.decimals > 2 else template_filters.number(value, self.decimals)
        return template_filters.number_runs(value) if self.wide else str(value)


COLUMNS = {
    column.name: column
    for column in (
        Column("tic_id", "TIC id", term="tic", of_star=True, words=True),
        Column("toi", "TOI", term="toi"),
        Column("fold", "Folded", term="folded", words=True),
        Column("disposition", "Disposition", term="disposition", attribute="tfopwg_disposition", words=True),
        Column(
            "probability",
            "Planet probability",
            term="probability",
            attribute="planet_probability",
            largest_first=True,
            words=True,
        ),
        Column("exominer", "ExoMiner", "", 3, "exominer", "exominer_score", largest_first=True),
        Column("period_d", "Period", "d", 4, "period"),
        Column("depth_ppm", "Depth", "ppm", 0, "depth"),
        Column("planet_radius_rearth", "Radius", "R⊕", 2, "planet-radius"),
        Column("tmag", "Tmag", "mag", 2, "tmag", of_star=True),
        Column("planet_name", "Planet name", words=True),
        Column("epoch_btjd", "Epoch", "BTJD", 4, "btjd"),
        Column("duration_h", "Duration", "h", 2, "duration"),
        Column("snr", "SNR", "", 1, "snr"),
        Column("insolation_earth", "Insolation", "S⊕", 1, "insolation"),
        Column("equilibrium_temperature_k", "Equilibrium temperature", "K", 0, "equilibrium-temperature"),
        Column("teff_k", "Teff", "K", 0, "teff", of_star=True),
        Column("stellar_radius_rsun", "Stellar radius", "R☉", 2, "stellar-radius", of_star=True),
        Column("stellar_mass_msun", "Stellar mass", "M☉", 2, "stellar-mass", of_star=True),
        Column("logg", "log g", "cgs", 2, "logg", of_star=True),
        Column("distance_pc", "Distance", "pc", 1, "parsec", of_star=True),
        Column("ra_deg", "RA", "deg", 4, "ra-dec", of_star=True),
        Column("dec_deg", "Dec", "deg", 4, "ra-dec", of_star=True),
        Column("toi_count", "Number of TOIs", "", 0, of_star=True),
        Column("light_curves", "2-min light curves", "", 0, "light-curve", "light_curve_count", of_star=True),
        Column("alerted_on", "Alerted", term="alerted"),
        Column("updated_on", "Updated"),
        Column("sectors", "Sectors", term="sector", wide=True, words=True),
    )
}
DEFAULT = (
    "tic_id",
    "toi",
    "fold",
    "disposition",
    "probability",
    "period_d",
    "depth_ppm",
    "planet_radius_rearth",
    "tmag",
)
ALWAYS = ("tic_id", "toi")
ALL = "all"
"""Stands for every column in an address: their names would fill 400 bytes of each of the table's own links."""


def chosen_columns(args, cookies, queue=""):
    """The columns to show: the address's, else the remembered ones, else the usual ones; a queue shows what it is about.

    Raises
    ------
    InvalidInput
        The address names a column that does not exist (a stale cookie is only ignored).
    """
    asked = [name for value in args.getlist("columns") for name in value.split(",") if name]
    for name in asked:
        if name not in COLUMNS and name != ALL:
            raise InvalidInput(f"columns: there is no column '{name}'.")
    names = (
        list(COLUMNS)
        if ALL in asked
        else asked or [name for name in cookies.get(COOKIE, "").split(".") if name in COLUMNS] or list(DEFAULT)
    )
    return [column for name, column in COLUMNS.items() if name in names or name in ALWAYS or name == queue]


def remembered(columns):
    """The cookie's value."""
    return ".".join(column.name for column in columns)


def as_argument(columns):
    """The address's `columns`: None for the usual ones, `all` for all."""
    names = [column.name for column in columns]
    return None if set(names) == set(DEFAULT) else ALL if len(names) == len(COLUMNS) else ",".join(names)
