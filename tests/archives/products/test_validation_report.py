"""SPOC's data-validation report: its tests, the right event among several, and files that must be refused."""

import csv

import pytest

from app_tess.archives.products.validation_report import read_validation_report, report_urls
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.validation import match_event
from app_tess.errors import FileFormatError
from tests.support.shared import shared_path

THREE_EVENTS = "tess2018235142541-s0002-s0002-0000000307210830-00109_dvr.xml"
SMALL = (
    '<dv:dvTargetResults ticId="7" xmlns:dv="http://www.nasa.gov/2018/TESS/DV">'
    '<dv:planetResults planetNumber="2"><dv:allTransitsFit><dv:modelParameters>'
    '<dv:modelParameter name="orbitalPeriodDays" value="3.5" uncertainty="0.1"/>'
    '<dv:modelParameter name="transitEpochBtjd" value="1326.5" uncertainty="0.1"/>'
    "</dv:modelParameters></dv:allTransitsFit><dv:binaryDiscriminationResults>"
    '<dv:oddEvenTransitDepthComparisonStatistic value="{odd_even}" significance="{chance}"/>'
    "</dv:binaryDiscriminationResults></dv:planetResults></dv:dvTargetResults>"
)


def small(odd_even="16.0", chance="0.0001"):
    return SMALL.replace("{odd_even}", odd_even).replace("{chance}", chance).encode()


def read(name):
    return read_validation_report((shared_path("dv_xml") / name).read_bytes(), name)


def expected_rows():
    path = shared_path("mast_responses/tic390988385/official_dv_metrics.csv")
    return list(csv.DictReader(path.open(newline="")))


@pytest.mark.parametrize("place", [0, 1])
def test_the_real_reports_of_two_sectors_have_the_published_figures(place):
    row = expected_rows()[place]
    (event,) = read(row["dvr_xml_file"].rsplit("/", 1)[-1])
    tests = {test.name: test for test in event.tests}
    assert event.period_d == float(row["fit_period_days"]) and event.epoch_btjd == float(row["fit_epoch_btjd"])
    for name, column, scale in (
        ("odd_even", "odd_even_difference_sigma", 1),
        ("weak_secondary", "weak_secondary_depth_ppt", 1000),
        ("bootstrap", "bootstrap_false_alarm_probability", 1),
        ("centroid_tic", "centroid_to_tic_arcsec", 1),
        ("centroid_out_of_transit", "centroid_to_out_of_transit_arcsec", 1),
        ("ghost", "ghost_core_halo_ratio", 1),
    ):
        assert tests[name].value == pytest.approx(scale * float(row[column]), rel=1e-6), name
    assert tests["centroid_tic"].error == pytest.approx(float(row["centroid_to_tic_error_arcsec"]))
    assert tests["weak_secondary"].error == pytest.approx(1000 * float(row["weak_secondary_depth_error_ppt"]))
    assert f"{float(row['weak_secondary_mes']):.2f} sigma (MES)" in tests["weak_secondary"].finding
    assert {"albedo", "temperature"} <= tests.keys() and not any(test.concern for test in event.tests)


@pytest.mark.parametrize(("period_d", "epoch_btjd", "number"), [(7.45111, 1355.2864, 2), (2.25301, 1354.9061, 3)])
def test_a_toi_gets_the_event_of_its_period_and_epoch_among_several(period_d, epoch_btjd, number):
    events = read(THREE_EVENTS)
    assert len(events) == 3 and match_event(events, Ephemeris(period_d, epoch_btjd, 1.0)).number == number
    assert match_event(events, Ephemeris(5.0, epoch_btjd, 1.0)) is None


def test_an_offset_of_the_difference_image_beyond_3_sigma_is_a_red_flag():
    third = {test.name: test for test in read(THREE_EVENTS)[2].tests}
    assert third["centroid_tic"].concern is True and "3.99 sigma" in third["centroid_tic"].finding


def test_a_test_that_spoc_did_not_compute_is_left_out():
    ((test,),) = (event.tests for event in read_validation_report(small(), "small", 7))
    assert (test.name, test.value, test.concern) == ("odd_even", 4.0, True)
    for values in (("4.0", "-1.0"), ("nan", "0.5"), ("x", "0.5"), ("-1.0", "0.5")):
        assert read_validation_report(small(*values), "small")[0].tests == ()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, "declares a document type"),
        (BOMB.decode().encode("utf-16"), "declares a document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "declares a document type"),
        (small()[:-30], "not whole XML"),
        (b"", "not whole XML"),
        (b"<html></html>", "not a data-validation report"),
        (b"SIMPLE  =", "not whole XML"),
        (b"<a>" * 60 + b"</a>" * 60, "nests more than"),
        (small().replace(b'ticId="7"', b'ticId="8"'), "is of TIC 8, not of TIC 7"),
        (small().replace(b'ticId="7"', b""), "which star"),
        (small().replace(b'planetNumber="2"', b'planetNumber="two"'), "planetNumber"),
        (b" " * 20_000_001, "20,000,001 bytes"),
    ],
)
def test_a_hostile_or_foreign_report_is_refused_by_name(data, words):
    with pytest.raises(FileFormatError, match=f"report.xml.*{words}"):
        read_validation_report(data, "report.xml", 7)


def test_the_addresses_of_the_reports_follow_from_that_of_the_time_series():
    start = "mast:TESS/product/tess2022190092448-s0054-s0054-0000000390988385-"
    assert report_urls(f"{start}00645_dvt.fits", events=2) == {
        "summary 1": f"{start}01-00645_dvs.pdf",
        "summary 2": f"{start}02-00645_dvs.pdf",
        "report": f"{start}00645_dvr.pdf",
        "mini-report": f"{start}00645_dvm.pdf",
        "tests": f"{start}00645_dvr.xml",
    }
    assert "summary 1" in report_urls(f"{start}00645_dvt.fits")
    assert report_urls("mast:TESS/product/tess2019_lc.fits") == {}
