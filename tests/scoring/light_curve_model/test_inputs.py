import numpy as np

from app_tess.scoring.light_curve_model.augment import augment
from app_tess.scoring.light_curve_model.folds import FOLDS, fold_of_star
from app_tess.scoring.light_curve_model.inputs import network_inputs, scalar_input
from tests.support.views import make_views


def test_the_second_channel_puts_phase_one_half_in_the_middle():
    view = np.zeros((1, 201), np.float32)
    view[0, 100], view[0, 0] = -1.0, -0.5
    channels = network_inputs(view, np.zeros((1, 61)), np.full((1, 4), np.nan))["global_view"]
    assert channels.shape == (1, 201, 4)
    assert channels[0, 100, 1] == -0.5 and channels[0, 100, 0] == -1.0


def test_missing_or_impossible_scalars_are_all_zeros_and_known_ones_are_flagged():
    rows = scalar_input(
        [[3.0, 0.1, 1000.0, 20.0], [3.0, np.nan, 1000.0, 20.0], [-1.0, 0.1, 1000.0, 20.0], [3.0, 0.1, 1000.0, 0.0]]
    )
    assert rows[0, 5] == rows[3, 5] == 1 and np.isfinite(rows).all()
    assert not rows[1].any() and not rows[2].any()


def test_a_star_is_always_in_the_same_fold_and_the_folds_are_even():
    stars = np.arange(10**6, 10**6 + 20000)
    folds = fold_of_star(stars)
    assert (fold_of_star(stars[::-1])[::-1] == folds).all()
    assert np.bincount(folds, minlength=FOLDS).min() > 3600


def test_augmented_copies_keep_shape_and_are_repeatable():
    arrays = make_views(50)
    scalars = np.column_stack([arrays[n] for n in ("period_d", "duration_d", "depth_ppm", "snr")])
    one, two = (
        augment(arrays["global_view"], arrays["local_view"], scalars, np.random.default_rng(5)) for _ in range(2)
    )
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, two, strict=True))
    assert one[0].shape == (50, 201) and one[1].shape == (50, 61)
    assert not np.allclose(one[0], arrays["global_view"])
