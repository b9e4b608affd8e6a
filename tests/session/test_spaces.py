"""What the explorers look at; C5 to C8, C10, D14."""

import dataclasses

import numpy as np
import pytest

from snowdome.core.cache import forget
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.session import spaces
from snowdome.space.pca import components


def test_columns_are_bytes_where_the_data_are_and_floats_else(digits: Dataset) -> None:
    assert spaces.column_bytes(digits, 20) == digits.X[:, 20].tobytes()
    real = Dataset(np.array([[0.5, -2.0], [1.5, 3.0]]))
    assert np.frombuffer(spaces.column_bytes(real, 1), "<f4").tolist() == [-2.0, 3.0]
    assert np.frombuffer(spaces.row_bytes(real, 1), "<f4").tolist() == [1.5, 3.0]


def test_means_are_those_of_each_class_and_then_of_all(digits: Dataset) -> None:
    wanted = [digits.X[digits.y == code].mean(0) for code in range(10)] + [digits.X.mean(0)]
    found = np.frombuffer(spaces.mean_bytes(digits, forget), "<f4").reshape(11, 64)
    assert np.allclose(found, wanted, rtol=1e-6)
    more = dataclasses.replace(digits, classes=(*digits.classes, "nobody"))
    found = np.frombuffer(spaces.mean_bytes(more, forget), "<f4").reshape(12, 64)
    assert np.isnan(found[10]).all()
    assert np.allclose(found[11], wanted[10], rtol=1e-6)
    bare = np.frombuffer(spaces.mean_bytes(Dataset(digits.X), forget), "<f4")
    assert np.allclose(bare, wanted[10], rtol=1e-6)


def test_components_are_those_of_all_rows(digits: Dataset) -> None:
    found = spaces.leading(digits, forget)
    wanted = components(digits.X, 50)
    space = spaces.space_of(found)
    assert (space.record.n, space.record.count) == (1797, 50)
    assert space.record.shares == pytest.approx(wanted.explained_variance_ratio)
    basis = np.frombuffer(space.basis, "<f4").reshape(51, 64)
    assert np.allclose(basis[0], wanted.mean, rtol=1e-6)
    assert np.allclose(basis[1:], wanted.components, atol=1e-6)
    scores = np.frombuffer(spaces.score_bytes(found, 49), "<f4")
    assert np.array_equal(scores, wanted.scores[:, 49])
    assert (space.record.low[49], space.record.high[49]) == pytest.approx((scores.min(), scores.max()))
    for component in (-1, 50):
        with pytest.raises(DataError, match="there are 50"):
            spaces.score_bytes(found, component)


def test_one_row_has_no_components() -> None:
    with pytest.raises(DataError, match="at least 2 rows"):
        spaces.leading(Dataset(np.ones((1, 3), np.uint8)), forget)
    assert spaces.leading(Dataset(np.eye(2, 3, dtype=np.uint8)), forget).scores.shape == (2, 3)


def test_neighbours_of_the_first_rows_are_the_nearest_and_the_earlier_of_equals() -> None:
    X = np.array([[0], [1], [2], [1], [9]], np.uint8)
    found = np.frombuffer(spaces.first_neighbours(Dataset(X)), "<u2").reshape(5, 4)
    assert found[0].tolist() == [1, 3, 2, 4]
    assert found[1].tolist() == [3, 0, 2, 4]
    assert found[4].tolist() == [2, 1, 3, 0]
    assert spaces.first_neighbours(Dataset(X[:1])) == b""


def test_c10_of_the_essays_graph_most_edges_join_a_class(mnist: Dataset) -> None:
    nearest = np.frombuffer(spaces.first_neighbours(mnist), "<u2").reshape(1000, 10)
    assert 0.83 < (mnist.y[nearest[:, :3]] == mnist.y[:1000, None]).mean() < 0.87
