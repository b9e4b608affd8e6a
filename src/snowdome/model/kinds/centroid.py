"""Nearest centroid: the class whose mean image is nearest."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.model.base import Classifier, Floats
from snowdome.model.tempered import softmax, temperature


@dataclass(frozen=True)
class Centroid(Classifier):
    """The class whose mean is nearest by Euclidean distance. Probabilities: softmax(-distance² / temperature).

    Cost: one reading of X. D. Robinson, "Exploring handwritten digit classification", 2018.
    """

    title: ClassVar[str] = "Nearest centroid"
    says: ClassVar[str] = "Decides for the class whose mean image is nearest."

    def make(self) -> Any:
        """See Classifier: scikit-learn's own, of equal priors. `fit` is ours: without its copies in float64."""
        from sklearn.neighbors import NearestCentroid

        return NearestCentroid()

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:  # noqa: ARG002
        """See Classifier: the means (c, p), and the temperature of the training rows' scores."""
        centroids = np.stack([X[y == code].mean(0, dtype=np.float64) for code in range(int(y.max()) + 1)])
        some = slice(None, None, -(-len(y) // 10_000))
        return centroids, temperature(_scores(X[some], centroids), y[some])

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: centroids (c, p), temperature (1,)."""
        return {"centroids": fitted[0], "temperature": np.array([fitted[1]])}

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:  # noqa: ARG002
        """See Classifier: minus the squared distances."""
        return _scores(X, state["centroids"])

    def proba(self, state: Arrays, scores: Floats) -> Floats:
        """See Classifier."""
        return softmax(scores / state["temperature"][0])

    def weights(self, state: Arrays) -> NDArray[np.float64]:
        """See Classifier: -|x - c|² is 2 c·x and what does not depend on the values or the class."""
        return np.asarray(2 * (state["centroids"] - state["centroids"].mean(0)))


def _scores(X: NDArray[Any], centroids: NDArray[np.float64]) -> Floats:
    """-|x - c|² but for |x|², which does not depend on the class, (n, c) float64."""
    return np.asarray(2 * (X.astype(np.float64) @ centroids.T) - np.einsum("ij,ij->i", centroids, centroids))
