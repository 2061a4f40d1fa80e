"""What the register holds for each catalogue field."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from app_tess.fields.units import BTJD, DAY, NONE, Unit

Kind = Literal["number", "integer", "id", "text", "list", "date"]
"""`id` is a whole number of 64 bits; `list` a text of whole numbers with commas between them."""
TEXTS: tuple[Kind, ...] = ("text", "list", "date")
"""What an archive sends as text; everything else is a number in the scoring frame."""


def capitalized(text: str) -> str:
    """Return a text with its first letter as a capital, and the rest as it is: "SNR per transit" stays so."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Recorded:
    """How the changes of a field between two catalogue loads are recorded."""

    kind: str
    """The name of such a change in the database and in addresses: `/changes?kind=period`."""
    tolerance: float = 0.0
    """Relative: a number that moved by no more than this share was refined, not changed."""
    beyond_error: bool = False
    """Whether it must also have moved by more than its error, where that is known."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column of the stars (from the TIC) or of the TOIs (from ExoFOP)."""

    name: str
    """Our name, with the unit at its end: column, attribute, export."""
    kind: Kind = "number"
    unit: Unit = NONE
    ucd: str
    """UCD1+ 1.4, the IVOA's word for what is measured."""
    description: str
    """One phrase, for programs."""
    required: bool = False
    """Never null."""
    limits: tuple[float, float] = (-math.inf, math.inf)
    """The lowest and the highest value that makes sense; a filter beyond them is refused, a cell is left blank."""
    longest: int = 0
    """The most characters of a text; a longer cell is left blank."""

    # in the archives' tables
    exofop: tuple[str, ...] = ()
    """ExoFOP's column names since 2019, newest first."""
    exoplanet_archive: str = ""
    """The column of the NASA Exoplanet Archive's table `toi`."""
    tic: str = ""
    """The column of the TESS Input Catalog."""
    error: str = ""
    """Our name of the column with its standard error."""
    error_of: str = ""
    """The other way round: the name of the field whose standard error this is."""
    of_star: bool = False
    """It belongs to the star: all TOIs of a star have the same value."""
    tic_name: str = ""
    """For a star's quantity in ExoFOP's table: our name of the same quantity from the TIC."""

    # on pages
    label: str
    """Its name in a sentence; a proper name keeps its capital."""
    heading: str = ""
    """Its name at the head of a column; if not given, the label."""
    title: str = ""
    """Its name on the page of its star or TOI; if not given, the label."""
    term: str = ""
    """Its entry in the glossary."""
    decimals: int | None = None
    """Digits after the decimal point in a table."""
    page_decimals: int | None = None
    """The same on its own page, where there is more room; if not given, as in a table."""
    on_page: bool = True
    """Listed among the facts of its star or TOI; a page places the others by hand."""
    in_table: bool = False
    """A column of the star table."""
    filterable: bool = False
    """Limited by `<name>_min` and `<name>_max`."""
    sortable: bool = False
    parameter: str = ""
    """Its name in addresses; if not given, the name."""
    recorded: Recorded | None = None

    def __post_init__(self) -> None:
        """Fill in what follows from the rest."""
        defaults = {
            "heading": capitalized(self.label),
            "title": capitalized(self.label),
            "parameter": self.name,
            "page_decimals": self.decimals,
        }
        for attribute, value in defaults.items():
            if getattr(self, attribute) in ("", None):
                object.__setattr__(self, attribute, value)

    @property
    def is_listed(self) -> bool:
        """Whether the list of TOIs, which tables and filters read, holds the field."""
        return self.in_table or self.filterable or self.sortable

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.kind in ("integer", "id")

    @property
    def spellings(self) -> tuple[str, ...]:
        """What tables of TOIs call the column."""
        return (*self.exofop, self.exoplanet_archive) if self.exoplanet_archive else self.exofop

    def error_field(self) -> Field:
        """Return the field of its standard error, under the names that the archives derive from the value's."""
        return replace(
            self,
            name=self.error,
            error="",
            error_of=self.name,
            unit=DAY if self.unit == BTJD else self.unit,
            ucd=f"stat.error;{self.ucd}",
            description=f"Standard error of {self.name}",
            limits=(0.0, 1e9),
            exofop=tuple(f"{spelling} err" for spelling in self.exofop),
            exoplanet_archive=self.exoplanet_archive and f"{self.exoplanet_archive}err1",
            tic=self.tic and f"e_{self.tic}",
            tic_name="",
            parameter=self.error,
            label=f"error of the {self.label}",
            heading="",
            title="",
            on_page=False,
            in_table=False,
            filterable=False,
            sortable=False,
            recorded=None,
        )


def with_errors(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields in their order, each followed by its standard error where it has one."""
    return tuple(column for field in fields for column in ((field, field.error_field()) if field.error else (field,)))
