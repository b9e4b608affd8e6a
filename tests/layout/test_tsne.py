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
    assert layout.notes_ == ("The perplexity was lowered to 33: there are 100 rows.",)


def test_uniform_affinities_make_a_map_that_keeps_as_many_neighbours(digits):
    """L9: a named mode; its divergence is of another graph, so that it is graded by neighbours and labels."""
    from scipy.spatial import cKDTree

    X = digits.X.astype(np.float32)
    near = nearest_neighbours(X, 15).index
    recall, purity = {}, {}
    for name in ("perplexity", "uniform"):
        Y = snowdome.TSNE(affinities=name, random_state=0, space=None).fit_transform(X)
        on_map = cKDTree(Y).query(Y, 16)[1][:, 1:]
        recall[name] = np.mean([len(np.intersect1d(a, b)) / 15 for a, b in zip(near, on_map, strict=True)])
        purity[name] = (digits.y[on_map] == digits.y[:, None]).mean()
    assert recall["uniform"] > recall["perplexity"] - 0.01
    assert purity["uniform"] > purity["perplexity"] - 0.01


def test_a_tolerance_ends_phases_early_at_about_the_same_cost(digits):
    X = digits.X[:800]
    early, whole = (snowdome.TSNE(random_state=0, tolerance=t, steps=3000) for t in (1e-4, 0.0))
    early.fit(X)
    whole.fit(X)
    assert early.n_iter_ < 2500
    assert len(early.notes_) >= 1
    assert whole.notes_ == ()
    assert early.cost_ < 1.02 * whole.cost_


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


def divergence(graph, Y):
    """KL(P ‖ Q) by its definition, over all pairs in float64."""
    q = 1 / (1 + ((Y[:, None].astype(float) - Y[None]) ** 2).sum(2))
    np.fill_diagonal(q, 0)
    rows = np.repeat(np.arange(len(Y)), np.diff(graph.indptr))
    p, q = graph.weight.astype(float), (q / q.sum())[rows, graph.indices]
    return (p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum()


def test_three_dimensions_keep_more_than_two(digits):
    X = digits.X[:900].astype(np.float32)
    graph = perplexity_affinities(nearest_neighbours(X, 90), 30)
    flat, deep = (snowdome.TSNE(d, random_state=0, space=None).fit(X) for d in (2, 3))
    assert deep.embedding_.shape == (900, 3)
    assert deep.cost_ == pytest.approx(divergence(graph, deep.embedding_), rel=1e-3)
    assert deep.cost_ < 0.9 * flat.cost_


def test_three_dimensions_by_the_tree_have_the_divergence_of_all_pairs(digits, monkeypatch):
    from snowdome.layout import tree

    options = {"random_state": 0, "space": None, "n_jobs": 2}
    exact = snowdome.TSNE(3, **options).fit(digits.X)
    monkeypatch.setattr(tree, "_FEW", 500)
    ours = snowdome.TSNE(3, **options).fit(digits.X)
    assert ours.embedding_.tobytes() != exact.embedding_.tobytes()
    graph = perplexity_affinities(nearest_neighbours(digits.X.astype(np.float32), 90), 30)
    assert divergence(graph, ours.embedding_) < 1.01 * divergence(graph, exact.embedding_)
    one = snowdome.TSNE(3, **{**options, "n_jobs": 1}).fit(digits.X)
    assert one.embedding_.tobytes() == ours.embedding_.tobytes()


def test_three_dimensions_are_not_above_scikit_learns(digits):
    """Its map graded by the same kernel, 1/(1 + r²); its own has other tails in three dimensions."""
    from sklearn.manifold import TSNE

    X = digits.X[:200].astype(np.float32)
    graph = perplexity_affinities(nearest_neighbours(X, 90), 30)
    theirs = TSNE(3, random_state=0, init="pca", method="exact").fit_transform(X)
    ours = snowdome.TSNE(3, random_state=0, space=None).fit_transform(X)
    assert divergence(graph, ours) < divergence(graph, theirs)


def test_a_perplexity_below_one_is_raised_to_one_and_told(digits):
    """Less than one neighbour is none; scikit-learn's own checks ask for a half."""
    half, one = (snowdome.TSNE(perplexity=p, steps=5, random_state=0).fit(digits.X[:50]) for p in (0.5, 1))
    assert half.notes_ == ("The perplexity was raised to 1: less than one neighbour is none.",)
    assert (half.perplexity_, one.notes_) == (1.0, ())
    assert half.embedding_.tobytes() == one.embedding_.tobytes()
