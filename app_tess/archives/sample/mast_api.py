"""MAST's invoke API over plain rows: services, filters, paging, and the reply envelope.

`{status, msg, data, fields, paging}`; an invalid request gets status ERROR and a sentence, with HTTP 200,
as at MAST. Source: the MAST API documentation, and the replies in astroquery's tests.
"""

import json
import math
import re
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from app_tess.archives.sample.mast_columns import CAOM_FIELDS, TIC_FIELDS, tic_histograms
from app_tess.astro.names import name_key
from app_tess.errors import InvalidInput

Row = dict[str, Any]

MAX_PAGE_SIZE = 50_000
"""MAST's own limit of rows in one reply."""


class RowStore:
    """Rows with an index: `index` is the column in which long lists are looked up."""

    def __init__(self, rows: list[Row], fields: list[tuple[str, str]], index: str, position: tuple[str, str]) -> None:
        # a fixed but arbitrary order: MAST promises none, so no caller should rely on one
        self.rows = sorted(rows, key=lambda row: zlib.crc32(json.dumps(row, sort_keys=True).encode()))
        self.fields = fields
        self.index = index
        self.position = position
        self._names = {name.lower(): name for name, _ in fields}
        self._by_index: dict[str, list[Row]] = {}
        for row in self.rows:
            self._by_index.setdefault(str(row[index]), []).append(row)

    def select(self, filters: list[Any]) -> list[Row]:
        """Return the rows that pass every filter; InvalidInput for an unknown column."""
        rows = self.rows
        tests = []
        for entry in filters:
            column, values = self._read_filter(entry)
            if column == self.index and not entry.get("freeText"):
                wanted = dict.fromkeys(str(value).strip() for value in values)
                rows = [row for key in wanted for row in self._by_index.get(key, [])]
                rows.sort(key=lambda row: zlib.crc32(str(row[self.index]).encode()))
            else:
                tests.append(_filter_test(column, values, entry.get("freeText")))
        return [row for row in rows if all(test(row) for test in tests)]

    def _read_filter(self, entry: Any) -> tuple[str, list[Any]]:
        if not isinstance(entry, dict) or not isinstance(entry.get("values", []), list):
            raise InvalidInput("A filter needs paramName and a list of values.")
        name = str(entry.get("paramName", ""))
        if name.lower() not in self._names:
            raise InvalidInput(f"Invalid column name '{name}'.")
        return self._names[name.lower()], entry.get("values", [])

    def near(self, rows: list[Row], ra_deg: float, dec_deg: float, radius_deg: float) -> list[Row]:
        """Return the rows within a radius [deg] of a position [deg]."""
        ra_name, dec_name = self.position
        return [
            row
            for row in rows
            if row.get(ra_name) is not None
            and _separation_deg(row[ra_name], row[dec_name], ra_deg, dec_deg) <= radius_deg
        ]


def _filter_test(column: str, values: list[Any], free_text: object) -> Callable[[Row], bool]:
    """Return a predicate on rows: the values are alternatives; texts compare without regard to case."""
    ranges = [(float(v["min"]), float(v["max"])) for v in values if isinstance(v, dict) and {"min", "max"} <= set(v)]
    texts = {str(v).casefold() for v in values if not isinstance(v, dict)}
    pattern = None
    if free_text:
        pattern = re.compile(".*".join(map(re.escape, str(free_text).casefold().split("%"))) + r"\Z")

    def passes(row: Row) -> bool:
        value = row.get(column)
        if value is None:
            return False
        if any(low <= float(value) <= high for low, high in ranges):
            return True
        text = str(value).casefold()
        return text in texts or bool(pattern and pattern.match(text))

    return passes


def _separation_deg(ra_1: float, dec_1: float, ra_2: float, dec_2: float) -> float:
    """Angle between two positions [deg], by the haversine formula."""
    ra_1, dec_1, ra_2, dec_2 = map(math.radians, (ra_1, dec_1, ra_2, dec_2))
    haversine = (
        math.sin((dec_2 - dec_1) / 2) ** 2 + math.cos(dec_1) * math.cos(dec_2) * math.sin((ra_2 - ra_1) / 2) ** 2
    )
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(haversine))))


