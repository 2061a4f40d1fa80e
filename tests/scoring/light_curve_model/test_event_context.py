import numpy as np
import pytest

from app_tess.scoring.light_curve_model.event_context import (
    NEIGHBOR_IDS,
    apply_context,
    context_features,
    fit_context,
    repeats_and_deeper_neighbors,
)
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.views_file import SCALAR_NAMES, ViewsFile


def events(star_id, position_deg=None, **columns):
    """A ViewsFile of events on these stars, with these columns and no views."""
    n = len(star_id)
    known = {
        name: np.asarray(columns.get(name, np.full(n, np.nan)), dtype=float) for name in (*SCALAR_NAMES, "epoch_btjd")
    }
    epoch = known.pop("epoch_btjd")
    return ViewsFile(
        "tess",
        np.asarray(star_id),
        np.zeros((n, 201)),
        np.zeros((n, 61)),
        np.column_stack(list(known.values())),
        epoch,
        None,
        "test",
        position_deg=None if position_deg is None else np.asarray(position_deg, dtype=float),
    )


def sample(n=3000):
    """Stars with three events each of one class, which the scores measure with noise. No two stars are neighbors."""
    rng = np.random.default_rng(0)
    star = np.repeat(NEIGHBOR_IDS * (np.arange(n // 3) + 1), 3)
    truth = np.repeat(rng.random(n // 3) < 0.3, 3)
    return 1 / (1 + np.exp(-(4 * truth - 2 + 2 * rng.standard_normal(n)))), truth, events(star)


def fitted(probability, truth, views):
    return fit_context([(probability, truth, np.ones(len(truth), bool), views)])


def test_the_others_of_a_star_are_its_best_and_mean_sibling():
    features = context_features(np.array([2.0, -1.0, 0.5, 3.0]), np.array([7, 7, 7, 9]), *np.zeros((2, 4), bool))
    assert features[0, 6:8] == pytest.approx([0.5, -0.25])
    assert features[1, 6:8] == pytest.approx([2.0, 1.25])
    assert features[3, 2] == 1 and features[3, 6] == 0
    assert features[0, 4] == 1


def test_siblings_that_share_the_truth_sharpen_the_score():
    probability, truth, views = sample()
    after = apply_context(fitted(probability, truth, views), probability, views, np.ones(len(truth), bool))
    assert ((after > 0.5) == truth).mean() > ((probability > 0.5) == truth).mean() + 0.05


def test_the_order_of_the_events_does_not_matter():
    probability, truth, views = sample(300)
    coefficients = fitted(probability, truth, views)
    seen = np.zeros(300, bool)
    turned = np.random.default_rng(1).permutation(300)
    assert apply_context(coefficients, probability[turned], events(views.star_id[turned]), seen) == pytest.approx(
        apply_context(coefficients, probability, views, seen)[turned]
    )


def test_an_event_seen_in_a_later_sector_is_repeated_and_one_deeper_on_a_neighbor_is_deeper_elsewhere():
    views = events(
        [100, 100, 101, 5000, 102, 100],
        period_d=[3.0, 3.0002, 3.0, 3.0, 3.0, 3.5],
        duration_d=[0.1] * 6,
        epoch_btjd=[1325.5, 1355.5, 1325.5, 1325.5, 1327.0, 1325.5],
        depth_ppm=[1000, 1100, 8000, 9000, 9000, 1000],
    )
    repeated, deeper_elsewhere = repeats_and_deeper_neighbors(views)
    # not star 5000: far away in the catalogue; not star 102: it dips at other times; not the last: another period
    assert repeated.tolist() == [True, True, False, False, False, False]
    assert deeper_elsewhere.tolist() == [True, True, False, False, False, False]


def test_positions_decide_which_stars_are_neighbors_where_they_are_known():
    alike = {"period_d": [3.0] * 4, "duration_d": [0.1] * 4, "epoch_btjd": [1325.5] * 4}
    depth = [1000, 8000, 8000, 8000]
    # the second star is 2' away and the third, next in the catalogue, a degree; the last has no position
    place = [[359.99, 10.0], [0.01, 10.03], [359.99, 11.0], [np.nan, np.nan]]
    stars = [100, 90000, 101, 102]
    assert repeats_and_deeper_neighbors(events(stars[:2], place[:2], **first(alike, 2), depth_ppm=depth[:2]))[1][0]
    far = [0, 2]
    other = {name: [values[i] for i in far] for name, values in alike.items()}
    alone = events([stars[i] for i in far], [place[i] for i in far], **other, depth_ppm=[1000, 8000])
    assert not repeats_and_deeper_neighbors(alone)[1].any()
    without = events([100, 102], [place[0], place[3]], **first(alike, 2), depth_ppm=[1000, 8000])
    assert repeats_and_deeper_neighbors(without)[1].tolist() == [True, False]


def first(columns, count):
    return {name: values[:count] for name, values in columns.items()}


def test_without_ephemerides_no_event_is_repeated():
    repeated, deeper_elsewhere = repeats_and_deeper_neighbors(events([100, 100, 101]))
    assert not repeated.any() and not deeper_elsewhere.any()


def test_folds_of_different_scale_are_put_on_one_level_without_their_labels():
    probability, truth, views = sample(30000)
    fold = fold_of_star(views.star_id)
    odds = np.log(probability / (1 - probability)) + np.array([0, 1, -1, 0, 0])[fold]
    levels = fitted(1 / (1 + np.exp(-odds)), truth, views).levels
    assert levels == pytest.approx([0, -1, 1, 0, 0], abs=0.25)
    one_fold_mislabeled = np.where(fold == 1, np.roll(truth, 1), truth)
    assert fitted(1 / (1 + np.exp(-odds)), one_fold_mislabeled, views).levels == pytest.approx(levels, abs=0.02)
