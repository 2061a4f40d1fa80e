"""MAST: TIC rows, product lists and files, through astroquery's own client. Request and parse apart.

Sources: https://mast.stsci.edu/api/v0/ ; TIC v8: Stassun et al. 2019, AJ 158, 138.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable
from operator import methodcaller
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import numpy as np

from app_tess.archives import http, products
from app_tess.archives.product_rows import parse_products
from app_tess.archives.tic_rows import parse_tic_rows
from app_tess.errors import ArchiveError, ArchiveTimeout

if TYPE_CHECKING:
    import pandas as pd
    import requests
    from astropy.table import Table


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
            portal._request = _raising_reported_errors(portal._request)

    def fetch_tic_rows(self, tic_ids: Iterable[int]) -> pd.DataFrame:
        """Fetch the TIC rows of one batch of stars, in no particular order: one query.

        Returns
        -------
        pandas.DataFrame
            See `parse_tic_rows`.
        """
        return parse_tic_rows(
            self._ask(self._catalogs.query_criteria_async, catalog="Tic", ID=[int(i) for i in tic_ids]), self.host
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
                self._observations.query_criteria_async,
                obs_collection=list(products.COLLECTIONS),
                provenance_name=list(products.PROVENANCES),
                dataproduct_type="timeseries",
                target_name=[str(int(i)) for i in tic_ids],
            ),
            self.host,
        )

    def fetch_neighbours(self, ra_deg: float, dec_deg: float, radius_deg: float) -> pd.DataFrame:
        """Fetch the TIC rows within a radius [deg] of a position [deg], in no particular order: one query.

        Returns
        -------
        pandas.DataFrame
            See `parse_tic_rows`.
        """
        from astropy.coordinates import SkyCoord

        center = SkyCoord(ra_deg, dec_deg, unit="deg")
        return parse_tic_rows(
            self._ask(self._catalogs.query_region_async, coordinates=center, radius=radius_deg, catalog="Tic"),
            self.host,
        )

    def _ask(self, query: Callable[..., list[requests.Response]], **criteria: Any) -> Table:
        import requests
        from astroquery.exceptions import InvalidQueryError, RemoteServiceError

        try:
            with warnings.catch_warnings(), self._session.answer(self.base_url, http.LARGEST_TABLE_BYTES) as exchange:
                warnings.simplefilter("ignore")
                return _as_sent(query(**criteria))
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


def _raising_reported_errors(request: Callable[..., list[requests.Response]]) -> Callable[..., list[requests.Response]]:
    """Return astroquery's request, with MAST's own message for a reply that is not complete."""
    from astroquery.exceptions import RemoteServiceError

    def checked(*args: Any, **options: Any) -> list[requests.Response]:
        responses = request(*args, **options)
        for response in responses:
            reply = response.json()
            status = reply.get("status", "COMPLETE") if isinstance(reply, dict) else "COMPLETE"
            if status != "COMPLETE":
                raise RemoteServiceError(str(reply.get("msg") or f"status {status}"))
        return responses

    return checked


def _as_sent(responses: list[requests.Response]) -> Table:
    """Return the rows of all pages with every cell as MAST sent it: astroquery's own table fails on one odd cell."""
    from astropy.table import Table

    replies = [response.json() for response in responses]
    names = dict.fromkeys(field["name"] for reply in replies for field in reply["fields"])
    rows = [row for reply in replies for row in reply["data"]]
    table = Table()
    for name in names:
        cells = np.empty(len(rows), dtype=object)
        cells[:] = list(map(methodcaller("get", name), rows))
        table[name] = cells
    return table


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
