"""Out-of-fold verdicts: each row judged by a model that was not trained on it, nor on a copy of it."""

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.core.rng import uniform
from snowdome.data.dataset import Dataset
from snowdome.model.base import Classifier, make_classifier
from snowdome.model.fitted import AS_IT_IS, Model, fit_model, training_rows
from snowdome.model.preparation import Preparation
from snowdome.model.verdict import Verdict
from snowdome.space.equal import equal_rows

_STREAM = 700  # of random numbers: see core.rng


def cross_fit(
    data: Dataset,
    kind: str | Classifier = "logistic",
    preparation: Preparation = AS_IT_IS,
    *,
    k: int = 5,
    seed: int = 0,
    n_jobs: int | None = None,
    control: Control | None = None,
) -> Verdict:
    """What a model of that kind thinks of each row, out of fold: k models, each trained on all rows but a k-th.

    Folds are stratified by class and drawn by `seed`; rows that equal each other bit for bit are in one fold, so that
    no row is judged by a model that has seen its copy. Everything that is learnt (scales, components) is learnt from
    the training rows of the fold. A row without a label is judged by the model of its fold and trains none.

    Cost: k fits of (k - 1)/k of the rows. Raises what `fit_model` does, and OptionError where k does not fit the rows.
    """
    classifier = make_classifier(kind) if isinstance(kind, str) else kind
    watcher = control or Control()
    training_rows(data)  # says at once what all folds would stumble over
    folds = fold_of(data, k, seed)
    n = len(data)
    proba, predicted = np.zeros((n, len(data.classes)), np.float32), np.zeros(n, np.int64)
    model: Model | None = None
    for fold in range(k):
        watcher.check(f"fitting {classifier.title.lower()} out of fold", fold, k)
        held = np.flatnonzero(folds == fold)
        if len(held):
            model = fit_model(data.take(folds != fold), classifier, preparation, n_jobs, Within(watcher))
            predicted[held], proba[held] = model.judge(np.asarray(data.X[held]), n_jobs)
    watcher.report(f"fitting {classifier.title.lower()} out of fold", k, k)
    said = "" if model is None else model.says()
    about = f"{said}; out of fold, {k} folds, seed {seed}; {n:,} rows"
    return Verdict(proba, predicted, np.asarray(data.y), data.classes, data.all_ids(), folds, about)


def fold_of(data: Dataset, k: int, seed: int = 0) -> NDArray[np.int64]:
    """The fold 0 … k - 1 of each row, (n,): stratified by label, copies of a row together, the same for a seed.

    Each class's rows are dealt in an order drawn by the seed, the classes one after another, so that folds differ in
    size by few rows. A group of copies counts for the label of its first row.
    """
    n = len(data)
    if not 2 <= k <= n:
        raise OptionError(f"folds: k got {k}; allowed: a whole number from 2 to the {n} rows.")
    if data.y is None:
        raise DataError("There are no labels to stratify by. Open the data with the column that holds them (--label).")
    owner = equal_rows(np.asarray(data.X))
    first = np.flatnonzero(owner == np.arange(n))
    drawn = uniform(seed, _STREAM, n, 1)[first, 0]
    codes = np.asarray(data.y)[first]
    dealt = first[np.lexsort((drawn, codes))]
    copies = np.bincount(owner, minlength=n)[dealt]
    folds = np.empty(n, np.int64)
    folds[dealt] = (np.cumsum(copies) - copies) % k
    return np.asarray(folds[owner])


class Within(Control):
    """A control for a stage of a larger computation: it stops with that one, which alone reports.

    With a name, what it reports is reported as that stage of the larger one.
    """

    def __init__(self, outer: Control, name: str = "") -> None:
        super().__init__()
        self._outer, self._name = outer, name

    def report(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002 - the name stands for it
        """See Control."""
        if self._name:
            self._outer.report(self._name, done, total)

    @property
    def stopping(self) -> bool:
        """Whether the larger computation is to stop."""
        return self._outer.stopping

    @stopping.setter
    def stopping(self, value: bool) -> None:
        if value:
            self._outer.stopping = True
