"""The graph of nearest neighbours, laid out by springs and repulsion."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout import olah
from snowdome.layout.base import Frame, Layout, Phase
from snowdome.layout.optimiser import GainsAndMomentum, descend
from snowdome.layout.placing import FEW, Fitted
from snowdome.layout.points import points_in
from snowdome.layout.settling import RowLaw, settle
from snowdome.layout.springs import RECIPES, SpringEnergy, mean_length, rms_length, spring_graph
from snowdome.layout.start import small_pca
from snowdome.space.knn import Neighbours, nearest_neighbours

_LEAST = 1e-6  # mean distance of neighbours
_SMALL = 5000  # rows up to which the printed energy is the default
_ALSO = 3  # times k: so many nearest rows may have a new row among their own nearest
_FIRST_EXAGGERATION = 4.0  # of the springs: clusters form while repulsion is weak


@dataclass(eq=False)
class KNNGraph(Layout):
    """Springs from each row to its nearest neighbours, and a repulsion of all pairs (Eades 1984; Olah 2014).

    With d* the distance of two rows in the data (of uint8 over 255), d that on the map, and E the n k directed edges,
    those in both directions twice, the energy is one of these:

    - "printed": Σ_{i≠j} 1/d + ½ Σ_E (d - d*)², as C. Olah, "Visualizing MNIST" (2014), prints it; 1/d is
      1/√(d² + (.03 ℓ)²) here, ℓ the mean of d* over the edges;
    - "shipped": -Σ_{i<j} log d + Σ_E (10 d³/3 - 5 d² + 5/3), springs of length 1 that pull by 10 (d - 1) d, as the code
      of that page does; log d is ½ log(d² + 10⁻⁶);
    - "plain": ½ Σ_E d² - (40 k / n) Σ_{i<j} log d + ½ k/(40 ∛n) Σ |y|², with an edge in both directions once, for any n
      and any unit of the data: edges are about five long, and a weak pull to the middle holds parts that no edge joins.

    All from a PCA start in which the edges are 2 ℓ long (root mean square; 2 for the plain one), by momentum and gains;
    the springs are four times as strong for the first quarter of the steps. The same seed gives the same bits for any
    number of threads. Cost: n² p multiplications for the neighbours; then n log n interactions for each step. Also
    fitted: `seed_`, `energy_` (the one taken), `edges_` (n k, 2) int32 from row to neighbour, and `lengths_` (n k,)
    float32, their d*. `preset="olah"` makes the run of `olah`: as shipped, or as printed where `energy` says so.
    """

    title: ClassVar[str] = "Neighbour graph"
    says: ClassVar[str] = "Rows that are joined lie close together; how far apart others lie means little."
    cost_name: ClassVar[str] = "energy"
    exaggerates: ClassVar[bool] = True

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    k: int = option(3, "neighbours that each row is joined to", low=1, high=1000)
    energy: str | None = option(
        None, "springs and repulsion; none for printed up to 5,000 rows and plain above, and on a line",
        choices=("printed", "shipped", "plain"),
    )  # fmt: skip
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    space: int | None = option(
        50, "principal components in which neighbours are found; none for the raw values", low=2, high=10000
    )
    steps: int = option(300, "steps in all, a quarter of them with strong springs", low=0, high=100000)
    tolerance: float = option(
        0.0, "a phase ends when the cost changes by less than this part of itself in 50 steps", low=0, high=0.1
    )
    preset: str = option("", olah.HELP, choices=("", "olah"))

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. A k of more rows than there are others is lowered to that, and `notes_` says so."""
        watcher, threads = control or Control(), resolve(self.n_jobs)
        values = self.checked(X)
        n = len(values)
        self.notes_ = ()
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
            return
        if self.preset:
            self.notes_ = olah.notes(n)
            yield from olah.play(
                olah.RUNS["graph"], values, lambda rows: self._energy_of_olah(rows, threads, watcher),
                self.n_components, self.seed_, threads, watcher,
            )  # fmt: skip
            return
        neighbours, distance, scores = self._joined(values, threads, watcher, memo)
        law = RECIPES[self.energy_](n, neighbours.index.shape[1], mean_length(distance))
        length = law.rest_lengths(distance)
        graph = spring_graph(neighbours, length, once=law.once)
        start = small_pca(scores, self.n_components, self.seed_)
        start *= np.float32(2 * mean_length(length) / rms_length(graph, start))
        rule = GainsAndMomentum(self.n_components, n, threads)
        energy = SpringEnergy(graph, law, self.n_components, threads)
        self.notes_ += yield from descend(energy, start, rule, self.phases(n), watcher, self.tolerance)

    def recall(self, X: NDArray[Any], memo: Memo = forget) -> bool:
        """See Layout: the lengths of the edges."""
        if len(X) > 1 and not self.preset:
            self._joined(X, resolve(self.n_jobs), Control(), memo)
        return True

    def _joined(
        self, X: NDArray[Any], threads: int, control: Control, memo: Memo
    ) -> tuple[Neighbours, NDArray[np.float32], NDArray[np.float32]]:
        """Each row's neighbours, how far they are in the unit of the edges, and the scores that the map starts from."""
        neighbours, scores = self._neighbours(X, threads, control, memo)
        self.energy_ = self._energy(len(X))
        self._unit = np.float32(255 if X.dtype == np.uint8 else 1)  # of the distances d*
        distance = neighbours.distance / self._unit
        if 0 < mean_length(distance) < _LEAST:  # whose inverse squares float32 does not hold
            self.notes_ += (f"Distances of about {mean_length(distance):.0e} are told as multiples of their mean.",)
            self._unit *= np.float32(mean_length(distance))
            distance = neighbours.distance / self._unit
        self._note_edges(neighbours.index, distance)
        return neighbours, distance, scores

    def memory(self, n: int, p: int) -> int:
        """See Layout. The neighbours while they are found, then the springs and the tree."""
        from snowdome.space import knn

        k, q = max(1, min(n - 1, self.k)), p if self._raw(p) else int(self.space or 0)
        return max(super().memory(n, p), 4 * n * q + max(knn.memory_needed(n, q, k), n * (100 * k + 500)))

    def phases(self, n: int) -> list[Phase]:
        """A quarter of the steps with strong springs, then springs as they are; with the preset one phase alone."""
        if self.preset:
            return olah.phases(olah.RUNS["graph"][self.n_components])
        k = max(1, min(self.k, n - 1))
        rate = 0.3 / (k * RECIPES[self._energy(n)](n, k, 1.0).stiffness)
        few = self.steps // 4
        return [
            Phase(few, _FIRST_EXAGGERATION, 0.5, _FIRST_EXAGGERATION * rate),
            Phase(self.steps - few, 1.0, 0.8, rate),
        ]

    def _energy(self, n: int) -> str:
        # On a line 1/d keeps rows from passing each other, so that neighbours do not find each other.
        return self.energy or ("printed" if n <= _SMALL and self.n_components > 1 else "plain")

    def _note_edges(self, index: NDArray[np.int32], distance: NDArray[np.float32]) -> None:
        n, k = index.shape
        self.edges_ = np.column_stack([np.repeat(np.arange(n, dtype=np.int32), k), index.ravel()])
        self.lengths_ = distance.ravel()

    def _energy_of_olah(self, rows: NDArray[np.float32], threads: int, control: Control) -> SpringEnergy:
        """Springs to 3 neighbours in the raw values: as shipped, unless `energy` says as printed."""
        nearest = nearest_neighbours(rows, min(olah.NEIGHBOURS, len(rows) - 1), threads, control)
        self.energy_ = "printed" if self.energy == "printed" else "shipped"
        self._note_edges(nearest.index, nearest.distance)
        n, k = nearest.index.shape
        law = RECIPES[self.energy_](n, k, mean_length(nearest.distance))
        graph = spring_graph(nearest, law.rest_lengths(nearest.distance))
        return SpringEnergy(graph, law, self.n_components, threads)

    def _neighbours(
        self, X: NDArray[Any], threads: int, control: Control, memo: Memo
    ) -> tuple[Neighbours, NDArray[np.float32]]:
        """Each row's k nearest others, or all there are, and the scores that the map starts from."""
        points = points_in(X, self.space, self.n_components, threads, control, memo)
        others = len(X) - 1
        if self.k > others:
            self.notes_ += (f"Each row has {others} others to be joined to, fewer than {self.k}.",)
        nearest = nearest_neighbours(points.rows, min(self.k, others), threads, control, memo, points.space)
        self.notes_ += nearest.notes
        return nearest, points.scores

    def _place(self, new: NDArray[Any], fitted: Fitted) -> NDArray[np.float32]:
        """Where each row comes to rest by the energy: see `settling.settle`.

        Springs join it to its k nearest, and to those among the nearest of whose own k nearest it would be one.
        """
        n = len(self.embedding_)
        if n == 1 or self.preset:
            return super()._place(new, fitted)
        known, threads = self.lengths_.reshape(n, -1), resolve(self.n_jobs)
        k = known.shape[1]
        near = fitted.nearest(new, min(n, _ALSO * k + FEW), threads)
        distance = near.distance / self._unit
        joined = (np.arange(near.index.shape[1]) < k) + (distance < known[near.index, -1]).astype(np.float32)
        spring = RECIPES[self.energy_](n, k, mean_length(known))
        joined = np.minimum(joined, 1) if spring.once else joined
        length = spring.rest_lengths(distance)
        law = RowLaw(
            "spring", spring.repulsion.name, spring.repulsion.softening, 2 * spring.pairs, spring.constant,
            spring.slope, spring.middle, mean_length(spring.rest_lengths(known)),
        )  # fmt: skip
        return settle(near, joined, self.embedding_, law, threads, length)
