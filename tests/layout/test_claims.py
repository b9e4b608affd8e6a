"""What is said of the methods, measured on the first 1,000 training images of MNIST (C17)."""

import numpy as np
import pytest

from snowdome.layout.base import make_layout
from snowdome.layout.measures import nearest_places
from snowdome.layout.quality import judge


@pytest.fixture(scope="module")
def maps(mnist):
    """The map of each method, and its quality in the raw values."""
    X, y = mnist.X[:1000], np.asarray(mnist.y[:1000], np.int64)
    found = {}
    for method in ("pca", "mds", "sammon", "tsne"):
        Y = make_layout(method, random_state=0).fit_transform(X)
        scores = {row.name: row.value for row in judge(X, Y, y, space=None, threads=2).rows}
        found[method] = (Y, scores)
    return found, y


def test_pca_has_ones_at_one_end_and_zeros_at_the_other(maps):
    found, y = maps
    along = found["pca"][0][:, 0]
    means = [along[y == digit].mean() for digit in range(10)]
    assert {int(np.argmin(means)), int(np.argmax(means))} == {0, 1}


def test_mds_separates_the_ones_best(maps):
    found, y = maps
    near = nearest_places(found["mds"][0], 10)
    own = (y[near] == y[:, None]).mean(1)
    purity = [own[y == digit].mean() for digit in range(10)]
    assert np.argmax(purity) == 1
    assert purity[1] > 0.7


def test_sammons_map_is_about_that_of_mds(maps):
    found, _ = maps
    for name in ("stress-1, rescaled", "Spearman of distances", "recall@10"):
        assert found["sammon"][1][name] == pytest.approx(found["mds"][1][name], abs=0.06)


def test_mds_keeps_distances_and_t_sne_keeps_neighbours(maps):
    """ "Global geometry" and "topology": each is the best of all by its own measure, and not by the other's."""
    found, _ = maps
    scores = {method: scores for method, (_, scores) in found.items()}
    assert min(scores, key=lambda m: scores[m]["stress-1"]) == "mds"
    assert min(scores, key=lambda m: scores[m]["Sammon stress"]) == "sammon"
    for name in ("recall@10", "recall@15", "trustworthiness", "10-NN accuracy"):
        assert max(scores, key=lambda m, name=name: scores[m][name]) == "tsne"
    assert min(scores, key=lambda m: scores[m]["KL divergence"]) == "tsne"
    assert scores["tsne"]["Spearman of distances"] < scores["mds"]["Spearman of distances"]
    assert scores["pca"]["stress-1"] > scores["mds"]["stress-1"]
