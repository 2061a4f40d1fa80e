"""Points for display: every cadence where there are few, else medians of bins that are the same in any interval."""

import numpy as np
import pytest

from app_tess.astro.thinning import thin_out

TIME = 1325.0 + np.arange(20_000) / 720
FLUX = 1 + 1e-3 * np.sin(TIME)


def test_few_cadences_stay_as_they_are():
    points = thin_out(TIME[:500], (FLUX[:500],), 500)
    assert points.bin_min is None and np.array_equal(points.columns[0], FLUX[:500])


@pytest.mark.parametrize(("most", "bin_min"), [(19_999, 4), (4500, 10), (700, 60), (5, 15360)])
def test_many_become_medians_in_the_narrowest_bins_that_are_few_enough(most, bin_min):
    points = thin_out(TIME, (FLUX,), most)
    assert points.bin_min == bin_min and len(points.time_btjd) <= most
    assert np.all(np.diff(points.time_btjd) > 0)


def test_a_median_is_that_of_its_cadences_and_ignores_missing_ones():
    flux = FLUX.copy()
    flux[3], flux[100:130] = np.nan, np.nan
    points = thin_out(TIME, (flux,), 700)
    inside = (TIME >= 1325) & (TIME < 1325 + 1 / 24)
    assert points.columns[0][0] == pytest.approx(np.nanmedian(flux[inside]))
    assert points.time_btjd[0] == pytest.approx(TIME[inside].mean())
    assert np.isnan(thin_out(TIME, (np.full(len(TIME), np.nan),), 700).columns[0]).all()


def test_the_bins_of_two_intervals_agree_where_they_overlap():
    whole, part = thin_out(TIME, (FLUX,), 4500), thin_out(TIME[2000:6000], (FLUX[2000:6000],), 900)
    assert whole.bin_min == part.bin_min == 10
    shared = np.isin(np.round(whole.time_btjd, 6), np.round(part.time_btjd, 6))
    assert shared.sum() >= len(part.time_btjd) - 2
