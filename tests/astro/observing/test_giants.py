"""What would decide about a giant is stated with the numbers to expect."""

import pytest

from app_tess.astro.observing.giants import deciding_observations, is_giant


@pytest.mark.parametrize(
    ("radius", "answer"), [(None, False), (8.9, False), (9.0, True), (11.2, True), (16.0, True), (17, False)]
)
def test_a_giant_is_what_a_radius_alone_does_not_identify(radius, answer):
    assert is_giant(radius) == answer


def test_the_amplitudes_are_those_of_jupiter_of_a_brown_dwarf_and_of_a_star():
    # by hand, at 1 yr around the Sun: 28.43 m/s for 1 Jupiter, 366.6 for 13, 2,166 for 80 (total mass 1.076)
    found = deciding_observations(10_000, 365.25, 1.0, 12.0)
    assert list(found) == ["Centroid", "Radial velocity", "Spectrum"]
    assert all(text in found["Radial velocity"] for text in ("28 m/s", "367 m/s", "2,166 m/s"))


def test_the_faintest_neighbor_that_can_cause_a_depth_is_stated():
    # a star that disappears completely: 1 % of the light is 5 mag fainter
    assert "5.0 mag fainter (Tmag 17.0)" in deciding_observations(10_000, 3.0, 1.0, 12.0)["Centroid"]
    assert "5.0 mag fainter in" in deciding_observations(10_000, 3.0, 1.0, None)["Centroid"]


@pytest.mark.parametrize("depth", [None, 0, -3, 1e6, 2e6])
def test_without_a_sensible_depth_no_magnitude_is_stated(depth):
    assert "mag fainter" not in deciding_observations(depth, 3.0, 1.0, 12.0)["Centroid"]


def test_what_is_unknown_is_said_to_be():
    assert "as the period is" in deciding_observations(1e4, None, 1.0, 12.0)["Radial velocity"]
    assert "as the star's mass is" in deciding_observations(1e4, 3.0, None, 12.0)["Radial velocity"]
