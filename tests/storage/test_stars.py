"""Lists of stars, on both databases: filters, stable sorts with missing values last, paging, neighbours and exports."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import update

from app_tess.errors import MissingData
from app_tess.storage import data_version, list_arrays, list_places, listing, ranking, stars
from app_tess.storage.database import db
from app_tess.storage.list_counts import find_or_count
from app_tess.storage.listing import ListedToi
from app_tess.storage.star_query import QUEUES, SORTS, StarQuery
from tests.support import catalogues
from tests.support.catalogues import BARE, FALSE_ONE, HUGE, SINGLE, TRIO, WASP46
from tests.support.statements import statements_of

EVERYONE = {WASP46, TRIO, SINGLE, BARE, FALSE_ONE, HUGE}


@pytest.fixture
def catalogue(app):
    catalogues.fill()
    catalogues.score()


def found(**query):
    return [row.tic_id for row in stars.find_stars(StarQuery(**query)).stars]


def test_the_newest_toi_comes_first_and_undated_ones_last(catalogue):
    assert found() == [TRIO, FALSE_ONE, SINGLE, WASP46, HUGE, BARE]


def test_every_sort_puts_missing_values_last_and_loses_no_star(catalogue):
    for sort in SORTS:
        for descending in (True, False):
            order = found(sort=sort, descending=descending)
            assert set(order) == EVERYONE and len(order) == 6, sort
            assert order == found(sort=sort, descending=descending), f"{sort} is not stable"
            if sort == "tmag":
                assert order[-1] == HUGE
            if sort == "teff_k":
                assert set(order[-2:]) == {SINGLE, HUGE}


def test_a_star_without_tic_row_sorts_and_filters_by_exofops_temperature(catalogue):
    assert found(sort="teff_k", descending=False)[:2] == [TRIO, BARE]
    assert found(ranges={"teff_k": (3900, 4100)}) == [BARE]


SEARCHES = [
    ("231663901", {WASP46}),
    ("TIC 231663901", {WASP46}),
    ("TOI-175", {TRIO}),
    ("175.10", {TRIO}),
    ("175.1", set()),
    ("300.1", {BARE}),
    ("300.10", {HUGE}),
    ("300", {BARE, HUGE}),
    ("wasp 46B", {WASP46}),
    ("100%", {FALSE_ONE}),
    ("%", {FALSE_ONE}),
    ("-", set()),
    ("10000732589", {HUGE}),
    ("no such planet", set()),
]


def test_the_search_box_reads_ids_tois_and_names(catalogue):
    for text, expected in SEARCHES:
        assert set(found(text=text)) == expected, text


def test_a_cone_reaches_across_ra_zero_and_ends_at_its_radius(catalogue):
    assert set(found(cone=(0.0, 10.0, 0.002))) == {BARE, FALSE_ONE}
    assert found(cone=(0.0, 10.0, 0.0005)) == []
    assert set(found(cone=(0.0, 90.0, 180.0))) == EVERYONE - {HUGE}


FILTERS = [
    ({"dispositions": ("CP", "KP")}, {WASP46, TRIO}),
    ({"dispositions": ("none",)}, {BARE}),
    ({"dispositions": ("FP", "none")}, {FALSE_ONE, BARE}),
    ({"ranges": {"probability": (0.97, None)}}, {WASP46, TRIO}),
    ({"ranges": {"probability": (None, 0.97)}}, {WASP46, TRIO, SINGLE, FALSE_ONE, HUGE}),
    ({"ranges": {"period_d": (7, 10)}}, {TRIO, BARE}),
    ({"ranges": {"toi_count": (2, None)}}, {TRIO}),
    ({"ranges": {"toi_count": (None, 1)}}, EVERYONE - {TRIO}),
    ({"sector": 2}, {TRIO}),
    ({"sector": 7}, set()),
    ({"sector": 5}, {TRIO}),
    ({"has_light_curves": True}, {WASP46}),
    ({"kinds": ("qlp", "dvt")}, {WASP46}),
    ({"kinds": ("qlp",)}, set()),
    ({"has_light_curves": False}, EVERYONE - {WASP46}),
    ({"alerted_since": dt.date(2019, 2, 1)}, {TRIO, FALSE_ONE}),
    ({"queue": "candidates"}, set()),
    ({"queue": "disagree"}, {FALSE_ONE}),
    ({"queue": "newest"}, EVERYONE),
    ({"queue": "brightest"}, {TRIO, SINGLE, BARE}),
    ({"queue": "habitable"}, set()),
    ({"dispositions": ("CP",), "ranges": {"period_d": (None, 3)}}, set()),
]


@pytest.mark.parametrize(
    ("beside", "is_listed"),
    [
        ({}, True),
        ({"tfopwg_disposition": "FP"}, False),
        ({"planet_probability": 0.89}, False),
        ({"planet_radius_rearth": 4.1}, False),
        ({"tmag": 11.1}, False),
        ({"sectors": "1,2,3,4"}, False),
    ],
)
def test_the_most_probable_candidates_are_likely_small_bright_and_little_observed(catalogue, beside, is_listed):
    values = {"planet_probability": 0.9, "planet_radius_rearth": 4.0, "tmag": 11.0, "sectors": "1,2,3", **beside}
    db.session.execute(update(ListedToi).where(ListedToi.toi == "175.10").values(**values))
    db.session.commit()
    assert found(queue="candidates") == ([TRIO] if is_listed else [])


def test_filters_hold_for_one_and_the_same_toi(catalogue):
    for query, expected in FILTERS:
        assert set(found(**query)) == expected, query
        assert {row["tic_id"] for row in stars.iter_tois(StarQuery(**query))} == expected, query
        assert {row["tic_id"] for row in stars.iter_stars(StarQuery(**query))} == expected, query


def test_a_row_shows_all_tois_of_its_star_and_which_of_them_passed(catalogue):
    row = stars.find_stars(StarQuery(dispositions=("PC",))).stars[0]
    assert [(toi.toi, bool(toi.matches)) for toi in row.tois] == [
        ("175.01", False),
        ("175.02", False),
        ("175.10", True),
    ]
    assert row.star.star_probability == 0.99 and row.tois[2].planet_probability == 0.55


def test_pages_partition_the_list_and_one_beyond_the_last_keeps_the_total(catalogue):
    pages = [stars.find_stars(StarQuery(page=number, page_size=4)) for number in (1, 2, 3)]
    assert [[row.tic_id for row in page.stars] for page in pages] == [
        [TRIO, FALSE_ONE, SINGLE, WASP46],
        [HUGE, BARE],
        [],
    ]
    assert [(page.total, page.pages) for page in pages] == [(6, 2)] * 3


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", ["alerted_on", "period_d", "logg", "toi", "disagreement"])
def test_a_list_ranked_only_as_far_as_asked_is_the_list_ranked_whole(catalogue, monkeypatch, sort, descending):
    query = StarQuery(sort=sort, descending=descending, page_size=1)
    whole = found(sort=sort, descending=descending)
    counts = stars.find_stars(query).counts()
    monkeypatch.setattr(list_arrays, "MOST_TOIS", 0)
    monkeypatch.setattr(ranking, "FIRST_ROWS", 1)
    monkeypatch.setattr(list_places, "LOOKED_AT", 1)
    data_version.renew()
    db.session.commit()
    pages = [stars.find_stars(dataclasses.replace(query, page=number)) for number in range(1, 8)]
    assert [row.tic_id for page in pages for row in page.stars] == whole
    assert {(page.total, page.pages) for page in pages} == {(6, 6)} and pages[-1].stars == []
    data_version.renew()
    db.session.commit()
    for place, tic_id in enumerate(whole):
        near = stars.find_neighbours(query, tic_id)
        assert near.position == place + 1 and near.total == 6
        assert [near.previous_tic_id, near.next_tic_id] == [
            whole[place - 1] if place else None,
            whole[place + 1] if place < 5 else None,
        ]
    assert stars.find_stars(query).counts() == counts == ranking.Counts(stars=6, drawable=1, tois=8, classified=0)


@pytest.mark.parametrize("limits", [{}, {"has_light_curves": False}, {"dispositions": ("PC",)}, {"cone": (0, 0, 180)}])
def test_a_list_has_as_many_stars_and_tois_as_its_export(catalogue, limits):
    query = StarQuery(**limits)
    rows, counts = list(stars.iter_tois(query)), stars.find_stars(query).counts()
    assert (counts.tois, counts.stars) == (len(rows), len({row["tic_id"] for row in rows}))
    assert counts.stars == stars.find_stars(query).total >= counts.drawable


def test_kept_rankings_take_a_bounded_memory(catalogue, monkeypatch):
    data_version.renew()
    db.session.commit()
    monkeypatch.setattr(list_arrays, "MOST_TOIS", 0)
    ranking.forget()
    monkeypatch.setattr(ranking, "KEPT_BYTES", 100)
    for sort in ("tmag", "teff_k", "period_d", "depth_ppm"):
        stars.find_stars(StarQuery(sort=sort))
    assert len(ranking._kept) <= 4 and sum(one.nbytes for one in ranking._kept.values()) <= 100 + 48


def test_neighbours_are_those_of_the_list(catalogue):
    assert stars.find_neighbours(StarQuery(), FALSE_ONE) == stars.Neighbours(TRIO, SINGLE, 2, 6)
    assert stars.find_neighbours(StarQuery(dispositions=("FP",)), FALSE_ONE) == stars.Neighbours(None, None, 1, 1)
    assert stars.find_neighbours(StarQuery(dispositions=("FP",)), TRIO) is None


@pytest.mark.parametrize("limits", [{"has_light_curves": False}, {"dispositions": ("PC",)}, {"text": "wasp"}])
def test_a_star_deep_in_a_limited_list_has_the_neighbours_of_the_whole_list(catalogue, monkeypatch, limits):
    query = StarQuery(sort="tmag", descending=False, **limits)
    whole = [row.tic_id for row in stars.find_stars(query).stars]
    monkeypatch.setattr(list_arrays, "MOST_TOIS", 0)
    monkeypatch.setattr(ranking, "FIRST_ROWS", 1)
    data_version.renew()
    db.session.commit()
    near = [stars.find_neighbours(query, tic_id) for tic_id in whole]
    assert [(one.previous_tic_id, one.next_tic_id, one.position, one.total) for one in near] == [
        (before, after, number, len(whole))
        for number, (before, after) in enumerate(zip([None, *whole], [*whole[1:], None], strict=False), 1)
    ]
    left_out = next(iter({WASP46, TRIO, SINGLE, BARE} - set(whole)))
    assert stars.find_neighbours(query, left_out) is None


def test_a_short_list_is_counted_among_its_stars(catalogue, monkeypatch):
    """Whatever made it short, the table is not read a second time."""
    monkeypatch.setattr(list_arrays, "MOST_TOIS", 0)
    counted = []
    count = lambda query, among: counted.append(list(among)) or find_or_count(query, among)  # noqa: E731
    monkeypatch.setattr(ranking, "find_or_count", count)
    query = StarQuery(dispositions=("PC",), sort="tmag")
    page = stars.find_stars(query)
    assert page.counts() == find_or_count(query) and counted == [[row.tic_id for row in page.stars]]


def test_exports_are_in_the_lists_order_and_carry_the_stars_columns(catalogue):
    rows = list(stars.iter_tois(StarQuery(sort="period_d", descending=True)))
    order = "300.10 300.1 175.02 175.01 175.10 101.01 207.01 200.01"
    assert [row["toi"] for row in rows] == order.split()
    assert rows[5]["tic_teff_k"] == 5824.0 and rows[5]["teff_k"] == 5600.0
    assert rows[1]["planet_probability"] is None and rows[1]["not_scored_reason"]
    star_rows = {row["tic_id"]: row for row in stars.iter_stars(StarQuery())}
    assert star_rows[TRIO]["tois"] == "175.01 175.02 175.10" and star_rows[TRIO]["toi_count"] == 3
    assert star_rows[WASP46]["light_curve_count"] == 1


@pytest.mark.parametrize("descending", [True, False])
def test_an_export_of_all_is_in_the_order_of_the_page_with_all(catalogue, descending):
    for sort in SORTS:
        query = StarQuery(sort=sort, descending=descending)
        names = [row["toi"] for row in stars.iter_tois(query)]
        page = [row["toi"] for row in stars.iter_tois(query, slice(0, 9))]
        assert names == page and len(names) == 8, sort


def test_everything_works_before_the_first_scoring(app):
    catalogues.fill()
    page = stars.find_stars(StarQuery(sort="probability"))
    assert page.total == 6 and all(row.star.star_probability is None for row in page.stars)
    assert [queue for queue in QUEUES if stars.find_stars(StarQuery(queue=queue)).total] == ["newest", "brightest"]


def test_a_star_that_is_not_there_is_said_to_be_so(catalogue):
    for tic_id in (1, 0, 2**70):
        with pytest.raises(MissingData, match=f"TIC {tic_id}"):
            stars.get_star(tic_id)


def test_the_number_of_queries_does_not_grow_with_the_page(catalogue):
    def statements(query):
        with statements_of(db.engine) as seen:
            stars.find_stars(query)
        return len(seen)

    data_version.renew()
    db.session.commit()
    query = StarQuery(cone=(0, 0, 180), sort="probability", has_light_curves=False)
    assert statements(query) <= 4
    counts = {statements(dataclasses.replace(query, page_size=size)) for size in (1, 2, 4)}
    assert len(counts) == 1 and counts.pop() <= 2, "the ranking is remembered, and a page's rows are one question"


def test_a_searched_name_precedes_longer_names_unless_another_order_is_asked_for(app):
    day = dt.date(2025, 1, 1)
    names = ((11, "K2-180 b"), (12, "K2-18 b"), (13, "K2-181 c"))
    db.session.add_all([catalogues.star(tic_id) for tic_id, _ in names])
    db.session.add_all(
        [
            catalogues.toi(f"{tic_id}.01", tic_id, planet_name=name, alerted_on=day + dt.timedelta(days=tic_id))
            for tic_id, name in names
        ]
    )
    db.session.flush()
    listing.rebuild()
    db.session.commit()
    assert found(text="K2-18") == [12, 13, 11]
    assert found(text="k2 18 b") == [12]
    assert found(text="K2-18", sort="toi", descending=False) == [11, 12, 13]
