"""Decision tree: questions about one value after another."""

from dataclasses import dataclass
from typing import Any, ClassVar

from snowdome.core.options import option
from snowdome.model.trees import Trees


@dataclass(frozen=True)
class Tree(Trees):
    """scikit-learn's DecisionTreeClassifier, by Gini's impurity.

    Cost: n log n for each value and level. L. Breiman et al., "Classification and regression trees", 1984.
    """

    title: ClassVar[str] = "Decision tree"
    says: ClassVar[str] = "Asks about one value after another until a class is left."

    max_depth: int | None = option(
        None, "questions one after another, at most; none: until a leaf is pure", low=1, high=64
    )
    min_samples_leaf: int = option(1, "training rows that a leaf has at least", low=1, high=100_000)
    class_weight: str | None = option(
        None, "balanced: rare classes count as much as common ones", choices=("balanced",)
    )
    random_state: int = option(0, "seed of the order in which values are tried", low=0, high=2**32 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.tree import DecisionTreeClassifier

        return DecisionTreeClassifier(
            max_depth=self.max_depth, min_samples_leaf=self.min_samples_leaf, class_weight=self.class_weight,
            random_state=self.random_state,
        )  # fmt: skip
