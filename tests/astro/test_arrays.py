import numpy as np
import pytest

from app_tess.astro.arrays import distinct


@pytest.mark.parametrize("numbers", [[3, 1, 3, -1, 7], [5], [], [-4, -4, -9]])
def test_distinct_numbers_are_those_of_numpys_unique(numbers):
    numbers = np.array(numbers, dtype=np.int64)
    found = distinct(numbers)
    assert np.array_equal(found, np.unique(numbers))
    assert found.dtype == np.int64
