"""The columns of the star table: the register's fields, and what this site computes; the reader's choice of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app_tess.archives.products import KINDS
from app_tess.errors import InvalidInput
from app_tess.fields import LISTED_FIELDS, Field
from app_tess.fields.field import capitalized
from app_tess.storage.listing import stored_kinds
from app_tess.storage.star_query import RANGES, SORTS
from app_tess.web.http import template_filters

COOKIE = "columns"
DRAWN = ("tic_id", "toi", "period_d", "disposition", "probability", "fold")
"""Columns whose cells hold more than a value: the template names them."""


@dataclass(frozen=True)
class Column:
    """One column of the table."""

    name: str
    """In addresses."""
    label: str
    """In a sentence."""
    heading: str
    attribute: str = ""
    """Of a ListedToi; if not given, the name."""
    unit: str = ""
    decimals: int | None = None
    term: str = ""
    """Its entry in the glossary."""
    of_star: bool = False
    """The same for all TOIs of a star, so written once."""
    largest_first: bool = False
    """The direction of a first click on its heading."""
    words: bool = False
    """Aligned at the left; figures are aligned at the right."""
    wide: bool = False
    """A list of numbers, broken into lines at its commas."""

    def write(self, toi: Any) -> str:
        """Return the text of the cell: of a missing value none, where the style sheet shows a dash."""
        value = getattr(toi, self.attribute or self.name)
        if value is None or value == "":
            return ""
        if self.decimals is not None:
            return f"{value:.{self.decimals}f}" if self.decimals > 2 else template_filters.number(value, self.decimals)
        return template_filters.number_runs(value) if self.wide else str(value)

    @property
    def cell(self) -> tuple[str, Markup, Callable[[Any], str]]:
        """How the template writes a cell: the kind of it, the tag of one that holds a value alone, and its text."""
        kind = self.name if self.name in DRAWN else "star_value" if self.of_star else "value"
        return kind, Markup("<td class=wide>" if self.wide else "<td class=t>" if self.words else "<td>"), self.write


class KindsColumn(Column):
    """The kinds of a star's files, by name."""

    def write(self, toi: Any) -> str:
        """Return the kinds' names, separated by commas."""
        names = stored_kinds(getattr(toi, self.attribute))
        return ", ".join(kind.title for kind in KINDS if kind.name in names) or template_filters.MISSING


def _field_column(field: Field) -> Column:
    return Column(
        field.parameter,
        field.label,
        field.heading,
        field.name,
        unit=field.unit.symbol,
        decimals=field.decimals,
        term=field.term,
        of_star=field.of_star,
        words=field.kind in ("id", "text", "list") and field.name != "toi",  # a TOI reads as a number
        wide=field.kind == "list",
    )


COMPUTED = (
    Column("fold", "folded transit", "Folded", term="folded", words=True),
    Column(
        "probability",
        "planet probability",
        "Planet probability",
        "planet_probability",
        term="probability",
        largest_first=True,
        words=True,
    ),
    Column(
        "classifier_score",
        "score by another classifier",
        "Another classifier",
        decimals=3,
        term="classifier-score",
        largest_first=True,
    ),
    Column("light_curve_class", "light-curve class", "Light-curve class", term="light-curve-class", words=True),
    Column(
        "light_curve_pc",
        "planet candidate by light curve",
        "Planet candidate by light curve",
        decimals=3,
        term="light-curve-class",
        largest_first=True,
    ),
    Column("toi_count", "number of TOIs", "Number of TOIs", decimals=0, of_star=True),
    Column(
        "light_curves",
        "sectors with light curves",
        "Sectors with light curves",
        "light_curve_count",
        decimals=0,
        term="light-curve",
        of_star=True,
    ),
    KindsColumn(
        "kinds",
        "kinds of data products",
        "Data products",
        "product_kinds",
        term="light-curve",
        of_star=True,
        words=True,
    ),
)

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
ORDER = (
    *DEFAULT[:5],
    "classifier_score",
    "light_curve_class",
    "light_curve_pc",
    *DEFAULT[5:],
    "planet_name",
    "epoch_btjd",
    "duration_h",
    "snr",
    "insolation_earth",
    "equilibrium_temperature_k",
    "teff_k",
    "stellar_radius_rsun",
    "stellar_mass_msun",
    "logg",
    "distance_pc",
    "ra_deg",
    "dec_deg",
    "toi_count",
    "light_curves",
    "kinds",
    "alerted_on",
    "updated_on",
    "sectors",
)
"""From left to right. A column that is not named here stands behind these, in the order of the register."""
ALWAYS = ("tic_id", "toi")
ALL = "all"
"""Stands for every column in an address: their names would fill 400 bytes of each of the table's own links."""


def _ordered() -> dict[str, Column]:
    columns = [*COMPUTED, *(_field_column(field) for field in LISTED_FIELDS if field.in_table)]
    columns.sort(key=lambda column: ORDER.index(column.name) if column.name in ORDER else len(ORDER))
    return {column.name: column for column in columns}


COLUMNS = _ordered()

RANGE_FIELDS = {
    name: (
        capitalized(column.label),
        "0 to 1" if (RANGES[name].low, RANGES[name].high) == (0, 1) else column.unit,
    )
    for name, column in COLUMNS.items()
    if name in RANGES
}
"""Name of a range -> its label and its unit, for the form of filters."""

SORT_LABELS = (
    {name: column.label for name, column in COLUMNS.items() if name in SORTS}
    | {field.parameter: field.label for field in LISTED_FIELDS if field.sortable and not field.in_table}
    | {
        "star_probability": "probability of at least one planet",
        "disagreement": "disagreement with the disposition",
        "classifier_disagreement": "disagreement with another classifier",
        "light_curve_disagreement": "disagreement of planet probability and light curve",
    }
)


def chosen_columns(args: Any, cookies: Any, queue: str = "") -> list[Column]:
    """Return the columns to show: the address's, else the remembered ones, else the default; and a queue's subject.

    Raises
    ------
    InvalidInput
        The address names a column that does not exist (a stale cookie is only ignored).
    """
    asked = [name for value in args.getlist("columns") for name in value.split(",") if name]
    for name in asked:
        if name not in COLUMNS and name != ALL:
            raise InvalidInput(f"there is no column '{name}'.", field="columns")
    names = (
        list(COLUMNS)
        if ALL in asked
        else asked or [name for name in cookies.get(COOKIE, "").split(".") if name in COLUMNS] or list(DEFAULT)
    )
    return [column for name, column in COLUMNS.items() if name in names or name in ALWAYS or name == queue]


def remembered(columns: list[Column]) -> str:
    """Return the value of the cookie."""
    return ".".join(column.name for column in columns)


def as_argument(columns: list[Column]) -> str | None:
    """Return the address's `columns`: None for the default ones, `all` for all."""
    names = [column.name for column in columns]
    return None if set(names) == set(DEFAULT) else ALL if len(names) == len(COLUMNS) else ",".join(names)
