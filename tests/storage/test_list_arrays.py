"""Lists ranked in memory are those that SQL ranks, and follow the stored data."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import update

from app_tess.storage import data_version, list_arrays, ranking, stars
from app_tess.storage.database import db
from app_tess.storage.listing import ListedToi
from app_tess.storage.star_query import QUEUES, RANGES, SORTS, StarQuery
from tests.support import catalogues
from tests.support.catalogues import FALSE_ONE, TRIO
from tests.support.statements import statements_of

FILTERS = [
    {},
    {"dispositions": ("PC", "none")},
    {"has_light_curves": False},
    {"has_fold": True},
    {"light_curve_classes": ("PC", "EB")},
    {"kinds": ("lc", "dvt")},
    {"alerted_since": dt.date(2018, 11, 1)},
    {"tic_disposition": "DUPLICATE"},
    {"tess_dispositions": ("PC",), "sector": 1},
    {"tic_ids": (TRIO, FALSE_ONE, 5)},
    {"sector": 1, "ranges": {"tmag": (None, 11.0)}},
    {"ranges": {"period_d": (1.0, None), "planet_radius_rearth": (None, 14.0)}, "dispositions": ("PC", "CP", "KP")},
    {"ranges": {"toi_count": (2.0, 2.0)}},
    *({"ranges": {name: (0.0, 20.0)}} for name in RANGES),
    *({"queue": name} for name in QUEUES),
    {"ranges": {"classifier_score": (0.1, None)}, "classifier": "none loaded"},
]


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()
    renew()
    list_arrays.forget()
    ranking.forget()


def renew():
    data_version.renew()
    db.session.commit()


def ranked(query):
    found = ranking.ranking_of(query)
    return list(found.first(None)), found.total, found.counts(), found.around(TRIO)


def test_every_filter_is_compared():
    not_ranked = {"text", "cone", "sort", "descending", "page", "page_size"}
    names = {field.name for field in dataclasses.fields(StarQuery)} - not_ranked
    assert {name for limits in FILTERS for name in limits} == names


@pytest.mark.parametrize("limits", FILTERS, ids=str)
def test_a_list_ranked_in_memory_is_the_one_that_sql_ranks(catalogue, monkeypatch, limits):
    queries = [StarQuery(sort=sort, descending=descending, **limits) for sort in SORTS for descending in (True, False)]
    in_memory = [ranked(query) for query in queries]
    monkeypatch.setattr(list_arrays, "MOST_TOIS", 7)
    list_arrays.forget()
    ranking.forget()
    assert [ranked(query) for query in queries] == in_memory


def test_a_new_version_is_ranked_anew(catalogue):
    query = StarQuery(ranges={"tmag": (None, 9.0)})
    assert [row.tic_id for row in stars.find_stars(query).stars] == [FALSE_ONE]
    db.session.execute(update(ListedToi).where(ListedToi.tic_id == TRIO).values(tmag=8.0))
    renew()
    assert [row.tic_id for row in stars.find_stars(query).stars] == [TRIO, FALSE_ONE]


def test_other_limits_of_a_range_are_compared_without_asking_the_database(catalogue):
    def statements(low):
        with statements_of(db.engine) as seen:
            stars.find_stars(StarQuery(ranges={"tmag": (low, None)}))
        return len(seen)

    assert statements(9.0) > statements(9.5) == statements(10.5) == 2, "the version, and the rows of the page"


def test_what_is_kept_has_a_limit(catalogue, monkeypatch):
    monkeypatch.setattr(list_arrays, "KEPT_BYTES", 100)
    first = ranked(StarQuery(sort="tmag"))
    for name in RANGES:
        ranked(StarQuery(ranges={name: (0.0, None)}))
    arrays = list_arrays.arrays_of(str(db.engine.url), data_version.read_shown_version()[0])
    assert sum(values.nbytes for values in arrays._kept.values()) <= 100
    assert ranked(StarQuery(sort="tmag")) == first
