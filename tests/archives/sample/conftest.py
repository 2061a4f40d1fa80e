"""A sample archive over real HTTP, and astroquery pointed at it."""

import pytest
from astroquery.mast import Catalogs, Observations
from astroquery.mast.discovery_portal import PortalAPI

from app_tess.archives.sample.server import SampleArchive


@pytest.fixture
def archive():
    with SampleArchive(executing_every=0) as running:
        yield running


@pytest.fixture
def point_astroquery(monkeypatch):
    """Return a function that points astroquery's MAST client at an archive, forgetting what it learnt elsewhere."""

    def point(running):
        monkeypatch.setattr(PortalAPI, "MAST_REQUEST_URL", running.mast_url + "/api/v0/invoke")
        monkeypatch.setattr(
            PortalAPI, "COLUMNS_CONFIG_URL", running.mast_url + "/portal/Mashup/Mashup.asmx/columnsconfig"
        )
        monkeypatch.setattr(PortalAPI, "_column_configs", {})
        return Catalogs, Observations

    return point
