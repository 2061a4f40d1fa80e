"""The NASA Exoplanet Archive's TAP service over the sample: `pscomppars` and `toi`, synchronous, as CSV.

Of ADQL it reads `select <columns or *> from <table>`, with or without `where tic_id is not null`.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app_tess.archives.sample.catalogue import Star, load_stars
from app_tess.archives.toi_columns import match_columns, without_remarks
from app_tess.errors import InvalidInput
from app_tess.fields import TOI_COLUMNS
from app_tess.fields.planet import PLANET_COLUMNS

PUBLISHED_FILE = Path(__file__).with_name("published.toml")
QUERY = re.compile(r"select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+tic_id\s+is\s+not\s+null)?\s*;?", re.I)
SIDES = {f"{field.exoplanet_archive[:-1]}2" for field in PLANET_COLUMNS if field.error_of}
PLANET_HEADER = [*(field.exoplanet_archive for field in PLANET_COLUMNS), *sorted(SIDES)]

Row = dict[str, Any]


def answer_tap(query: Mapping[str, str], toi_csv: bytes, planets: Iterable[Row]) -> tuple[str, bytes]:
    """Return (content type, bytes) for a query; InvalidInput for what this service does not read."""
    asked = QUERY.fullmatch(query.get("query", "").strip())
    if asked is None:
        raise InvalidInput(f"ERROR: this service does not read the query '{query.get('query', '')[:200]}'.")
    if query.get("format", "").lower() != "csv":
        raise InvalidInput("ERROR: format must be csv.")
    table = asked[2].lower()
    if table not in ("pscomppars", "toi"):
        raise InvalidInput(f"ERROR: there is no table {asked[2]}.")
    header, rows = toi_rows(toi_csv) if table == "toi" else (PLANET_HEADER, planets)
    wanted = header if asked[1] == "*" else [name.strip().lower() for name in asked[1].split(",")]
    unknown = [name for name in wanted if name not in header]
    if unknown:
        raise InvalidInput(f"ERROR: {asked[2]} has no column {unknown[0]}.")
    text = io.StringIO()
    writer = csv.DictWriter(text, wanted, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: "" if row.get(name) is None else row[name] for name in wanted} for row in rows)
    return "text/csv", text.getvalue().encode()


def toi_rows(toi_csv: bytes) -> tuple[list[str], Iterable[Row]]:
    """Return a table of either archive under the names of this one's: the TOI is a number, positions are in degrees."""
    reader = csv.DictReader(io.StringIO(without_remarks(toi_csv.decode("utf-8-sig"))))
    ours = match_columns(reader.fieldnames or [])
    names = {
        ours[field.name]: field.exoplanet_archive
        for field in TOI_COLUMNS
        if field.exoplanet_archive and field.name in ours
    }

    def rows() -> Iterator[Row]:
        for row in reader:
            found = {theirs: row[exofop] for exofop, theirs in names.items()}
            whole, _, part = found["toi"].partition(".")
            found["toi"] = f"{whole}.{part.rstrip('0') or '0'}"
            for name, unit in (("ra", 15.0), ("dec", 1.0)):
                found[name] = _degrees(found[name]) * unit if ":" in found[name] else found[name]
            yield found

    return list(names.values()), rows()


def _degrees(sexagesimal: str) -> float:
    sign = -1 if sexagesimal.startswith("-") else 1
    whole, minutes, seconds = (float(part) for part in sexagesimal.lstrip("+-").split(":"))
    return sign * (whole + minutes / 60 + seconds / 3600)


@cache
def bundled_planets() -> tuple[Row, ...]:
    """Return the rows of `pscomppars` for the bundled stars: published values only."""
    published = tomllib.loads(PUBLISHED_FILE.read_text(encoding="utf-8"))
    names = {entry["toi"]: entry["planet"] for entry in published["renamed"]}
    periods = {entry["toi"]: entry["period_d"] for entry in published["period"]}
    masses = {entry["toi"]: entry for entry in published["mass"]}
    stars = load_stars()
    rows = []
    for star in stars:
        for event in star.events:
            if event.planet:
                row = _host(star, published["host"]) | _mass(masses.get(event.toi, {}))
                row["pl_name"] = names.get(event.toi, event.planet)
                row["pl_orbper"] = periods.get(event.toi, event.period_d)
                row |= {"pl_rade": event.radius_rearth, "pl_rade_reflink": _link(event.reference)}
                rows.append(row | {"discoverymethod": "Transit"})
    hosts = {star.tic_id: star for star in stars}
    for entry in published["planet"]:
        row = _host(hosts[entry["tic_id"]], published["host"]) | _mass(entry)
        row |= {"pl_name": entry["name"], "pl_orbper": entry["period_d"], "discoverymethod": entry["method"]}
        if "radius_rearth" in entry:
            row |= {"pl_rade": entry["radius_rearth"], "pl_rade_reflink": _link(entry["reference"])}
        rows.append(row)
    return tuple(rows)


def _host(star: Star, hosts: list[Row]) -> Row:
    host = next((entry for entry in hosts if entry["name"] == star.name), {})
    return {
        "hostname": star.name,
        "tic_id": f"TIC {star.tic_id}",
        "hd_name": host.get("hd_name"),
        "hip_name": host.get("hip_name"),
        "sy_vmag": host.get("vmag"),
        "sy_kmag": host.get("kmag"),
        "sy_gaiamag": host.get("gaia_gmag"),
    }


def _mass(entry: Row) -> Row:
    if "mass_mearth" not in entry:
        return {}
    return {
        "pl_bmasse": entry["mass_mearth"],
        "pl_bmasseerr1": entry.get("error"),
        "pl_bmasseerr2": -entry["error"] if "error" in entry else None,
        "pl_bmassprov": entry.get("mass_kind", "Mass"),
        "pl_bmasse_reflink": _link(entry["reference"]),
    }


def _link(reference: str) -> str:
    """Return a reference as the archive writes it: a link named after the paper."""
    authors = reference.split(",")[0].split(";")[0]
    short = re.sub(r"[^A-Z0-9]+", "_", authors.upper().replace("ET AL.", "ET AL")).replace("_AL_", "_AL__")
    return f"<a refstr={short} target=ref>{reference}</a>"
