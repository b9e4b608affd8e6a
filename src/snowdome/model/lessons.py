"""What the documents teach about learning, as functions whose answers are tables: the printed number beside ours.

N. Ovchinnikov, "Dive into Learning from Data" (D5–D16); S. R. Rath, "Image Classification with MNIST Dataset" (E4–E6);
D. Robinson, "Exploring handwritten digit classification" (A5, A7).
"""

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.core.rng import normal
from snowdome.data.dataset import Dataset
from snowdome.data.split import split
from snowdome.model.base import make_classifier
from snowdome.model.compare import parts_of
from snowdome.model.crossfit import Within
from snowdome.model.evaluate import interval
from snowdome.model.fitted import Model, fit_model
from snowdome.model.preparation import Preparation
from snowdome.model.verdict import Verdict

if TYPE_CHECKING:
    import polars as pl

_SIMULATED = 760  # stream of random numbers: see core.rng


def sigmoid(x: Any) -> NDArray[np.float64]:
    """1 / (1 + e^-x) of any number, without overflow: the naive form warns at -1000."""
    x = np.asarray(x, np.float64)
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1 / (1 + small), small / (1 + small)))


def sigmoid_curve(points: int = 100, most: float = 10.0) -> "pl.DataFrame":
    """D5: x and sigmoid(x) from -most to most: x, y."""
    import polars as pl

    x = np.linspace(-most, most, points)
    return pl.DataFrame({"x": x, "y": sigmoid(x)})


def simulated_predictions(n: int = 100, features: int = 3, seed: int = 0, threshold: float = 0.5) -> "pl.DataFrame":
    """D6, D7: n samples of standard normal features, weights and bias: row, z = X·w + b, y_hat = sigmoid(z), label.

    label is 1 where y_hat is at least the threshold. The original drew other numbers at every run; here a seed means
    the same ones.
    """
    import polars as pl

    if n < 1 or features < 1:
        raise OptionError(f"n and features got {n} and {features}; allowed: at least 1 of each.")
    drawn = normal(seed, _SIMULATED, n + 1, features + 1)
    z = drawn[:n, :features] @ drawn[n, :features] + drawn[n, features]
    y_hat = sigmoid(z)
    return pl.DataFrame({"row": np.arange(n), "z": z, "y_hat": y_hat, "label": (y_hat >= threshold).astype(np.int64)})


@dataclasses.dataclass(frozen=True)
class Lesson:
    """One score of a document: what it says, how it was computed, and what came out there.

    Attributes:
        source: where in the documents.
        says: what is learnt from it.
        printed: the accuracy in the document; None where it prints none.
        recomputed: what scikit-learn 1.9.1 gives; None where it was not recomputed.
        kind, options, preparation: the model.
        drawn: whether the rows are split anew, train_test_split(test_size=0.2, random_state=42); else as they are.
    """

    source: str
    says: str
    printed: float | None
    recomputed: float | None
    kind: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    preparation: Preparation = dataclasses.field(default_factory=Preparation)
    drawn: bool = False


_BALANCED = {"class_weight": "balanced"}
_SEED = {"random_state": 42}

# D16's components are those of all values on one scale: of 30 of them the model is .8920 right, as recomputed, and not
# with values scaled each by its own range (.8919). With products ours are .9729 and .9804, within .0005.
LESSONS = {
    "centroid": Lesson("A7", "The nearest of ten mean images.", None, 0.8203, "centroid"),
    "logistic-raw": Lesson("D9", "On 0–255 the solver does not settle in 2,000 steps, and says so.",
                           0.9150714285714285, None, "logistic", {"max_iter": 2000}, Preparation("raw"), drawn=True),
    "logistic-minmax": Lesson("D13", "On 0–1 it settles in some 250 steps.", 0.921, 0.920857,
                              "logistic", _BALANCED, Preparation("minmax"), drawn=True),
    "logistic-standard": Lesson("D13", "Standardised, constant pixels become 0.", 0.9168571428571428, 0.916571,
                                "logistic", _BALANCED, Preparation("standard"), drawn=True),
    "pca30": Lesson("D16", "30 components alone lose what a linear model needs.", None, 0.892,
                    "logistic", _BALANCED, Preparation("range", 30), drawn=True),
    "pca30-poly": Lesson("D16", "Products of 30 components: what the article's text says.", None, 0.9725,
                         "logistic", _BALANCED, Preparation("range", 30, 2), drawn=True),
    "pca100": Lesson("D16", "A hundred of them do not make up for it.", None, 0.91757,
                     "logistic", _BALANCED, Preparation("range", 100), drawn=True),
    "pca100-poly": Lesson("D16", "Products of 100 components: what its notebook ran.", 0.9805, 0.9805,
                          "logistic", _BALANCED, Preparation("range", 100, 2), drawn=True),
    "sgd-hinge-raw": Lesson("E4", "A linear SVM by SGD on 0–255.", 0.8453, 0.8674,
                            "sgd", {"loss": "hinge", **_SEED}, Preparation("raw")),
    "sgd-hinge-scaled": Lesson("E4", "The same on 0–1: five points more, in a tenth of the time.", None, 0.9181,
                               "sgd", {"loss": "hinge", **_SEED}, Preparation("range")),
    "sgd-log-raw": Lesson("E5", "Logistic regression by SGD on 0–255.", 0.889, 0.8866,
                          "sgd", {"loss": "log", **_SEED}, Preparation("raw")),
    "sgd-log-scaled": Lesson("E5", "The same on 0–1: three points more, in a tenth of the time.", None, 0.9155,
                             "sgd", {"loss": "log", **_SEED}, Preparation("range")),
    "knn1": Lesson("E6", "The nearest training image.", None, 0.9691, "knn", {"k": 1}),
    "knn3": Lesson("E6", "The three nearest.", None, 0.9705, "knn", {"k": 3}),
    "knn5": Lesson("E6", "The five nearest.", None, 0.9688, "knn", {"k": 5}),
}  # fmt: skip
"""By id; the numbers are of MNIST."""


