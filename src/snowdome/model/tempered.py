"""Probabilities of scores that are none: the softmax of the scores over one temperature.

The temperature is the one by which the training labels are most probable (C. Guo et al., "On calibration of modern
neural networks", ICML 2017): one number, so that hardly anything is fitted to them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_STEPS = 40  # of golden sections: the temperature's logarithm to 1e-7


def softmax(scores: Floats) -> Floats:
    """Each row of (n, c) as probabilities."""
    shifted = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))


def log_loss(scores: Floats, y: NDArray[np.int64]) -> float:
    """The mean of -log softmax(scores)[y] over rows (n, c) of classes y (n,)."""
    shifted = scores - scores.max(1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(y)), y]))


def temperature(scores: Floats, y: NDArray[np.int64]) -> float:
    """The number by which scores (n, c) are divided so that the loss of their softmax is least: 10,000 rows at most.

    By golden sections of its logarithm, between 1e-4 and 1e4 times the spread of the scores.
    """
    some = slice(None, None, -(-len(y) // 10_000))
    scores, y = np.asarray(scores[some], np.float64), y[some]
    spread = float(scores.std()) or 1.0
    low, high = np.log(spread) - 9.2, np.log(spread) + 9.2
    ratio = (np.sqrt(5) - 1) / 2
    inner = [high - ratio * (high - low), low + ratio * (high - low)]
    losses = [log_loss(scores / np.exp(at), y) for at in inner]
    for _ in range(_STEPS):
        if losses[0] <= losses[1]:
            high, inner[1], losses[1] = inner[1], inner[0], losses[0]
            inner[0] = high - ratio * (high - low)
            losses[0] = log_loss(scores / np.exp(inner[0]), y)
        else:
            low, inner[0], losses[0] = inner[0], inner[1], losses[1]
            inner[1] = low + ratio * (high - low)
            losses[1] = log_loss(scores / np.exp(inner[1]), y)
    return float(np.exp((low + high) / 2))
