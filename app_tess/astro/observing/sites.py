"""Observatories by name, from the bundled list in sites.toml, so that none needs to be downloaded."""

import math
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app_tess.astro.positions import plain_text
from app_tess.errors import InvalidInput

SITES_FILE = Path(__file__).with_name("sites.toml")
DEFAULT_SITE = "Paranal"

_UNIMPORTANT = frozenset(
    ("the", "observatory", "observatories", "observatorio", "observatoire", "of", "de", "del", "du")
)
"""Words that names of the same site may or may not contain."""


@dataclass(frozen=True)
class Site:
    """An observing site.

    Parameters
    ----------
    name : str
    latitude_deg, longitude_deg : float
        Geodetic [deg], north and east positive.
    elevation_m : float
        Elevation above sea level [m].
    zone : str
        Time zone in the IANA database; empty where only the position is known.

    Raises
    ------
    InvalidInput
        A number is not finite or not on the Earth.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0
    zone: str = ""

    def __post_init__(self) -> None:
        for field, value, low, high in (
            ("latitude", self.latitude_deg, -90, 90),
            ("longitude", self.longitude_deg, -180, 360),
            ("elevation", self.elevation_m, -500, 9000),
        ):
            if not (math.isfinite(value) and low <= value <= high):
                raise InvalidInput(f"{value:g} is outside {low} to {high}.", field=field)

    @property
    def degrees_east(self) -> float:
        """The longitude in [-180, 180) [deg]."""
        return (self.longitude_deg + 180) % 360 - 180


def _read_list() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(SITES_FILE.read_text(encoding="utf-8"))["site"]
    return rows


_LIST = _read_list()


def _listed(row: dict[str, Any]) -> Site:
    latitude_deg, longitude_deg, elevation_m = row["position"]
    return Site(row["name"], latitude_deg, longitude_deg, elevation_m, row["zone"])


SITES: tuple[Site, ...] = tuple(map(_listed, _LIST))
"""The listed sites, in alphabetical order."""

OTHER_NAMES: dict[str, str] = {
    name: row["name"] for row in _LIST for name in (*row.get("names", ()), *row.get("cities", ()))
}
"""Name of the site by each of its other names and by the cities near it."""


def _plain(name: str) -> str:
    """Return a name in lower case, without accents, punctuation and unimportant words; "mt" is written "mount"."""
    letters = unicodedata.normalize("NFKD", plain_text(name)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", letters.replace("'", "")).split()
    return " ".join("mount" if word == "mt" else word for word in words if word not in _UNIMPORTANT)


_SITE_BY_NAME: dict[str, Site] = {site.name: site for site in SITES}
_SITE_BY_PLAIN_NAME: dict[str, Site] = {
    _plain(name): _SITE_BY_NAME[listed]
    for name, listed in (OTHER_NAMES | {name: name for name in _SITE_BY_NAME}).items()
}


def find_site(name: str) -> Site:
    """Return the site with a name, an abbreviation or a full name, or near a city.

    A city stands for the observatory near it: "La Serena" returns Cerro Tololo.

    Parameters
    ----------
    name : str
        Case, accents, punctuation, typographic hyphens and spaces, and the word "observatory" do not matter.

    Returns
    -------
    Site

    Raises
    ------
    InvalidInput
        No listed site has this name. The message lists the sites.
    """
    site = _SITE_BY_PLAIN_NAME.get(_plain(name))
    if site is None:
        raise InvalidInput(
            f"'{name}' is not in the list: {', '.join(site.name for site in SITES)}. "
            "For any other place give latitude and longitude.",
            field="site",
        )
    return site
