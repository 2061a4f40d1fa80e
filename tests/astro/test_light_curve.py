import dataclasses

import numpy as np
import pytest

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NoUsableData, select_cadences
from app_tess.astro.sectors import choose_sectors
from app_tess.astro.stitching import split_at_gaps, stitch
from app_tess.errors import InvalidInput
from tests.support.light_curves import PLANET, make_light_curve


def test_each_mask_drops_its_own_cadences_and_says_how_many():
    light_curve = make_light_curve(flags=[(0, 8), (1, 64), (2, 4096), (3, 256)])
    dropped = {mask: select_cadences(light_curve, mask)[1].dropped_by_quality for mask in ("default", "hard", "none")}
    assert dropped == {"default": 1, "hard": 3, "none": 0}


def test_an_unknown_mask_or_flux_is_named():
    with pytest.raises(InvalidInput, match="'soft' is not a quality mask: choose one of default, hard, none"):
        select_cadences(make_light_curve(), mask="soft")
    with pytest.raises(InvalidInput, match="'kspsap' is not a flux"):
        select_cadences(make_light_curve(), flux="kspsap")


def test_a_sector_whose_flux_is_all_nan_or_all_flagged_says_so():
    light_curve = make_light_curve(columns={"PDCSAP_FLUX": np.full(18000, np.nan)}.items())
    with pytest.raises(NoUsableData, match="18000 have no PDCSAP flux"):
        stitch([light_curve], [PLANET])
    assert stitch([light_curve], [PLANET], flux="sap").scatter < 0.001


def test_sectors_are_normalised_flattened_and_stitched_in_order():
    sectors = [make_light_curve(sector=2, start=1354.0), make_light_curve(sector=1)]
    stitched = stitch(sectors, [PLANET])
    assert stitched.sectors == [1, 2]
    assert np.all(np.diff(stitched.time_btjd) > 0)
    assert len(np.unique(stitched.segment)) == 4
    outside = ~PLANET.in_transit(stitched.time_btjd, 1.2)
    assert np.median(stitched.flux[outside]) == pytest.approx(1.0, abs=2e-5)
    assert stitched.scatter == pytest.approx(5e-4, rel=0.05)


def test_a_dead_sector_does_not_hide_the_others():
    dead = make_light_curve(sector=2, start=1354.0, columns={"PDCSAP_FLUX": np.full(18000, np.nan)}.items())
    stitched = stitch([dead, make_light_curve()], [PLANET])
    assert stitched.sectors == [1] and "have no PDCSAP flux" in stitched.left_out[0]


def test_a_transit_that_fills_the_period_masks_nothing_and_one_that_almost_does_leaves_some():
    for duration_h, scatter in ((80.0, 5e-4), (60.0, 1e-3)):
        stitched = stitch([make_light_curve()], [PLANET, Ephemeris(3.0, 1326.0, duration_h)])
        assert len(stitched.time_btjd) == 18000 and stitched.scatter < 1.2 * scatter


def test_twenty_second_data_are_averaged_and_not_counted_beside_two_minute_data():
    fast = make_light_curve(cadence_s=20.0, noise=5e-4 * 6**0.5)
    assert stitch([fast], [PLANET]).scatter == pytest.approx(5e-4, rel=0.07)
    assert stitch([fast], [PLANET]).cadence_d == pytest.approx(120 / 86400, rel=0.01)


def test_of_two_files_of_a_sector_the_slower_is_used_and_the_other_is_reported():
    slow, fast = make_light_curve(), dataclasses.replace(make_light_curve(cadence_s=20.0), source="a_fast-lc.fits")
    chosen, left_out = choose_sectors([fast, slow])
    assert [lc.cadence_s for lc in chosen] == [pytest.approx(120.0)]
    assert left_out == ["a_fast-lc.fits was left out: made_up_lc.fits is of the same sector 1."]
    stitched = stitch([slow, fast, slow], [PLANET])
    assert len(stitched.time_btjd) == 18000 and len(stitched.left_out) == 2


def test_light_curves_of_two_stars_are_not_stitched():
    with pytest.raises(InvalidInput, match="TIC 1234, TIC 99"):
        stitch([make_light_curve(), make_light_curve(tic_id=99)])


def test_a_pause_of_more_than_half_a_day_splits():
    assert split_at_gaps(np.array([0.0, 0.1, 0.7, 0.8])).tolist() == [0, 0, 1, 1]
