"""The sky over a site without tables of the Earth's rotation."""

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import AltAz, EarthLocation, SkyCoord
from astropy.time import Time
from astropy.utils import iers

from app_tess.astro.observing import night_sky

LA_SILLA = EarthLocation.from_geodetic(-70.74 * u.deg, -29.26 * u.deg, 2400 * u.m)


def altitudes_arcsec(days):
    source = np.random.default_rng(1)
    targets = SkyCoord(source.uniform(0, 360, len(days)) * u.deg, source.uniform(-89, 89, len(days)) * u.deg)
    times = Time("2018-08-01") + days * u.d  # made anew each time: a Time keeps its UT1 - UTC
    return targets.transform_to(AltAz(obstime=times, location=LA_SILLA)).alt.arcsec


def test_altitudes_are_those_with_measured_earth_orientation_to_five_arcseconds():
    days = np.arange(0, 2900, 5.3)
    ours = altitudes_arcsec(days)
    with iers.earth_orientation_table.set(iers.IERS_B.open()):
        measured = altitudes_arcsec(days)
    assert 0.1 < np.abs(ours - measured).max() < 5


@pytest.mark.parametrize("year", [1975, 2045])
def test_a_date_outside_all_tables_has_altitudes(year):
    days = np.array([(year - 2018) * 365.25])
    assert np.isfinite(altitudes_arcsec(days)).all()


def test_the_table_of_measured_orientation_is_not_read(monkeypatch):
    monkeypatch.setattr(iers.IERS_A, "read", lambda *_, **__: pytest.fail("read"))
    monkeypatch.setattr(iers.IERS_Auto, "open", lambda *_, **__: pytest.fail("opened"))
    assert type(iers.earth_orientation_table.get()) is iers.IERS
    assert night_sky.observer_utc(np.array([2460000.5]), SkyCoord(10 * u.deg, -20 * u.deg), LA_SILLA).isot
