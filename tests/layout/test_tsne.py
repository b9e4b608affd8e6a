"""t-SNE on real data."""

import numpy as np
import pytest

import snowdome
from snowdome.layout.quality import kl_divergence
from snowdome.space.affinity import perplexity_affinities
from snowdome.space.knn import nearest_neighbours


def test_another_seed_gives_another_map(digits):
    one, two = (snowdome.TSNE(random_state=seed).fit_transform(digits.X[:500]) for seed in (0, 1))
    assert not np.array_equal(one, two)


def test_no_seed_gives_another_map_each_time_and_tells_its_seed(digits):
    layout = snowdome.TSNE(early_steps=5, steps=5)
    one = layout.fit_transform(digits.X[:300])
    again = snowdome.TSNE(early_steps=5, steps=5, random_state=layout.seed_).fit_transform(digits.X[:300])
    assert one.tobytes() == again.tobytes()


def test_divergence_is_not_above_scikit_learns(digits):
    from sklearn.manifold import TSNE

    X = digits.X[:800].astype(np.float32)
    graph = perplexity_affinities(nearest_neighbours(X, 90), 30)
    theirs = TSNE(random_state=0, init="pca").fit_transform(X)
    ours = snowdome.TSNE(random_state=0, space=None).fit_transform(X)
    assert kl_divergence(graph, ours) < 1.02 * kl_divergence(graph, theirs)


def test_cost_shown_is_the_exact_divergence(digits):
    layout = snowdome.TSNE(random_state=0, space=None)
    Y = layout.fit_transform(digits.X)
    graph = perplexity_affinities(nearest_neighbours(digits.X.astype(np.float32), 90), 30)
    assert layout.cost_ == pytest.approx(kl_divergence(graph, Y), rel=2e-3)


def test_a_perplexity_too_large_is_lowered_and_told(digits):
    layout = snowdome.TSNE(perplexity=500, random_state=0).fit(digits.X[:100])
    assert layout.perplexity_ == 33


def test_memo_gives_the_same_map(digits, tmp_path, monkeypatch):
    from snowdome.core.cache import disk_memo

    monkeypatch.setenv("SNOWDOME_CACHE", str(tmp_path / "cache"))
    X = digits.X[:400]
    runs = [list(snowdome.TSNE(random_state=0).frames(X, memo=disk_memo("0" * 64)))[-1].Y for _ in range(2)]
    plain = snowdome.TSNE(random_state=0).fit_transform(X)
    assert runs[0].tobytes() == runs[1].tobytes() == plain.tobytes()


def test_first_two_thousand_images_of_mnist_keep_their_classes_together(mnist, mnist_map):
    """C12: 10-NN purity of at least .90 on Olah's 2,000 images, which his map shows among more data too."""
    Y = mnist_map[:2000]
    squared = ((Y[:, None] - Y[None]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    nearest = np.argsort(squared, axis=1)[:, :10]
    assert (mnist.y[:2000][nearest] == mnist.y[:2000][:, None]).mean() >= 0.90


def test_all_of_mnist(mnist, mnist_map):
    """70,000 images: the divergence of the peer's map, and neighbours that share labels."""
    from scipy.spatial import cKDTree

    rows = np.random.default_rng(0).choice(70000, 3000, replace=False)
    nearest = cKDTree(mnist_map).query(mnist_map[rows], 11)[1][:, 1:]
    assert (mnist.y[nearest] == mnist.y[rows][:, None]).mean() > 0.955
