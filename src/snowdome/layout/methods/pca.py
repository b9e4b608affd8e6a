"""Principal components: the map that keeps the most variance, and the one with a closed form."""

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
from snowdome.layout.placing import Fitted, project


@dataclass(eq=False)
class PCA(Layout):
    """Scores on the leading principal components of centred X (Pearson 1901), signs fixed as scikit-learn fixes them.

    Exact, straight from uint8 in blocks. Cost: n p² / 2 multiplications, then an eigenproblem of p × p.
    Also fitted: `components_` (n_components, p), `mean_` (p,), `explained_variance_` and
    `explained_variance_ratio_` (n_components,), all float64.
    """

    title: ClassVar[str] = "PCA"
    says: ClassVar[str] = "PCA keeps the largest variances; what lies close together here may be far apart."

    n_components: int = option(2, "dimensions of the map", low=1, high=10000)
    random_state: int | None = option(None, "not used: the answer is unique", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads; None or -1 for all", low=-64, high=64)

    def frames(self, X: ArrayLike, control: Control | None = None, memo: Memo = forget) -> Iterator[Frame]:
        """One Frame: the scores."""
        from snowdome.space.pca import components

        values = self.checked(X)
        found = components(values, self.n_components, resolve(self.n_jobs), control or Control(), memo)
        self.mean_, self.components_ = found.mean, found.components
        self.explained_variance_ = found.explained_variance
        self.explained_variance_ratio_ = found.explained_variance_ratio
        yield Frame(0, 0, 0, float("nan"), 0, found.scores, done=True)

    def recall(self, X: NDArray[Any], memo: Memo = forget) -> bool:
        """See Layout: the axes."""
        for _ in self.frames(X, memo=memo):
            pass
        return True

    def _place(self, new: NDArray[Any], fitted: Fitted) -> NDArray[np.float32]:  # noqa: ARG002 - the axes are enough
        """The scores of the rows on the fitted components."""
        return project(new, self.mean_, self.components_, resolve(self.n_jobs))
