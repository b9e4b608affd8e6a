"""Metric multidimensional scaling: the map that keeps all distances as well as it can."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout import olah
from snowdome.layout.base import Frame, Layout
from snowdome.layout.majorisation import BLOCK, SAMPLE, majorise, majorise_blocks
from snowdome.layout.measures import sample
from snowdome.layout.pairs import StressEnergy
from snowdome.layout.start import with_noise
from snowdome.layout.stress import Rows, Stress, all_distances, floor_of, place_against

if TYPE_CHECKING:
    from snowdome.layout.placing import Fitted

FULL = 10_000  # rows up to which all pairs are kept: 400 MB
_STEPS, _SWEEPS = 100, 8
_LANDMARKS, _LANDMARK_STREAM = 1000, 960  # rows of the fit that a new row is placed against, and how they are drawn


@dataclass(eq=False)
class MDS(Layout):
    """Least raw stress, Σ (δ - d)² over all pairs, δ the Euclidean distances of the raw values, in 2 or 3 dimensions.

    J. B. Kruskal, "Multidimensional scaling by optimizing goodness of fit", Psychometrika 29 (1964), by majorisation
    (J. de Leeuw 1977) from the principal components. Up to 10,000 rows of all pairs at once, above that of random
    blocks of rows. `cost_` is the raw stress, each pair counted once (estimated above 10,000 rows, and `notes_` says
    so). The same seed gives the same bits for any number of threads. Cost: 100 n² pairs and 4 n² bytes up to 10,000
    rows, some 8 · 1024 · n p multiplications above. Also fitted: `seed_`. `preset="olah"` makes the run of `olah`.
    """

    title: ClassVar[str] = "MDS"
    says: ClassVar[str] = (
        "MDS keeps all distances as well as so few dimensions allow; near neighbours may be torn apart."
    )
    cost_name: ClassVar[str] = "stress"
    inverse: ClassVar[bool] = False  # whether a pair weighs 1/δ
    olah_runs: ClassVar[dict[int, olah.Run]] = olah.RUNS["mds"]

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    steps: int | None = option(None, "majorising steps of every row; none for as many as suit n", low=1, high=100000)
    preset: str = option("", olah.HELP, choices=("", "olah"))

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout."""
        values, watcher, threads = self.checked(X), control or Control(), resolve(self.n_jobs)
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        self.notes_ = ()
        if self.preset:
            self.notes_ = olah.notes(len(values))
            yield from olah.play(
                self.olah_runs, values, lambda rows: self._energy(rows, threads),
                self.n_components, self.seed_, threads, watcher,
            )  # fmt: skip
            return
        run = self._all_pairs if len(values) <= FULL else self._blocks
        yield from run(values, threads, watcher, memo)

    def memory(self, n: int, p: int) -> int:
        """See Layout. Up to 10,000 rows all distances, above that the components and some blocks of rows."""
        if n <= FULL:
            return 4 * n * n + 12 * n * p
        return (
            super().memory(n, p) + 40 * n + 16 * BLOCK * (BLOCK + p) * resolve(self.n_jobs) + 8 * SAMPLE * (SAMPLE + p)
        )

    def _energy(self, rows: NDArray[np.float32], threads: int) -> StressEnergy:
        return StressEnergy(all_distances(rows, threads), inverse=self.inverse, threads=threads)

    def _all_pairs(self, X: NDArray[Any], threads: int, control: Control, memo: Memo) -> Iterator[Frame]:  # noqa: ARG002
        from snowdome.layout.classical import classical_scaling

        rows = Rows(X)
        distances = all_distances(rows[:], threads, control)
        stress = Stress(distances, inverse=self.inverse, floor=floor_of(distances), threads=threads)
        start = with_noise(classical_scaling(distances, self.n_components, self.seed_, threads), self.seed_)
        yield from majorise(stress, start, self.steps or _STEPS, rows.unit, control)

    def _blocks(self, X: NDArray[Any], threads: int, control: Control, memo: Memo) -> Iterator[Frame]:
        from snowdome.space.pca import components

        n, rows = len(X), Rows(X)
        self.notes_ = (
            f"The {self.cost_name} is that of all pairs of {SAMPLE:,} random rows, for all {n * (n - 1) // 2:,} pairs; "
            f"above {FULL:,} rows the map is found by random blocks.",
        )
        scores = components(X, self.n_components, threads, control, memo).scores.T / np.float32(rows.unit)
        sweeps = self.steps or max(_SWEEPS, 200_000 // n)
        yield from majorise_blocks(
            rows, with_noise(scores, self.seed_), sweeps,
            inverse=self.inverse, seed=self.seed_, threads=threads, control=control,
        )  # fmt: skip

    def _place(self, new: NDArray[Any], fitted: "Fitted") -> NDArray[np.float32]:
        """The place of least stress against 1,000 random rows of the fit, each row by itself."""
        chosen = sample(len(fitted.X), _LANDMARKS, 0, _LANDMARK_STREAM)
        weights = "inverse" if self.inverse else "equal"
        return place_against(fitted.X[chosen], self.embedding_[chosen], new, weights, resolve(self.n_jobs))
