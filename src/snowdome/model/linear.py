"""What linear kinds share: a class's score is a weighted sum of the values."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.model.base import Classifier, Floats
from snowdome.model.tempered import softmax, temperature


class Linear(Classifier):
    """A kind whose scores are X @ weights.T + intercept, and whose probabilities are their softmax / temperature."""

    tempered: ClassVar[bool] = True  # whether the scores are no logarithms of probabilities

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:
        """See Classifier."""
        fitted = super().fit(X, y, threads, control)
        if self.tempered:
            some = slice(None, None, -(-len(y) // 10_000))
            single = {name: values.astype(np.float32) for name, values in self.state(fitted).items()}
            fitted.temperature_ = temperature(self.scores(single, X[some]), y[some])
        return fitted

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: weights (c, p), intercept (c,), temperature (1,)."""
        weights, intercept = np.atleast_2d(fitted.coef_), np.atleast_1d(fitted.intercept_)
        if len(weights) == 1:  # two classes: one score, for the second and against the first
            weights, intercept = self._of_two(weights), self._of_two(intercept)
        warmth = getattr(fitted, "temperature_", 1.0)
        return {"weights": weights, "intercept": intercept, "temperature": np.array([warmth])}

    @staticmethod
    def _of_two(one: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([-one / 2, one / 2])

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:  # noqa: ARG002
        """See Classifier."""
        kind = np.result_type(state["weights"].dtype, np.float32)
        return np.asarray(X.astype(kind, copy=False) @ state["weights"].T.astype(kind, copy=False) + state["intercept"])

    def proba(self, state: Arrays, scores: Floats) -> Floats:
        """See Classifier."""
        return softmax(np.asarray(scores, np.float64) / state["temperature"][0])

    def weights(self, state: Arrays) -> NDArray[np.float64]:
        """See Classifier."""
        return np.asarray(state["weights"], np.float64)
