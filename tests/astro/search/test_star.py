"""Searching a star: what is found, and what must not be."""

from dataclasses import replace

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.search.signal import Settings, Signal
from app_tess.astro.search.star import search_star
from app_tess.errors import InvalidInput
from tests.support.light_curves import with_flux
from tests.support.simulated_stars import CADENCE_D, NOISE, Orbit, light_curve, sector_times

QUICK = Settings(shortest_period_d=3.0)
"""Long enough to be quick: half of the periods tried are below it."""
TIME = sector_times()


def star(*orbits, seed=11, time=TIME, change=None):
    """A simulated Sun with planets; `change` gets the flux and returns another one."""
    rng = np.random.default_rng(seed)
    flux = 1 + NOISE * rng.standard_normal(len(time))
    for orbit in orbits:
        flux -= orbit.dip(time)
    if change is not None:
        flux = change(flux)
    return light_curve(flux, time, rng)


def search(*curves, known=(), settings=QUICK):
    return search_star(curves, known, settings=settings)


def box(flux, middle, duration_d, depth):
    """The flux with one dip."""
    return flux - depth * (np.abs(TIME - middle) < duration_d / 2)


@pytest.fixture(scope="module")
def two_planets():
    """3.7 and 5.9 d."""
    return search(star(Orbit(3.7, 0.06, epoch_btjd=1326.3), Orbit(5.9, 0.045, epoch_btjd=1327.1)))


def test_two_planets_are_found_one_after_the_other_with_their_errors(two_planets):
    first, second = two_planets.signals
    for signal, period, epoch, ratio in ((first, 3.7, 1326.3, 0.06), (second, 5.9, 1327.1, 0.045)):
        assert abs(signal.period_d - period) < 4 * signal.period_err_d < 0.02
        late = (signal.epoch_btjd - epoch) / period
        assert abs(late - round(late)) * period < 4 * signal.epoch_err_d + 0.002
        assert signal.depth_ppm == pytest.approx(1e6 * ratio**2 * 1.15, rel=0.25)
        assert signal.duration_h == pytest.approx(Orbit(period, ratio).duration_h, rel=0.25)
        assert signal.snr > 7 and signal.sde > 6
        assert 2 <= signal.transits_observed <= signal.transits_expected
        half, one, twice = signal.aliases
        assert one.snr > half.snr and one.snr > twice.snr
    assert [signal.number for signal in two_planets.signals] == [1, 2]


def test_a_signal_is_stored_and_read_without_loss(two_planets):
    signal = two_planets.signals[0]
    assert Signal.from_dict(signal.as_dict()) == signal and not signal.is_single
    assert signal.ephemeris.period_d == signal.period_d


def test_a_known_signal_is_masked_on_request():
    orbit = Orbit(3.7, 0.06, epoch_btjd=1326.3)
    assert search(star(orbit), known=[orbit.ephemeris]).signals == ()


def test_both_thresholds_must_be_reached():
    curve = star(Orbit(3.7, 0.06, epoch_btjd=1326.3))
    for strict in ({"least_snr": 1e3}, {"least_sde": 1e3}):
        result = search(curve, settings=replace(QUICK, **strict, least_single_snr=1e3))
        assert result.signals == () and result.periodogram.snr.max() > 7


def test_noise_alone_gives_no_signal():
    assert search(star(seed=21)).signals == ()


def test_a_dip_that_happens_once_is_reported_as_a_single_transit():
    result = search(star(change=lambda flux: box(flux, 1332.0, 0.25, 3e-3)))
    (signal,) = result.signals
    assert signal.is_single and signal.sde is None and signal.transits_observed == 1
    assert signal.epoch_btjd == pytest.approx(1332.0, abs=0.05)
    assert signal.depth_ppm == pytest.approx(3000, rel=0.2) and signal.duration_h == pytest.approx(6, rel=0.35)
    assert any("stems from one dip" in sentence for sentence in result.rejected)


def test_a_deep_single_dip_does_not_hide_a_planet():
    orbit = Orbit(3.7, 0.05, epoch_btjd=1326.3)
    result = search(star(orbit, change=lambda flux: box(flux, 1334.9, 0.3, 2e-2)))
    assert [signal.is_single for signal in result.signals] == [False, True]
    assert result.signals[0].period_d == pytest.approx(3.7, rel=0.002)


@pytest.mark.parametrize("middle", [1338.0 - 0.1, 1339.0 + 0.1, 1325.12, 1351.88])
def test_a_dip_at_the_edge_of_a_gap_is_no_signal(middle):
    assert search(star(change=lambda flux: box(flux, middle, 0.2, 1e-2))).signals == ()


def eclipse(flux, middle, duration_d=0.29, depth=0.17):
    """The flux with one V-shaped eclipse."""
    return flux - depth * np.clip(1 - np.abs(TIME - middle) / (duration_d / 2), 0, None)


