"""A light curve of one's own: columns of every kind, odd signals and cadences, a sentence where there is no answer."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from astropy import units
from astropy.time import Time
from astropy.utils.masked import Masked

from app_tess.astro.own_columns import read_number, read_times_btjd, read_values
from app_tess.errors import AppTessError, InvalidInput
from app_tess.tasks.own_light_curve import classify_light_curve

EPHEMERIS = {"period_d": 3.0, "epoch_btjd": 1501.0, "duration_h": 3.0}


def light_curve(cadence_s=1800.0, days=13.0, period_d=3.0, duration_h=3.0):
    """Simulated: box-shaped transits of 1 % in white noise of 0.1 %."""
    time = 1500 + np.arange(0, days, cadence_s / 86400)
    noise = 1e-3 * np.random.default_rng(1).standard_normal(len(time))
    in_transit = np.abs((time - 1501 + period_d / 2) % period_d - period_d / 2) < duration_h / 48
    return time, 1 + noise - 0.01 * in_transit


@pytest.fixture(scope="module")
def plain():
    return classify_light_curve(*light_curve(), **EPHEMERIS)


def test_it_returns_calibrated_probabilities_and_measurements_and_prints_both(plain):
    assert sum(plain.probabilities.values()) == pytest.approx(1) and plain.best in ("PC", "EB")
    assert plain.report.get("depth").value == pytest.approx(10_000, rel=0.1) and plain.caution is None
    assert "planet candidate" in str(plain) and plain.report.summary in str(plain)


def as_lightkurve(time, flux):
    """The attributes of a lightkurve.LightCurve that matter: a Time, and masked fluxes with a unit."""
    return SimpleNamespace(
        time=Time(time + 2457000, format="jd", scale="tdb"),
        flux=Masked(1e4 * flux, mask=np.zeros(len(flux), bool)) * units.electron / units.s,
        flux_err=np.full(len(flux), 10.0) * units.electron / units.s,
    )


def test_a_lightkurve_object_gives_the_same_as_its_arrays(plain):
    found = classify_light_curve(
        as_lightkurve(*light_curve()),
        period_d=3 * units.day,
        epoch_btjd=Time(2458501.0, format="jd", scale="tdb"),
        duration_h=0.125 * units.day,
    )
    assert found.probabilities == pytest.approx(plain.probabilities, abs=1e-3)


def test_order_duplicates_masked_and_missing_cadences_do_not_matter(plain):
    time, flux = light_curve()
    time, flux = np.append(time[::-1], [time[5], np.nan, 1512.9]), np.append(flux[::-1], [flux[5], 1.0, 99.0])
    flux = np.ma.masked_greater(np.append(flux, np.inf), 50)
    found = classify_light_curve(np.append(time, 1512.95), flux, **EPHEMERIS | {"epoch_btjd": 2458501.0})
    assert found.probabilities == pytest.approx(plain.probabilities, abs=1e-3)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ([1, 2], [1, 2]),
        (np.ma.array([1.0, 2.0], mask=[True, False]), [np.nan, 2]),
        (Masked([1.0, 2.0], mask=[False, True]) * units.adu, [1, np.nan]),
        (pd.Series([1.0, None]), [1, np.nan]),
        (np.array([1.0, None], dtype=object), [1, np.nan]),
        (np.array([1, 2], dtype=">f4"), [1, 2]),
    ],
)
def test_a_column_of_any_kind_is_read_as_floats(column, values):
    np.testing.assert_array_equal(read_values(column, "flux"), values)


@pytest.mark.parametrize("column", [["a"], [1j, 2], [[1.0, 2.0]], [], 5.0, [1.0, 2.0] * units.mag])
def test_what_is_no_column_of_fluxes_is_refused_by_name(column):
    with pytest.raises(InvalidInput) as refusal:
        read_values(column, "flux")
    assert refusal.value.field == "flux" and str(refusal.value)


def test_times_are_converted_to_btjd_and_keep_their_precision():
    assert read_times_btjd([2458501.5, np.nan]) == pytest.approx([1501.5, np.nan], nan_ok=True)
    assert read_times_btjd([1501.5]) == [1501.5]
    assert read_times_btjd(Time([2457000.0], [1501.123456789012], format="jd", scale="tdb")) == [1501.123456789012]
    utc = read_times_btjd(Time(["2019-01-18T00:00:00"], scale="utc"))
    assert 86400 * (utc[0] - 1501.5) == pytest.approx(69.18, abs=0.01)
    assert read_number(36 * units.hour, "d", "period_d") == 1.5 and read_number(None, "d", "period_d") is None
    with pytest.raises(InvalidInput, match=r"one number \[d\]"):
        read_number(3 * units.kg, "d", "period_d")


@pytest.mark.parametrize(
    ("period_d", "duration_h", "cadence_s", "caution"),
    [
        (0.2, 0.8, 20.0, None),
        (0.2, 0.8, 1800.0, "lasts 1.6 cadences of 30 min"),
        (200.0, 8.0, 120.0, "Only one full transit"),
        (200.0, 8.0, 1800.0, "longer than almost all"),
    ],
)
def test_short_and_long_periods_and_cadences_get_an_answer_with_its_caution(period_d, duration_h, cadence_s, caution):
    time, flux = light_curve(cadence_s, 3.0, period_d, duration_h)
    found = classify_light_curve(time, flux, period_d=period_d, epoch_btjd=1501.0, duration_h=duration_h)
    assert (found.caution is None) if caution is None else (caution in found.caution)
    assert set(found.probabilities) == {"PC", "EB", "V", "IS", "J"}


def test_a_fold_with_empty_bins_carries_a_caution():
    time, flux = light_curve()
    near = np.abs((time - 1501 + 1.5) % 3 - 1.5) < 0.3
    assert "is empty and was filled in" in classify_light_curve(time[near], flux[near], **EPHEMERIS).caution


TIME, FLUX = light_curve()


@pytest.mark.parametrize(
    ("time", "flux", "ephemeris", "sentence"),
    [
        (TIME, FLUX, {"period_d": None}, "single transit"),
        (TIME, FLUX, {"period_d": 0.0}, "single transit"),
        (TIME, FLUX, {"period_d": -3.0}, "negative"),
        (TIME, FLUX, {"duration_h": None}, "no transit duration"),
        (TIME, FLUX, {"duration_h": 100.0}, "does not fit"),
        (TIME, FLUX, {"epoch_btjd": None}, "no transit epoch"),
        (TIME, FLUX, {"period_d": 200.0, "epoch_btjd": 1400.0}, "This light curve: no cadence falls in transit"),
        (TIME, np.ones_like(TIME), {}, "the same in cadence after cadence"),
        (TIME, FLUX - 1, {}, "cannot be normalized"),
        (TIME, np.full_like(TIME, np.nan), {}, "has both a time and a flux"),
        (TIME, FLUX[:-1], {}, "do not belong together"),
        ([1500.0], [1.0], {}, "no errors can be estimated"),
        (None, None, {}, "attributes time and flux"),
    ],
)
def test_where_there_is_no_answer_the_message_says_why(time, flux, ephemeris, sentence):
    with pytest.raises(AppTessError, match=sentence):
        classify_light_curve(time, flux, **EPHEMERIS | ephemeris)
