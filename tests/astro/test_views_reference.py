"""Our views against the published definitions as plain loops, against SciPy and Astropy, and against Yu et al. 2019."""

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time
from astropy.timeseries import TimeSeries
from scipy.stats import binned_statistic

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import OUTLIER_SIGMA
from app_tess.astro.stitching import stitch
from app_tess.astro.views import SHALLUE_VANDERBURG_2018, SHALLUE_VANDERBURG_SMALL, YU_2019, make_views
from tests.support.known_stars import TIC_IDS, known_light_curve
from tests.support.light_curves import PLANET, make_light_curve
from tests.support.shared import shared_path

# Recipe; bins and bin width [periods] of the global view; bins, bin width and half-width [durations] of the local view;
# filling of empty bins.
PAPERS = {
    "Yu et al. 2019": (YU_2019, (201, 1.2 / 201), (61, 0.16, 2), "line"),
    "Shallue & Vanderburg 2018": (SHALLUE_VANDERBURG_2018, (2001, 1 / 2001), (201, 0.16, 4), "median"),
    "theirs in 201 and 61 bins": (SHALLUE_VANDERBURG_SMALL, (201, 1 / 201), (61, 0.16, 4), "median"),
}


def published_view(folded, flux, bins, width, start, stop, fill):
    """Return a view by the published definition.

    Bin i is the median of start + i s <= x < start + i s + width, with s = (stop - start - width) / (bins - 1). The
    view is then shifted to median 0 and scaled to -1 at its deepest point.
    """
    spacing, view = (stop - start - width) / (bins - 1), []
    for i in range(bins):
        left = start + i * spacing
        inside = flux[(folded >= left) & (folded < left + width)]
        view.append(np.median(inside) if len(inside) else None)
    view = [value if value is not None else filling(view, i, fill, flux) for i, value in enumerate(view)]
    view = np.array(view) - np.median(view)
    return view / abs(view.min())


def filling(view, i, fill, flux):
    """Return the value of empty bin i: the median flux, or a linear interpolation."""
    if fill == "median":
        return np.median(flux)
    known = [j for j, value in enumerate(view) if value is not None]
    before, after = [j for j in known if j < i], [j for j in known if j > i]
    if not before or not after:
        return view[(before[-1:] or after[:1])[0]]
    a, b = before[-1], after[0]
    return view[a] + (view[b] - view[a]) * (i - a) / (b - a)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("ephemeris", "days"),
    [(PLANET, 26.0), (Ephemeris(3.0, 1326.0, 20.0), 26.0), (Ephemeris(20.0, 1330.0, 3.0), 26.0), (PLANET, 1.5)],
    ids=["plain", "a transit of a quarter of the period", "one orbit with a gap", "half an orbit"],
)
def test_a_view_is_the_published_one_bin_by_bin(paper, ephemeris, days):
    recipe, (bins, width), (local_bins, local_width, half), fill = PAPERS[paper]
    stitched = stitch([make_light_curve(days=days, gap=days > 2, start=1325.5)], [ephemeris])
    views = make_views(stitched, ephemeris, recipe=recipe)
    kept = stitched.flux <= 1 + OUTLIER_SIGMA * stitched.scatter  # as Yu et al. drop bright points
    folded, flux = ephemeris.fold(stitched.time_btjd[kept]), stitched.flux[kept]
    period, duration = ephemeris.period_d, ephemeris.duration_d
    start, stop = max(-period / 2, -half * duration), min(period / 2, half * duration)
    # a point may lie on the edge of a bin, where rounding decides on its side; this happens in few bins of thousands
    for ours, theirs in (
        (views.global_view, published_view(folded, flux, bins, width * period, -period / 2, period / 2, fill)),
        (views.local_view, published_view(folded, flux, local_bins, local_width * duration, start, stop, fill)),
    ):
        assert np.abs(ours - theirs).max() < 0.05 and np.mean(np.abs(ours - theirs) < 1e-9) > 0.97


def test_a_view_of_touching_bins_is_scipys_binned_median():
    stitched = stitch([make_light_curve()], [PLANET])
    kept = stitched.flux <= 1 + OUTLIER_SIGMA * stitched.scatter
    medians, _, _ = binned_statistic(
        PLANET.fold(stitched.time_btjd[kept]), stitched.flux[kept], "median", 201, (-1.5, 1.5)
    )
    view = (medians - np.median(medians)) / -np.min(medians - np.median(medians))
    ours = make_views(stitched, PLANET, recipe=SHALLUE_VANDERBURG_SMALL).global_view
    assert np.mean(np.abs(ours - view) < 1e-9) > 0.97


def test_the_fold_is_astropys():
    time = np.sort(np.random.default_rng(1).uniform(1325, 1352, 500))
    theirs = TimeSeries(time=Time(time, 2457000, format="jd", scale="tdb")).fold(
        period=PLANET.period_d * u.day, epoch_time=Time(PLANET.epoch_btjd, 2457000, format="jd", scale="tdb")
    )
    difference = PLANET.fold(time) - theirs.time.to_value("day")
    assert np.abs(difference).max() < 1e-8


def events_in_common():
    """Return the data of Yu et al. 2019, and (TOI, row) of their events on our nine stars.

    Only events with an S/N above 50 are included: their views come from a full sector.
    """
    with np.load(shared_path("views/tess_yu2019_views.npz")) as archive:
        data = {name: archive[name] for name in archive.files}
    rows = [
        (toi, row)
        for toi, tic_id in TIC_IDS.items()
        for row in np.flatnonzero(data["tic_id"] == tic_id)
        if data["snr"][row] > 50
    ]
    return data, rows


def test_views_of_our_own_files_are_those_of_yu_et_al():
    """Allow single bins to differ, because their views come from full-frame images at half-hour cadence."""
    data, rows = events_in_common()
    assert len(rows) >= 10
    for toi, row in rows:
        ephemeris = Ephemeris(data["period_d"][row], data["epoch_btjd"][row], 24 * data["duration_d"][row])
        views = make_views(stitch([known_light_curve(toi)], [ephemeris]), ephemeris)
        for name, ours in (("global_view", views.global_view), ("local_view", views.local_view)):
            theirs = data[name][row]
            assert np.corrcoef(ours, theirs)[0, 1] > 0.975, (toi, name)
            assert np.sqrt(np.mean(np.square(ours - theirs))) < 0.08, (toi, name)
