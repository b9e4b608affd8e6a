"""Kinds of models beside each other, each number with what it was computed on."""

import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, MissingPackageError, OptionError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.data.split import Parts, folds, split
from snowdome.model.base import Classifier, classifiers, make_classifier, name_of
from snowdome.model.crossfit import Within
from snowdome.model.evaluate import interval
from snowdome.model.fitted import AS_IT_IS, Model, fit_model, training_rows
from snowdome.model.preparation import Preparation
from snowdome.model.verdict import Verdict

if TYPE_CHECKING:
    import polars as pl


@dataclasses.dataclass(frozen=True)
class Trained:
    """A model, what it thinks of the test rows, and what else was measured.

    Attributes:
        model, verdict: of the training rows and on the test rows.
        train_accuracy: on the rows it was trained on: far above the other, it has learnt them by heart.
        cpu_seconds: of the processor for the fit, all threads together: the same on a busy machine.
        predict_seconds: for all test rows.
        fold_accuracy: of each fold of the training rows, where cross-validation was asked for.
        seed_accuracy: on the test rows, of fits with other seeds, where that was asked for.
        out_of_fold: what the models of the folds think of the training rows that each has not seen, fold by fold.
    """

    model: Model
    verdict: Verdict
    train_accuracy: float
    cpu_seconds: float
    predict_seconds: float
    fold_accuracy: tuple[float, ...] = ()
    seed_accuracy: tuple[float, ...] = ()
    out_of_fold: tuple[Verdict, ...] = ()

    def facts(self) -> dict[str, Any]:
        """kind, accuracy, its interval, n_train, n_test, seconds …: what the command line prints as JSON."""
        right, n = int(self.verdict.correct.sum()), len(self.verdict)
        low, high = interval(right, n)
        return {
            "kind": self.model.kind,
            "accuracy": self.verdict.accuracy,
            "n_train": self.model.n_train,
            "n_test": n,
            "seconds": round(self.model.seconds, 3),
            "accuracy_low": low,
            "accuracy_high": high,
            "train_accuracy": self.train_accuracy,
            "cpu_seconds": round(self.cpu_seconds, 3),
            "predict_seconds": round(self.predict_seconds, 4),
            "bytes": sum(array.nbytes for arrays in (self.model.state, self.model.learnt) for array in arrays.values()),
            "cv": list(self.fold_accuracy),
            "seeds": list(self.seed_accuracy),
            "preparation": self.model.preparation.says(),
            "notes": list(self.model.notes),
        }


def with_parts(data: Dataset, seed: int = 0) -> Dataset:
    """The data with training and test rows: their own, else a fifth drawn for the test, each class in its share."""
    if data.split is not None and {"train", "test"} <= set(data.split_names):
        return data
    training_rows(data)
    try:
        return split(data, "stratified", seed=seed)
    except OptionError:  # too few rows of some class
        return split(data, "random", seed=seed)


def parts_of(data: Dataset) -> tuple[Dataset, Dataset]:
    """Training and test rows; see `with_parts`."""
    parted = with_parts(data)
    return parted.train, parted.test


def fewer_training_rows(data: Dataset, count: int) -> Dataset:
    """The data with the first so many of its training rows, and all test rows."""
    parted = with_parts(data)
    rows = [np.flatnonzero(parted.split == parted.split_names.index(name)) for name in ("train", "test")]
    return parted.take(np.concatenate([rows[0][:count], rows[1]]))


