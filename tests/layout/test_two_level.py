"""A start for many rows."""

import numpy as np
import pytest

import snowdome
from snowdome.core.control import Control, Stopped
from snowdome.layout import two_level
from snowdome.space.affinity import Graph, uniform_affinities
from snowdome.space.knn import nearest_neighbours


@pytest.fixture
def lowered(monkeypatch):
    """What is done from 300,000 rows, from 1,000 on."""
    monkeypatch.setattr(two_level, "MANY", 1000)


def path(n):
    """Row i beside rows i - 1 and i + 1, and a last row that nothing is beside."""
    indices = [j for i in range(n) for j in (i - 1, i + 1) if 0 <= j < n]
    indptr = np.cumsum([0, *[(i > 0) + (i < n - 1) for i in range(n)], 0])
    return Graph(indptr, np.array(indices, np.int32), np.ones(len(indices), np.float32))


def test_rows_go_to_the_mean_of_placed_neighbours_round_by_round(monkeypatch):
    monkeypatch.setattr(two_level, "_NOISE", 0.0)
    places = np.array([[1.0, 0.0], [3.0, 8.0]], np.float32)
    start = two_level.among_neighbours(path(6), np.array([1, 3]), places, 0, 1).T
    wanted = np.array([[1, 0], [1, 0], [2, 4], [3, 8], [3, 8], [3, 8], [0, 0]], float)
    wanted -= wanted.mean(0)
    np.testing.assert_allclose(start, wanted * 2 / wanted[:, 0].std(), atol=1e-5)


def test_the_start_does_not_depend_on_the_threads(digits):
    graph = uniform_affinities(nearest_neighbours(digits.X.astype(np.float32), 15), "mean")
    few = two_level.few_of(1797, 3)
    places = np.random.default_rng(0).normal(size=(len(few), 2)).astype(np.float32)
    one, two = (two_level.among_neighbours(graph, few, places, 3, threads) for threads in (1, 2))
    assert one.tobytes() == two.tobytes()
    assert len(few) == 1797 // 20
    assert len(np.unique(one, axis=1).T) == 1797


@pytest.mark.parametrize("method", [snowdome.TSNE, snowdome.Spectrum, snowdome.UMAPLike])
def test_a_map_that_begins_as_a_samples_is_as_good_as_one_that_does_not(digits, method, lowered, monkeypatch):
    """L10b: the cost is that of a run with the first phase, which it leaves out."""
    layout = method(random_state=0)
    layout.fit(digits.X)
    assert layout.n_iter_ == layout.steps
    assert layout.notes_ == ("The first phase was left to a map of 89 of the rows, which this one began as.",)
    monkeypatch.setattr(two_level, "MANY", 10**9)
    plain = method(random_state=0).fit(digits.X)
    assert plain.n_iter_ == plain.early_steps + plain.steps
    assert plain.notes_ == ()
    assert layout.cost_ < 1.03 * plain.cost_


def test_same_bits_for_any_number_of_threads(digits, lowered):
    maps = [snowdome.Spectrum(random_state=0, steps=60, n_jobs=jobs).fit_transform(digits.X) for jobs in (1, 2)]
    assert maps[0].tobytes() == maps[1].tobytes()


def test_the_small_map_is_a_stage_of_the_preparation_and_can_be_stopped(digits, lowered):
    class Watch(Control):
        def __init__(self):
            super().__init__()
            self.seen = []

        def report(self, stage, done, total):
            self.seen.append((stage, done, total))
            self.stopping = stage == "mapping a sample" and done == 40

    watch = Watch()
    with pytest.raises(Stopped, match="mapping a sample"):
        list(snowdome.Spectrum(random_state=0).frames(digits.X, watch))
    assert [seen for seen in watch.seen if seen[0] == "mapping a sample"] == [
        ("mapping a sample", step, 750) for step in range(1, 41)
    ]
