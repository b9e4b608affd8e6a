"""One row after another among rows that stay: exactly the nearest, whatever the bounds leave out."""

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.space.lookup import Lookup


def brute(X, among, row, k):
    """The k nearest of the rows `among` names, by (distance, index), in float64."""
    squared = ((X.astype(np.float64) - row.astype(np.float64)) ** 2).sum(1)
    squared[~among] = np.inf
    order = np.argsort(squared, kind="stable")[:k]
    return order, np.sqrt(squared[order])


def same(X, among, rows, k=10):
    lookup = Lookup.of(X, among, 2)
    for row in rows:
        index, distance = lookup.nearest(row, k)
        wanted, far = brute(X, among, row, k)
        np.testing.assert_array_equal(index, wanted)
        np.testing.assert_allclose(distance, far, rtol=1e-6, atol=1e-6)


def test_is_exact_on_images_of_mnist(mnist):
    X = mnist.X[:5000]
    noise = np.random.default_rng(0).integers(0, 256, (2, 784)).astype(np.uint8)
    same(X, np.ones(len(X), bool), [*mnist.X[60000:60006], *noise, np.zeros(784), X[7].astype(np.float32)])


def test_leaves_out_nearly_all_of_them(mnist):
    """What makes it quick: the rows that are measured are few."""
    lookup, measured = Lookup.of(mnist.X, np.ones(len(mnist), bool), 2), []
    object.__setattr__(lookup, "_squared", lambda row, rows: measured.append(len(rows)) or squared(row, rows))
    squared = Lookup._squared.__get__(lookup)
    for row in mnist.X[60000:60005] // 2:
        lookup.nearest(row, 10)
    assert np.mean(measured[1::2]) < 0.1 * len(mnist)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_is_exact_on_vectors_of_any_size(scale):
    random = np.random.default_rng(3)
    X = (scale * random.normal(size=(700, 90))).astype(np.float32)
    X[400:] = X[:300]  # each row twice: ties go by index
    among = random.random(700) < 0.7
    same(X, among, [*X[:5], 100 * X[9], (scale * random.normal(size=90)).astype(np.float32)], 7)


def test_of_a_few_rows(digits):
    among = np.zeros(100, bool)
    among[[3, 50]] = True
    lookup = Lookup.of(digits.X[:100], among)
    assert sorted(lookup.nearest(digits.X[200], 10)[0]) == [3, 50]
    nobody = Lookup.of(digits.X[:100], np.zeros(100, bool))
    assert len(nobody.nearest(digits.X[200], 10)[0]) == 0
    with pytest.raises(DataError, match=r"expected 64 values \(8×8\), got 9"):
        lookup.nearest(np.zeros(9), 1)
    with pytest.raises(OptionError, match="at least 1"):
        lookup.nearest(digits.X[0], 0)
