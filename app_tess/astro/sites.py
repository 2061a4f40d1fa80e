"""Observatories by name: a small list made by hand, so that no list need be fetched from the network."""
import math
import unicodedata
from dataclasses import dataclass

from app_tess.errors import BadRequest


@dataclass(frozen=True)
class Site:
    """A place to observe from: geodetic latitude (north positive), longitude (east positive) [deg], height above sea [m]."""

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0

    def __post_init__(self):
        for field, value, low, high in (("lat", self.latitude_deg, -90, 90), ("lon", self.longitude_deg, -180, 360),
                                        ("elevation", self.elevation_m, -500, 9000)):
            if not (math.isfinite(value) and low <= value <= high):
                raise BadRequest(f"{field}: {value:g} is outside {low} to {high}.")


SITES = tuple(Site(*row) for row in (
    ("Apache Point", 32.7803, -105.8203, 2788), ("Calar Alto", 37.2236, -2.5461, 2168), ("Cerro Pachon", -30.2407, -70.7367, 2722),
    ("Cerro Tololo", -30.1690, -70.8063, 2207), ("Dome C", -75.1000, 123.3333, 3233), ("Haleakala", 20.7082, -156.2570, 3055),
    ("Hanle", 32.7794, 78.9642, 4500), ("Haute-Provence", 43.9308, 5.7133, 650), ("Kitt Peak", 31.9583, -111.5967, 2096),
    ("La Palma", 28.7606, -17.8816, 2396), ("La Silla", -29.2567, -70.7346, 2400), ("Las Campanas", -29.0146, -70.6926, 2380),
    ("Lick", 37.3414, -121.6429, 1283), ("Lijiang", 26.6951, 100.0300, 3193), ("Maidanak", 38.6733, 66.8964, 2593),
    ("Mauna Kea", 19.8261, -155.4747, 4205), ("McDonald", 30.6715, -104.0217, 2075), ("Mount Graham", 32.7013, -109.8891, 3221),
    ("Mount Hopkins", 31.6811, -110.8783, 2345), ("Mount John", -43.9866, 170.4650, 1029), ("Okayama", 34.5761, 133.5963, 372),
    ("Palomar", 33.3563, -116.8650, 1712), ("Paranal", -24.6272, -70.4042, 2635), ("Pic du Midi", 42.9364, 0.1426, 2877),
    ("Rozhen", 41.6931, 24.7439, 1759), ("San Pedro Martir", 31.0439, -115.4637, 2830), ("Siding Spring", -31.2733, 149.0617, 1149),
    ("Skalnate Pleso", 49.1893, 20.2339, 1783), ("Sutherland", -32.3790, 20.8107, 1783), ("Teide", 28.3009, -16.5118, 2390),
    ("Tubitak", 36.8244, 30.3356, 2500), ("Wise", 30.5958, 34.7633, 875), ("Xinglong", 40.3933, 117.5750, 960),
))
"""Places of known photometric and spectroscopic follow-up; written down by hand, good to a kilometre or so: enough for an
altitude and a twilight, not for timing to a microsecond. Give lat, lon and elevation for a place of your own."""

OTHER_NAMES = {"vlt": "Paranal", "eso": "La Silla", "ctio": "Cerro Tololo", "gemini south": "Cerro Pachon", "rubin": "Cerro Pachon",
               "orm": "La Palma", "roque de los muchachos": "La Palma", "saao": "Sutherland", "sso": "Siding Spring",
               "maunakea": "Mauna Kea", "keck": "Mauna Kea", "flwo": "Mount Hopkins", "lbt": "Mount Graham", "ohp": "Haute-Provence",
               "lco": "Las Campanas", "magellan": "Las Campanas", "kpno": "Kitt Peak", "izana": "Teide", "concordia": "Dome C",
               "caha": "Calar Alto", "apo": "Apache Point", "iao": "Hanle", "spm": "San Pedro Martir", "mt john": "Mount John"}
DEFAULT_SITE = "Paranal"


def _plain(name):
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(letters.replace("-", " ").replace(".", " ").split())


def find_site(name):
    """The Site of a name, whatever its case and accents; BadRequest lists the names."""
    wanted = _plain(name)
    wanted = _plain(OTHER_NAMES.get(wanted, wanted))
    for site in SITES:
        if _plain(site.name) == wanted:
            return site
    raise BadRequest(f"site: '{name}' is not in the list: {', '.join(site.name for site in SITES)}. "
                     "Any other place: give lat and lon.")
