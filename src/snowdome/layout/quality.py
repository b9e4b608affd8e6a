"""How good a map is, by measures that do not depend on how it was made, and where it can be believed.

`judge` gives all of them, each with what it was computed on; `layout.measures` has one function for each.
"""

import dataclasses
from typing import Any, Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core import rng
from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.threads import run_tasks, run_watched
from snowdome.layout.measures import (
    VOTERS,
    Look,
    common,
    distances,
    label_accuracy,
    nearest_places,
    nobody,
    rank_agreement,
    sample,
    sample_pairs,
    spearman,
    stresses,
)
from snowdome.space.affinity import Graph

RECALLS = (10, 15, 90)  # numbers of neighbours whose recall is told
OWN = 15  # neighbours, and as many others, that a point's own recall and distortion look at
PERPLEXITY = 30.0  # of the affinities that every map's KL divergence is measured against, where none are given

_RANKED = 10_000  # rows of the sample whose ranks are counted
_RANKED_K = 12  # the neighbours whose ranks are counted
_CORRELATED = 1_000  # rows of the sample all of whose pairs are correlated
_PAIRS = 1_000_000  # pairs of the sample that stress is measured on
_TESTED = 10_000  # rows whose label is predicted, at most, and at most a fifth of all
_ROWS = 1024
# Streams of random numbers, one for each purpose: see core.rng.
_RANK_STREAM, _CORRELATION_STREAM, _PAIR_STREAM, _TEST_STREAM, _OTHER_STREAM = range(900, 905)


@dataclasses.dataclass(frozen=True)
class Score:
    """One number about a map.

    Attributes:
        name: the measure, in the field's words.
        value: what it came to.
        of: what it was computed on: how many of how many rows or pairs, and the space of the data.
        better: whether a high or a low value is the better one.
    """

    name: str
    value: float
    of: str
    better: Literal["high", "low"]


@dataclasses.dataclass(frozen=True)
class Quality:
    """What `judge` found.

    Attributes:
        rows: the scores, in the order in which they are shown.
        recall: (n,) float32 in [0, 1], the share of each point's 15 nearest in the data that are among its 15 nearest
            on the map.
        distortion: (n,) float32 from 0, for each point the root mean square of log(a · d / D) over its 15 nearest in
            the data and 15 others drawn by chance, where d is the distance on the map, D that in the data, and a the
            one scale that makes the mean of log(a · d / D) over the whole map 0. So 0.69 is a factor of two, too far
            or too near. Pairs at the same place in the data do not count; a d is taken to be at least a thousandth of
            the map's median d.
    """

    rows: tuple[Score, ...]
    recall: NDArray[np.float32]
    distortion: NDArray[np.float32]


class How(TypedDict, total=False):
    """The options of `judge`."""

    seed: int  # of the samples; 0
    threads: int  # 1
    control: Control | None  # who watches
    memo: Memo  # keeps components, neighbours and affinities, under the names that the layouts use
    space: int | None  # principal components of the space that the map is compared with; None: the raw values; 50
    graph: Graph | None  # the affinities of the KL divergence; None: those of perplexity 30 in the space


def judge(X: ArrayLike, Y: ArrayLike, y: ArrayLike | None = None, **how: Unpack[How]) -> Quality:
    """All measures of a map Y (n, d) of the rows of X (n, p), and of its labels y (n,), integer codes, -1 for none.

    `how`: seed=0, threads=1, control=None, memo=forget, space=50, graph=None: see How. Distances and neighbours in the
    data are those of the stated space throughout. A measure that needs more rows than there are is left out. The same
    seed gives the same bits for any number of threads.

    Cost: the exact neighbours (n² · space multiplications, unless `memo` has them), n² kernels for the exact
    normalisation of the KL divergence, 10⁸ distances for the ranks; the rest is less.

    Raises:
        DataError: X and Y (or y) are not of one length, or Y holds values that are not finite.
    """
    return _Judge(X, Y, y, how).quality()


