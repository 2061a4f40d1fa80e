"""Observatories by name: a list of our own, so that none need be fetched from the network."""

import math
import unicodedata
from dataclasses import dataclass

from app_tess.errors import InvalidInput


@dataclass(frozen=True)
class Site:
    """A place to observe from: geodetic latitude (north positive), longitude (east positive) [deg], height above sea [m]."""

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float = 0.0

    def __post_init__(self):
        for field, value, low, high in (
            ("latitude", self.latitude_deg, -90, 90),
            ("longitude", self.longitude_deg, -180, 360),
            ("elevation", self.elevation_m, -500, 9000),
        ):
            if not (math.isfinite(value) and low <= value <= high):
                raise InvalidInput(f"{value:g} is outside {low} to {high}.", field=field)

    @property
    def degrees_east(self):
        """The longitude in [-180, 180)."""
        return (self.longitude_deg + 180) % 360 - 180


SITES = tuple(
    Site(*row)
    for row in (
        ("Anderson Mesa", 35.0967, -111.5350, 2198),
        ("Apache Point", 32.7803, -105.8203, 2788),
        ("Asiago", 45.8486, 11.5811, 1413),
        ("Calar Alto", 37.2236, -2.5461, 2168),
        ("Cerro Pachon", -30.2407, -70.7367, 2722),
        ("Cerro Tololo", -30.1690, -70.8063, 2207),
        ("Dome C", -75.1000, 123.3333, 3233),
        ("Dominion", 48.5217, -123.4167, 229),
        ("El Sauce", -30.4725, -70.7631, 1600),
        ("Haleakala", 20.7082, -156.2570, 3055),
        ("Hanle", 32.7794, 78.9642, 4500),
        ("Haute-Provence", 43.9308, 5.7133, 650),
        ("Javalambre", 40.0420, -1.0161, 1956),
        ("Kitt Peak", 31.9583, -111.5967, 2096),
        ("La Palma", 28.7606, -17.8816, 2396),
        ("La Silla", -29.2567, -70.7346, 2400),
        ("Las Campanas", -29.0146, -70.6926, 2380),
        ("Lick", 37.3414, -121.6429, 1283),
        ("Lijiang", 26.6951, 100.0300, 3193),
        ("Lowell Discovery", 34.7443, -111.4225, 2337),
        ("Maidanak", 38.6733, 66.8964, 2593),
        ("Mauna Kea", 19.8261, -155.4747, 4205),
        ("McDonald", 30.6715, -104.0217, 2075),
        ("Mont Megantic", 45.4557, -71.1525, 1108),
        ("Mount Graham", 32.7013, -109.8891, 3221),
        ("Mount Hopkins", 31.6811, -110.8783, 2345),
        ("Mount John", -43.9866, 170.4650, 1029),
        ("Mount Kent", -27.7977, 151.8554, 682),
        ("Mount Stromlo", -35.3207, 149.0243, 767),
        ("Mount Wilson", 34.2226, -118.0617, 1742),
        ("Okayama", 34.5761, 133.5963, 372),
        ("Oukaimeden", 31.2061, -7.8664, 2751),
        ("Palomar", 33.3563, -116.8650, 1712),
        ("Paranal", -24.6272, -70.4042, 2635),
        ("Pic du Midi", 42.9364, 0.1426, 2877),
        ("Rozhen", 41.6931, 24.7439, 1759),
        ("San Pedro Martir", 31.0439, -115.4637, 2830),
        ("Siding Spring", -31.2733, 149.0617, 1149),
        ("Skalnate Pleso", 49.1893, 20.2339, 1783),
        ("Sutherland", -32.3790, 20.8107, 1783),
        ("Teide", 28.3009, -16.5118, 2390),
        ("Thai National", 18.5906, 98.4867, 2457),
        ("Tubitak", 36.8244, 30.3356, 2500),
        ("Vainu Bappu", 12.5767, 78.8266, 725),
        ("Wise", 30.5958, 34.7633, 875),
        ("Xinglong", 40.3933, 117.5750, 960),
    )
)
"""Places of photometric and spectroscopic follow-up. astropy's own list must be fetched from the network at run time; ours
agrees with it to 3 km for the 37 places that both hold, but for Haleakala, which it puts 9 km off the summit. That is
enough for an altitude and a twilight, not for timing to a microsecond: give lat, lon and elevation for that."""

OTHER_NAMES = {
    "apo": "Apache Point",
    "aao": "Siding Spring",
    "bao": "Xinglong",
    "caha": "Calar Alto",
    "cfht": "Mauna Kea",
    "chara": "Mount Wilson",
    "cima ekar": "Asiago",
    "concordia": "Dome C",
    "ctio": "Cerro Tololo",
    "dao": "Dominion",
    "dct": "Lowell Discovery",
    "eso": "La Silla",
    "flwo": "Mount Hopkins",
    "gemini north": "Mauna Kea",
    "gemini south": "Cerro Pachon",
    "hale": "Palomar",
    "iao": "Hanle",
    "irtf": "Mauna Kea",
    "izana": "Teide",
    "keck": "Mauna Kea",
    "kpno": "Kitt Peak",
    "lbt": "Mount Graham",
    "lco": "Las Campanas",
    "ldt": "Lowell Discovery",
    "lowell": "Anderson Mesa",
    "magellan": "Las Campanas",
    "maunakea": "Mauna Kea",
    "mdm": "Kitt Peak",
    "minerva australis": "Mount Kent",
    "mmt": "Mount Hopkins",
    "mso": "Mount Stromlo",
    "mt graham": "Mount Graham",
    "mt john": "Mount John",
    "mt kent": "Mount Kent",
    "mt stromlo": "Mount Stromlo",
    "mt wilson": "Mount Wilson",
    "mwo": "Mount Wilson",
    "oaj": "Javalambre",
    "oao": "Okayama",
    "ohp": "Haute-Provence",
    "omm": "Mont Megantic",
    "orm": "La Palma",
    "oukaimden": "Oukaimeden",
    "roque de los muchachos": "La Palma",
    "rubin": "Cerro Pachon",
    "saao": "Sutherland",
    "salt": "Sutherland",
    "soar": "Cerro Pachon",
    "spm": "San Pedro Martir",
    "sso": "Siding Spring",
    "subaru": "Mauna Kea",
    "tenerife": "Teide",
    "tno": "Thai National",
    "trappist north": "Oukaimeden",
    "trappist south": "La Silla",
    "tug": "Tubitak",
    "vbo": "Vainu Bappu",
    "vlt": "Paranal",
    "whipple": "Mount Hopkins",
    "wiyn": "Kitt Peak",
}
DEFAULT_SITE = "Paranal"


def _plain(name):
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = letters.replace("-", " ").replace(".", " ").split()
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "observatory" else words)


def find_site(name):
    """The Site of a name, whatever its case and accents; InvalidInput lists the names."""
    wanted = _plain(name)
    wanted = _plain(OTHER_NAMES.get(wanted, wanted))
    for site in SITES:
        if _plain(site.name) == wanted:
            return site
    raise InvalidInput(
        f"'{name}' is not in the list: {', '.join(site.name for site in SITES)}. "
        "For any other place give latitude and longitude.",
        field="site",
    )
