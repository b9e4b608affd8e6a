"""Multi-layer perceptron: the network of the beginner's course, on pixels in a row."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.options import option
from snowdome.model.base import Classifier, Floats
from snowdome.model.tempered import softmax


@dataclass(frozen=True)
class Mlp(Classifier):
    """scikit-learn's MLPClassifier: hidden layers of rectified units, trained by Adam for a number of epochs.

    Its products are large enough for threads of BLAS, and what it learns depends on how many there are: last digits,
    and with them a few predictions. Cost: 6 n p h multiplications an epoch with h hidden units. D. P. Kingma and J. Ba,
    "Adam", ICLR 2015.
    """

    title: ClassVar[str] = "Multi-layer perceptron"
    says: ClassVar[str] = "Weighs all pixels into hidden units, and those into classes."
    large_products: ClassVar[bool] = True

    hidden: int = option(256, "units of a hidden layer", low=1, high=4096)
    layers: int = option(1, "hidden layers", low=1, high=8)
    epochs: int = option(15, "passes over the training rows", low=1, high=1000)
    batch: int = option(128, "rows between two steps", low=1, high=100_000)
    rate: float = option(1e-3, "the length of a step", low=1e-8, high=1.0)
    alpha: float = option(1e-4, "how much large weights are held back", low=0.0, high=1e3)
    random_state: int = option(0, "seed of the first weights and the order of the rows", low=0, high=2**32 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(
            (self.hidden,) * self.layers, alpha=self.alpha, batch_size=self.batch, learning_rate_init=self.rate,
            max_iter=self.epochs, random_state=self.random_state,
        )  # fmt: skip

    def fit(self, X: NDArray[Any], y: NDArray[np.int64], threads: int = 1, control: Control | None = None) -> Any:  # noqa: ARG002
        """See Classifier: epoch by epoch, so that it can be watched and stopped."""
        watcher, network, classes = control or Control(), self.make(), np.unique(y)
        network.set_params(batch_size=min(self.batch, len(y)))
        values = np.asarray(X, np.float32)
        for epoch in range(self.epochs):
            watcher.check("fitting", epoch, self.epochs)
            network.partial_fit(values, y, classes=classes)
        watcher.report("fitting", self.epochs, self.epochs)
        return network

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: weights0 (p, h), bias0 (h,), weights1 …"""
        layers = list(zip(fitted.coefs_, fitted.intercepts_, strict=True))
        last, bias = layers[-1]
        if last.shape[1] == 1:  # two classes: one score, for the second
            layers[-1] = (np.concatenate([-last / 2, last / 2], 1), np.concatenate([-bias / 2, bias / 2]))
        named: Arrays = {}
        for number, (weights, intercept) in enumerate(layers):
            named |= {f"weights{number}": weights, f"bias{number}": intercept}
        return named

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:  # noqa: ARG002
        """See Classifier: the sums that arrive at the last layer."""
        units = np.asarray(X, np.float32)
        last = len(state) // 2 - 1
        for number in range(last + 1):
            units = units @ state[f"weights{number}"] + state[f"bias{number}"]
            if number < last:
                np.maximum(units, 0, out=units)
        return units

    def proba(self, state: Arrays, scores: Floats) -> Floats:  # noqa: ARG002
        """See Classifier."""
        return softmax(np.asarray(scores, np.float64))
