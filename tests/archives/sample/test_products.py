"""Simulated files: as SPOC's in structure, as published in depth, the same bytes every time."""

import io
import time
import warnings

import numpy as np
import pytest
from astropy.io import fits

from app_tess.archives.sample import render_product
from app_tess.archives.sample.catalogue import find_star, load_stars
from app_tess.archives.sample.products import render_product as cached_render
from app_tess.archives.sample.sectors import light_curve_name, validation_name
from app_tess.errors import MissingData
from tests.support.shared import shared_path

LIGHT_CURVE_COLUMNS = [
    "TIME",
    "TIMECORR",
    "CADENCENO",
    "SAP_FLUX",
    "SAP_FLUX_ERR",
    "SAP_BKG",
    "SAP_BKG_ERR",
    "PDCSAP_FLUX",
    "PDCSAP_FLUX_ERR",
    "QUALITY",
    "PSF_CENTR1",
    "PSF_CENTR1_ERR",
    "PSF_CENTR2",
    "PSF_CENTR2_ERR",
    "MOM_CENTR1",
    "MOM_CENTR1_ERR",
    "MOM_CENTR2",
    "MOM_CENTR2_ERR",
    "POS_CORR1",
    "POS_CORR2",
]
EVENT_COLUMNS = [
    "TIME",
    "TIMECORR",
    "CADENCENO",
    "PHASE",
    "LC_INIT",
    "LC_INIT_ERR",
    "LC_WHITE",
    "LC_DETREND",
    "MODEL_INIT",
    "MODEL_WHITE",
]


def open_product(filename):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a wrong checksum is only a warning to astropy
        hdus = fits.open(io.BytesIO(render_product(filename)), checksum=True)
        for hdu in hdus:
            assert hdu.header["SIMULATD"] is True
        return hdus


def folded(hdus, event):
    """Times from mid-transit [h] and flux over its median, default quality."""
    data = hdus["LIGHTCURVE"].data
    good = (data["QUALITY"] & 17087 == 0) & np.isfinite(data["PDCSAP_FLUX"])
    flux = data["PDCSAP_FLUX"][good].astype(float)
    half = event.period_d / 2
    hours = ((data["TIME"][good] - event.epoch_btjd + half) % event.period_d - half) * 24
    return hours, flux / np.median(flux)


def depth_ppm(hours, flux, event, middle_h=0.0):
    """Mean of the central half of the dip, against both sides."""
    offset = np.abs(hours - middle_h)
    inside = offset < event.duration_h / 4
    beside = (offset > event.duration_h * 0.65) & (offset < event.duration_h * 2)
    return 1e6 * (np.mean(flux[beside]) - np.mean(flux[inside]))


@pytest.mark.parametrize(
    ("tic_id", "sector"), [(231663901, 1), (149603524, 2), (100100827, 2), (22529346, 7), (16740101, 14)]
)
def test_the_folded_depth_is_the_published_one(tic_id, sector):
    star = find_star(tic_id)
    hours, flux = folded(open_product(light_curve_name(tic_id, sector)), star.events[0])
    assert depth_ppm(hours, flux, star.events[0]) == pytest.approx(star.events[0].depth_ppm, rel=0.10)


@pytest.mark.parametrize(("tic_id", "sector"), [(9727392, 2), (260271203, 1)])
def test_the_eclipsing_binarys_secondary_is_seen(tic_id, sector):
    event = find_star(tic_id).events[0]
    hours, flux = folded(open_product(light_curve_name(tic_id, sector)), event)
    hours = np.where(hours < 0, hours + 24 * event.period_d, hours)
    secondary = depth_ppm(hours, flux, event, middle_h=12 * event.period_d)
    assert secondary == pytest.approx(event.secondary_ppm, rel=0.25)


def test_the_blends_light_moves_while_its_neighbour_is_eclipsed():
    event = find_star(281979481).events[0]
    hdus = open_product(light_curve_name(281979481, 10))
    data = hdus["LIGHTCURVE"].data
    good = (data["QUALITY"] == 0) & np.isfinite(data["MOM_CENTR1"])
    half = event.period_d / 2
    hours = np.abs((data["TIME"][good] - event.epoch_btjd + half) % event.period_d - half) * 24
    column = data["MOM_CENTR1"][good]
    inside = hours < event.duration_h / 4
    moved = np.mean(column[inside]) - np.mean(column[~inside])
    assert moved > 3 * np.std(column) / np.sqrt(inside.sum())
    assert hdus["LIGHTCURVE"].header["CROWDSAP"] == 0.84


def test_odd_and_even_eclipses_differ_where_two_stars_shine():
    event = find_star(280830734).events[0]
    data = open_product(light_curve_name(280830734, 1))["LIGHTCURVE"].data
    flux = data["PDCSAP_FLUX"] / np.nanmedian(data["PDCSAP_FLUX"])
    cycle = np.round((data["TIME"] - event.epoch_btjd) / event.period_d)
    inside = np.abs(data["TIME"] - event.epoch_btjd - cycle * event.period_d) * 24 < event.duration_h / 4
    inside &= data["QUALITY"] == 0
    assert np.nanmean(flux[inside & (cycle % 2 == 0)]) < np.nanmean(flux[inside & (cycle % 2 == 1)])


