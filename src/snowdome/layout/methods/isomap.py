"""Isomap: distances along the data, unrolled."""

import contextlib
import dataclasses
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control, Stopped
from snowdome.core.options import option
from snowdome.core.threads import resolve
from snowdome.layout import olah
from snowdome.layout.base import Frame, Layout
from snowdome.layout.classical import classical_scaling
from snowdome.layout.majorisation import majorise
from snowdome.layout.measures import sample
from snowdome.layout.pairs import StressEnergy
from snowdome.layout.paths import Roads, bridged, neighbour_roads, path_lengths
from snowdome.layout.placing import Fitted
from snowdome.layout.start import with_noise
from snowdome.layout.stress import Matrix, Rows, Stress, place_at
from snowdome.space.knn import Neighbours, nearest_neighbours

FULL = 4_000  # rows up to which all paths are kept
LANDMARKS, _STREAM = 1_000, 970
_NEAREST = 3  # landmarks that a row stays between while these move
_COLUMNS = 4096
_KEPT, _KEPT_STREAM = 2**26, 971  # lengths of paths that are kept for new rows, at most: 256 MB
_NO_PATH = 10_000.0  # Olah's infinity


@dataclass(eq=False)
class Isomap(Layout):
    """Metric MDS of the shortest paths over the graph of k nearest neighbours, in 2 or 3 dimensions.

    J. B. Tenenbaum, V. de Silva and J. C. Langford, Science 290 (2000), with raw stress in place of classical scaling,
    which it starts from. Parts of the graph that are not connected are joined by their shortest bridges. Up to 4,000
    rows from all paths; above, 1,000 random landmarks are laid out by the paths between them, and each other row is
    placed by its paths to these (V. de Silva and J. B. Tenenbaum 2004, landmark MDS, by stress). `cost_` is the raw
    stress of all rows, or of the landmarks, as `notes_` says. Cost: n² p multiplications for the neighbours; for each
    row, or landmark, a search of n k edges; 100 steps of as many pairs. Also fitted: `seed_`.
    """

    title: ClassVar[str] = "Isomap"
    says: ClassVar[str] = "Isomap keeps distances along the data; one false neighbour can fold the map."
    cost_name: ClassVar[str] = "stress"

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    k: int = option(5, "neighbours that each row is joined to", low=1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    steps: int = option(100, "majorising steps", low=1, high=100000)
    preset: str = option("", olah.HELP, choices=("", "olah"))

    def memory(self, n: int, p: int) -> int:
        """See Layout. All paths, or those from the landmarks; the neighbours while they are found."""
        paths = 12 * n * n if n <= FULL else 8 * LANDMARKS * n
        return paths + n * (12 * p + 62 * min(n, self.k) + 600)

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """See Layout. A k of more rows than there are others is lowered to that."""
        values, watcher, threads = self.checked(X), control or Control(), resolve(self.n_jobs)
        self.seed_ = secrets.randbelow(2**31) if self.random_state is None else int(self.random_state)
        n = len(values)
        self.notes_ = ()
        if n == 1:
            yield Frame(0, 0, 0, float("nan"), 0, np.zeros((1, self.n_components), np.float32), done=True)
        elif self.preset:
            self.notes_ = olah.notes(n)
            yield from olah.play(
                olah.RUNS["isomap"], values, lambda rows: _energy_of_olah(rows, threads, watcher),
                self.n_components, self.seed_, threads, watcher,
            )  # fmt: skip
        else:
            rows = Rows(values)
            nearest = nearest_neighbours(values, min(self.k, n - 1), threads, watcher, memo, "raw")
            self.notes_ += nearest.notes
            roads = self._connected(nearest, rows, threads, watcher)
            run = self._all_paths if n <= FULL else self._landmarks
            self._unit = rows.unit
            yield from run(roads, rows.unit, threads, watcher)

    def _connected(self, nearest: Neighbours, rows: Rows, threads: int, control: Control) -> Roads:
        roads, bridges = bridged(neighbour_roads(nearest, rows.unit), rows[:], threads, control)
        if bridges:
            many = f"{bridges} shortest bridges" if bridges > 1 else "its shortest bridge"
            self.notes_ += (f"The graph of {self.k} neighbours has {bridges + 1} parts; they were joined by {many}.",)
        return roads

    def _all_paths(self, roads: Roads, unit: float, threads: int, control: Control) -> Iterator[Frame]:
        n = len(roads.indptr) - 1
        lengths = path_lengths(roads, np.arange(n), threads, control)
        self._keep(np.arange(n), lengths)
        yield from self._majorised(np.minimum(lengths, lengths.T), unit, threads, control)

    def _majorised(self, lengths: Matrix, unit: float, threads: int, control: Control) -> Iterator[Frame]:
        start = with_noise(classical_scaling(lengths, self.n_components, self.seed_, threads), self.seed_)
        stress = Stress(lengths, inverse=False, floor=1.0, threads=threads)
        yield from majorise(stress, start, self.steps, unit, control)

    def _landmarks(self, roads: Roads, unit: float, threads: int, control: Control) -> Iterator[Frame]:
        """Frames of all rows: on the way each other row is between its nearest landmarks, in the end at its place."""
        n = len(roads.indptr) - 1
        chosen = sample(n, LANDMARKS, self.seed_, _STREAM)
        self.notes_ += (f"The map is that of {LANDMARKS:,} random rows, the stress too; the other rows are placed by "
                        f"their paths to these.",)  # fmt: skip
        lengths = path_lengths(roads, chosen, threads, control)
        self._keep(chosen, lengths)
        blocks = np.array_split(np.arange(n), -(-n // _COLUMNS))
        near = np.concatenate([np.argpartition(lengths[:, rows], _NEAREST, axis=0)[:_NEAREST] for rows in blocks], 1)
        between = np.ascontiguousarray(lengths[:, chosen])
        for frame in self._majorised(np.minimum(between, between.T), unit, threads, control):
            places = frame.Y[near].mean(0)
            if frame.done and not control.stopping:
                fixed = np.ascontiguousarray(frame.Y.T / np.float32(unit))
                with contextlib.suppress(Stopped):  # who stops now has the rows where they are
                    places = np.float32(unit) * place_at(
                        lambda part: np.ascontiguousarray(lengths[:, part].T), n, fixed,
                        inverse=False, floor=1.0, threads=threads, control=control,
                    )  # fmt: skip
            places[chosen] = frame.Y
            yield dataclasses.replace(frame, Y=places)

    def _keep(self, sources: NDArray[np.int64], lengths: Matrix) -> None:
        """Keep the paths from these rows (m,), or from some of them, to all: by these new rows are placed."""
        self._anchors, self._lengths = sources, lengths
        if lengths.size > _KEPT:
            some = sample(len(sources), max(1, _KEPT // lengths.shape[1]), self.seed_, _KEPT_STREAM)
            self._anchors, self._lengths = sources[some], lengths[some]

    def recall(self, X: NDArray[Any], memo: Memo = forget) -> bool:  # noqa: ARG002
        """See Layout: paths take as long as they took."""
        return False

    def _place(self, new: NDArray[Any], fitted: Fitted) -> NDArray[np.float32]:
        """The place of least stress for its paths to rows of the fit, which leave by its k nearest.

        Y. Bengio et al., "Out-of-sample extensions for LLE, Isomap, MDS, eigenmaps, and spectral clustering", NIPS 16
        (2004), with stress in place of the eigenvectors.
        """
        n = len(self.embedding_)
        if n == 1 or self.preset:
            return super()._place(new, fitted)
        threads, unit = resolve(self.n_jobs), np.float32(self._unit)
        near = fitted.nearest(new, min(self.k, n), threads)

        def paths(part: slice) -> Matrix:
            way = np.full((len(self._lengths), len(near.index[part])), np.inf, np.float32)
            for through, step in zip(near.index[part].T, near.distance[part].T, strict=True):
                np.minimum(way, self._lengths[:, through] + step / unit, out=way)
            return np.ascontiguousarray(way.T)

        fixed = np.ascontiguousarray(self.embedding_[self._anchors].T / unit)
        return unit * place_at(paths, len(new), fixed, inverse=False, floor=1.0, threads=threads)


def _energy_of_olah(rows: NDArray[np.float32], threads: int, control: Control) -> Any:
    """Paths over 3 neighbours, 10,000 where there is none."""
    nearest = nearest_neighbours(rows, min(olah.NEIGHBOURS, len(rows) - 1), threads, control)
    lengths = path_lengths(neighbour_roads(nearest, 1.0), np.arange(len(rows)), threads, control)
    lengths = np.minimum(np.minimum(lengths, lengths.T), np.float32(_NO_PATH))
    return StressEnergy(lengths, inverse=False, threads=threads)
