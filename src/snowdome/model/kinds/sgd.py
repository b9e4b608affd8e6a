"""Stochastic gradient descent: one linear score for each class against all others, learnt row by row."""

from dataclasses import dataclass
from typing import Any, ClassVar

from snowdome.core.options import option
from snowdome.model.linear import Linear


@dataclass(frozen=True)
class Sgd(Linear):
    """scikit-learn's SGDClassifier: a linear SVM (hinge) or logistic regression (log_loss), one class against the rest.

    `log` is what log_loss was called before scikit-learn 1.3. Cost: n p c multiplications for each of some dozens to
    hundreds of epochs; raw values 0–255 take ten times as many as values 0–1. L. Bottou, "Large-scale machine learning
    with stochastic gradient descent", 2010.
    """

    title: ClassVar[str] = "Stochastic gradient descent"
    says: ClassVar[str] = "Weighs every value for or against a class, and corrects the weights row by row."
    parallel: ClassVar[bool] = True

    loss: str = option("hinge", "hinge is a linear SVM, log_loss (or log) logistic regression",
                       choices=("hinge", "log_loss", "log", "modified_huber"))  # fmt: skip
    alpha: float = option(1e-4, "how much large weights are held back", low=1e-12, high=1e3)
    max_iter: int = option(1000, "epochs, at most", low=1, high=100_000)
    tol: float = option(1e-3, "the gain of five epochs at which it has settled", low=1e-12, high=1.0)
    class_weight: str | None = option(
        None, "balanced: rare classes count as much as common ones", choices=("balanced",)
    )
    random_state: int = option(0, "seed of the order of the rows", low=0, high=2**32 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.linear_model import SGDClassifier

        return SGDClassifier(
            loss="log_loss" if self.loss == "log" else self.loss, alpha=self.alpha, max_iter=self.max_iter,
            tol=self.tol, class_weight=self.class_weight, random_state=self.random_state,
        )  # fmt: skip
