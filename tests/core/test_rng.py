"""Random numbers by counter: the stream is pinned, since maps made years ago must come out the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowdome.core import rng

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


def mix(z: int) -> int:
    """SplitMix64's finaliser, in plain integers."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def by_hand(seed: int, stream: int, row: int, column: int) -> float:
    """One number of the stream, computed alone and without numpy."""
    key = mix((seed * _GOLDEN + stream) & _MASK)
    word = mix((mix((key + (row + 1) * _GOLDEN) & _MASK) + (column + 1) * _GOLDEN) & _MASK)
    return ((word >> 11) + 0.5) / 2.0**53


def test_the_stream_never_changes() -> None:
    assert rng.uniform(0, 0, 2, 2).tolist() == [
        [0.6524484863740323, 0.7012121095215254],
        [0.2762335822778947, 0.21586845960432582],
    ]
    normal = [[-0.2224813629113129, 0.6124639352148389], [0.10898157694149478, -1.4330286033803996]]
    assert np.allclose(rng.normal(7, 3, 2, 2), normal, rtol=1e-14, atol=0)  # log and cos may differ in a last bit


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**20), st.integers(1, 20), st.integers(1, 5))
def test_each_number_depends_on_its_own_place_alone(seed: int, stream: int, rows: int, columns: int) -> None:
    numbers = rng.uniform(seed, stream, rows, columns)
    assert numbers.shape == (rows, columns)
    assert numbers.dtype == np.float64
    assert numbers[-1, -1] == by_hand(seed, stream, rows - 1, columns - 1)
    assert np.array_equal(rng.uniform(seed, stream, rows + 3, columns + 2)[:rows, :columns], numbers)


def test_rows_do_not_depend_on_how_many_there_are() -> None:
    assert np.array_equal(rng.uniform(5, 1, 10, 2)[:5], rng.uniform(5, 1, 5, 2))
    assert np.array_equal(rng.normal(5, 1, 10, 2)[:5], rng.normal(5, 1, 5, 2))


@pytest.mark.parametrize(("seed", "stream"), [(0, 0), (1, 0), (0, 1), (2**31 - 1, 7)])
def test_uniform_is_uniform(seed: int, stream: int) -> None:
    numbers = rng.uniform(seed, stream, 40_000, 5)
    assert 0 < numbers.min() < 1e-4
    assert 1 - 1e-4 < numbers.max() < 1
    counts = np.histogram(numbers, 100, (0, 1))[0]
    expected = numbers.size / 100
    assert ((counts - expected) ** 2 / expected).sum() < 160  # chi-squared with 99 degrees: 1 in 10,000 above 160
    assert np.abs(np.corrcoef(numbers.T) - np.eye(5)).max() < 0.025
    lagged = np.corrcoef(numbers[:-1, 0], numbers[1:, 0])[0, 1]
    assert abs(lagged) < 0.025


def test_normal_is_normal() -> None:
    numbers = rng.normal(3, 2, 100_000, 2)
    assert abs(numbers.mean()) < 0.01
    assert abs(numbers.std() - 1) < 0.01
    assert abs((numbers**3).mean()) < 0.05
    assert abs((numbers**4).mean() - 3) < 0.1
    for at in (-2.0, -1.0, 0.0, 0.5, 1.5):
        assert abs((numbers < at).mean() - 0.5 * math.erfc(-at / math.sqrt(2))) < 0.005


def test_seeds_and_streams_have_nothing_in_common() -> None:
    many = np.stack([rng.uniform(seed, stream, 500, 1)[:, 0] for seed in range(10) for stream in range(10)])
    assert len(np.unique(many)) == many.size
    off = np.corrcoef(many) - np.eye(len(many))
    assert np.abs(off).max() < 0.25


def test_nothing_asked_nothing_given() -> None:
    assert rng.uniform(0, 0, 0, 3).shape == (0, 3)
    assert rng.normal(0, 0, 3, 0).shape == (3, 0)
