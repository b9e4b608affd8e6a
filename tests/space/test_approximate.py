"""Approximate neighbours: what the passes over neighbours of neighbours find, and how their recall is measured."""

import numpy as np
import pytest

from snowdome.space import approximate, knn
from snowdome.space.knn import nearest_neighbours


@pytest.fixture
def few_near(monkeypatch):
    """Rows that meet few others before the first pass."""
    monkeypatch.setattr(knn, "_NEAR_ALONE", 8)
    monkeypatch.setattr(knn, "_MET_ALONE", 256)


@pytest.fixture(scope="module", name="X")
def rows():
    return np.random.default_rng(1).normal(size=(6000, 12)).astype(np.float32) * 1e15


def share(found, exact):
    return np.mean([len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, exact, strict=True)])


@pytest.mark.usefixtures("few_near")
@pytest.mark.parametrize("k", [1, 10, 60])
def test_passes_find_almost_all_and_the_recall_is_what_they_find(X, monkeypatch, k):
    exact = nearest_neighbours(X, k, 2)
    with monkeypatch.context() as none:
        none.setattr(approximate, "_PASSES", 0)
        before = nearest_neighbours(X, k, exact=False).recall
    after = nearest_neighbours(X, k, threads=2, exact=False)
    assert before < 0.8
    assert after.recall > 0.98
    assert after.recall == pytest.approx(share(after.index, exact.index), abs=0.01)
    assert (np.diff(after.distance, axis=1) >= 0).all()
    assert not (after.index == np.arange(len(X))[:, None]).any()
    assert all(len(set(row)) == k for row in after.index.tolist())


@pytest.mark.usefixtures("few_near")
def test_same_bits_for_any_number_of_threads(X):
    one, three = (nearest_neighbours(X, 10, threads, exact=False) for threads in (1, 3))
    assert one.index.tobytes() == three.index.tobytes()
    assert one.distance.tobytes() == three.distance.tobytes()
    assert one.recall == three.recall


def test_many_equal_rows():
    """The neighbours of one of thousands of copies are copies, at distance 0, each once."""
    rows = np.random.default_rng(2).normal(size=(3000, 6)).astype(np.float32)
    rows[::2] = rows[0]
    found = nearest_neighbours(rows, 12, 2, exact=False)
    assert not found.distance[::2].any()
    assert (found.index[::2] % 2 == 0).all()
    assert all(len(set(row)) == 12 for row in found.index.tolist())
    assert share(found.index[1::2], nearest_neighbours(rows, 12).index[1::2]) > 0.98


def test_pixels_as_bytes(mnist):
    X = mnist.X[:5000]
    found = nearest_neighbours(X, 15, 2, exact=False)
    assert found.recall > 0.98
    assert share(found.index, nearest_neighbours(X, 15, 2).index) == pytest.approx(found.recall, abs=0.01)


@pytest.mark.usefixtures("few_near")
def test_passes_end_once_they_gain_little(X, monkeypatch):
    told = []
    meet = approximate._meet
    monkeypatch.setattr(approximate, "_meet", lambda *given: told.append(1) or meet(*given))
    monkeypatch.setattr(approximate, "_RECALL", 2.0)
    monkeypatch.setattr(approximate, "_PASSES", 40)
    nearest_neighbours(X, 10, 2, exact=False)
    assert 2 < len(told) < 15


@pytest.mark.usefixtures("few_near")
def test_offers_without_room_are_left_out(X, monkeypatch):
    monkeypatch.setattr(approximate, "_OFFERS", 1)
    found = nearest_neighbours(X, 10, 2, exact=False)
    assert 0.4 < found.recall < 1
    assert found.recall == pytest.approx(share(found.index, nearest_neighbours(X, 10).index), abs=0.02)
