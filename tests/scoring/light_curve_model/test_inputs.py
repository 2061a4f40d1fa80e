import numpy as np
import pytest

from app_tess.scoring.light_curve_model.augment import augment
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.inputs import (
    SCALAR_INPUTS,
    SCALAR_SCALES,
    global_input,
    local_input,
    network_inputs,
    scalar_input,
)
from app_tess.scoring.light_curve_model.views_file import EPHEMERIS_SCALARS, SCALAR_NAMES
from tests.support.views import make_views

UNKNOWN = np.full((1, len(SCALAR_NAMES)), np.nan)


def test_the_second_channel_puts_phase_one_half_in_the_middle():
    view = np.zeros((1, 201), np.float32)
    view[0, 100], view[0, 0] = -1.0, -0.5
    channels = network_inputs(view, np.zeros((1, 61)), np.full((1, 61), np.nan), UNKNOWN)["global_view"]
    assert channels.shape == (1, 201, 4)
    assert channels[0, 100, 1] == -0.5 and channels[0, 100, 0] == -1.0


def test_views_of_any_offset_and_scale_are_one_input():
    view = make_views(5)["global_view"]
    assert global_input(3 * view + 0.7) == pytest.approx(global_input(view), abs=1e-4)


def test_a_missing_secondary_view_is_flat_and_flagged():
    local = np.stack([-np.hanning(61)] * 2)
    second = np.stack([0.3 * local[0], np.full(61, np.nan)])
    channels = local_input(local, second)
    assert channels[0, :, 2] == pytest.approx(second[0], abs=1e-6) and (channels[0, :, 4] == 1).all()
    assert not channels[1, :, 2:].any()
    assert channels[0, :, :2] == pytest.approx(channels[1, :, :2])


def test_each_scalar_may_be_missing_and_takes_with_it_only_what_follows_from_it():
    full = [3.0, 0.1, 1000.0, 20.0, 9, 10.5, 1.1, 0.8, 1.05]
    rows = np.array([full] * 4)
    rows[1, SCALAR_NAMES.index("stellar_radius_rsun")] = np.nan
    rows[2, SCALAR_NAMES.index("period_d")] = -1.0  # impossible
    rows[3, SCALAR_NAMES.index("snr")] = 0.0  # possible
    inputs = scalar_input(rows)
    count = len(SCALAR_SCALES)
    flags = {name: inputs[:, count + i] for i, name in enumerate(SCALAR_SCALES)}
    assert np.isfinite(inputs).all() and inputs.shape[1] == SCALAR_INPUTS
    assert all(flags[name][0] == flags[name][3] == 1 for name in SCALAR_SCALES)
    assert {name for name in flags if not flags[name][1]} == {"log_radius", "log_companion"}
    assert {name for name in flags if not flags[name][2]} == {"log_period", "log_duty", "log_density_ratio"}
    assert not scalar_input(UNKNOWN).any()


def test_the_hat_functions_of_a_known_scalar_sum_to_one():
    count = len(SCALAR_SCALES)
    hats = scalar_input([[3.0, 0.1, 1000.0, 20.0, *[np.nan] * 5]])[0, 2 * count :].reshape(count, -1)
    assert hats.sum(axis=1) == pytest.approx([1, 1, 1, 1, 1, *[0] * 7])


def test_a_star_is_always_in_the_same_fold_and_the_folds_are_even():
    stars = np.arange(10**6, 10**6 + 20000)
    folds = fold_of_star(stars)
    assert (fold_of_star(stars[::-1])[::-1] == folds).all()
    assert np.bincount(folds, minlength=FOLDS).min() > 3600


def test_augmented_copies_keep_shape_hide_inputs_and_are_repeatable():
    arrays = make_views(200)
    scalars = np.ones((200, len(SCALAR_NAMES)))
    views = arrays["global_view"], arrays["local_view"], arrays["local_view"]
    one, two = (augment(*views, scalars, np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, two, strict=True))
    assert [a.shape for a in one] == [(200, 201), (200, 61), (200, 61), (200, len(SCALAR_NAMES))]
    assert not np.allclose(one[0], arrays["global_view"])
    known = np.isfinite(one[3])
    ephemeris, star = known[:, : len(EPHEMERIS_SCALARS)].all(axis=1), known[:, len(EPHEMERIS_SCALARS) :].all(axis=1)
    assert 0.8 < ephemeris.mean() < 1 and 0.7 < star.mean() < ephemeris.mean()
    assert 0 < np.isnan(one[2]).all(axis=1).mean() < 0.2
