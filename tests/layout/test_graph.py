"""The graph of neighbours on real data."""

import numpy as np
import pytest

import snowdome
from snowdome.core.control import Control


def test_edges_are_each_rows_nearest_others_and_most_join_equal_labels(mnist):
    """C10: 3,000 directed edges over the first 1,000 images, about 85 % between equal labels."""
    layout = snowdome.KNNGraph(random_state=0, space=None, steps=0).fit(mnist.X[:1000])
    assert layout.edges_.shape == (3000, 2)
    assert layout.energy_ == "printed"
    X = mnist.X[:1000].astype(float) / 255
    squared = ((X**2).sum(1)[:, None] + (X**2).sum(1) - 2 * X @ X.T).clip(0)
    np.fill_diagonal(squared, np.inf)
    nearest = np.argsort(squared, axis=1, kind="stable")[:, :3]
    assert (np.sort(layout.edges_[:, 1].reshape(1000, 3), axis=1) == np.sort(nearest, axis=1)).mean() > 0.999
    source, target = layout.edges_.T
    np.testing.assert_allclose(layout.lengths_, np.sqrt(squared[source, target]), rtol=1e-4)
    assert 0.8 < (mnist.y[source] == mnist.y[target]).mean() < 0.9


@pytest.mark.parametrize("energy", ["printed", "shipped", "plain"])
def test_three_dimensions_keep_more_than_two(digits, energy):
    """C16: purity in three dimensions is above that in two, and the energy lower."""
    X = digits.X[:1000]
    maps = [snowdome.KNNGraph(d, energy=energy, random_state=0).fit(X) for d in (2, 3)]

    def purity(Y):
        squared = ((Y[:, None] - Y[None]) ** 2).sum(2)
        np.fill_diagonal(squared, np.inf)
        return (digits.y[np.argsort(squared, axis=1)[:, :10]] == digits.y[:1000][:, None]).mean()

    flat, deep = (purity(layout.embedding_) for layout in maps)
    assert flat > 0.55
    assert deep > flat
    assert maps[1].cost_ < maps[0].cost_


@pytest.mark.parametrize("energy", ["printed", "shipped", "plain"])
def test_the_energy_falls_and_more_steps_change_it_little(digits, energy):
    """With 15 neighbours all are joined; parts that are not would be pushed apart for as long as it runs."""
    options = {"energy": energy, "k": 15, "random_state": 0}
    frames = list(snowdome.KNNGraph(**options).frames(digits.X[:500]))
    first, last = frames[1].cost, frames[-1].cost
    longer = snowdome.KNNGraph(steps=1500, **options).fit(digits.X[:500]).cost_
    assert last < first - 0.95 * (first - longer)


def test_parts_that_no_edge_joins_stay_beside_each_other():
    """By the plain energy: two far groups, and a third of four rows."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(300, 5)), 100 + rng.normal(size=(300, 5)), -500 + rng.normal(size=(4, 5))])
    short, long = (snowdome.KNNGraph(energy="plain", random_state=0, steps=s).fit(X).embedding_ for s in (300, 3000))
    assert np.abs(long).max() < 1.2 * np.abs(short).max()
    assert np.abs(long).max() < 2 * 40 * 604 ** (1 / 6)


def test_the_tree_ends_at_the_energy_of_all_pairs(digits, monkeypatch):
    from snowdome.layout import tree

    options = {"energy": "plain", "k": 15, "random_state": 0}
    exact = snowdome.KNNGraph(n_jobs=2, **options).fit(digits.X)
    monkeypatch.setattr(tree, "_FEW", 500)
    one, two = (snowdome.KNNGraph(n_jobs=jobs, **options).fit(digits.X) for jobs in (1, 2))
    assert one.embedding_.tobytes() == two.embedding_.tobytes() != exact.embedding_.tobytes()
    assert one.cost_ == pytest.approx(exact.cost_, rel=2e-3)


def test_energy_is_below_that_of_networkx(digits):
    """Its spring_layout of the same graph, scaled to its own least energy; the same evaluator: all pairs, float64."""
    networkx = pytest.importorskip("networkx")
    X = digits.X[:300]
    layout = snowdome.KNNGraph(energy="plain", k=5, random_state=0).fit(X)
    graph = networkx.Graph([tuple(edge) for edge in layout.edges_.tolist()])
    theirs = networkx.spring_layout(graph, seed=0, iterations=300)
    Y = np.array([theirs[i] for i in range(300)])
    edges = np.array(graph.edges)

    def energy(Y):
        squared = ((Y[:, None] - Y[None]) ** 2).sum(2)[np.triu_indices(300, 1)]
        springs = 0.5 * ((Y[edges[:, 0]] - Y[edges[:, 1]]) ** 2).sum()
        springs += 0.5 * 5 / (40 * 300 ** (1 / 3)) * ((Y - Y.mean(0)) ** 2).sum()
        return springs - 40 * 5 / 300 * 0.5 * np.log(squared + 1e-6).sum()

    assert energy(layout.embedding_.astype(float)) == pytest.approx(layout.cost_, rel=1e-3)
    assert layout.cost_ < min(energy(scale * Y) for scale in np.geomspace(1, 1000, 200))


def test_more_neighbours_than_rows_are_lowered_and_told(digits):
    layout = snowdome.KNNGraph(k=50, random_state=0).fit(digits.X[:10])
    assert layout.notes_ == ("Each row has 9 others to be joined to, fewer than 50.",)
    assert layout.edges_.shape == (90, 2)


def test_the_energy_is_chosen_by_size_or_named(digits, monkeypatch):
    from snowdome.layout.methods import graph

    monkeypatch.setattr(graph, "_SMALL", 100)
    assert snowdome.KNNGraph(steps=1).fit(digits.X[:100]).energy_ == "printed"
    assert snowdome.KNNGraph(steps=1).fit(digits.X[:101]).energy_ == "plain"
    assert snowdome.KNNGraph(steps=1, energy="shipped").fit(digits.X[:101]).energy_ == "shipped"


@pytest.mark.parametrize("energy", ["printed", "shipped", "plain"])
def test_says_its_phases_and_steps_by_them(digits, energy):
    """What the live slider of the springs' strength begins at: 4, then 1; with the preset the one phase of that."""
    layout = snowdome.KNNGraph(energy=energy, random_state=0, steps=100)
    first, second = layout.phases(500)
    assert (first.exaggeration, second.exaggeration) == (4.0, 1.0)
    assert (first.steps, second.steps) == (25, 75)
    assert {frame.phase for frame in layout.frames(digits.X[:500])} == {0, 1}
    (whole,) = snowdome.KNNGraph(preset="olah").phases(500)
    assert (whole.steps, whole.exaggeration) == (700, 1.0)


def test_springs_made_stronger_while_it_runs_draw_the_map_together(digits):
    class Strong(Control):
        def between_steps(self):
            self.exaggeration = 30.0

    layout = snowdome.KNNGraph(random_state=0)
    tight = list(layout.frames(digits.X[:500], Strong()))[-1].Y
    assert tight.std() < 0.7 * layout.fit_transform(digits.X[:500]).std()