def test_a_deep_eclipse_that_ends_before_the_data_is_reported_as_a_single_transit():
    middle = float(TIME[-1]) - 0.06 - 0.29 / 2
    (signal,) = search(star(change=lambda flux: eclipse(flux, middle))).signals
    assert signal.is_single and signal.epoch_btjd == pytest.approx(middle, abs=0.03)


@pytest.mark.parametrize(("left_d", "depth"), [(-0.1, 0.17), (0.06, 0.003)])
def test_an_eclipse_that_the_data_cut_off_or_a_shallow_dip_beside_the_edge_is_no_signal(left_d, depth):
    middle = float(TIME[-1]) - left_d - 0.29 / 2
    assert search(star(change=lambda flux: eclipse(flux, middle, depth=depth))).signals == ()


def test_dips_at_two_edges_are_no_periodic_signal():
    def spoil(flux):
        return box(box(flux, 1325.1, 0.2, 1e-2), 1337.9, 0.2, 1e-2)

    assert search(star(change=spoil)).signals == ()


def test_dips_in_momentum_dumps_are_no_signal():
    dumps = 1327.3 + 3.1 * np.arange(8)

    def spoil(flux):
        for middle in dumps:
            flux = box(flux, middle, 0.15, 3e-3)
        return flux

    curve = star(change=spoil)
    assert search(curve).signals  # periodic dips: a signal, were it not for the dumps
    near = np.abs(TIME[:, None] - dumps).min(axis=1) < CADENCE_D / 2
    flagged = replace(curve, quality=np.where(near, 32, 0))
    assert search(flagged).signals == ()


def test_a_dip_longer_than_a_dump_disturbs_may_hold_one():
    dumps = np.array([1328.0, 1335.2, 1342.4, 1349.6])

    def spoil(flux):
        for middle in dumps:
            flux = box(flux, middle, 0.33, 3e-3)
        return flux

    near = np.abs(TIME[:, None] - dumps).min(axis=1) < CADENCE_D / 2
    flagged = replace(star(change=spoil), quality=np.where(near, 32, 0))
    assert search(flagged).signals[0].period_d == pytest.approx(7.2, rel=0.003)


@pytest.mark.parametrize("decay_d", [0.02, 0.3])
def test_a_flare_deeper_than_any_transit_is_no_signal(decay_d):
    def flare(flux):
        late = TIME - 1331.0
        return flux + 0.3 * np.where(late > 0, np.exp(-late.clip(0) / decay_d), 0)

    assert search(star(change=flare)).signals == ()


def test_a_ramp_deeper_than_any_transit_is_no_signal():
    def ramp(flux):
        return (
            flux
            + 0.02 * np.exp(-(TIME - TIME[0]) / 0.4)
            - 0.03 * np.exp(-(TIME - 1339.0).clip(0) / 0.5) * (TIME > 1339)
        )

    assert search(star(change=ramp)).signals == ()


def test_a_contact_binary_is_found_at_half_its_period_and_said_not_to_be_a_planet():
    time = sector_times(days=9.0)

    def eclipse(flux):
        return flux - 0.15 * (1 - np.cos(4 * np.pi * time / 0.8)) / 2

    result = search(star(change=eclipse, time=time), settings=Settings())
    words = [*result.notes, *(note for signal in result.signals for note in signal.notes)]
    assert any("contact binary" in sentence for sentence in words)


def test_missing_values_are_left_out():
    orbit = Orbit(3.7, 0.06, epoch_btjd=1326.3)
    curve = star(orbit)
    values = curve.flux().values.copy()
    values[::7] = np.nan
    time = curve.time_btjd.copy()
    time[5:40] = np.nan
    result = search(replace(with_flux(curve, values), time_btjd=time))
    assert result.signals[0].period_d == pytest.approx(3.7, rel=0.002)


def test_a_star_without_a_usable_cadence_says_so():
    with pytest.raises(NoUsableData, match="none of its"):
        search(with_flux(star(), np.full(len(TIME), np.nan)))


def test_three_days_are_searched_up_to_a_day_and_a_half_and_the_result_says_so():
    time = sector_times(days=3.0)
    result = search(star(Orbit(0.9, 0.08, epoch_btjd=1325.4), time=time), settings=Settings())
    assert any("covers only 3.0 d" in note for note in result.notes)
    assert result.periodogram.period_d.max() <= 1.5


def test_a_few_hours_are_too_short_to_search():
    with pytest.raises(NoUsableData, match="too\nfew|too few"):
        search(star(time=1325 + np.arange(120) * CADENCE_D / 2))


def test_files_of_two_stars_are_refused_by_name():
    with pytest.raises(InvalidInput, match=r"different stars: TIC 1234, TIC 99"):
        search(star(), replace(star(), tic_id=99, sector=2))


def test_without_a_light_curve_there_is_nothing_to_search():
    with pytest.raises(NoUsableData, match="no light curve"):
        search_star([])


def test_a_known_signal_that_covers_every_cadence_leaves_nothing():
    with pytest.raises(NoUsableData):
        search(star(), known=[Ephemeris(None, 1338.0, 24 * 60.0)])
