"""Summary, a question about a Dataset whose answer is a small table, and how several are answered together."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.fold import Answers, Fold, Rows, answer
from snowdome.core.options import OfData, fitted
from snowdome.core.registry import Registry
from snowdome.core.threads import one_blas_thread, resolve
from snowdome.data.tidy import Labelled

if TYPE_CHECKING:
    import polars as pl

GROUPS = ("Images", "Values", "Classes", "Pairs of classes", "The space of images")
"""What summaries are about, in the order in which a person meets it."""

summaries = Registry("summary", "snowdome.summary.questions")

_MOST_CLASSES = 1000  # that one chooses from; of more the name is typed


def _names(data: Labelled) -> tuple[str, ...]:
    return () if data.y is None or len(data.classes) > _MOST_CLASSES else tuple(filter(None, data.classes))


CLASS = OfData(_names, "the name of a class")
"""The choices of an option that names a class."""


class Summary(ABC):
    """A question: a dataclass whose fields are its options.

    It says what it asks of all rows (`folds`) and makes its table from the answers, both once it is `fitted` to the
    data: options whose default depends on them have it then. Labels are codes in the tables; a
    Dataset without labels is one class, whose label is null.
    """

    title: ClassVar[str]
    says: ClassVar[str]  # one sentence: what is seen, and on what scale
    formula: ClassVar[str]  # x_ic: image i, column c of p; m: means
    source: ClassVar[str]  # who asks it so
    group: ClassVar[str] = GROUPS[-1]
    of_images: ClassVar[bool] = False  # it asks about a grid of pixels, which plain vectors have not

    def folds(self, data: Labelled) -> tuple[Fold, ...]:  # noqa: ARG002
        """The folds whose answers the table is made from."""
        return ()

    @abstractmethod
    def table(self, data: Labelled, answers: Answers, threads: int) -> "pl.DataFrame":
        """The answer. Raises DataError where the data have not what is asked about."""


def make_summary(name: str, **options: Any) -> Summary:
    """The summary of that id with those options; OptionError where either is not there or not allowed."""
    summary: Summary = summaries.make(name, Summary, options)
    return summary


def id_of(asked: Summary) -> str:
    """The id by which `make_summary` makes it."""
    return type(asked).__module__.rpartition(".")[2]


def summarise(
    data: Labelled, asked: Sequence[Summary], n_jobs: int | None = None, control: Control | None = None
) -> "list[pl.DataFrame]":
    """The tables of all that is asked, in at most two passes over the rows for what is folded."""
    asked = [fitted(summary, data) for summary in asked]
    answers = folded(data, asked, n_jobs, control)
    return [summary.table(data, answers, resolve(n_jobs)) for summary in asked]


def folded(
    data: Labelled, asked: Iterable[Summary], n_jobs: int | None = None, control: Control | None = None
) -> Answers:
    """What the tables of all that is asked are made from."""
    folds: Iterable[Fold] = dict.fromkeys(fold for summary in asked for fold in fitted(summary, data).folds(data))
    with one_blas_thread():
        return answer(rows_of(data), folds, resolve(n_jobs), control)


def rows_of(data: Labelled) -> Rows:
    """The rows with their codes, one class where there are no labels, and which of them are of the first split."""
    train = None if data.split is None or len(np.unique(data.split)) < 2 else np.asarray(data.split) == 0
    if data.y is None:
        return Rows(data.X, np.zeros(len(data.X), np.int64), 1, train)
    return Rows(data.X, np.ascontiguousarray(data.y, np.int64), len(data.classes), train)


def label_column(data: Labelled, codes: Any) -> "pl.Series":
    """A column `label` of these codes, null without labels."""
    import polars as pl

    values = np.asarray(codes, np.int64)
    return pl.Series("label", [None] * len(values) if data.y is None else values, pl.Int64)


def needs_rows(data: Labelled, who: str, least: int = 1) -> None:
    """DataError where there are fewer rows than that."""
    if len(data.X) < least:
        rows, are = "rows" if least > 1 else "row", "is" if len(data.X) == 1 else "are"
        raise DataError(f"{who} needs at least {least} {rows}; there {are} {len(data.X)}.")


def grid_of(data: Labelled, who: str) -> tuple[int, int]:
    """Height and width of the images; DataError for plain vectors."""
    if data.image_shape is None:
        raise DataError(f"{who} needs images, a grid of pixels; these are {data.X.shape[1]} plain values a row.")
    return data.image_shape


def code_of(data: Labelled, name: str) -> int:
    """The code of the class of that name; DataError where there is none."""
    if data.y is None:
        raise DataError(f"There is no class {name!r}: these rows have no labels.")
    if name not in data.classes:
        shown = ", ".join(data.classes[:20]) + (" …" if len(data.classes) > 20 else "")
        raise DataError(f"There is no class {name!r}. There is: {shown}.")
    return data.classes.index(name)


def classes_to_pair(data: Labelled, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The codes of the classes that have images, two at least; DataError where there are not so many.

    counts: (k,), how many images each class has.
    """
    codes = np.flatnonzero(counts)
    if data.y is None or len(codes) < 2:
        here = "these rows have no labels" if data.y is None else f"here is {'one' if len(codes) else 'none'}"
        raise DataError(f"A pair needs two classes with images; {here}.")
    return codes


def named_codes(data: Labelled, names: Sequence[str | None], counts: NDArray[np.int64]) -> list[int]:
    """The codes of the classes of a pair that are named, at most two; DataError for one without images or named twice.

    counts: (k,), how many images each class has.
    """
    codes = {name: code_of(data, name) for name in names if name is not None}
    for name, code in codes.items():
        if not counts[code]:
            raise DataError(f"There is no image of {name!r}.")
    if codes and len(codes) < sum(name is not None for name in names):
        raise DataError(f"Two different classes make a pair; {next(iter(codes))!r} is named twice.")
    return list(codes.values())
