"""Random forest: many trees, each grown from other rows and values, and the mean of what they say."""

from dataclasses import dataclass
from typing import Any, ClassVar

from snowdome.core.options import option
from snowdome.model.trees import Trees


@dataclass(frozen=True)
class Forest(Trees):
    """scikit-learn's RandomForestClassifier. Cost: as many times n log n √p as there are trees and levels.

    L. Breiman, "Random forests", Machine Learning 45, 2001.
    """

    title: ClassVar[str] = "Random forest"
    says: ClassVar[str] = "Asks many decision trees, each grown from other rows, and takes the mean of what they say."
    parallel: ClassVar[bool] = True

    trees: int = option(100, "trees", low=1, high=2000)
    max_depth: int | None = option(
        None, "questions one after another, at most; none: until a leaf is pure", low=1, high=64
    )
    min_samples_leaf: int = option(1, "training rows that a leaf has at least", low=1, high=100_000)
    class_weight: str | None = option(
        None, "balanced: rare classes count as much as common ones", choices=("balanced",)
    )
    random_state: int = option(0, "seed of the rows and values of each tree", low=0, high=2**32 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(
            self.trees, max_depth=self.max_depth, min_samples_leaf=self.min_samples_leaf,
            class_weight=self.class_weight, random_state=self.random_state,
        )  # fmt: skip
