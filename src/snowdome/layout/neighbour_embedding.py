"""NeighbourEmbedding, the recipe that t-SNE and its relatives share."""

import collections
import copy
import secrets
from abc import abstractmethod
from collections.abc import Generator, Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.threads import resolve
from snowdome.layout import two_level
from snowdome.layout.base import Frame, Layout, Phase
from snowdome.layout.energy import Positions
from snowdome.layout.optimiser import GainsAndMomentum, descend
from snowdome.layout.placing import FEW, Fitted
from snowdome.layout.points import Points, points_in
from snowdome.layout.settling import RowLaw, in_map, settle
from snowdome.layout.start import small_pca
from snowdome.layout.student import StudentEnergy
from snowdome.space.affinity import Graph
from snowdome.space.knn import Neighbours, nearest_neighbours

FIRST_EXAGGERATION = 12.0  # what lets clusters pass through each other while the map is small


class NeighbourEmbedding(Layout):
    """Neighbours attract each other along a graph, all pairs repel each other by 1/(1 + r²).

    A subclass brings the graph and the phases, and declares these options. Also fitted: `seed_`.
    """

    cost_name: ClassVar[str] = "KL"
    exaggerates: ClassVar[bool] = True

    n_components: int
    random_state: int | None
    n_jobs: int | None
    space: int | None
    tolerance: float

    @abstractmethod
    def graph(self, points: Points, threads: int, control: Control, memo: Memo) -> Graph:
        """Who attracts whom; the weights sum to 1."""

    @abstractmethod
    def phases(self, n: int) -> list[Phase]:
        """The stretches of a run with n rows."""

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. What had to be lowered for few rows, and phases that ended early, are in `notes_`."""
        watcher, threads = control or Control(), resolve(self.n_jobs)
        values = self.checked(X)
        n = len(values)
        self.notes_ = ()
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        points = points_in(values, self.space, self.n_components, threads, watcher, memo)
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
            return
        graph = self.graph(points, threads, watcher, memo)
        phases = self.phases(n)
        if n < two_level.MANY:
            start = small_pca(points.scores, self.n_components, self.seed_)
        else:
            start, phases = self._from_sample(points, graph, threads, watcher), phases[1:]
        run = self._descend(graph, start, phases, threads, watcher)
        del graph  # the run has its own, in the order of the map
        self.notes_ += yield from run

    def neighbours(self, points: Points, k: int, threads: int, control: Control, memo: Memo) -> Neighbours:
        """The k nearest other rows of each row, or all there are; `notes_` tells of fewer or approximate ones."""
        others = len(points.rows) - 1
        if k > others:
            self.notes_ += (f"Each row has {others} others to be its neighbours, fewer than {k}.",)
        found = nearest_neighbours(points.rows, min(k, others), threads, control, memo, points.space)
        self.notes_ += found.notes
        return found

    def memory(self, n: int, p: int) -> int:
        """See Layout. The neighbours while they are found, then the graph with its copy in the map's order."""
        from snowdome.space import knn

        k, q = max(1, min(n - 1, self.reach())), p if self._raw(p) else int(self.space or 0)
        graph = n * (46 * k + 200)
        return max(super().memory(n, p), 4 * n * q + max(knn.memory_needed(n, q, k), graph))

    def reach(self) -> int:
        """How many neighbours draw a new row; all there are where these are fewer."""
        return FEW

    def drawn(self, distance: NDArray[np.float32]) -> NDArray[np.float32]:
        """How strongly, given their distances (m, k) from it; each row of these weights sums to 1. All alike."""
        return np.full(distance.shape, 1 / distance.shape[1], np.float32)

    def _place(self, new: NDArray[Any], fitted: Fitted) -> NDArray[np.float32]:
        """Where each row comes to rest in the map, at the attraction of the last phase: see `settling.settle`."""
        n, threads = len(self.embedding_), resolve(self.n_jobs)
        neighbours = fitted.nearest(new, min(n, self.reach()), threads)
        plain = RowLaw("student", "student", 1.0, factor=self.phases(n)[-1].exaggeration)
        law = fitted.keep(plain, lambda: in_map(plain, self.embedding_, threads))
        return settle(neighbours, self.drawn(neighbours.distance), self.embedding_, law, threads)

    def _descend(
        self, graph: Graph, start: Positions, phases: list[Phase], threads: int, control: Control
    ) -> Generator[Frame, None, tuple[str, ...]]:
        rule = GainsAndMomentum(self.n_components, start.shape[1], threads)
        energy = StudentEnergy(graph, threads, self.n_components)
        return descend(energy, start, rule, phases, control, self.tolerance)

    def _from_sample(self, points: Points, graph: Graph, threads: int, control: Control) -> Positions:
        """A start by all phases on a sample, which takes the place of the first phase on all rows."""
        few = two_level.few_of(len(points.rows), self.seed_)
        few_points = Points(points.rows[few], points.scores[few], points.space)
        few_graph = copy.copy(self).graph(few_points, threads, control, forget)  # its notes are not about this map
        few_start = small_pca(few_points.scores, self.n_components, self.seed_)
        phases = self.phases(len(few))
        aside = two_level.Aside(control, sum(phase.steps for phase in phases))
        (last,) = collections.deque(self._descend(few_graph, few_start, phases, threads, aside), maxlen=1)
        self.notes_ += (f"The first phase was left to a map of {len(few)} of the rows, which this one began as.",)
        return two_level.among_neighbours(graph, few, last.Y, self.seed_, threads)
