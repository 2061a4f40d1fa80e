"""How deep an eclipse of a neighbor has to be to cause a dip in the light of a star."""

import pytest

from app_tess.astro.dilution import eclipse_depth, faintest_tmag, flux_share


def test_equal_stars_share_the_flux_and_five_magnitudes_are_a_hundredth_of_it():
    assert flux_share(10.0, 10.0) == pytest.approx(0.5)
    assert flux_share(15.0, 10.0) == pytest.approx(1 / 101)


def test_the_necessary_eclipse_is_the_depth_over_the_share():
    assert eclipse_depth(10_000, 10.0, 10.0) == pytest.approx(0.02)
    assert eclipse_depth(10_000, 15.0, 10.0) == pytest.approx(1.01)  # more than all of its light


@pytest.mark.parametrize("depth_ppm", [50.0, 10_000.0, 400_000.0])
def test_the_faintest_neighbor_is_the_one_whose_total_eclipse_is_just_deep_enough(depth_ppm):
    assert eclipse_depth(depth_ppm, faintest_tmag(depth_ppm, 9.3), 9.3) == pytest.approx(1.0)
