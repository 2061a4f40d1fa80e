"""Local time at a site: civil time with its summer time, or local mean time where only the longitude is known."""

import datetime as dt

import pytest

from app_tess.astro.observing.local_time import describe_zone, find_zone, zone_of
from app_tess.astro.observing.sites import SITES, Site, find_site
from app_tess.errors import InvalidInput

WINTER, SUMMER = (dt.datetime(2026, month, 15, 12, tzinfo=dt.UTC) for month in (1, 7))


@pytest.mark.parametrize(
    ("site", "january", "july"),
    [("La Silla", -3, -4), ("Kitt Peak", -7, -7), ("La Palma", 0, 1), ("Siding Spring", 11, 10), ("Hanle", 5.5, 5.5)],
)
def test_civil_time_has_the_summer_time_of_its_country(site, january, july):
    zone = zone_of(find_site(site))
    assert [moment.astimezone(zone).utcoffset() / dt.timedelta(hours=1) for moment in (WINTER, SUMMER)] == [
        january,
        july,
    ]


def test_every_listed_site_has_a_zone_near_its_longitude():
    """Within four hours: Spain and western China are the farthest from their zones."""
    for site in SITES:
        offset_h = WINTER.astimezone(zone_of(site)).utcoffset() / dt.timedelta(hours=1)
        assert abs((offset_h - site.degrees_east / 15 + 12) % 24 - 12) < 4, site.name
        assert find_zone(site.zone.lower()) == site.zone and site.zone in describe_zone(site)


def test_a_place_without_a_zone_keeps_local_mean_time_and_says_so():
    place = Site("", -29.26, -70.73)
    assert SUMMER.astimezone(zone_of(place)).utcoffset() == dt.timedelta(minutes=-283)
    assert describe_zone(place) == "local mean time by longitude, UTC-04:43; not civil time"


@pytest.mark.parametrize("name", ["Paris", "../etc/passwd", "Factory", "UTC+1", ""])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(InvalidInput) as error:
        find_zone(name)
    assert error.value.field == "zone"
