"""PCA against scikit-learn's full SVD, and its invariances."""

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.space import checks
from snowdome.space.pca import components, moments


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    return (rng.random((1500, 40)) ** 3 * rng.random(40) * 255).astype(np.uint8)


def worst(ours, theirs):
    """The largest difference of two sets of scores, signs aside, relative to the largest score."""
    signs = np.sign((ours * theirs).sum(0))
    return np.abs(ours * signs - theirs).max() / np.abs(theirs).max()


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_scores_equal_scikit_learns_full_svd(images, kind):
    from sklearn.decomposition import PCA

    X = images.astype(kind)
    reference = PCA(10, svd_solver="full").fit(X.astype(np.float64))
    found = components(X, 10)
    assert worst(found.scores, reference.transform(X.astype(np.float64))) < 1e-5
    np.testing.assert_allclose(found.explained_variance, reference.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(found.explained_variance_ratio, reference.explained_variance_ratio_, rtol=1e-9)
    np.testing.assert_allclose(np.abs((found.components * reference.components_).sum(1)), 1, atol=1e-9)


def test_signs_are_those_of_scikit_learn(images):
    from sklearn.decomposition import PCA

    reference = PCA(5, svd_solver="full").fit(images.astype(float))
    np.testing.assert_allclose(components(images, 5).components, reference.components_, atol=1e-8)


def test_mnist_equals_scikit_learns_full_svd(mnist):
    from sklearn.decomposition import PCA

    X = mnist.X[:5000]
    reference = PCA(50, svd_solver="full").fit_transform(X.astype(np.float64))
    assert worst(components(X, 50).scores, reference) < 1e-5


def test_explained_variance_of_olahs_first_fifty_thousand(mnist):
    """C7: 9.744 % and 7.060 %."""
    found = components(mnist.X[:50000], 2)
    np.testing.assert_allclose(found.explained_variance_ratio, [0.09744386, 0.07059849], rtol=1e-6)


def test_covariance_of_uint8_is_exact(images):
    _, covariance = moments(images)
    X = images.astype(object)
    n = len(X)
    gram, sums = X.T @ X, X.sum(0)
    exact = (n * gram - np.outer(sums, sums)) / (n * (n - 1))
    np.testing.assert_allclose(covariance, exact.astype(float), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_same_bits_for_one_and_two_threads(images, kind):
    X = np.tile(images, (4, 1)).astype(kind)
    one, two = components(X, 8, threads=1), components(X, 8, threads=2)
    assert one.scores.tobytes() == two.scores.tobytes()
    assert one.components.tobytes() == two.components.tobytes()


@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (3, 1), (7, 3)])
def test_fewer_values_than_components_leaves_zeros(shape):
    X = np.arange(shape[0] * shape[1], dtype=np.uint8).reshape(shape)
    found = components(X, 4)
    assert found.scores.shape == (shape[0], 4)
    assert np.isfinite(found.scores).all()
    assert not found.scores[:, shape[1] :].any()


def test_constant_data_has_zero_scores_and_no_warning():
    found = components(np.full((20, 6), 7, np.uint8), 2)
    assert not found.scores.any()
    assert not found.explained_variance_ratio.any()


def test_wide_data_take_the_products_of_their_rows():
    from sklearn.decomposition import PCA

    X = np.random.default_rng(1).normal(size=(40, 3000)) * np.linspace(3, 1, 3000) + 5
    reference = PCA(6, svd_solver="full").fit(X)
    found = components(X, 6)
    np.testing.assert_allclose(found.components, reference.components_, atol=1e-9)
    np.testing.assert_allclose(found.explained_variance, reference.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(found.explained_variance_ratio, reference.explained_variance_ratio_, rtol=1e-9)
    assert worst(found.scores, reference.transform(X)) < 1e-5
    beyond = components(X[:4], 6)
    assert not beyond.scores[:, 3:].any()
    assert np.isfinite(beyond.scores).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_counted_and_located(bad):
    X = np.zeros((30, 4))
    X[7, 2] = X[9, 0] = bad
    with pytest.raises(DataError, match=r"2 of 120 values .* row 7, column 2"):
        components(X, 2)


@pytest.mark.parametrize("huge", [1e200, 1e40])
def test_values_too_large_are_refused(huge):
    with pytest.raises(DataError, match="too large for float"):
        components(np.array([[huge, 0], [0, huge], [0, 0]]), 2)


def test_a_mapped_file_gives_the_same_as_memory(images, tmp_path):
    np.save(tmp_path / "x.npy", images)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert components(mapped, 5).scores.tobytes() == components(images, 5).scores.tobytes()
    assert components(np.asfortranarray(images), 5).scores.tobytes() == components(images, 5).scores.tobytes()


def test_what_does_not_fit_is_refused_before_it_is_begun(monkeypatch):
    """J-01: with an alternative."""
    with pytest.raises(OptionError, match="k=0 is not allowed"):
        components(np.zeros((3, 2)), 0)
    monkeypatch.setattr(checks, "available", lambda: 10**8)
    with pytest.raises(DataError, match=r"20,000 values needs about .* GB, and 100 MB .* Take rows of fewer"):
        components(np.zeros((30000, 20000), np.uint8)[:25000], 2)