@dataclasses.dataclass(frozen=True)
class Page:
    """Lessons that are told together.

    Attributes:
        title: of the page.
        source: who teaches it.
        says: what is learnt, in a sentence or two.
        call: the function of this module that gives the numbers, with its arguments after the data.
        lessons: ids.
    """

    title: str
    source: str
    says: str
    call: str
    lessons: tuple[str, ...] = ()


_OVCHINNIKOV = "N. Ovchinnikov, “Dive into Learning from Data”"
_RATH = "S. R. Rath, “Image Classification with MNIST Dataset”"

PAGES = {
    "sigmoid": Page(
        "The sigmoid", _OVCHINNIKOV,
        "It takes any number to one between 0 and 1, which can be read as a probability: 0 becomes one half, and what "
        "speaks against a class is as far below that as the same for it is above.",
        "sigmoid_curve(points=100, most=10.0)"),
    "threshold": Page(
        "A decision by a threshold", _OVCHINNIKOV,
        "Each sample has a sum z of its weighted features and a bias; where σ(z) is at least the threshold, the class "
        "is 1. The model stays as it is when the threshold moves: what moves is which errors it makes.",
        "simulated_predictions(n=100, features=3, seed=0, threshold=0.5)"),
    "scaling": Page(
        "Scaling before the solver", _OVCHINNIKOV,
        "The same logistic regression on 0–255, on 0–1 and on standardised values. The score hardly changes; what "
        "changes is whether the solver comes to an end, and how soon.",
        "lessons(ds, ['logistic-raw', 'logistic-minmax', 'logistic-standard'])",
        ("logistic-raw", "logistic-minmax", "logistic-standard")),
    "sgd": Page(
        "Scaling before SGD", _RATH,
        "Stochastic gradient descent makes a step for each image. On 0–255 the steps are too long to come to rest: the "
        "same two models are three to five points better on 0–1, in about a ninth of the time.",
        "lessons(ds, ['sgd-hinge-raw', 'sgd-hinge-scaled', 'sgd-log-raw', 'sgd-log-scaled'])",
        ("sgd-hinge-raw", "sgd-hinge-scaled", "sgd-log-raw", "sgd-log-scaled")),
    "products": Page(
        "Components and their products", _OVCHINNIKOV,
        "A linear model adds up what it sees, so it cannot say that two things are there at once. The product of two "
        "components can: with all of them a linear model beats most others.",
        "lessons(ds, ['pca30', 'pca30-poly', 'pca100', 'pca100-poly'])",
        ("pca30", "pca30-poly", "pca100", "pca100-poly")),
    "nearest": Page(
        "The nearest", "D. Robinson, “Exploring handwritten digit classification”, and S. R. Rath",
        "Nothing is fitted here. An image is what the nearest of ten mean images is, or what most of its nearest "
        "images are: the simplest rule that there is, and one that is hard to beat.",
        "lessons(ds, ['centroid', 'knn1', 'knn3', 'knn5'])",
        ("centroid", "knn1", "knn3", "knn5")),
}  # fmt: skip
"""By id, in the order in which they are read."""


def python_of(page: Page, opening: str) -> str:
    """The lines of Python that give a page's numbers; `opening` is the expression that opens the data."""
    name = page.call.partition("(")[0]
    lines = [f"from snowdome.model.lessons import {name}", ""]
    if page.lessons:
        lines = ["import snowdome", *lines, f"ds = {opening}"]
    return "\n".join([*lines, f"table = {page.call}"])