class MastApi:
    """Answers invoke requests from TIC rows and observation rows (dicts by MAST's column names)."""

    def __init__(
        self, tic_rows: list[Row], observation_rows: list[Row], executing_every: int = 5, planets: Iterable[Row] = ()
    ) -> None:
        self._names = _names(tic_rows, planets)
        self._stores = {
            "tic": RowStore(tic_rows, TIC_FIELDS, "ID", ("ra", "dec")),
            "caom": RowStore(observation_rows, CAOM_FIELDS, "target_name", ("s_ra", "s_dec")),
        }
        self._executing_every = executing_every
        self._asked = 0
        self._executing: set[str] = set()

    def invoke(self, form_body: str) -> dict[str, Any]:
        """Answer the body of a POST (`request=<json>`) with the envelope, a dict."""
        try:
            request = _read_request(form_body)
            if self._still_executing(form_body):
                return {"status": "EXECUTING", "msg": "", "data": [], "fields": [], "paging": {}}
            return self._answer(request)
        except InvalidInput as error:
            return {"status": "ERROR", "msg": str(error), "data": [], "fields": []}
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            return {"status": "ERROR", "msg": f"Error converting the request: {error}", "data": [], "fields": []}

    def _still_executing(self, form_body: str) -> bool:
        """Return True once for every n-th new request: repeated, the same request is answered."""
        if form_body in self._executing:
            self._executing.discard(form_body)
            return False
        self._asked += 1
        if self._executing_every and self._asked % self._executing_every == 0:
            self._executing.add(form_body)
            return True
        return False

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        service = str(request.get("service", ""))
        name = service.lower()
        params = request.get("params") or {}
        if name == "mast.name.lookup":
            return self._look_up(str(params.get("input", "")))
        if name == "mast.catalogs.all.tic":
            return tic_histograms()
        if name in ("mast.caom.cone", "mast.catalogs.tic.cone", "mast.catalogs.tess.cone"):
            store = self._stores["caom" if "caom" in name else "tic"]
            rows = store.near(store.rows, *(float(params[key]) for key in ("ra", "dec", "radius")))
        elif match := re.fullmatch(r"mast\.(caom|catalogs)\.filtered(\.tic)?(\.position)?(\.rows)?", name):
            store = self._stores["caom" if match.group(1) == "caom" else "tic"]
            rows = store.select(params.get("filters") or [])
            if match.group(3):
                rows = store.near(rows, *_read_position(params))
        else:
            raise InvalidInput(f"Unknown service '{service}'.")
        return _envelope(rows, store.fields, str(params.get("columns", "*")), request)

    def _look_up(self, text: str) -> dict[str, Any]:
        """Answer as the name resolver does: nothing, with no status, for a name that it does not know."""
        row = self._names.get(name_key(text))
        found = [] if row is None else [row | {"searchString": text.lower(), "cached": True, "resolver": "SAMPLE"}]
        return {"resolvedCoordinate": found, "status": ""}


def _names(tic_rows: list[Row], planets: Iterable[Row]) -> dict[str, Row]:
    """Return the key of each name that the resolver knows -> canonicalName, ra, decl [deg]."""
    places = {
        str(row["ID"]): {"canonicalName": f"TIC {row['ID']}", "ra": row["ra"], "decl": row["dec"]}
        for row in tic_rows
        if row.get("ra") is not None
    }
    found = {name_key(place["canonicalName"]): place for place in places.values()}
    for planet in planets:
        if place := places.get(str(planet["tic_id"]).removeprefix("TIC").strip()):
            for name in (planet["pl_name"], planet.get("hostname")):
                if name:
                    found[name_key(name)] = place | {"canonicalName": name}
    return found


def _read_request(form_body: str) -> dict[str, Any]:
    """Return the request's JSON object."""
    texts = parse_qs(form_body).get("request")
    if not texts:
        raise InvalidInput("No request parameter in the form.")
    try:
        request = json.loads(texts[0])
    except ValueError as error:
        raise InvalidInput(f"The request is not JSON: {error}.") from error
    if not isinstance(request, dict):
        raise InvalidInput("The request is not a JSON object.")
    return request


def _read_position(params: dict[str, Any]) -> list[float]:
    """Right ascension, declination and radius [deg], as three parameters or as one text."""
    if "position" in params:
        return [float(part) for part in str(params["position"]).split(",")][:3]
    return [float(params[key]) for key in ("ra", "dec", "radius")]


def _envelope(rows: list[Row], fields: list[tuple[str, str]], columns: str, request: dict[str, Any]) -> dict[str, Any]:
    """Return one page of rows as MAST wraps it; every column present, missing values null."""
    if columns.upper().startswith("COUNT_BIG"):
        rows, fields = [{"Column1": len(rows)}], [("Column1", "string")]
    elif columns.strip() not in ("", "*"):
        wanted = {name.strip().lower() for name in columns.split(",")}
        fields = [field for field in fields if field[0].lower() in wanted]
    page_size = min(int(request.get("pagesize") or MAX_PAGE_SIZE), MAX_PAGE_SIZE)
    page = int(request.get("page") or 1)
    if page_size < 1 or page < 1:
        raise InvalidInput("page and pagesize start at 1.")
    on_page = rows[(page - 1) * page_size : page * page_size]
    names = [name for name, _ in fields]
    return {
        "status": "COMPLETE",
        "msg": "",
        "data": [{name: row.get(name) for name in names} for row in on_page],
        "fields": [{"name": name, "type": kind} for name, kind in fields],
        "paging": {
            "page": page,
            "pageSize": page_size,
            "pagesFiltered": max(1, math.ceil(len(rows) / page_size)),
            "rows": len(on_page),
            "rowsFiltered": len(rows),
            "rowsTotal": len(rows),
        },
    }
