"""Read positions on the sky as people type, print and copy them."""

import re
import unicodedata

from app_tess.astro.sky import galactic_to_icrs
from app_tess.errors import InvalidInput

_PRINTED = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("′’‘ʹ´`", "'"),
        **dict.fromkeys("″”“ʺ", '"'),
        **dict.fromkeys("º˚", "°"),
    }
)
"""Printed and typographic signs, and the ones on a keyboard."""

_BRACKETS = re.compile(r"[()\[\]{}<>]")
_PUNCTUATION = ",;: "
_FRAMES = re.compile(
    r"\b(?:skycoord|in\s+deg|icrs|fk5|fk4|eq(?:uatorial)?|j2000(?:\.0)?|coord(?:inate)?s?|pos(?:ition)?)\b\s*[:=]?",
    re.I,
)
_AXES = re.compile(r"(?:\b(?:ra|de|dec|decl)(?:j2000|_?deg)?\b|[αδ])\s*[:=]?", re.I)
_GALACTIC = re.compile(r"\b(?:galactic|gal(?:coord)?|glon|glat)\b\s*[:=]?", re.I)
_GALACTIC_AXES = re.compile(r"\b(?:l\s*[:=]?\s*(?=[+-]?\d)|b\s*[:=]?\s*(?=[+-]?\d)|lii\b|bii\b)", re.I)
_GALACTIC_NAME = re.compile(r"^G\s*(\d{1,3}\.\d+)\s*([+-]\d{1,2}\.\d+)$", re.I)

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_DEGREES = r"(?:°|degrees?|degs?|d)?"
_DECIMAL = re.compile(rf"^({_NUMBER})\s*(h|hours?|hrs?|{_DEGREES})\s*[,;/ ]\s*({_NUMBER})\s*{_DEGREES}$", re.I)
_JOINED = re.compile(rf"^(\+?\d+\.\d*)\s*({_DEGREES})\s*([+-]\d+\.\d*)\s*{_DEGREES}$", re.I)
"""Without a separator both need a decimal point: K2-18 loses its letter easily."""

_H, _M, _S = (
    r"\s*(?:h(?:ours?|rs?)?|:|\s)\s*",
    r"\s*(?:m(?:in(?:utes?)?)?|'|:|\s)\s*",
    r'\s*(?:s(?:ec(?:onds?)?)?|"|\'\')?',
)
_D = r"\s*(?:°|degrees?|degs?|d|:|\s)\s*"
_AM = r"\s*(?:arcmin(?:utes?)?|m(?:in(?:utes?)?)?|'|:|\s)\s*"
_AS = r'\s*(?:arcsec(?:onds?)?|s(?:ec(?:onds?)?)?|"|\'\')?'
_PART = r"(\d{1,2}(?:\.\d*)?)"
_BETWEEN = r"\s*[,;/ ]?\s*"
_SEXAGESIMAL = re.compile(
    rf"^(\d{{1,2}}){_H}(\d{{1,2}}){_M}{_PART}{_S}{_BETWEEN}([+-]?)\s*(\d{{1,2}}){_D}(\d{{1,2}}){_AM}{_PART}{_AS}$", re.I
)
_WITHOUT_SECONDS = re.compile(
    rf"^(\d{{1,2}}){_H}{_PART}\s*(?:m(?:in)?)?(){_BETWEEN}([+-])\s*(\d{{1,2}}){_D}{_PART}\s*(?:arcmin|m(?:in)?|')?()$",
    re.I,
)
_PACKED = re.compile(
    r"^(?:\d?[A-Z]+?[ -]*)?J?\s*(\d{2})(\d{2})(\d{2}(?:\.?\d*)?)([+-])(\d{2})(\d{2})(\d{2}(?:\.?\d*)?)[A-Za-z]?$", re.I
)
"""`J211456.88-555218.7`, and a 2MASS name such as `2MASS J21145688-5552187`, whose decimal points are left out."""

_PACKED_WITHOUT_SECONDS = re.compile(
    r"^(?:\d?[A-Z]+?[ -]*)?J\s*(\d{2})(\d{2}(?:\.\d+)?)()([+-])(\d{2})(\d{2}(?:\.\d+)?)()$", re.I
)

_RADIUS_UNITS = {
    ("d", "deg", "degree", "degrees", "°"): 1,
    ("'", "m", "am", "arcmin", "arcmins", "arcminute", "arcminutes"): 60,
    ('"', "s", "as", "arcsec", "arcsecs", "arcsecond", "arcseconds", "''"): 3600,
}
"""How many of a unit make a degree."""

_RADIUS = re.compile(
    r"^\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)\s*("
    + "|".join(sorted((re.escape(unit) for units in _RADIUS_UNITS for unit in units), key=len, reverse=True))
    + r")?\s*$",
    re.IGNORECASE,
)


def plain_text(text: str) -> str:
    """Return the text with one kind of space, hyphen, minus, prime and quotation mark, without marks at its ends."""
    plain = unicodedata.normalize("NFKC", text.translate(_PRINTED)).translate(_PRINTED)
    return re.sub(r"\s+", " ", plain).strip()


