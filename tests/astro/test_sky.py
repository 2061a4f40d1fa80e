"""The angle between two positions."""

import numpy as np
import pytest

from app_tess.astro.sky import separation_deg


def test_separations_are_right_at_the_pole_across_ra_zero_and_for_tiny_angles():
    assert separation_deg([0, 180], [89, 89], 0, 89) == pytest.approx([0, 2])
    assert separation_deg([359.9], [0], 0.1, 0) == pytest.approx([0.2])
    assert separation_deg([10 + 1e-7], [0], 10, 0) == pytest.approx([1e-7], rel=1e-4)
    assert np.isnan(separation_deg([np.nan], [0], 0, 0)[0])
