"""Decision trees as arrays: scikit-learn grows them, these few lines walk down them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.model.base import Classifier, Floats


class Trees(Classifier):
    """A kind whose probabilities are the mean of those in the leaves that a row comes to."""

    scale = "raw"  # a tree compares one value with a threshold: another common scale changes nothing

    def state(self, fitted: Any) -> Arrays:
        """See Classifier: the nodes of all trees one after another.

        feature (m,), threshold (m,), child (m, 2), which is the node itself at a leaf, value (m, c); root (t,), the
        first node of each tree, and depth (t,).
        """
        grown = [tree.tree_ for tree in getattr(fitted, "estimators_", [fitted])]
        roots = np.cumsum([0, *(tree.node_count for tree in grown)])[:-1]
        child = []
        for tree, root in zip(grown, roots, strict=True):
            own = np.arange(tree.node_count)
            sides = [np.where(side < 0, own, side) for side in (tree.children_left, tree.children_right)]
            child.append(np.stack(sides, 1) + root)
        value = np.concatenate([tree.value[:, 0] for tree in grown])
        return {
            "feature": np.concatenate([np.maximum(0, tree.feature) for tree in grown]).astype(np.int32),
            "threshold": np.concatenate([tree.threshold for tree in grown]),
            "child": np.concatenate(child).astype(np.int32),
            "value": value / value.sum(1, keepdims=True),
            "root": roots.astype(np.int32),
            "depth": np.array([tree.max_depth for tree in grown], np.int32),
        }

    def scores(self, state: Arrays, X: NDArray[Any], threads: int = 1) -> Floats:  # noqa: ARG002
        """See Classifier: the mean of the leaves' shares."""
        if int(state["depth"].max(initial=0)) > len(state["child"]):
            raise ValueError("a tree is deeper than it has nodes")
        feature, threshold, child = state["feature"], state["threshold"], state["child"]
        values, rows = np.asarray(X, np.float32), np.arange(len(X))
        total = np.zeros((len(X), state["value"].shape[1]))
        for root, depth in zip(state["root"], state["depth"], strict=True):
            node = np.full(len(X), root, np.int32)
            for _ in range(depth):
                node = child[node, (values[rows, feature[node]] > threshold[node]).astype(np.int8)]
            total += state["value"][node]
        return np.asarray(total / len(state["root"]))

    def proba(self, state: Arrays, scores: Floats) -> Floats:  # noqa: ARG002
        """See Classifier: the scores are probabilities."""
        return scores