def parse_position(text: str) -> tuple[float, float] | None:
    """Read a position.

    Accepted are degrees (`318.737 -55.872`, `(318.737d, -55.872d)`), hours and degrees (`21:14:56.88 -55:52:18.7`,
    `21h14m56.88s -55d52m18.7s`, `21h14m -55d52m`), the digits of a name (`J211456.88-555218.7`,
    `2MASS J21145688-5552187`), and Galactic coordinates (`galactic 340.698 -42.074`, `l=340.698 b=-42.074`). Axis and
    frame names, brackets, tabs and typographic signs are allowed.

    Parameters
    ----------
    text : str

    Returns
    -------
    (ra_deg, dec_deg) or None
        ICRS [deg]. None when the text is not a pair of coordinates.

    Raises
    ------
    InvalidInput
        A pair of coordinates that is not on the sky.
    """
    plain = _FRAMES.sub(" ", _BRACKETS.sub(" ", plain_text(text))).strip(_PUNCTUATION)
    is_galactic = bool(_GALACTIC.search(plain) or _GALACTIC_NAME.match(plain) or _has_galactic_axes(plain))
    if is_galactic:
        plain = _GALACTIC_AXES.sub(" ", _GALACTIC.sub(" ", plain))
        named = _GALACTIC_NAME.match(plain.strip())
        plain = f"{named[1]} {named[2]}" if named else plain
    plain = re.sub(r"\s+", " ", _AXES.sub(" ", plain)).strip(_PUNCTUATION)
    pair = _decimal(plain)
    if pair is None and not is_galactic:
        pair = _sexagesimal(plain, text)
    if pair is None:
        return None
    if not is_galactic:
        return _on_sphere(*pair, text)
    ra_deg, dec_deg = galactic_to_icrs(*_on_sphere(*pair, text, "Galactic longitude"))
    return float(ra_deg), float(dec_deg)


def _has_galactic_axes(plain: str) -> bool:
    """Both `l` and `b` stand before a number."""
    return bool(
        re.search(r"\bl(?:ii)?\s*[:=]?\s*[+-]?\d", plain, re.I)
        and re.search(r"\bb(?:ii)?\s*[:=]?\s*[+-]?\d", plain, re.I)
    )


def _decimal(plain: str) -> tuple[float, float] | None:
    match = _DECIMAL.match(plain) or _JOINED.match(plain)
    if not match:
        return None
    return float(match[1]) * (15 if (match[2] or "").lower().startswith("h") else 1), float(match[3])


def _sexagesimal(plain: str, text: str) -> tuple[float, float] | None:
    match = _SEXAGESIMAL.match(plain) or _WITHOUT_SECONDS.match(plain)
    packed = None if match else _PACKED.match(plain) or _PACKED_WITHOUT_SECONDS.match(plain)
    if match is None and packed is None:
        return None
    groups = (match or packed).groups()  # type: ignore[union-attr]
    sign = -1 if groups[3] == "-" else 1
    values = [part for index, part in enumerate(groups) if index != 3]
    if packed:  # 2MASS leaves the decimal point out: 56.88 s is 5688
        values = [f"{part[:2]}.{part[2:]}" if len(part) > 2 and "." not in part else part for part in values]
    hours, minutes, seconds, degrees, arcminutes, arcseconds = (float(part or 0) for part in values)
    if max(minutes, seconds, arcminutes, arcseconds) >= 60:
        raise InvalidInput(f"'{text}' has 60 or more minutes or seconds in a coordinate.", field="position")
    return (
        15 * (hours + minutes / 60 + seconds / 3600),
        sign * (degrees + arcminutes / 60 + arcseconds / 3600),
    )


def _on_sphere(lon_deg: float, lat_deg: float, text: str, lon_name: str = "right ascension") -> tuple[float, float]:
    if not (0 <= lon_deg <= 360 and -90 <= lat_deg <= 90):
        lat_name = "declination" if lon_name == "right ascension" else "latitude"
        hours = " (24 h)" if lon_name == "right ascension" else ""
        raise InvalidInput(
            f"'{text}' is not on the sky: {lon_name} runs from 0 to 360 deg{hours}, {lat_name} from -90 to 90 deg.",
            field="position",
        )
    return lon_deg, lat_deg


def parse_radius_deg(text: str) -> float:
    """Read a radius: "10", "10 arcmin", "10'", "30 arcsec", '30"', "0.5 deg", "0.5d"; a bare number is in arcminutes.

    Returns
    -------
    float
        In [0, 180] deg.

    Raises
    ------
    InvalidInput
        Not a radius, or not that of a circle on the sky.
    """
    match = _RADIUS.match(plain_text(text))
    if not match:
        raise InvalidInput(
            f"'{text}' is not a radius: enter a number of arcminutes, or 30 arcsec, 5 arcmin, 0.5 deg.", field="radius"
        )
    radius_deg = float(match[1]) / next(
        count for units, count in _RADIUS_UNITS.items() if (match[2] or "'").lower() in units
    )
    if not 0 <= radius_deg <= 180:
        raise InvalidInput(f"{text} is outside 0 to 180 deg.", field="radius")
    return radius_deg
