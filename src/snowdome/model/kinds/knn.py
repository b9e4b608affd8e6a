"""k nearest neighbours: what the k most similar training rows are."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.model.base import Classifier, Floats
from snowdome.space.cross import nearest_among


@dataclass(frozen=True)
class Knn(Classifier):
    """The k nearest training rows by Euclidean distance vote, exactly; of equal numbers of votes the lower code wins.

    The probability of a class is its share of the votes. Cost of a prediction: n q multiplications with about 20
    components q; see `space.cross`. T. Cover and P. Hart, "Nearest neighbor pattern classification", 1967.
    """

    title: ClassVar[str] = "Nearest neighbours"
    says: ClassVar[str] = "Lets the k most similar training images vote."
    scale: ClassVar[str] = "raw"  # another common scale changes no order of distances, and bytes are compared exactly
    together: ClassVar[bool] = True

    k: int = option(3, "neighbours that vote", low=1, high=1000)

    def make(self) -> Any:
        """See Classifier: scikit-learn's own, by brute force. `fit` and `scores` are ours, with the same votes."""
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(self.k, algorithm="brute")

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:  # noqa: ARG002
        """See Classifier: nothing is fitted, the rows are the model."""
        return X, y

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: rows (n, p) and codes (n,)."""
        X, y = fitted
        return {"rows": np.ascontiguousarray(X), "codes": np.asarray(y, np.int64)}

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:
        """See Classifier: the votes."""
        rows, codes = state["rows"], state["codes"]
        nearest = nearest_among(rows, X, min(self.k, len(rows)), threads).index
        votes = np.zeros((len(X), int(codes.max()) + 1))
        for column in nearest.T:
            votes[np.arange(len(X)), codes[column]] += 1
        return votes

    def proba(self, state: Arrays, scores: Floats) -> Floats:  # noqa: ARG002
        """See Classifier."""
        return np.asarray(scores / scores.sum(1, keepdims=True))
