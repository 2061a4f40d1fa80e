"""MAST: TIC rows, product lists and files, through astroquery's own client. Request and parse apart.

Sources: https://mast.stsci.edu/api/v0/ ; TIC v8: Stassun et al. 2019, AJ 158, 138.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import numpy as np
from numpy.typing import NDArray

from app_tess.archives import http, implausible, products
from app_tess.errors import ArchiveError, ArchiveTimeout, FileFormatError
from app_tess.fields import STAR_COLUMNS, STAR_FIELDS

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

TIC_COLUMNS = {field.tic: field.name for field in STAR_FIELDS}
"""The TIC's name -> ours."""
TIC_ERRORS = {field.tic: field.name for field in STAR_COLUMNS if field.error_of}
"""The TIC's own standard errors, likewise; a table may lack them."""

PRODUCT_URL = re.compile(r"mast:[A-Za-z0-9_-]+(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)+")
"""A product's address: `mast:<collection>/<folders>/<file>`, no part of which begins with a dot."""

PRODUCT_COLUMNS = ["data_url", "tic_id", "filename", "kind", "sector", "last_sector"]


class MastClient:
    """astroquery's MAST clients, pointed at `base_url` with our session: its hosts, limits and retries.

    The installed astroquery builds its URLs when it is imported, so they are set on the instances.
    """

    def __init__(self, base_url: str, session: http.ArchiveSession) -> None:
        # imported late: astroquery takes a second, which a web worker that draws a table need not spend
        from astroquery.mast import CatalogsClass, ObservationsClass

        # only now: astroquery creates its logger itself, and fails if it exists already
        logging.getLogger("astroquery").setLevel(logging.ERROR)
        self.base_url = base_url.rstrip("/")
        self.host = urlparse(self.base_url).netloc
        self._session = session
        self._catalogs, self._observations = CatalogsClass(), ObservationsClass()
        for client in (self._catalogs, self._observations):
            portal = client._portal_api_connection
            portal._session = session
            portal.TIMEOUT = float("inf")  # the session's deadline ends a query that stays EXECUTING
            portal.MAST_REQUEST_URL = self.base_url + "/api/v0/invoke"
            portal.COLUMNS_CONFIG_URL = self.base_url + "/portal/Mashup/Mashup.asmx/columnsconfig"

    def fetch_tic_rows(self, tic_ids: Iterable[int]) -> pd.DataFrame:
        """Fetch the TIC rows of one batch of stars, in no particular order: one query.

        Returns
        -------
        pandas.DataFrame
            See `parse_tic_rows`.
        """
        return parse_tic_rows(
            self._ask(self._catalogs.query_criteria, catalog="Tic", ID=[int(i) for i in tic_ids]), self.host
        )

    def fetch_products(self, tic_ids: Iterable[int]) -> pd.DataFrame:
        """Fetch the time-series products of one batch of stars: one query.

        Returns
        -------
        pandas.DataFrame
            See `parse_products`.
        """
        return parse_products(
            self._ask(
                self._observations.query_criteria,
                obs_collection=list(products.COLLECTIONS),
                provenance_name=list(products.PROVENANCES),
                dataproduct_type="timeseries",
                target_name=[str(int(i)) for i in tic_ids],
            ),
            self.host,
        )

    def _ask(self, query: Callable[..., Table], **criteria: Any) -> Table:
        import requests
        from astroquery.exceptions import InvalidQueryError, RemoteServiceError

        try:
            with warnings.catch_warnings(), self._session.answer(self.base_url, http.LARGEST_TABLE_BYTES) as exchange:
                warnings.simplefilter("ignore")
                return query(**criteria)
        except ArchiveTimeout as error:
            if exchange.polls:
                raise ArchiveTimeout(f"{error} It answered EXECUTING {exchange.polls} times.") from error
            raise
        except requests.JSONDecodeError as error:
            raise ArchiveError(f"{self.host} answered something that is not JSON (an error page?).") from error
        except requests.HTTPError as error:
            what = f"{error.response.status_code} {error.response.reason}" if error.response is not None else str(error)
            raise ArchiveError(f"{self.host} answered {what}.") from error
        except requests.RequestException as error:
            raise http.explain(error, self.host) from error
        except RemoteServiceError as error:
            raise ArchiveError(f"{self.host} reports an error: {str(error)[:200]}") from error
        except (
            InvalidQueryError,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            RecursionError,
        ) as error:
            raise ArchiveError(f"{self.host} answered in a form that is not MAST's: {error!r}") from error


