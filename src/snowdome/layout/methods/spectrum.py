"""The attraction–repulsion spectrum: one exaggeration from t-SNE over UMAP to Laplacian eigenmaps."""

from dataclasses import dataclass
from typing import ClassVar

from snowdome.core.cache import Memo
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.layout.base import Phase
from snowdome.layout.neighbour_embedding import FIRST_EXAGGERATION, NeighbourEmbedding
from snowdome.layout.points import Points
from snowdome.space.affinity import Graph, uniform_affinities


@dataclass(eq=False)
class Spectrum(NeighbourEmbedding):
    """t-SNE on uniform affinities whose attraction stays exaggerated by ρ, which can be changed while it runs.

    With ρ = 1 it is t-SNE; ρ = 4 looks like UMAP, ρ = 30 like ForceAtlas2, and for ρ → ∞ the map tends to Laplacian
    eigenmaps: more attraction shows continuous structure, more repulsion shows clusters. J. N. Böhm, P. Berens and
    D. Kobak, "Attraction-repulsion spectrum in neighbor embeddings", JMLR 23 (2022). The steps are divided by ρ. The
    cost is that of ρ = 1. A row's neighbours all weigh the same, and an edge between rows that are neighbours of each
    other twice as much: on MNIST that keeps more neighbours and classes than equal edges. Cost: n² p multiplications
    for the neighbours; then, for each step, about 1.5 n_neighbors · n edges and a transform of a grid that covers the
    map. Also fitted: `seed_`.
    """

    title: ClassVar[str] = "Attraction–repulsion spectrum"
    says: ClassVar[str] = "More attraction shows what is continuous, more repulsion shows clusters; sizes mean little."

    n_components: int = option(2, "dimensions of the map", low=1, high=3)
    exaggeration: float = option(4.0, "factor on the attraction: 1 is t-SNE, about 4 like UMAP", low=1, high=100)
    n_neighbors: int = option(15, "how many neighbours each row is drawn to, all alike", low=1, high=1000)
    random_state: int | None = option(None, "seed; None for another map each time", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)
    space: int | None = option(
        50, "principal components in which neighbours are found; none for the raw values", low=2, high=10000
    )
    early_steps: int = option(250, "steps of the first phase, exaggerated by at least 12", low=0, high=100000)
    steps: int = option(500, "steps of the second phase", low=0, high=100000)
    tolerance: float = option(
        0.0, "a phase ends when the cost changes by less than this part of itself in 50 steps", low=0, high=0.1
    )

    def graph(self, points: Points, threads: int, control: Control, memo: Memo) -> Graph:
        """The mean of the neighbours' graph and its transpose."""
        neighbours = self.neighbours(points, self.n_neighbors, threads, control, memo)
        return uniform_affinities(neighbours, "mean", threads, control, memo, points.space)

    def reach(self) -> int:
        """As in the graph."""
        return self.n_neighbors

    def phases(self, n: int) -> list[Phase]:
        """One that is exaggerated by at least 12, then one by ρ."""
        first = max(FIRST_EXAGGERATION, self.exaggeration)
        return [Phase(self.early_steps, first, 0.5, float(n)), Phase(self.steps, self.exaggeration, 0.8, float(n))]
