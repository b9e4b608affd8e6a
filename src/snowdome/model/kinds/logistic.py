"""Logistic regression: a linear score for each class, and their softmax as probabilities."""

from dataclasses import dataclass
from typing import Any, ClassVar

from snowdome.core.options import option
from snowdome.model.linear import Linear


@dataclass(frozen=True)
class Logistic(Linear):
    """Multinomial logistic regression, by L-BFGS.

    Cost: n p c multiplications for each of some hundreds of steps. D. C. Liu and J. Nocedal, "On the limited memory
    BFGS method for large scale optimization", 1989.
    """

    title: ClassVar[str] = "Logistic regression"
    says: ClassVar[str] = "Weighs every value for and against each class; the softmax of the sums is the probability."

    tempered: ClassVar[bool] = False

    C: float = option(1.0, "how little large weights are held back", low=1e-6, high=1e6)
    max_iter: int = option(1000, "steps of the solver, at most", low=1, high=100_000)
    tol: float = option(1e-4, "the greatest gradient at which it has settled", low=1e-12, high=1.0)
    solver: str = option("lbfgs", "how the weights are found",
                         choices=("lbfgs", "newton-cg", "newton-cholesky", "sag", "saga"))  # fmt: skip
    class_weight: str | None = option(
        None, "balanced: rare classes count as much as common ones", choices=("balanced",)
    )
    random_state: int = option(0, "seed of the solvers sag and saga", low=0, high=2**32 - 1)

    def make(self) -> Any:
        """See Classifier."""
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(
            C=self.C, max_iter=self.max_iter, tol=self.tol, solver=self.solver, class_weight=self.class_weight,
            random_state=self.random_state,
        )  # fmt: skip
