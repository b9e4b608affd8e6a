"""Model: a classifier that was fitted, with all that stands between an image and an answer."""

import dataclasses
import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Arrays
from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.core.threads import blas_threads, one_blas_thread, resolve, run_tasks
from snowdome.data.dataset import Dataset
from snowdome.model.augmentation import augmented
from snowdome.model.base import Classifier, make_classifier, name_of
from snowdome.model.inputs import Asked, finite, rows_for
from snowdome.model.preparation import Preparation
from snowdome.model.verdict import Verdict
from snowdome.model.watched import explained

_ROWS = 2048  # that are predicted together
AS_IT_IS = Preparation()


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A fitted classifier.

    Attributes:
        classifier: its kind and options.
        preparation: what is done to rows first.
        learnt: what the preparation learnt from the training rows.
        state: what the classifier did.
        classes: the names of the k classes of the data, in the order of their codes.
        seen: (c,) int64, the codes of the classes that it was trained on.
        asked: the form of the rows that it takes.
        n_train: rows it was trained on.
        seconds: that the fit took.
        notes: what is to be known of the fit, in words.
    """

    classifier: Classifier
    preparation: Preparation
    learnt: Arrays
    state: Arrays
    classes: tuple[str, ...]
    seen: NDArray[np.int64]
    asked: Asked
    n_train: int
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The id of its kind."""
        return name_of(self.classifier)

    def __repr__(self) -> str:
        return f"<Model {self.kind}: {self.asked.values} values → {len(self.classes)} classes, {self.n_train:,} rows>"

    def predict(self, thing: Any, n_jobs: int | None = None) -> NDArray[np.int64]:
        """The codes of the classes that it decides for, (m,).

        `thing` is one row (p,), an image (height, width), rows (m, p), images (m, height, width), lists of those, or a
        Dataset, in the values of the training data. DataError says what is wrong with it.
        """
        return self.predict_both(thing, n_jobs)[0]

    def predict_proba(self, thing: Any, n_jobs: int | None = None) -> NDArray[np.float32]:
        """Probabilities (m, k) of all classes of the data; 0 for those that it was not trained on."""
        return self.predict_both(thing, n_jobs)[1]

    def predict_both(self, thing: Any, n_jobs: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Codes (m,) and probabilities (m, k) of a thing; as `predict` and `predict_proba`."""
        return self.judge(rows_for(thing, self.asked), n_jobs)

    def judge(self, X: NDArray[Any], n_jobs: int | None = None) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Predicted codes (m,) and probabilities (m, k) float32 of rows X (m, p)."""
        predicted, proba = np.empty(len(X), np.int64), np.zeros((len(X), len(self.classes)), np.float32)
        threads, together = resolve(n_jobs), self.classifier.together

        def look(rows: slice, threads: int) -> None:
            values = self.asked.shaped(self.preparation.apply(self.learnt, X[rows]), images=self.classifier.of_images)
            scores = self.classifier.scores(self.state, values, threads)
            predicted[rows] = self.seen[scores.argmax(1)]
            proba[rows, self.seen] = self.classifier.proba(self.state, scores)

        if together and len(X):
            look(slice(None), threads)
        elif len(X):
            with one_blas_thread():
                run_tasks(lambda b: look(slice(b * _ROWS, (b + 1) * _ROWS), 1), -(-len(X) // _ROWS), threads)
        return predicted, proba

    def verdict(self, data: Dataset, n_jobs: int | None = None) -> Verdict:
        """What it thinks of these rows, which it should not have been trained on."""
        predicted, proba = self.judge(rows_for(data, self.asked), n_jobs)
        given = None if data.y is None else same_classes(data, self.classes)
        said = f"{self.says()}, trained on {self.n_train:,} other rows; {len(predicted):,} rows judged"
        return Verdict(proba, predicted, given, self.classes, data.all_ids(), about=said)

    def says(self) -> str:
        """Kind and preparation, in words."""
        return f"{self.classifier.title}, {self.preparation.says()}"

    def weights(self) -> NDArray[np.float64] | None:
        """How much each value of a row, as it is, speaks for each class, (k, p); None where that is not a sum."""
        plain = self.classifier.weights(self.state) if self.preparation.plain else None
        if plain is None:
            return None
        weights = np.zeros((len(self.classes), plain.shape[1]))
        weights[self.seen] = plain * self.learnt.get("factor", 1.0)
        return weights


def fit_model(
    data: Dataset,
    kind: str | Classifier,
    preparation: Preparation = AS_IT_IS,
    n_jobs: int | None = None,
    control: Control | None = None,
) -> Model:
    """A model of that kind, fitted on all rows of `data`; those without a label are left out.

    Raises DataError where there are no labels, one class alone, or values that are no finite numbers; OptionError for
    options that are not allowed; Stopped.
    """
    classifier = make_classifier(kind) if isinstance(kind, str) else kind
    preparation = preparation.with_scale(classifier.scale)
    if classifier.of_images and not preparation.plain:
        raise OptionError(f"{name_of(classifier)} looks at images: components and products of pixels are none.")
    rows, notes = training_rows(data)
    n_train = len(np.asarray(data.y)[rows])
    if preparation.copies:
        data = augmented(data.take(rows), preparation.copies, shift=preparation.shift, turn=preparation.turn)
        rows = slice(None)
    X, y = finite(np.asarray(data.X)[rows]), np.asarray(data.y)[rows]
    asked = Asked.of(data)
    if classifier.of_images and asked.image_shape is None:
        raise DataError(f"{name_of(classifier)} looks at images; these rows are {asked.values} plain values.")
    seen, codes = np.unique(y, return_inverse=True)
    threads, began = resolve(n_jobs), time.perf_counter()
    learnt, values = preparation.learn(X, asked.value_range, threads, control)
    values = asked.shaped(values, images=classifier.of_images)
    blas = blas_threads(threads if classifier.large_products else 1)
    with warnings.catch_warnings(record=True) as caught, blas:
        warnings.simplefilter("always")
        fitted = classifier.fit(values, codes.astype(np.int64), threads, control)
    seconds = time.perf_counter() - began
    return Model(
        classifier, preparation, learnt, classifier.state(fitted), data.classes, seen, asked, n_train, seconds,
        (*notes, *explained(caught)),
    )  # fmt: skip


def training_rows(data: Dataset) -> tuple["slice | NDArray[np.int64]", tuple[str, ...]]:
    """The rows that have a label, and notes on the others; DataError where nothing can be learnt from them."""
    if data.y is None:
        raise DataError("There are no labels to learn from. Open the data with the column that holds them (--label).")
    y = np.asarray(data.y)
    rows: slice | NDArray[np.int64] = slice(None)
    notes: list[str] = []
    nameless = [code for code, name in enumerate(data.classes) if name == ""]
    if nameless and (y == nameless[0]).any():
        rows = np.flatnonzero(y != nameless[0])
        notes.append(f"{len(y) - len(rows):,} rows without a label were left out")
    counts = np.bincount(y[rows], minlength=len(data.classes))
    present = np.flatnonzero(counts)
    if len(present) < 2:
        named = f", {data.classes[present[0]]!r}," if len(present) else ""
        many = "only one class" if len(present) else "no class"
        raise DataError(f"There is {many}{named} among the {counts.sum():,} training rows; a classifier tells at least "
                        f"two apart.")  # fmt: skip
    single = [data.classes[code] for code in np.flatnonzero(counts == 1)]
    if single:
        shown = ", ".join(map(repr, single[:5])) + (" …" if len(single) > 5 else "")
        notes.append(f"one training row alone is of class {shown}: little can be learnt about it")
    return rows, tuple(notes)


def same_classes(data: Dataset, classes: tuple[str, ...]) -> NDArray[np.int64]:
    """The codes of these rows among the classes of a model; DataError names those that it does not know."""
    y = np.asarray(data.y)
    if tuple(data.classes) == classes:
        return y
    place = {name: code for code, name in enumerate(classes)}
    used = np.unique(y)
    unknown = [data.classes[code] for code in used if data.classes[code] not in place]
    if unknown:
        shown = ", ".join(map(repr, unknown[:5])) + (" …" if len(unknown) > 5 else "")
        raise DataError(f"The model knows the classes {', '.join(map(repr, classes[:10]))}"
                        f"{' …' if len(classes) > 10 else ''}; the data have {shown} as well.")  # fmt: skip
    codes = np.zeros(len(data.classes), np.int64)
    codes[used] = [place[data.classes[code]] for code in used]
    return np.asarray(codes[y])
