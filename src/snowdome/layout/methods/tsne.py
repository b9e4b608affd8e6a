"""t-SNE: the map that keeps neighbours."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout import olah
from snowdome.layout.base import Frame, Phase
from snowdome.layout.neighbour_embedding import FIRST_EXAGGERATION, NeighbourEmbedding
from snowdome.layout.placing import gaussian_weights
from snowdome.layout.points import Points
from snowdome.layout.stress import all_distances
from snowdome.layout.student import StudentEnergy
from snowdome.space.affinity import Graph, perplexity_affinities, uniform_affinities

_UNIFORM = 15  # neighbours that keep about what a perplexity of 30 keeps, at a sixth of the edges


@dataclass(eq=False)
class TSNE(NeighbourEmbedding):
    """t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008), in two or three dimensions.

    Exact neighbours and perplexity-calibrated affinities in the stated space, a small PCA start, exaggeration, then
    none; repulsion by one potential on a grid (`layout.repulsion`), in three dimensions by a tree (`layout.tree`); the
    kernel is 1/(1 + r²) in both. The same seed gives the same bits for any number of threads. With
    `affinities="uniform"` each row is drawn to its 15 nearest alike (Böhm, Berens and Kobak 2022), and the perplexity
    does not count: six times fewer edges for a map that looks alike. Cost: n² p multiplications for the neighbours;
    then, for each step, about 4 · perplexity · n edges and a transform of a grid that covers the map, or n log n
    interactions in the tree. Also fitted: `seed_`, `perplexity_` (after clamping). `preset="olah"` makes the run of
    `olah`, at a perplexity of 40 over all pairs of the raw values.
    """

    title: ClassVar[str] = "t-SNE"
    says: ClassVar[str] = "t-SNE keeps neighbours; distances between clusters and their sizes mean little."

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    perplexity: float = option(30.0, "how many neighbours count, about; one at least", low=0.1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    space: int | None = option(
        50, "principal components in which neighbours are found; none for the raw values", low=2, high=10000
    )
    affinities: str = option(
        "perplexity", "weights of neighbours: by the perplexity, or 15 alike", choices=("perplexity", "uniform")
    )
    exaggeration: float = option(FIRST_EXAGGERATION, "factor on the attraction in the first phase", low=1, high=100)
    early_steps: int = option(250, "steps of the first phase", low=0, high=100000)
    steps: int = option(500, "steps of the second phase", low=0, high=100000)
    tolerance: float = option(
        0.0, "a phase ends when the cost changes by less than this part of itself in 50 steps", low=0, high=0.1
    )
    preset: str = option("", olah.HELP, choices=("", "olah"))

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See NeighbourEmbedding; with the preset see `olah.play`."""
        if not self.preset:
            yield from super().frames(X, control, memo)
            return
        values, threads = self.checked(X), resolve(self.n_jobs)
        self.notes_ = olah.notes(len(values))
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        yield from olah.play(
            olah.RUNS["tsne"], values, lambda rows: self._energy_of_olah(rows, threads),
            self.n_components, self.seed_, threads, control or Control(),
        )  # fmt: skip

    def _energy_of_olah(self, rows: NDArray[np.float32], threads: int) -> StudentEnergy:
        return StudentEnergy(olah.affinities(all_distances(rows, threads)), threads, self.n_components)

    def graph(self, points: Points, threads: int, control: Control, memo: Memo) -> Graph:
        """By perplexity, from 1 to (n - 1) / 3 at most, which `perplexity_` says; or by 15 neighbours alike."""
        n = len(points.rows)
        self.perplexity_ = max(1.0, min(float(self.perplexity), (n - 1) / 3))
        if self.affinities == "uniform":
            nearest = self.neighbours(points, _UNIFORM, threads, control, memo)
            return uniform_affinities(nearest, "mean", threads, control, memo, points.space)
        if self.perplexity_ < self.perplexity:
            self.notes_ += (f"The perplexity was lowered to {self.perplexity_:g}: there are {n} rows.",)
        if self.perplexity < 1:
            self.notes_ += ("The perplexity was raised to 1: less than one neighbour is none.",)
        nearest = self.neighbours(points, max(1, int(min(n - 1, 3 * self.perplexity_))), threads, control, memo)
        return perplexity_affinities(nearest, self.perplexity_, threads, control, memo, points.space)

    def reach(self) -> int:
        """As in the graph."""
        return _UNIFORM if self.affinities == "uniform" else max(1, int(3 * self.perplexity))

    def drawn(self, distance: NDArray[np.float32]) -> NDArray[np.float32]:
        """By the perplexity, as rows of the fit are, or alike."""
        if self.affinities == "uniform":
            return super().drawn(distance)
        return gaussian_weights(distance, min(self.perplexity, distance.shape[1] / 3))

    def phases(self, n: int) -> list[Phase]:
        """An exaggerated one, then one that is not; with the preset one alone."""
        if self.preset:
            return olah.phases(olah.RUNS["tsne"][self.n_components])
        return [Phase(self.early_steps, self.exaggeration, 0.5, float(n)), Phase(self.steps, 1.0, 0.8, float(n))]