def lessons(
    data: Dataset, names: Iterable[str] = tuple(LESSONS), n_jobs: int | None = None, control: Control | None = None
) -> "pl.DataFrame":
    """The scores of these lessons on `data`, MNIST where they are to be compared with what was printed.

    lesson, source, says, printed, recomputed (by scikit-learn 1.9.1), ours, its 95 % interval low and high, n_train,
    n_test, seconds, settings and notes (a ConvergenceWarning explained): a row for each.
    """
    import polars as pl

    watcher, asked, rows = control or Control(), list(names), []
    for name in asked:
        if name not in LESSONS:
            known = list(LESSONS)
            raise OptionError(f"There is no lesson {name!r}. {did_you_mean(name, known)}There is: {', '.join(known)}.")
    for number, name in enumerate(asked):
        watcher.check(name, number, len(asked))
        lesson = LESSONS[name]
        model, verdict = learnt(data, lesson, n_jobs, Within(watcher))
        low, high = interval(int(verdict.correct.sum()), len(verdict))
        rows.append({
            "lesson": name, "source": lesson.source, "says": lesson.says, "printed": lesson.printed,
            "recomputed": lesson.recomputed, "ours": verdict.accuracy, "low": low, "high": high,
            "n_train": model.n_train, "n_test": len(verdict), "seconds": round(model.seconds, 2),
            "settings": f"{model.says()}; {lesson.options}", "notes": "; ".join(model.notes),
        })  # fmt: skip
    watcher.report("lessons", len(asked), len(asked))
    return pl.DataFrame(rows, schema_overrides={"printed": pl.Float64, "recomputed": pl.Float64})


def learnt(
    data: Dataset, lesson: Lesson, n_jobs: int | None = None, control: Control | None = None
) -> tuple[Model, Verdict]:
    """The model of a lesson, fitted on the training rows of `data`, and what it thinks of the test rows."""
    train, test = rows_of(data, lesson)
    model = fit_model(train, make_classifier(lesson.kind, **lesson.options), lesson.preparation, n_jobs, control)
    return model, model.verdict(test, n_jobs)


def rows_of(data: Dataset, lesson: Lesson) -> tuple[Dataset, Dataset]:
    """Training and test rows as the document took them."""
    if data.y is None:
        raise DataError("A lesson learns from labels; these rows have none.")
    if not lesson.drawn:
        return parts_of(data)
    drawn = split(data, "random", test=0.2, seed=42)
    return drawn.train, drawn.test


def scaling_lesson(
    data: Dataset, loss: str = "hinge", seed: int = 42, n_jobs: int | None = None, control: Control | None = None
) -> "pl.DataFrame":
    """E, scaling before SGD: scale, accuracy, seconds, epochs_note: the same fit on raw values, 0–1 and standardised.

    On all of MNIST the raw fit takes minutes; take the first rows of the training part for a shorter one.
    """
    import polars as pl

    train, test = parts_of(data)
    watcher, rows = control or Control(), []
    scales = ("raw", "range", "standard")
    for number, scale in enumerate(scales):
        watcher.check(f"SGD on {scale} values", number, len(scales))
        kind = make_classifier("sgd", loss=loss, random_state=seed)
        model = fit_model(train, kind, Preparation(scale), n_jobs, Within(watcher))
        rows.append((scale, model.verdict(test, n_jobs).accuracy, round(model.seconds, 3), len(train), len(test)))
    return pl.DataFrame(rows, schema=["scale", "accuracy", "seconds", "n_train", "n_test"], orient="row")


def polynomial_features(components: int) -> int:
    """D15: how many features the products of so many components give: n + n(n + 1)/2."""
    return components + components * (components + 1) // 2


def restored(data: Dataset, components: Iterable[int], n_jobs: int | None = None) -> "pl.DataFrame":
    """D14: how well the test rows are put together from so many components of the training rows: components, mse.

    The mean squared error of a value on the 0–1 scale: it falls with every component, to 0 at full rank.
    """
    import polars as pl

    from snowdome.core.threads import resolve
    from snowdome.space.pca import components as found_components

    train, test = parts_of(data)
    asked = sorted(set(components))
    if not asked or asked[0] < 1 or asked[-1] > train.X.shape[1]:
        raise OptionError(f"components got {asked}; allowed: whole numbers from 1 to {train.X.shape[1]}.")
    low, high = data.value_range
    found = found_components(np.asarray(train.X), asked[-1], resolve(n_jobs))
    centred = np.asarray(test.X, np.float64) - found.mean
    scores = centred @ found.components.T
    left = np.square(centred).sum() - np.cumsum(np.square(scores).sum(0))
    unit = centred.size * ((high - low) or 1.0) ** 2
    return pl.DataFrame({"components": asked, "mse": [max(0.0, left[k - 1]) / unit for k in asked]})
