"""An address is read as a StarQuery, or refused with the name of the field."""

from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import MultiDict

from app_tess.errors import InvalidInput
from app_tess.storage.star_query import QUEUES, StarQuery
from app_tess.web.http.errors import PARAMETERS
from app_tess.web.http.star_query_args import parse_star_query, star_query_args


def parse(address, **options):
    return parse_star_query(MultiDict(parse_qsl(address, keep_blank_values=True)), **options)


def test_no_parameter_and_empty_ones_are_the_default_list():
    assert parse("") == StarQuery() == parse("q=&sector=&period_d_min=&disposition=&sort=")


@pytest.mark.parametrize(
    "address",
    [
        "q=WASP-46",
        "q=318.737+-55.872&radius=3",
        "disposition=PC&disposition=none",
        "probability_min=0.5&probability_max=0.5",
        "sector=27&light_curves=no&alerted_since=2024-02-29",
        "sort=tmag&direction=desc&page=7&page_size=25",
        "queue=brightest",
        "queue=disagree&sort=tmag",
        "toi_count_min=2&teff_k_max=4000",
        "sort=alerted_on&direction=asc",
        "light_curve_class=PC&light_curve_class=EB&light_curve_pc_max=0.9",
        "queue=light_curve_pc",
        "product_kind=lc&product_kind=tglc",
    ],
)
def test_an_address_survives_the_way_there_and_back(address):
    query = parse(address)
    assert parse_star_query(MultiDict(star_query_args(query))) == query


def test_coordinates_are_a_cone_in_degrees_or_sexagesimal():
    assert parse("q=21:14:56.88 -55:52:18.7&radius=60").cone == pytest.approx((318.737, -55.871861, 1.0), abs=1e-4)
    assert parse("q=0.5, -0.25").cone == pytest.approx((0.5, -0.25, 10 / 60))
    assert parse("q=00:00:00 -00:30:00").cone[1] == -0.5
    assert parse("q=0.5 -0.25&radius=30 arcsec").cone[2] == pytest.approx(30 / 3600)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("period_d_min=x", "period_d_min"),
        ("period_d_min=nan", "period_d_min"),
        ("tmag_max=inf", "tmag_max"),
        ("period_d_min=-1", "period_d_min"),
        ("depth_ppm_max=1000001", "depth_ppm_max"),
        ("toi_count_max=-1", "toi_count_max"),
        ("depth_ppm_min=5&depth_ppm_max=4", "depth_ppm_min"),
        ("probability_max=1.1", "probability_max"),
        ("light_curve_class=XX", "light_curve_class"),
        ("sort=colour", "sort"),
        ("direction=up", "direction"),
        ("disposition=XX", "disposition"),
        ("queue=mine", "queue"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=999999999", "page"),
        ("page_size=0", "page_size"),
        ("page_size=100000", "page_size"),
        ("sector=0", "sector"),
        ("sector=x", "sector"),
        ("light_curves=maybe", "light_curves"),
        ("alerted_since=2024-02-30", "alerted_since"),
        ("q=400 10", "q"),
        ("q=10 95", "q"),
        ("q=10:70:00 +10:00:00", "q"),
        ("classifier_score_min=2", "classifier_score_min"),
        ("q=10 20&radius=5 km", "radius"),
        ("toi_count_min=nan", "toi_count_min"),
        ("q=10 20&radius=-1", "radius"),
        ("q=10 20&radius=x", "radius"),
        ("q=" + "x" * 200, "q"),
        ("colour=red", "colour"),
        ("page=1&page=2", "page"),
        ("period_d_min=1_0", "period_d_min"),
        ("page=٣", "page"),
    ],
)
def test_it_refuses_what_makes_no_sense_and_names_the_field(address, field):
    with pytest.raises(InvalidInput) as raised:
        parse(address)
    assert PARAMETERS.get(raised.value.field, raised.value.field) == field


def test_a_classifier_that_is_not_loaded_is_refused(app):
    with pytest.raises(InvalidInput) as raised:
        parse("classifier=Nobody")
    assert raised.value.field == "classifier"


def test_a_tracking_parameter_and_the_callers_own_are_let_pass():
    assert parse("utm_source=mail&format=csv", also_known=("format",)) == StarQuery()


def test_a_queue_brings_its_own_order_and_may_be_sorted_otherwise():
    for name, (_, sort, descending) in QUEUES.items():
        assert (parse(f"queue={name}").sort, parse(f"queue={name}").descending) == (sort, descending)
    assert parse("queue=newest&sort=tmag").descending is False