def parse_tic_rows(table: Table, source: str) -> pd.DataFrame:
    """Return TIC rows under our names.

    Parameters
    ----------
    table : astropy.table.Table
        With the columns of the TIC; `ID` may be text.

    Returns
    -------
    pandas.DataFrame
        tic_id int64, unique; the rest float64, masked values NaN; units are in the names. Absent errors
        and errors of 0 are NaN.

    Raises
    ------
    ArchiveError
        A required column is absent, or an ID is not a number.
    """
    import pandas as pd

    if len(table) == 0:
        return pd.DataFrame(
            {
                name: pd.Series(dtype="int64" if name == "tic_id" else float)
                for name in (*TIC_COLUMNS.values(), *TIC_ERRORS.values())
            }
        )
    lacking = [name for name in TIC_COLUMNS if name not in table.colnames]
    if lacking:
        raise ArchiveError(f"{source}: the TIC rows have no column {', '.join(lacking)}.")
    frame = pd.DataFrame({ours: _column(table[theirs], theirs, source) for theirs, ours in TIC_COLUMNS.items()})
    for theirs, ours in TIC_ERRORS.items():
        frame[ours] = _column(table[theirs], theirs, source) if theirs in table.colnames else np.nan
    implausible.blank_unknown_errors(frame)
    return _unique_stars(frame)


def _column(column: Any, name: str, source: str) -> NDArray[np.int64] | NDArray[np.float64]:
    # tolist() gives None for what is masked; filled(None) would give numpy's own fill value, 999999 for a whole number
    values = np.ma.asarray(column).tolist()
    try:
        if name == "ID":
            return np.array([int(value) for value in values], dtype="int64")
        return np.array([np.nan if value in (None, "") else float(value) for value in values])
    except (TypeError, ValueError) as error:
        raise ArchiveError(f"{source}: column {name} of the TIC rows holds a value that is not a number.") from error


def _unique_stars(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop_duplicates("tic_id").reset_index(drop=True)


def read_tic_csv(path: str | Path) -> pd.DataFrame:
    """Read the same frame from a CSV file with the TIC's column names.

    Raises
    ------
    FileFormatError
        The file is not such a table; the message names it and the column.
    """
    import pandas as pd

    try:
        raw = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path}: cannot be read as a CSV table: {error}") from error
    lacking = [name for name in TIC_COLUMNS if name not in raw.columns]
    if lacking:
        raise FileFormatError(f"{path}: no column {', '.join(lacking)}: not a table of TIC rows.")
    frame = raw[list(TIC_COLUMNS)].rename(columns=TIC_COLUMNS)
    for name in frame.columns:
        try:
            frame[name] = frame[name].astype("int64" if name == "tic_id" else float)
        except ValueError as error:
            raise FileFormatError(f"{path}: column {name}: {error}") from error
        if np.isinf(frame[name].to_numpy(dtype=float)).any():
            raise FileFormatError(f"{path}: column {name} holds an infinite value.")
    return _unique_stars(frame)


def parse_products(table: Table, source: str) -> pd.DataFrame:
    """Return one row for each file of a known kind of product (`products.KINDS`); other files are left out.

    Returns
    -------
    pandas.DataFrame
        data_url, tic_id (int64), filename, kind, sector, last_sector; `attrs["skipped"]` describes the rows that were
        left out, a sentence each.

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
        for target, listed_url in zip(table["target_name"], table["dataURL"], strict=True):
            url = "" if np.ma.is_masked(listed_url) or listed_url is None else str(listed_url)
            row = parse_product_url(url)
            if row is None:
                skipped.append(f"product {url[:200] or '(no URL)'} of TIC {target}: not a light curve file at MAST")
            elif row["tic_id"] is None and str(target).strip().isdigit():  # named by another catalogue's id
                rows.setdefault(row["filename"], row | {"tic_id": int(target)})
            elif str(row["tic_id"]) != str(target).strip():
                skipped.append(f"product {url}: listed for TIC {target}, but its name says TIC {row['tic_id']}")
            else:
                rows.setdefault(row["filename"], row)
    frame = pd.DataFrame(list(rows.values()), columns=PRODUCT_COLUMNS)
    frame.attrs["skipped"] = skipped
    return frame


def parse_product_url(data_url: str) -> dict[str, Any] | None:
    """Return what a product's address says, as a row of `parse_products`.

    None where it is of no known kind, or not an address at MAST: another host, or folders that lead upward.
    """
    named = products.parse_name(data_url.rsplit("/", 1)[-1])
    if named is None or not PRODUCT_URL.fullmatch(data_url):
        return None
    return {
        "data_url": data_url,
        "tic_id": named.tic_id,
        "filename": named.filename,
        "kind": named.kind.name,
        "sector": named.sector,
        "last_sector": named.last_sector,
    }


def download(base_url: str, session: http.ArchiveSession, data_url: str) -> bytes:
    """Return the bytes of one product, whatever they are (see `products.fits_table.require_whole`).

    Raises
    ------
    MissingData
        MAST has no such file.
    ArchiveError, ArchiveTimeout
        Any other failure, or a body cut off; the message names the host.
    """
    return http.get(session, base_url.rstrip("/") + "/api/v0.1/Download/file", params={"uri": data_url}).content
