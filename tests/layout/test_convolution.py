"""A grid convolved by our own transforms is what the plain sum over all pairs of cells says."""

import numpy as np
import pytest
from scipy import fft

from snowdome.layout.convolution import Convolution, is_quick

SHAPES = [(4, 5), (9, 16), (32, 45), (36, 50), (40, 27), (64, 80)]


def its_spectrum(shape):
    squares = [np.arange(side + 1.0) ** 2 for side in shape]
    quarter = fft.dctn(1 / (1 + squares[0][:, None] + squares[1]), type=1)
    return np.concatenate([quarter, quarter[-2:0:-1]])


def summed(charge):
    """Σ charge / (1 + r²), cell by cell."""
    x, y = (np.arange(side) for side in charge.shape)
    total = np.zeros(charge.shape)
    for row, column in np.argwhere(charge):
        total += charge[row, column] / (1.0 + (x[:, None] - row) ** 2 + (y - column) ** 2)
    return total


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_it_is_the_sum_over_all_cells(shape, dtype, tolerance):
    charge = np.random.default_rng(0).normal(size=shape).astype(dtype)
    wanted = summed(charge)
    assert np.abs(Convolution(its_spectrum(shape), dtype)(charge, 1) - wanted).max() <= tolerance * np.abs(wanted).max()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_threads_do_not_change_a_bit(dtype):
    charge = np.random.default_rng(1).poisson(1, (96, 150)).astype(dtype)
    one, two = (Convolution(its_spectrum(charge.shape), dtype)(charge, threads) for threads in (1, 2))
    assert one.tobytes() == two.tobytes()


def test_a_call_leaves_nothing_behind_for_the_next():
    charge = np.random.default_rng(2).normal(size=(36, 50))
    convolution = Convolution(its_spectrum(charge.shape), np.float64)
    first = convolution(charge, 1).copy()
    convolution(np.full_like(charge, 1e6), 1)
    assert np.array_equal(convolution(charge, 1), first)


def test_quick_lengths_are_products_of_two_three_and_five():
    assert [length for length in range(1, 31) if is_quick(length)] == [
        1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30,
    ]  # fmt: skip
