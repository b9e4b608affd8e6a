"""SNE: the map of neighbours with Gaussian distances, which t-SNE came from."""

import contextlib
import dataclasses
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control, Stopped
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout.base import Frame, Layout, Phase
from snowdome.layout.measures import sample
from snowdome.layout.optimiser import GainsAndMomentum, descend
from snowdome.layout.placing import Fitted, gaussian_weights, mean_of_places
from snowdome.layout.settling import RowLaw, in_map, settle
from snowdome.layout.start import small_pca
from snowdome.layout.stress import Rows, all_distances
from snowdome.space.knn import Neighbours

FULL = 4_000  # rows up to which all pairs are kept and summed
_STREAM = 980  # of random numbers: see core.rng
_RATE = 0.1
_ROWS = 2048


@dataclass(eq=False)
class SNE(Layout):
    """Stochastic neighbour embedding (Hinton and Roweis 2003) in 2 or 3 dimensions: Gaussians in map and data.

    Perplexity-calibrated affinities of the raw values, a small PCA start, descent with momentum and gains over all
    pairs, kept and summed. Above 4,000 rows so many random ones are laid out, and each other row comes to rest among
    these by its own share of the energy. `cost_` is the mean divergence of a row's neighbours, or with `symmetric`
    (Cook et al. 2007) that of all pairs at once; of the random rows where these are not all, as `notes_` says. Cost:
    16 n² bytes, 3 n² exponentials a step up to 4,000 rows; above, 4,000 n p multiplications and some dozens of sums of
    4,000 exponentials for each row. Also fitted: `seed_`, `perplexity_` (after clamping).
    """

    title: ClassVar[str] = "SNE"
    says: ClassVar[str] = "SNE keeps neighbours but crowds them in the middle; t-SNE was made to mend that."
    cost_name: ClassVar[str] = "KL"

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    perplexity: float = option(30.0, "how many neighbours count, about", low=1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    symmetric: bool = option(True, "one distribution over all pairs, not one for each row")
    steps: int = option(300, "steps", low=0, high=100000)

    def memory(self, n: int, p: int) -> int:
        """See Layout. All distances of the rows laid out, sorted, then all their affinities."""
        few = min(n, FULL)
        return super().memory(few, p) + 32 * few**2 + (n - few) * 20 * self._reach(few)

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. A perplexity above (n - 1) / 3 is lowered to that."""
        values, watcher, threads = self.checked(X), control or Control(), resolve(self.n_jobs)
        n = len(values)
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        self.perplexity_ = min(float(self.perplexity), max(1.0, (min(n, FULL) - 1) / 3))
        self.notes_ = ()
        if self.perplexity_ < self.perplexity:
            self.notes_ = (f"The perplexity was lowered to {self.perplexity_:g}: there are {min(n, FULL)} rows.",)
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
        elif n <= FULL:
            self.notes_ += yield from self._all_pairs(values, threads, watcher, memo)
        else:
            yield from self._with_the_rest(values, threads, watcher)

    def _all_pairs(
        self, X: NDArray[Any], threads: int, control: Control, memo: Memo
    ) -> Generator[Frame, None, tuple[str, ...]]:
        from snowdome.layout.pairs import GaussianEnergy
        from snowdome.space.pca import components

        n = len(X)
        scores = components(X, self.n_components, threads, control, memo).scores
        distances = all_distances(Rows(X)[:], threads, control)
        np.fill_diagonal(distances, np.inf)
        others = np.argsort(distances, axis=1, kind="stable")[:, :-1]
        weight = gaussian_weights(np.take_along_axis(distances, others, axis=1), self.perplexity_)
        affinity = np.zeros((n, n), np.float32)
        np.put_along_axis(affinity, others, weight, axis=1)
        del distances, others, weight
        energy = GaussianEnergy(affinity, symmetric=self.symmetric, threads=threads)
        start = small_pca(scores, self.n_components, self.seed_)
        rule = GainsAndMomentum(self.n_components, n, threads)
        half = self.steps // 2
        phases = [Phase(half, 1.0, 0.5, _RATE), Phase(self.steps - half, 1.0, 0.8, _RATE)]
        return (yield from descend(energy, start, rule, phases, control))

    def _with_the_rest(self, X: NDArray[Any], threads: int, control: Control) -> Iterator[Frame]:
        """Frames of all rows: on the way the rest is at the mean place of its nearest, in the end at its own."""
        chosen = sample(len(X), FULL, self.seed_, _STREAM)
        self.notes_ += (f"The map is that of {FULL:,} random rows, the {self.cost_name} too; each of the other "
                        f"{len(X) - FULL:,} comes to rest among these by its own share of it.",)  # fmt: skip
        others = np.setdiff1d(np.arange(len(X)), chosen)
        few = Fitted(np.ascontiguousarray(X[chosen]), None)
        near = self._near(X, others, few, threads, control)
        weight = gaussian_weights(near.distance, self.perplexity_)
        for frame in self._all_pairs(few.X, threads, control, forget):
            rest = mean_of_places(near, weight, frame.Y)
            if frame.done and not control.stopping:
                with contextlib.suppress(Stopped):  # who stops now has the rows where they are
                    rest = settle(near, weight, frame.Y, self._law(), threads, control=control)
            places = np.empty((len(X), frame.Y.shape[1]), np.float32)
            places[chosen], places[others] = frame.Y, rest
            yield dataclasses.replace(frame, Y=places)

    def _near(
        self, X: NDArray[Any], rows: NDArray[np.int64], few: Fitted, threads: int, control: Control
    ) -> Neighbours:
        """The nearest of the few to these rows of X, block by block."""
        k = self._reach(len(few.X))
        index, distance = np.empty((len(rows), k), np.int32), np.empty((len(rows), k), np.float32)
        for first in range(0, len(rows), _ROWS):
            control.check("finding neighbours", first, len(rows))
            part = slice(first, first + _ROWS)
            found = few.nearest(X[rows[part]], k, threads)
            index[part], distance[part] = found.index, found.distance
        return Neighbours(index, distance)

    def _reach(self, n: int) -> int:
        """How many of n rows draw another one."""
        return max(1, min(n, int(3 * self.perplexity)))

    def _law(self) -> RowLaw:
        if self.symmetric:
            return RowLaw("square", "gaussian", 0.0)
        return RowLaw("square", "gaussian", 0.0, "rows", factor=2.0)

    def _place(self, new: NDArray[Any], fitted: Fitted) -> NDArray[np.float32]:
        """Where each row comes to rest by its own share of the energy: see `settling.settle`."""
        n, threads = len(self.embedding_), resolve(self.n_jobs)
        near = fitted.nearest(new, self._reach(n), threads)
        weight = gaussian_weights(near.distance, min(self.perplexity, near.distance.shape[1] / 3))
        law = fitted.keep("law", lambda: in_map(self._law(), self.embedding_, threads))
        return settle(near, weight, self.embedding_, law, threads)
