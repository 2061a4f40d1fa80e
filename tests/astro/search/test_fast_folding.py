"""The fast folding algorithm against sums cycle by cycle."""

import numpy as np
import pytest

from app_tess.astro.search.fast_folding import fast_fold


def fold_slowly(cycles):
    """The same sums by recursion over halves, one row at a time."""
    if len(cycles) == 1:
        return cycles
    first, second = fold_slowly(cycles[: len(cycles) // 2]), fold_slowly(cycles[len(cycles) // 2 :])
    return np.array([first[j // 2] + np.roll(second[j // 2], -((j + 1) // 2)) for j in range(len(cycles))])


@pytest.mark.parametrize("period", [7, 20, 333])
def test_it_adds_the_same_samples_as_a_fold_row_by_row(period):
    series = np.random.default_rng(1).normal(size=(2, 1000)).astype(np.float32)
    folded = fast_fold(series, period)
    padded = np.zeros(folded.shape[1] * period, dtype=np.float32)
    padded[:1000] = series[1]
    np.testing.assert_allclose(fold_slowly(padded.reshape(-1, period)), folded[1], atol=1e-4)


def test_a_pulse_train_adds_up_in_the_row_of_its_period():
    period, cycles = 20 + 5 / 31, 32
    series = np.zeros((1, 32 * 21), dtype=np.float32)
    series[0, np.round(3 + period * np.arange(cycles)).astype(int)] = 1
    folded = fast_fold(series[:, : 32 * 20], 20)[0]
    assert np.argmax(folded.max(axis=1)) == pytest.approx(5, abs=1)


def test_every_fold_holds_every_sample_once():
    series = np.random.default_rng(2).random((1, 777)).astype(np.float32)
    np.testing.assert_allclose(fast_fold(series, 31).sum(axis=2), series.sum(), rtol=1e-4)
