"""SNE: the map of neighbours with Gaussian distances, which t-SNE came from."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout.base import Frame, Layout
from snowdome.layout.optimiser import GainsAndMomentum, Phase, descend
from snowdome.layout.start import small_pca

MOST = 4_000  # rows: all pairs are kept and summed
_RATE = 0.1


@dataclass(eq=False)
class SNE(Layout):
    """Stochastic neighbour embedding (Hinton and Roweis 2003) in 2 or 3 dimensions: Gaussians in map and data.

    All pairs, kept and summed, so for at most 4,000 rows. Perplexity-calibrated affinities of the raw values, a small
    PCA start, descent with momentum and gains. `cost_` is the mean divergence of a row's neighbours, or with
    `symmetric` (Cook et al. 2007) that of all pairs at once. Cost: 16 n² bytes, 3 n² exponentials a step. Also fitted:
    `seed_`, `perplexity_` (after clamping).
    """

    title: ClassVar[str] = "SNE"
    says: ClassVar[str] = "SNE keeps neighbours but crowds them in the middle; t-SNE was made to mend that."
    cost_name: ClassVar[str] = "KL"

    n_components: int = option(2, "dimensions of the map", low=2, high=3)
    perplexity: float = option(30.0, "how many neighbours count, about", low=1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    symmetric: bool = option(True, "one distribution over all pairs, not one for each row")
    steps: int = option(300, "steps", low=0, high=100000)

    def memory(self, n: int, p: int) -> int:
        """See Layout. On top: all neighbours while they are found, then all affinities."""
        return super().memory(n, p) + 32 * min(n, MOST) ** 2

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. DataError above 4,000 rows; a perplexity above (n - 1) / 3 is lowered to that."""
        from snowdome.layout.pairs import GaussianEnergy
        from snowdome.layout.placing import gaussian_weights
        from snowdome.space.knn import nearest_neighbours
        from snowdome.space.pca import components

        values, watcher, threads = self.checked(X), control or Control(), resolve(self.n_jobs)
        n = len(values)
        if n > MOST:
            raise DataError(
                f"SNE: X has {n:,} rows; allowed: up to {MOST:,}, whose pairs are all summed. Give it fewer rows, "
                f"X[:{MOST}], or lay them out by t-SNE."
            )
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        self.perplexity_ = min(float(self.perplexity), max(1.0, (n - 1) / 3))
        self.notes_ = ()
        if self.perplexity_ < self.perplexity:
            self.notes_ = (f"The perplexity was lowered to {self.perplexity_:g}: there are {n} rows.",)
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
            return
        scores = components(values, self.n_components, threads, watcher, memo).scores
        nearest = nearest_neighbours(values, n - 1, threads, watcher, memo, "raw")
        affinity = np.zeros((n, n), np.float32)
        np.put_along_axis(affinity, nearest.index, gaussian_weights(nearest.distance, self.perplexity_), axis=1)
        energy = GaussianEnergy(affinity, symmetric=self.symmetric, threads=threads)
        start = small_pca(scores, self.n_components, self.seed_)
        rule = GainsAndMomentum(self.n_components, n, threads)
        half = self.steps // 2
        phases = [Phase(half, 1.0, 0.5, _RATE), Phase(self.steps - half, 1.0, 0.8, _RATE)]
        self.notes_ += yield from descend(energy, start, rule, phases, watcher)
