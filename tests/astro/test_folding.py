import dataclasses

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import bin_median, measure_depth
from app_tess.astro.light_curve import NoUsableData
from app_tess.astro.stitching import stitch
from app_tess.errors import EphemerisError
from tests.support.known_stars import PLANET_DEPTHS_PPM, known_ephemeris, known_light_curve
from tests.support.light_curves import PLANET, make_light_curve, with_flux


@pytest.mark.parametrize("toi", PLANET_DEPTHS_PPM)
def test_the_folded_depth_of_a_known_planet_is_within_a_tenth_of_the_catalogue(toi):
    ephemeris = known_ephemeris(toi)
    depth = measure_depth(stitch([known_light_curve(toi)], [ephemeris]), ephemeris)
    assert depth.depth_ppm == pytest.approx(PLANET_DEPTHS_PPM[toi], rel=0.10)


@pytest.mark.parametrize("toi", PLANET_DEPTHS_PPM)
def test_a_depth_put_into_a_known_star_comes_out_within_two_percent(toi):
    """Recover injected depths, which shows that flattening does not bias them.

    The depths of TOI-102 and TOI-106 that we measure therefore differ from the catalogue by 7 to 8 % because of the
    catalogue.
    """
    own, light_curve = known_ephemeris(toi), known_light_curve(toi)
    ratios = []
    for phase in (0.2, 0.35, 0.5, 0.65, 0.8):
        put_in = dataclasses.replace(own, epoch_btjd=own.epoch_btjd + phase * own.period_d)
        ingress = np.clip((1 - np.abs(put_in.fold(light_curve.time_btjd)) / (put_in.duration_d / 2)) / 0.3, 0, 1)
        dimmed = with_flux(light_curve, light_curve.flux().values * (1 - PLANET_DEPTHS_PPM[toi] * 1e-6 * ingress))
        stitched = stitch([dimmed], [own, put_in]).without_transits([own])
        ratios.append(measure_depth(stitched, put_in).depth_ppm / PLANET_DEPTHS_PPM[toi])
    assert np.mean(ratios) == pytest.approx(1, abs=0.02)


def test_a_made_up_depth_is_measured_within_its_error():
    depth = measure_depth(stitch([make_light_curve()], [PLANET]), PLANET)
    assert depth.depth_ppm == pytest.approx(10000, abs=4 * depth.depth_err_ppm)
    assert depth.depth_err_ppm < 60
    assert depth.transits == 8  # the ninth falls into the gap


def test_a_period_longer_than_the_data_with_no_transit_in_them_is_refused():
    with pytest.raises(NoUsableData, match="no cadence falls in transit"):
        measure_depth(stitch([make_light_curve()]), Ephemeris(100.0, 1380.0, 3.0))


def test_a_single_transit_is_measured_at_its_epoch_but_cannot_be_folded():
    single = Ephemeris(None, 1326.0, 3.0)
    assert measure_depth(stitch([make_light_curve()], [single, PLANET]), single).transits == 1
    with pytest.raises(EphemerisError):
        single.fold(np.array([1326.0]))


def test_an_empty_bin_is_nan_and_not_a_number():
    _, medians, errors = bin_median(
        np.array([0.1, 0.2, 2.5]), np.array([1.0, 3.0, 5.0]), np.array([0.0, 1.0, 2.0, 3.0])
    )
    assert medians[0] == 2.0 and np.isnan(medians[1]) and np.isnan(errors[1]) and medians[2] == 5.0
