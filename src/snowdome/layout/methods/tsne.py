"""t-SNE: the map that keeps neighbours."""

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
from snowdome.layout.base import Frame, Layout
from snowdome.layout.optimiser import GainsAndMomentum, Phase, descend
from snowdome.layout.start import small_pca
from snowdome.layout.student import StudentEnergy


@dataclass(eq=False)
class TSNE(Layout):
    """t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008), in two dimensions.

    Exact neighbours and perplexity-calibrated affinities in the stated space, a small PCA start, exaggeration, then
    none; repulsion by one potential on a grid (`layout.repulsion`). The same seed gives the same bits for any number
    of threads. Cost: n² p multiplications for the neighbours; then, for each step, 3 · perplexity · n edges and a
    transform of a grid that covers the map. Also fitted: `seed_`, `perplexity_` (after clamping).
    """

    title: ClassVar[str] = "t-SNE"
    says: ClassVar[str] = "t-SNE keeps neighbours; distances between clusters and their sizes mean little."
    cost_name: ClassVar[str] = "KL"
    exaggerates: ClassVar[bool] = True

    n_components: int = option(2, "dimensions of the map", low=2, high=2)
    perplexity: float = option(30.0, "how many neighbours count, about", low=1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    space: int | None = option(
        50, "principal components in which neighbours are found; none for the raw values", low=2, high=10000
    )
    exaggeration: float = option(12.0, "factor on the attraction in the first phase", low=1, high=100)
    early_steps: int = option(250, "steps of the first phase", low=0, high=100000)
    steps: int = option(500, "steps of the second phase", low=0, high=100000)

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. A perplexity above (n - 1) / 3 is lowered to that, and `perplexity_` says so."""
        from snowdome.space.affinity import perplexity_affinities
        from snowdome.space.knn import nearest_neighbours

        watcher, threads = control or Control(), resolve(self.n_jobs)
        values = self.checked(X)
        n = len(values)
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        self.perplexity_ = min(float(self.perplexity), max(1.0, (n - 1) / 3))
        points, scores, space = self._points(values, threads, watcher, memo)
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
            return
        k = min(n - 1, int(3 * self.perplexity_))
        neighbours = nearest_neighbours(points, k, threads, watcher, memo, space)
        graph = perplexity_affinities(neighbours, self.perplexity_, threads, watcher, memo, space)
        start = small_pca(scores, self.n_components, self.seed_)
        phases = [
            Phase(self.early_steps, self.exaggeration, 0.5, float(n)),
            Phase(self.steps, 1.0, 0.8, float(n)),
        ]
        rule = GainsAndMomentum(self.n_components, n, threads)
        yield from descend(StudentEnergy(graph, threads), start, rule, phases, watcher)

    def _points(
        self, X: NDArray[Any], threads: int, control: Control, memo: Memo
    ) -> tuple[NDArray[Any], NDArray[np.float32], str]:
        """The rows in the space where neighbours are found, the scores that the map starts from, the space's name."""
        from snowdome.space.pca import components

        raw = self.space is None or self.space >= X.shape[1]
        scores = components(X, self.n_components if raw else int(self.space or 0), threads, control, memo).scores
        return (X, scores, "raw") if raw else (scores, scores, f"pca{self.space}")