class _Judge:
    """One judgement: the rows in the space they are compared in, their neighbours there and on the map."""

    def __init__(self, X: ArrayLike, Y: ArrayLike, y: ArrayLike | None, how: How) -> None:
        values = np.asarray(X)
        self.places = np.ascontiguousarray(Y, np.float32)
        self.labels = None if y is None else np.asarray(y)
        self._check(values)
        self.n = n = len(values)
        self.seed, self.threads = how.get("seed", 0), how.get("threads", 1)
        self.control, self.memo = how.get("control") or Control(), how.get("memo", forget)
        self.graph = how.get("graph")
        self._stage = 0
        self.points, self.name, self.words = self._points(values, how.get("space", 50))
        self.k = min(n - 1, max(RECALLS))

    def _check(self, X: NDArray[Any]) -> None:
        if self.places.ndim != 2 or X.ndim != 2 or len(X) != len(self.places) or not len(X):
            raise DataError(f"judge: X has shape {X.shape}, the map {self.places.shape}; expected (n, p) and (n, d).")
        if self.labels is not None and self.labels.shape != (len(X),):
            raise DataError(f"judge: {self.labels.shape} labels for {len(X)} rows; expected one for each.")
        bad = int(np.count_nonzero(~np.isfinite(self.places)))
        if bad:
            raise DataError(f"judge: the map has {bad} values that are NaN or infinite; a map has none.")

    def _points(self, X: NDArray[Any], space: int | None) -> tuple[NDArray[Any], str, str]:
        """The rows in the space, its name for the memo, and in words."""
        from snowdome.space.pca import components, space_name

        if space is None or space >= X.shape[1]:
            return np.ascontiguousarray(X), "raw", "raw values"
        scores = components(X, space, self.threads, self.control, self.memo).scores
        return np.ascontiguousarray(scores), space_name(space), f"{space} components"

    def quality(self) -> Quality:
        """The scores in their order; each stage is reported to the control."""
        n = self.n
        if n == 1:
            return Quality((), np.ones(1, np.float32), np.zeros(1, np.float32))
        self._find_neighbours()
        rows = [*self._recalls()]
        for stage in (self._ranks, self._label_accuracy, self._correlation, self._stresses, self._divergence):
            self._tell()
            rows += stage()
        self._tell()
        return Quality(tuple(rows), self._own_recall, self._distortion())

    def _tell(self) -> None:
        self.control.check("judging the map", self._stage, 7)
        self._stage += 1

    def _look(self, done: int) -> None:  # noqa: ARG002
        """Leave within a stage, where that is asked for."""
        self.control.check("judging the map", self._stage - 1, 7)

    def _of(self, rows: int, noun: str = "rows", total: int | None = None) -> str:
        """ "10,000 of 70,000 rows, 50 components"."""
        total = self.n if total is None else total
        some = f"all {total:,}" if rows >= total else f"{rows:,} of {total:,}"
        return f"{some} {noun}, {self.words}"

    def _find_neighbours(self) -> None:
        from snowdome.space.knn import nearest_neighbours

        found = nearest_neighbours(self.points, self.k, self.threads, self.control, self.memo, self.name)
        self.neighbours = found
        if not found.exact:
            some = "" if found.recall is None else f", of which {found.recall:.1%} were found"
            self.words += f", approximate neighbours{some}"
        self._tell()
        self.on_map = nearest_places(self.places, self.k, self.threads, self._look)

    def _recalls(self) -> list[Score]:
        told, n = [], self.n
        self._own_recall = np.ones(n, np.float32)
        for k in RECALLS:
            if k < n:
                shared = common(self.neighbours.index[:, :k], self.on_map[:, :k], self.threads)
                told.append(Score(f"recall@{k}", float(shared.mean()) / k, self._of(n), "high"))
        own = min(OWN, n - 1)
        shared = common(self.neighbours.index[:, :own], self.on_map[:, :own], self.threads)
        self._own_recall = (shared / own).astype(np.float32)
        return told

    def _ranks(self) -> list[Score]:
        rows = sample(self.n, _RANKED, self.seed, _RANK_STREAM)
        k = min(_RANKED_K, (len(rows) - 1) // 2)
        if k < 1:
            return []
        trust, continuity = rank_agreement(self.points[rows], self.places[rows], k, self.threads, self._look)
        of = self._of(len(rows))
        return [Score("trustworthiness", trust, of, "high"), Score("continuity", continuity, of, "high")]

    def _label_accuracy(self) -> list[Score]:
        if self.labels is None:
            return []
        known = np.flatnonzero(self.labels >= 0)
        tested = sample(len(known), min(_TESTED, len(known) // 5), self.seed, _TEST_STREAM)
        if len(tested) < 1 or len(known) - len(tested) < VOTERS:
            return []
        held_out = np.zeros(len(known), bool)
        held_out[tested] = True
        accuracy = label_accuracy(self.places[known], self.labels[known], held_out, self.threads, self._look)
        of = f"{len(tested):,} rows held out of {len(known):,}, neighbours on the map"
        return [Score(f"{VOTERS}-NN accuracy", accuracy, of, "high")]

    def _correlation(self) -> list[Score]:
        rows = sample(self.n, _CORRELATED, self.seed, _CORRELATION_STREAM)
        if len(rows) < 3:
            return []
        value = spearman(self.points[rows], self.places[rows], self.threads, self._look)
        return [Score("Spearman of distances", value, f"all pairs of {self._of(len(rows))}", "high")]

    def _stresses(self) -> list[Score]:
        pairs = sample_pairs(self.n, _PAIRS, self.seed, _PAIR_STREAM)
        data = distances(self.points, *pairs, self.threads, self._look)
        drawn = distances(self.places, *pairs, self.threads, self._look)
        of = self._of(len(data), "pairs", self.n * (self.n - 1) // 2)
        found = stresses(drawn, data)
        return [Score(name, value, of, "low") for name, value in found.items()]

    def _divergence(self) -> list[Score]:
        from snowdome.space.affinity import perplexity_affinities

        of = f"all pairs, the run's own affinities, {self.words}"
        if self.graph is None:
            perplexity = min(PERPLEXITY, max(1.0, (self.n - 1) / 3))
            self.graph = perplexity_affinities(
                self.neighbours, perplexity, self.threads, self.control, self.memo, self.name
            )
            of = f"all pairs, affinities of perplexity {perplexity:g}, {self.words}"
        return [Score("KL divergence", kl_divergence(self.graph, self.places, self.threads, self._look), of, "low")]

    def _distortion(self) -> NDArray[np.float32]:
        """See Quality."""
        n, own = self.n, min(OWN, self.n - 1)
        near = self.neighbours.index[:, :own].astype(np.int64)
        step = 1 + (rng.uniform(self.seed, _OTHER_STREAM, n, own) * (n - 1)).astype(np.int64)
        others = np.concatenate([near, (np.arange(n)[:, None] + step) % n], axis=1)
        rows = np.repeat(np.arange(n), others.shape[1])
        data = distances(self.points, rows, others.ravel(), self.threads, self._look)
        drawn = distances(self.places, rows, others.ravel(), self.threads, self._look)
        counts = data > 0
        floor = 1e-3 * float(np.median(drawn))
        if floor <= 0 or not counts.any():
            return np.zeros(n, np.float32)
        ratio = np.zeros(len(data))
        ratio[counts] = np.log(np.maximum(drawn[counts], floor) / data[counts])
        ratio[counts] -= ratio[counts].mean()
        squares, counted = (a.reshape(n, -1).sum(1) for a in (ratio * ratio, counts))
        return np.asarray(np.sqrt(squares / np.maximum(counted, 1)), np.float32)


def exact_repulsion(Y: ArrayLike, threads: int = 1) -> tuple[NDArray[np.float32], float]:
    """½ ∇ Σ_j 1/(1 + |y_i - y_j|²) at each point of a map Y (n, d), as (d, n), and the kernel's sum over all pairs.

    Summed over all pairs: what the grid and the tree approximate. Cost: n² kernels.
    """
    from snowdome.layout import kernels_quality as kernels

    places = np.ascontiguousarray(np.asarray(Y, np.float32).T)
    push = np.empty_like(places)
    sums = np.zeros(-(-places.shape[1] // _ROWS))

    def task(block: int) -> None:
        sums[block] = kernels.student_forces(
            places, block * _ROWS, min(places.shape[1], (block + 1) * _ROWS), push
        )  # fmt: skip

    run_tasks(task, len(sums), threads)
    return push, float(sums.sum())


def kl_divergence(graph: Graph, Y: ArrayLike, threads: int = 1, look: Look = nobody) -> float:
    """KL(P ‖ Q) of a map Y (n, d) at the affinities P of `graph`, with Z summed over all pairs.

    Cost: n² / 2 kernels.
    """
    from snowdome.layout import kernels_quality as kernels

    places = np.ascontiguousarray(np.asarray(Y, np.float32))
    across = np.ascontiguousarray(places.T)
    n = len(places)
    blocks = -(-n // _ROWS)
    halves, sums = np.zeros(blocks), np.zeros(blocks)

    def task(number: int) -> None:
        block = blocks - 1 - number  # the longest first
        begin, end = block * _ROWS, min(n, (block + 1) * _ROWS)
        halves[block] = kernels.student_sum(across, begin, end)
        edges = slice(graph.indptr[begin], graph.indptr[end])
        source = np.repeat(np.arange(begin, end), np.diff(graph.indptr[begin : end + 1]))
        squared = distances(places, source, graph.indices[edges].astype(np.int64)) ** 2
        p = graph.weight[edges].astype(np.float64)
        some = p > 0
        sums[block] = (p[some] * (np.log(p[some]) + np.log1p(squared[some]))).sum()

    run_watched(task, blocks, threads, look, 8)
    z = 2.0 * max(float(halves.sum()), np.finfo(np.float64).tiny)
    return float(sums.sum() + graph.weight.sum(dtype=np.float64) * np.log(z))
