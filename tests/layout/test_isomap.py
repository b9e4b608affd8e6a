"""Isomap: paths against scipy's, bridges against the minimum spanning tree, and a roll that comes flat."""

import numpy as np
import pytest

import snowdome
from snowdome.core.control import Control
from snowdome.layout.methods import isomap
from snowdome.layout.paths import bridged, neighbour_roads, path_lengths
from snowdome.layout.stress import Rows
from snowdome.space.knn import nearest_neighbours


def dense(X):
    X = np.asarray(X, np.float64)
    return np.sqrt(((X[:, None] - X[None]) ** 2).sum(2))


def roads_of(X, k):
    return neighbour_roads(nearest_neighbours(X.astype(np.float32), k), 1.0)


def roll(n):
    """A sheet of n points rolled up, and where they are on the sheet."""
    u = np.random.default_rng(0).random((n, 2)) * [3, 1]
    angle = 2 + 2.5 * u[:, 0]
    return np.column_stack([angle * np.cos(angle), 6 * u[:, 1], angle * np.sin(angle)]), angle


def test_paths_are_those_of_scipy(digits):
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    X = digits.X[:400]
    roads = roads_of(X, 3)
    graph = csr_array((roads.length.astype(np.float64), roads.indices, roads.indptr), shape=(400, 400))
    wanted = dijkstra(graph, directed=False)
    found = path_lengths(roads, np.arange(400), 2, Control())
    assert np.isinf(wanted).any()
    assert np.allclose(found, wanted, rtol=1e-5)


def test_bridges_are_the_shortest_that_join_all():
    """As many as parts but one, and together as short as in the minimum spanning tree."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(size=(30, 4)) + 20 * rng.normal(size=4) for _ in range(9)])
    roads = roads_of(X, 2)
    parts = roads.parts()
    whole, bridges = bridged(roads, Rows(X)[:], 2, Control())
    assert bridges == len(np.unique(parts)) - 1 >= 8
    assert (whole.parts() == 0).all()
    tree = minimum_spanning_tree(np.where(parts[:, None] != parts, dense(X), 0)).tocoo()
    joins = np.sort(dense(X)[tree.row, tree.col])[: len(tree.data)]
    source = np.repeat(np.arange(len(X)), np.diff(whole.indptr))
    added = (parts[source] != parts[whole.indices]) & (source < whole.indices)
    unit = Rows(X).unit
    lengths = np.unique(np.column_stack([source, whole.indices])[added], axis=0)
    assert len(lengths) == bridges
    assert whole.length[added].max() * unit <= joins.max() * (1 + 1e-5)


@pytest.mark.parametrize("full", [4000, 500])
def test_a_roll_comes_flat(monkeypatch, full):
    """From all paths, and from landmarks alone."""
    monkeypatch.setattr(isomap, "FULL", full)
    monkeypatch.setattr(isomap, "LANDMARKS", 300)
    X, angle = roll(900)
    layout = snowdome.Isomap(random_state=0, k=7)
    Y = layout.fit_transform(X)
    assert abs(np.corrcoef(angle, Y[:, 0])[0, 1]) > 0.97
    flat = snowdome.MDS(random_state=0).fit_transform(X)
    assert abs(np.corrcoef(angle, flat[:, 0])[0, 1]) < 0.8
    assert ("random rows" in " ".join(layout.notes_)) == (full < 900)


def test_stress_is_not_above_that_of_classical_scaling(digits):
    """Where scikit-learn's Isomap ends."""
    from sklearn.manifold import Isomap

    X = digits.X[:500].astype(np.float64)
    peer = Isomap(n_neighbors=8, n_components=2).fit(X)
    ours = snowdome.Isomap(random_state=0, k=8).fit(X)
    wanted = np.triu(peer.dist_matrix_, 1)
    assert ours.cost_ < ((wanted - np.triu(dense(peer.embedding_), 1)) ** 2).sum()


def test_parts_are_joined_and_told():
    X = np.concatenate(
        [np.random.default_rng(0).normal(size=(20, 3)), 50 + np.random.default_rng(1).normal(size=(20, 3))]
    )
    layout = snowdome.Isomap(random_state=0, k=3)
    Y = layout.fit_transform(X)
    assert "2 parts" in layout.notes_[0]
    assert dense(Y)[:20, 20:].min() > 3 * dense(Y)[:20, :20].max()


def test_landmarks_give_the_same_bits_for_any_number_of_threads(digits, monkeypatch):
    """J-11."""
    monkeypatch.setattr(isomap, "FULL", 300)
    monkeypatch.setattr(isomap, "LANDMARKS", 150)
    maps = [snowdome.Isomap(random_state=1, n_jobs=jobs).fit_transform(digits.X[:600]) for jobs in (1, 2)]
    assert (maps[0] == maps[1]).all()


def test_olah_takes_three_neighbours_and_ten_thousand_for_no_path(digits):
    X = 15 * digits.X[:150]
    layout = snowdome.Isomap(random_state=0, preset="olah")
    frames = list(layout.frames(X))
    assert frames[-1].steps == 1000
    assert frames[1].cost > 1e8
    assert frames[-1].cost < frames[1].cost