def train(
    data: Dataset,
    kind: str | Classifier,
    preparation: Preparation = AS_IT_IS,
    *,
    cv: int = 0,
    seeds: int = 0,
    n_jobs: int | None = None,
    control: Control | None = None,
) -> Trained:
    """Fit a model on the training rows and judge the test rows; with `cv` folds of the training rows, and other seeds.

    Folds are stratified and not shuffled, as scikit-learn's `cross_val_score` takes them. Raises what `fit_model` does.
    """
    classifier, watcher = make_classifier(kind) if isinstance(kind, str) else kind, control or Control()
    rows, test = parts_of(data)
    if cv and cv < 2:
        raise OptionError(f"cv got {cv}; allowed: 0 for none, or at least 2 folds.")
    total, name = 1 + cv + seeds, name_of(classifier)
    inner = watcher if total == 1 else Within(watcher)
    watcher.check(name, 0, total)
    began = time.process_time()
    model = fit_model(rows, classifier, preparation, n_jobs, inner)
    cpu_seconds = time.process_time() - began
    began = time.perf_counter()
    verdict = model.verdict(labelled(test), n_jobs)
    seconds = time.perf_counter() - began
    own = labelled(rows)[:10_000]
    on_train = model.verdict(own, n_jobs).accuracy
    in_folds = []
    for number, part in enumerate(_folds(rows, cv)):
        watcher.check(name, 1 + number, total)
        fitted = fit_model(rows.take(part.train), classifier, preparation, n_jobs, inner)
        in_folds.append(fitted.verdict(labelled(rows.take(part.test)), n_jobs))
    of_seeds = []
    for number in range(seeds if has_seed(classifier) else 0):
        watcher.check(name, 1 + cv + number, total)
        other = with_seed(classifier, number + 1)
        of_seeds.append(fit_model(rows, other, preparation, n_jobs, inner).verdict(labelled(test), n_jobs).accuracy)
    watcher.report(name, total, total)
    of_folds = tuple(one.accuracy for one in in_folds)
    return Trained(model, verdict, on_train, cpu_seconds, seconds, of_folds, tuple(of_seeds), tuple(in_folds))


def _folds(rows: Dataset, k: int) -> list[Parts]:
    """Stratified folds without shuffling; plain ones where a class has fewer rows than folds."""
    if not k:
        return []
    kept = training_rows(rows)[0]
    every = np.arange(len(rows))[kept]
    found = folds(len(every), np.asarray(rows.y)[every], "stratified", k=k)
    return [Parts(every[part.train], every[part.test], part.notes) for part in found]


def labelled(data: Dataset) -> Dataset:
    """The rows that have a label: on others nothing can be right or wrong. DataError where there is none."""
    if data.y is None:
        raise DataError("The test rows have no labels: nothing can be said about how often a model is right.")
    if "" not in data.classes:
        return data
    return data.take(np.asarray(data.y) != data.classes.index(""))


def has_seed(classifier: Classifier) -> bool:
    """Whether another seed gives another model."""
    return "random_state" in options_of(type(classifier))


def with_seed(classifier: Classifier, seed: int) -> Classifier:
    """The same kind and options with that seed."""
    changed: Any = classifier
    return dataclasses.replace(changed, random_state=seed) if has_seed(classifier) else classifier


def available_kinds() -> tuple[list[str], list[str]]:
    """The kinds that can be fitted here, those of an extra last, which take longest; and those of no extra here."""
    import importlib.util

    here: list[str] = []
    missing: list[str] = []
    extras = {name: classifiers.member(name, Classifier).extra for name in classifiers.names()}
    for name, extra in sorted(extras.items(), key=lambda one: bool(one[1])):
        (here if not extra or importlib.util.find_spec("torch") else missing).append(name)
    return here, missing


def compare(data: Dataset, kinds: Sequence[str | Classifier] = (), *given: Any, **options: Any) -> list[Trained]:
    """Each of the kinds trained and judged on the same rows; arguments and errors are those of `comparing`."""
    return list(comparing(data, kinds, *given, **options))


