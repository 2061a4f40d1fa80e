"""Requests as no visitor would send them: every route, every parameter, values that make sense and others."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from app_tess.storage.star_query import DISPOSITION_CHOICES, QUEUES, RANGES, SORTS

NONSENSE = (
    *("", " ", "0", "-0", "-1", "1", "2", "nan", "-inf", "1e999", "1e-320", "1e308", "0x10", "1_000", "٣", "½"),
    *(
        "9" * 19,
        "9" * 30,
        "9" * 5000,
        "2147483648",
        "9223372036854775808",
        "-9223372036854775809",
        "1.7976931348623157e308",
    ),
    *(
        "x",
        "null",
        "None",
        "true",
        "[]",
        "{}",
        "a,b",
        ",",
        ";",
        "\0",
        "\r\nSet-Cookie: x=1",
        "\u2028",
        "\ud7ff",
        "🪐",
        "é" * 200,
    ),
    *(
        "' OR 1=1 --",
        "%",
        "%%",
        "_",
        "\\",
        '"',
        "../..",
        "..%2f..",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "x" * 20_000,
    ),
    *("2024-02-30", "0000-00-00", "9999-12-31", "2018-01-01", "2099-12-31", "2460000.5", "1e400"),
)
NUMBERS = ("0", "0.5", "1", "10", "25", "89", "90", "-90", "180", "360", "1000", "1e-9", "1e9", "0.1", "+3", "-3.5")
RANGE_NAMES = tuple(f"{name}_{end}" for name in RANGES for end in ("min", "max"))
SITES = ("Paranal", "Mauna Kea", "la silla", "Keck", "Greenwich")
TEXTS = (
    "WASP",
    "TIC 231663901",
    "TOI-101",
    "101.01",
    "pi Men c",
    "318.737 -55.872",
    "21:14:56.9 -55:52:18",
    "l=340 b=-42",
)

COMMON = {"theme": ("light", "dark", "auto")}
LIST = COMMON | {
    "q": TEXTS,
    "radius": ("10", "2 deg", "5 arcmin", "180 deg"),
    "disposition": DISPOSITION_CHOICES,
    "sector": ("1", "27", "999"),
    "light_curves": ("yes", "no"),
    "alerted_since": ("2024-01-01",),
    "queue": tuple(QUEUES),
    "sort": tuple(SORTS),
    "direction": ("asc", "desc"),
    "page": ("1", "2", "100000"),
    "page_size": ("1", "20", "100"),
    "columns": ("tic_id,toi", "toi", ",".join(RANGES)),
    "format": ("json", "csv", "vot", "ecsv"),
    **dict.fromkeys(RANGE_NAMES, NUMBERS),
}
OBSERVING = COMMON | {
    "site": SITES,
    "lat": NUMBERS,
    "lon": NUMBERS,
    "elevation": NUMBERS,
    "nights": ("1", "2", "3", "14", "90"),
    "date": ("2018-01-01", "2026-06-21", "2099-12-31"),
    "min_altitude": NUMBERS,
    "min_probability": NUMBERS,
    "max_error": NUMBERS,
    "unknown_error": ("yes", "no"),
    "order": ("merit", "time"),
    "toi": ("101.01",),
    "transit": ("0", "1", "2000"),
}
PICTURE = COMMON | {
    "mask": ("default", "none", "hard"),
    "flux": ("pdcsap", "sap"),
    "layout": ("wide", "narrow", "sharp"),
}
CONE = dict.fromkeys(("RA", "DEC", "SR", "VERB", "MAXREC"), NUMBERS) | {"RESPONSEFORMAT": ("votable",), "sr": NUMBERS}
CHANGES = COMMON | {"kind": ("disposition", "new", "period", "reset", "vet"), "tic_id": ("231663901",), "page": NUMBERS}
PARAMETERS = {
    "stars": LIST,
    "plots": LIST,
    "api": LIST,
    "transits": OBSERVING,
    "light_curves": PICTURE,
    "cone_search": CONE,
    "changes": CHANGES,
    "runs": CHANGES,
}
"""Blueprint -> the parameters that it reads, with values that make sense."""

HEADERS = {
    "Accept": ("*/*", "text/html", "application/json", "image/png", "text/csv", "application/x-votable+xml", "x/y;q=z"),
    "If-None-Match": ('"x"', "*", "W/"),
    "Range": ("bytes=0-10", "bytes=-1", "bytes=9-1", "lines=1"),
    "Cookie": ("theme=dark", "theme=<x>; columns=zzz", "columns=toi.tic_id", "session=x.y.z"),
    "HX-Request": ("true",),
    "X-Forwarded-For": ("127.0.0.1, ::1", "x"),
    "X-Request-ID": ("abc", "\u00ff", "x" * 500),
    "Accept-Encoding": ("gzip", "br;q=1.0, *;q=0", "gzip;q=0"),
    "Authorization": ("Bearer wrong", "Bearer \u00e9", "Basic eDp5", "Bearer"),
}


@dataclass
class RandomRequest:
    """A request: method, path with its query (quoted), headers, and form fields of a POST."""

    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)


def random_request(random: Random, routes: list[Any], known: dict[str, tuple[str, ...]]) -> RandomRequest:
    """Return a request for one of the routes.

    Parameters
    ----------
    random : Random
        The source of every choice.
    routes : list of werkzeug Rule
    known : dict
        Name of a part of an address (`tic_id`, `toi`, `filename`...) -> values that exist.
    """
    rule = random.choice(routes)
    parameters = PARAMETERS.get(rule.endpoint.split(".")[0], COMMON)
    query = [
        (name, random.choice(NONSENSE if random.random() < 0.3 else parameters[name]))
        for name in random.choices(sorted(parameters), k=random.choice((0, 1, 1, 2, 3, 6)))
    ]
    if random.random() < 0.05:
        query.append((random.choice(NONSENSE), random.choice(NONSENSE)))
    parts = re.split(r"<(?:[^:>]+:)?(\w+)>", rule.rule)
    path = "".join(_value(random, known, part) if number % 2 else part for number, part in enumerate(parts))
    address = path + ("?" + "&".join(f"{quoted(name)}={quoted(value)}" for name, value in query) if query else "")
    headers = {
        name: random.choice(HEADERS[name]) for name in random.sample(sorted(HEADERS), random.choice((0, 0, 1, 2)))
    }
    method = random.choice(sorted(rule.methods))
    if random.random() < 0.03:
        method = random.choice(("POST", "PUT", "DELETE", "PATCH", "TRACE"))
    form = (
        {"csrf_token": "x", "theme": random.choice(NONSENSE), "next": random.choice(NONSENSE)}
        if method == "POST"
        else {}
    )
    return RandomRequest(method, address, headers, form)


def quoted(text: str) -> str:
    """Return a text as a part of an address."""
    return quote(text, safe="", errors="replace")


def _value(random, known, name):
    values = known.get(name)
    return quoted(random.choice(values if values and random.random() < 0.7 else NONSENSE)) or "x"
