"""MAST's list of observations, parsed: one row for each file of a known kind of product.

A row of the observation catalogue (CAOM) names a file and its dates, exposure time and release. It has no size: only a
list of the products of each single observation has, which would take a thousand times as many requests.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from app_tess.archives import products
from app_tess.astro.times import BTJD_OFFSET_D, FIRST_LIGHT_BTJD, LATEST_EPOCH_BTJD
from app_tess.errors import ArchiveError

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

PRODUCT_URL = re.compile(r"mast:[A-Za-z0-9_-]+(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)+")
"""A product's address: `mast:<collection>/<folders>/<file>`, no part of which begins with a dot."""

PRODUCT_COLUMNS = [
    "data_url",
    "tic_id",
    "filename",
    "kind",
    "provenance",
    "sector",
    "last_sector",
    "cadence_s",
    "size_bytes",
    "released_on",
    "start_btjd",
    "stop_btjd",
]

READ_COLUMNS = ("target_name", "dataURL", "t_min", "t_max", "t_exptime", "t_obs_release", "size")
"""MAST's columns that are read; the last has been in no reply so far."""

MJD_EPOCH = dt.date(1858, 11, 17)
MJD_AT_BTJD_ZERO = BTJD_OFFSET_D - 2400000.5
"""Modified Julian Date of BTJD 0 [d]; MAST's dates are UTC, within a quarter of an hour of BTJD."""

LONGEST_CADENCE_S = 86_400
LARGEST_FILE_BYTES = 2**40
LONGEST_SEARCH_D = 10_000
"""Longest time from the first to the last cadence of a product [d]."""


def parse_products(table: Table, source: str) -> pd.DataFrame:
    """Return one row for each file of a known kind of product (`products.KINDS`); other files are left out.

    Returns
    -------
    pandas.DataFrame
        data_url, tic_id (int64), filename, kind, provenance, sector, last_sector, cadence_s [s], size_bytes,
        released_on (date), start_btjd and stop_btjd [BTJD d]; None where MAST does not say, or not sensibly.
        `attrs["skipped"]` describes the rows that were left out, a sentence each.

    Raises
    ------
    ArchiveError
        The reply has no column target_name or dataURL.
    """
    import pandas as pd

    rows: dict[str, dict[str, Any]] = {}
    skipped: list[str] = []
    if len(table):
        for name in ("target_name", "dataURL"):
            if name not in table.colnames:
                raise ArchiveError(f"{source}: the product list has no column {name}.")
        columns = [name for name in READ_COLUMNS if name in table.colnames]
        for cells in zip(*(table[name] for name in columns), strict=True):
            listed = dict(zip(columns, cells, strict=True))
            target, listed_url = listed["target_name"], listed["dataURL"]
            url = "" if np.ma.is_masked(listed_url) or listed_url is None else str(listed_url)
            row = parse_product_url(url)
            if row is None:
                skipped.append(f"product {url[:200] or '(no URL)'} of TIC {target}: not a light curve file at MAST")
            elif row["tic_id"] is None and str(target).strip().isdigit():  # named by another catalogue's id
                rows.setdefault(row["filename"], row | {"tic_id": int(target)} | _described(listed, row))
            elif str(row["tic_id"]) != str(target).strip():
                skipped.append(f"product {url}: listed for TIC {target}, but its name says TIC {row['tic_id']}")
            else:
                rows.setdefault(row["filename"], row | _described(listed, row))
    frame = pd.DataFrame(list(rows.values()), columns=PRODUCT_COLUMNS)
    for name in ("size_bytes", "released_on"):  # whole numbers and dates stay what they are beside a None
        frame[name] = pd.Series([row[name] for row in rows.values()], dtype=object)
    frame.attrs["skipped"] = skipped
    return frame


def parse_product_url(data_url: str) -> dict[str, Any] | None:
    """Return what a product's address says, as part of a row of `parse_products`.

    None where it is of no known kind, or not an address at MAST: another host, or folders that lead upward.
    """
    named = products.parse_name(data_url.rsplit("/", 1)[-1])
    if named is None or not PRODUCT_URL.fullmatch(data_url):
        return None
    cadence_s = named.kind.cadence_s(named.sector) if isinstance(named.kind, products.LightCurveKind) else None
    return {
        "data_url": data_url,
        "tic_id": named.tic_id,
        "filename": named.filename,
        "kind": named.kind.name,
        "provenance": named.kind.provenance,
        "sector": named.sector,
        "last_sector": named.last_sector,
        "cadence_s": cadence_s,
        "start_btjd": named.start_btjd,
        "stop_btjd": None,
    }


def _described(listed: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """Return what a listed row says of a file beyond its name; the dates in a name stand in for absent ones."""
    first, last = FIRST_LIGHT_BTJD + MJD_AT_BTJD_ZERO - 1, LATEST_EPOCH_BTJD + MJD_AT_BTJD_ZERO
    start, stop = _number(listed, "t_min", first, last), _number(listed, "t_max", first, last)
    if start is not None and stop is not None and not 0 < stop - start < LONGEST_SEARCH_D:
        start = stop = None
    released, size = _number(listed, "t_obs_release", first, last), _number(listed, "size", 1, LARGEST_FILE_BYTES)
    return {
        "cadence_s": _number(listed, "t_exptime", 1, LONGEST_CADENCE_S) or named["cadence_s"],
        "size_bytes": None if size is None else int(size),
        "released_on": None if released is None else MJD_EPOCH + dt.timedelta(days=math.floor(released)),
        "start_btjd": named["start_btjd"] if start is None else start - MJD_AT_BTJD_ZERO,
        "stop_btjd": None if stop is None else stop - MJD_AT_BTJD_ZERO,
    }


def _number(listed: dict[str, Any], name: str, low: float, high: float) -> float | None:
    """Return a cell's number; None where it is absent, no number, or outside [low, high]."""
    cell = listed.get(name)
    if cell is None or np.ma.is_masked(cell) or isinstance(cell, (bool, np.bool_)):
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if low <= value <= high else None
