import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsClassifier

from snowdome.core.cache import forget
from snowdome.layout.measures import label_accuracy
from snowdome.layout.methods.tsne import TSNE
from snowdome.layout.placing import Fitted, fuzzy_weights, gaussian_weights, mean_of_places, project
from snowdome.layout.settling import RowLaw, settle
from snowdome.space.knn import Neighbours
from snowdome.space.pca import components


@pytest.fixture(scope="module")
def fitted(digits):
    return Fitted.of(digits.X[:1200], 20, 2, forget)


def test_nearest_are_those_of_all_distances(fitted, digits):
    new = digits.X[1200:]
    got = fitted.nearest(new, 30, 2)
    apart = cdist(fitted.project(new).astype(np.float64), fitted.points().astype(np.float64))
    assert (np.argsort(apart, axis=1, kind="stable")[:, :30] == got.index).all()
    np.testing.assert_allclose(got.distance, np.sort(apart, axis=1)[:, :30], rtol=1e-5)


def test_nearest_in_raw_values_break_ties_by_index():
    X = np.repeat(np.eye(5, dtype=np.uint8) * 9, 40, axis=0)
    found = Fitted.of(X, None, 1, forget).nearest(np.eye(5, dtype=np.uint8), 60)
    assert (found.index[:, :40] == np.arange(40) + 40 * np.arange(5)[:, None]).all()
    others = np.array([[j for j in range(200) if j // 40 != i][:20] for i in range(5)])
    assert (found.index[:, 40:] == others).all()


def test_projection_is_that_of_the_fit(fitted, digits):
    scores = components(digits.X[:1200], 20).scores
    np.testing.assert_allclose(fitted.project(digits.X[:1200], 2), scores, atol=1e-4)
    wanted = (digits.X[1200:] - fitted.space.mean) @ fitted.space.components.T
    np.testing.assert_allclose(project(digits.X[1200:], fitted.space.mean, fitted.space.components), wanted, atol=1e-4)


def test_equal_rows_are_found_in_any_type_and_only_those(fitted, digits):
    rows = np.array(digits.X[[7, 1199, 7]], np.float64)
    assert list(fitted.rows_equal_to(rows)) == [7, 1199, 7]
    rows[0, 5] += 1e-6
    rows[1, 0] = -300
    assert list(fitted.rows_equal_to(rows)) == [-1, -1, 7]
    signed = Fitted.of(np.array([[0.0, 1.0], [-0.0, 1.0]]), None, 1, forget)
    assert list(signed.rows_equal_to(np.array([[-0.0, 1.0], [0.0, 2.0]]))) == [0, -1]


def test_weights_sum_to_one_and_have_the_perplexity(fitted, digits):
    near = fitted.nearest(digits.X[1200:1300], 45)
    p = gaussian_weights(near.distance, 15.0).astype(np.float64)
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(np.exp(-(p * np.log(np.maximum(p, 1e-300))).sum(1)), 15, rtol=1e-3)
    np.testing.assert_allclose(fuzzy_weights(near.distance).sum(1), 1, atol=1e-5)
    same = np.zeros((2, 5), np.float32)
    np.testing.assert_allclose(fuzzy_weights(same), 0.2)
    np.testing.assert_allclose(gaussian_weights(same, 2.0), 0.2)


def test_mean_of_places_is_weighted():
    near = Neighbours(np.array([[0, 2]], np.int32), np.ones((1, 2), np.float32))
    Y = np.array([[0, 0], [9, 9], [4, 8]], np.float32)
    np.testing.assert_allclose(mean_of_places(near, np.array([[0.75, 0.25]], np.float32), Y), [[1, 2]])


def test_a_row_left_out_of_the_fit_lands_where_it_would_have_lain(digits):
    """Rows of the fit, placed as if they were new: nearly all come back to within a small part of the map."""
    X = digits.X[:1000]
    layout = TSNE(random_state=0).fit(X)
    Y, fitted = layout.embedding_, Fitted.of(X, 50, 2, forget)
    near = fitted.nearest(X, 91, 2)
    others = Neighbours(np.ascontiguousarray(near.index[:, 1:]), np.ascontiguousarray(near.distance[:, 1:]))
    assert (near.index[:, 0] == np.arange(1000)).all()
    law = RowLaw("student", "student", 1.0)
    got = settle(others, gaussian_weights(others.distance, 30.0), Y, law, 2)
    off = np.sqrt(((got - Y) ** 2).sum(1))
    assert np.median(off) < 0.05 * Y.std()
    mean = np.sqrt(((mean_of_places(others, gaussian_weights(others.distance, 30.0), Y) - Y) ** 2).sum(1))
    assert np.median(off) < 0.5 * np.median(mean)


def test_test_images_find_their_kind_in_the_map_of_5_000(mnist):
    """C17, as far as new images go: about as many find their label as training images do."""
    X, y = mnist.X[:5000], np.asarray(mnist.y)
    layout = TSNE(random_state=0).fit(X)
    new = layout.transform(mnist.X[60_000:61_000])
    accuracy = KNeighborsClassifier(10).fit(layout.embedding_, y[:5000]).score(new, y[60_000:61_000])
    held_out = np.arange(5000) % 5 == 0
    assert accuracy > label_accuracy(layout.embedding_, y[:5000], held_out) - 0.035
    assert accuracy > 0.89