def comparing(
    data: Dataset,
    kinds: Sequence[str | Classifier] = (),
    preparation: Preparation = AS_IT_IS,
    *,
    cv: int = 0,
    seeds: int = 0,
    n_jobs: int | None = None,
    control: Control | None = None,
) -> Iterator[Trained]:
    """Each of the kinds (all that can be fitted here, where none is named) trained and judged on the same rows.

    One after the other, as they are asked for: whoever stops keeps those that are done. A kind that cannot be prepared
    as asked (images, where components were asked for) is left out.
    """
    watcher = control or Control()
    for kind in list(kinds) or available_kinds()[0]:
        classifier = make_classifier(kind) if isinstance(kind, str) else kind
        if classifier.of_images and (not preparation.plain or data.image_shape is None):
            continue
        inner = Within(watcher, name_of(classifier))
        try:
            yield train(data, classifier, preparation, cv=cv, seeds=seeds, n_jobs=n_jobs, control=inner)
        except MissingPackageError:
            if kinds:
                raise


def comparison(trained: Sequence[Trained]) -> "pl.DataFrame":
    """kind, accuracy and its 95 % interval, cv_mean, cv_spread, seed_spread, seconds, megabytes …: best first.

    The spreads are standard deviations over the folds and over the seeds, null where none were asked for.
    """
    import polars as pl

    rows = []
    for one in sorted(trained, key=lambda one: -one.verdict.accuracy):
        facts = one.facts()
        rows.append({
            "kind": facts["kind"], "accuracy": facts["accuracy"], "accuracy_low": facts["accuracy_low"],
            "accuracy_high": facts["accuracy_high"], "train_accuracy": facts["train_accuracy"],
            "cv_mean": float(np.mean(one.fold_accuracy)) if one.fold_accuracy else None,
            "cv_spread": _spread(one.fold_accuracy), "seed_spread": _spread((facts["accuracy"], *one.seed_accuracy)),
            "seconds": facts["seconds"], "predict_seconds": facts["predict_seconds"],
            "megabytes": round(facts["bytes"] / 1e6, 3), "n_train": facts["n_train"], "n_test": facts["n_test"],
            "notes": "; ".join(facts["notes"]),
        })  # fmt: skip
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(("cv_mean", "cv_spread", "seed_spread"), pl.Float64))


def _spread(accuracies: tuple[float, ...]) -> float | None:
    return float(np.std(accuracies, ddof=1)) if len(accuracies) > 1 else None


def learning_curve(
    data: Dataset,
    kind: str | Classifier,
    preparation: Preparation = AS_IT_IS,
    *,
    sizes: Sequence[int] = (),
    n_jobs: int | None = None,
    control: Control | None = None,
) -> "pl.DataFrame":
    """How the accuracy grows with the training rows: n_train, accuracy, accuracy_low, accuracy_high, train_accuracy.

    The first n training rows in an order in which each class keeps its share; by default eight sizes, each twice the
    one before, up to all.
    """
    import polars as pl

    rows, test = parts_of(data)
    rows = rows.take(_in_shares(np.asarray(rows.y)))
    most = len(rows)
    chosen = sorted({min(most, size) for size in (sizes or [most >> step for step in range(7, -1, -1)]) if size > 1})
    watcher, table = control or Control(), []
    for number, size in enumerate(chosen):
        watcher.check("learning curve", number, len(chosen))
        some = rows[:size]
        try:
            model = fit_model(some, kind, preparation, n_jobs, Within(watcher))
        except DataError:
            continue  # so few rows that they are of one class
        verdict = model.verdict(labelled(test), n_jobs)
        low, high = interval(int(verdict.correct.sum()), len(verdict))
        own = model.verdict(labelled(some)[:10_000], n_jobs).accuracy
        table.append((size, verdict.accuracy, low, high, own))
    names = ("n_train", "accuracy", "accuracy_low", "accuracy_high", "train_accuracy")
    return pl.DataFrame(table, schema=list(names), orient="row")


def _in_shares(y: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows in an order in which each class is spread evenly, its own rows as they stand."""
    counts = np.bincount(y)
    order = np.argsort(y, kind="stable")
    within = np.arange(len(y)) - np.repeat(np.cumsum(counts) - counts, counts)
    place = np.empty(len(y))
    place[order] = (within + 0.5) / counts[y[order]]
    return np.argsort(place, kind="stable")
