"""The map like UMAP's."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

import snowdome
from snowdome.core.cache import forget
from snowdome.core.control import Control
from snowdome.layout.points import Points
from snowdome.space.affinity import fuzzy_affinities
from snowdome.space.knn import nearest_neighbours


def test_its_graph_is_the_fuzzy_one_over_its_sum(digits):
    rows = digits.X[:500].astype(np.float32)
    graph = snowdome.UMAPLike(n_neighbors=10).graph(Points(rows, rows, "raw"), 1, Control(), forget)
    fuzzy = fuzzy_affinities(nearest_neighbours(rows, 9))
    np.testing.assert_array_equal(graph.indices, fuzzy.indices)
    assert graph.weight.sum(dtype=float) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(graph.weight * fuzzy.weight.sum(), fuzzy.weight, rtol=1e-5)


def test_digits_keep_their_classes_and_are_denser_than_by_tsne(digits):
    Y = snowdome.UMAPLike(random_state=0).fit_transform(digits.X)
    nearest = cKDTree(Y).query(Y, 11)[1][:, 1:]
    assert (digits.y[nearest] == digits.y[:, None]).mean() > 0.96
    assert np.ptp(Y, axis=0).max() < 0.6 * np.ptp(snowdome.TSNE(random_state=0).fit_transform(digits.X), axis=0).max()
