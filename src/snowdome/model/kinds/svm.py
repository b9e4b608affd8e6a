"""Linear support vector machine: the widest margin between each class and all others."""

from dataclasses import dataclass
from typing import Any, ClassVar

from snowdome.core.options import option
from snowdome.model.linear import Linear


@dataclass(frozen=True)
class Svm(Linear):
    """scikit-learn's LinearSVC, one class against the rest, with the squared hinge loss.

    Cost: n p c multiplications for each of some dozens of passes. R.-E. Fan et al., "LIBLINEAR", JMLR 9, 2008.
    """

    title: ClassVar[str] = "Linear SVM"
    says: ClassVar[str] = "Puts the widest margin between each class and all others."

    C: float = option(0.01, "how little large weights are held back", low=1e-6, high=1e6)
    max_iter: int = option(1000, "passes over the rows, at most", low=1, high=100_000)
    tol: float = option(1e-3, "the violation at which it has settled", low=1e-12, high=1.0)
    class_weight: str | None = option(
        None, "balanced: rare classes count as much as common ones", choices=("balanced",)
    )
    random_state: int = option(0, "seed of the order of the rows", low=0, high=2**31 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.svm import LinearSVC

        return LinearSVC(
            C=self.C, max_iter=self.max_iter, tol=self.tol, class_weight=self.class_weight,
            random_state=self.random_state,
        )  # fmt: skip