def test_a_light_curve_is_built_like_a_real_one():
    hdus = open_product(light_curve_name(231663901, 1))
    assert [hdu.name for hdu in hdus] == ["PRIMARY", "LIGHTCURVE", "APERTURE"]
    assert hdus[1].columns.names == LIGHT_CURVE_COLUMNS
    with fits.open(shared_path("archive/files") / light_curve_name(231663901, 1)) as real:
        for ours, theirs in zip(hdus, real, strict=True):
            for keyword in ("EXTNAME", "OBJECT", "TICID", "TELESCOP", "INSTRUME", "RADESYS", "EQUINOX"):
                assert ours.header[keyword] == theirs.header[keyword]
        assert hdus[1].columns.formats == real[1].columns.formats
        assert hdus[1].columns.units == real[1].columns.units
        assert np.isnan(real[1].data["TIME"]).any() and np.isnan(hdus[1].data["TIME"]).any()
        brightness = np.nanmedian(hdus[1].data["PDCSAP_FLUX"]) / np.nanmedian(real[1].data["PDCSAP_FLUX"])
    assert brightness == pytest.approx(1, abs=0.1)


def test_quality_bits_gaps_and_dumps_are_there():
    data = open_product(light_curve_name(231663901, 1))["LIGHTCURVE"].data
    for bit in (4, 8, 32, 128, 512):
        assert (data["QUALITY"] & bit).any()
    good = data["QUALITY"] == 0
    assert np.isfinite(data["PDCSAP_FLUX"][good]).all()
    assert 0.9 < good.mean() < 0.99
    assert (np.diff(data["CADENCENO"]) == 1).all()


def test_the_twenty_second_file_has_six_times_the_cadences():
    fast = open_product(light_curve_name(441420236, 27, fast=True))["LIGHTCURVE"]
    slow = open_product(light_curve_name(441420236, 27))["LIGHTCURVE"]
    assert len(fast.data) == pytest.approx(6 * len(slow.data), abs=6)
    assert fast.header["TIMEDEL"] * 86400 == pytest.approx(20)


def test_a_validation_file_numbers_its_events_by_strength_not_by_toi():
    hdus = open_product(validation_name(260647166, 10, 11))
    tois = sorted(find_star(260647166).events, key=lambda event: event.toi)
    found = [hdu for hdu in hdus if hdu.name.startswith("TCE_")]
    assert hdus[0].header["NUMTCES"] == len(found) == 4
    assert hdus[-1].name.upper() == "STATISTICS"
    assert found[0].header["TPERIOD"] == tois[1].period_d
    assert [hdu.columns.names for hdu in found] == [EVENT_COLUMNS] * 4


def test_an_events_phase_is_in_days_and_its_model_goes_through_its_points():
    event = find_star(22529346).events[0]
    hdu = open_product(validation_name(22529346, 7, 7))["TCE_1"]
    phase = hdu.data["PHASE"]
    assert np.nanmin(phase) >= -event.period_d / 4 - 1e-4
    assert np.nanmax(phase) <= 3 * event.period_d / 4 + 1e-4
    inside = np.abs(phase) < event.duration_h / 96
    assert np.nanmedian(hdu.data["MODEL_INIT"][inside]) == pytest.approx(-event.depth_ppm * 1e-6, rel=0.05)
    assert np.nanmedian(hdu.data["LC_INIT"][inside]) == pytest.approx(-event.depth_ppm * 1e-6, rel=0.05)
    assert (hdu.header["TDEPTH"], hdu.header["TDUR"]) == (event.depth_ppm, event.duration_h)
    cycles = (hdu.header["TEPOCH"] - event.epoch_btjd) / event.period_d
    assert cycles == pytest.approx(round(cycles), abs=1e-4)


def test_later_events_are_searched_after_the_stronger_ones_are_taken_out():
    hdus = open_product(validation_name(36724087, 9, 9))
    first = hdus["TCE_1"].data
    second = hdus["TCE_2"].data
    in_first = first["MODEL_INIT"] < -0.003
    assert np.nanmedian(first["LC_INIT"][in_first]) < -0.003
    assert abs(np.nanmedian(second["LC_INIT"][in_first & (second["MODEL_INIT"] == 0)])) < 0.0015


def test_the_same_file_has_the_same_bytes_every_time():
    for filename in find_star(307210830).product_names():
        assert cached_render.__wrapped__(filename) == cached_render.__wrapped__(filename)


def test_every_file_of_the_catalogue_can_be_made_in_under_a_second():
    for star in load_stars():
        for filename in star.product_names():
            start = time.process_time()
            assert render_product(filename).startswith(b"SIMPLE")
            assert time.process_time() - start < 1.0, filename


def test_a_file_that_is_not_listed_is_refused_with_its_name():
    for filename in (light_curve_name(231663901, 3), light_curve_name(1, 1), "toi.csv"):
        with pytest.raises(MissingData, match=filename):
            render_product(filename)
