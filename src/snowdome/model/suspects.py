"""Which labels to distrust: every image ranked by what a model, its neighbours and its class say of its label."""

import dataclasses
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.model.label_errors import confident_class, confident_joint, habits, label_quality
from snowdome.model.verdict import Verdict
from snowdome.model.witnesses import ask
from snowdome.space.knn import Neighbours

if TYPE_CHECKING:
    import polars as pl

By = Literal["combined", "model", "neighbours", "centroid"]
BY: tuple[str, ...] = get_args(By)

_WEIGHTS = {"model": 1.0, "neighbours": 0.1, "centroid": 0.05}  # of the logarithms, where all are combined


@dataclasses.dataclass(frozen=True, eq=False)
class Suspects:
    """The rows of one split, or of all data, with what speaks against their labels.

    Attributes:
        dataset: all data that were learnt from.
        split: the name of the split that is judged; empty for all rows.
        rows: (m,) int64, the numbers in `dataset` of the rows that are judged, in their order.
        order: (m,) int64, places in `rows`, worst first.
        quality: (m,) float32, how probable the given label is, 0 to 1, low for suspects: `label_quality`.
        predicted: (m,) int64, the class that is suggested.
        is_issue: (m,) bool, whether the label is probably wrong.
        verdict: what the model thinks of each judged row without having seen it.
        neighbours: of all rows of `dataset`, in 50 components of their appearance.
        centroid: (m, k) float32, the distance to the centroid of each class, the row itself left out of it.
        joint: (k, k) how many rows of a given label are counted as which class.
        about: what it was computed on.
    """

    dataset: Dataset
    split: str
    rows: NDArray[np.int64]
    order: NDArray[np.int64]
    quality: NDArray[np.float32]
    predicted: NDArray[np.int64]
    is_issue: NDArray[np.bool_]
    verdict: Verdict
    neighbours: Neighbours
    centroid: NDArray[np.float32]
    joint: NDArray[np.int64]
    about: str

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<Suspects: {int(self.is_issue.sum()):,} of {len(self):,} rows; {self.about}>"

    def table(self) -> "pl.DataFrame":
        """One row for each judged image, worst first, under the names that cleanlab uses.

        rank (from 1), index (from 0 within the split), id, given_label, predicted_label, label_quality, is_label_issue.
        """
        import polars as pl

        dataset, order = self.dataset, self.order
        names = np.array(dataset.classes, dtype=object)
        given = self.verdict.labels
        return pl.DataFrame({
            "rank": np.arange(1, len(self) + 1), "index": order, "id": dataset.all_ids()[self.rows[order]],
            "given_label": pl.Series(names[given[order]].tolist(), dtype=pl.String),
            "predicted_label": pl.Series(names[self.predicted[order]].tolist(), dtype=pl.String),
            "label_quality": self.quality[order], "is_label_issue": self.is_issue[order],
        })  # fmt: skip


def find_suspects(
    dataset: Dataset,
    split: str | None = None,
    *,
    by: str = "combined",
    trains: NDArray[np.bool_] | None = None,
    n_jobs: int | None = None,
    control: Control | None = None,
    memo: Memo = forget,
) -> Suspects:
    """Rank the images of a split (None: all) by how much speaks against their labels, worst first.

    Three witnesses, none of which has seen the label that it judges, nor that of an equal image: a nonlinear model
    of all other rows (see `leave_one_out`), the labels of the 20 nearest rows by appearance, each as far as that model
    believes it, and the distances to the centroids of the classes. Each gives probabilities; `by` takes one of them
    alone, or combines them by a weighted product and by the habits that the labels show (`label_errors.habits`). All
    splits are learnt from. `trains` are rows whose labels are believed, by default all: those that a person found
    ambiguous or excluded are judged and not learnt from.

    A label is an issue (`is_issue`) where confident learning by the model counts the row as another class, and all
    witnesses together suggest another one too. `memo` keeps what the witnesses say: another split costs nothing then.

    Cost: as `leave_one_out` and `nearest_neighbours`; about a minute for 70,000 images on two cores, in 1 GB.

    Raises DataError where there are no labels or memory will not do, OptionError for an unknown split or `by`.
    """
    if by not in BY:
        raise OptionError(f"by got {by!r}. {did_you_mean(by, list(BY))}allowed: {', '.join(BY)}.")
    if dataset.y is None:
        raise DataError(f"{dataset.name}: has no labels to distrust. Name the column that holds them (--label).")
    if len(dataset) < 2:
        raise DataError(f"{dataset.name}: has {len(dataset)} row; labels are judged by other rows.")
    rows = np.arange(len(dataset)) if split is None else rows_of(dataset, split)
    y = np.asarray(dataset.y)
    believed = np.ones(len(dataset), bool) if trains is None else trains
    if not believed.any():
        raise DataError("No row is left to learn from: all were excluded or found ambiguous.")
    told = ask(dataset, believed, resolve(n_jobs), control or Control(), memo)
    said: dict[str, NDArray[Any]] = {
        "model": told.model,
        "neighbours": told.votes,
        "centroid": 1 / np.maximum(told.centroid, 1e-6) ** 2,
    }
    proba = _product(said, _WEIGHTS if by == "combined" else {by: 1.0})
    times = habits(proba[believed], y[believed]) if by == "combined" else np.ones((proba.shape[1],) * 2)
    quality = label_quality(proba, y, times)[rows]
    about = (f"{len(rows):,} rows{f' of {split}' if split else ''}, learnt from {int(believed.sum()):,}; "
             f"{by}")  # fmt: skip
    model = told.model[rows]
    verdict = Verdict(model, model.argmax(1).astype(np.int64), y[rows], dataset.classes, dataset.all_ids()[rows], None,
                      f"random features, each row left out; {about}")  # fmt: skip
    confident = confident_class(told.model, y)[rows]
    return _ranked(dataset, rows, proba[rows], verdict, quality=quality, split=split or "", neighbours=told.neighbours,
                   centroid=told.centroid[rows], confident=confident, about=about)  # fmt: skip


def _ranked(
    dataset: Dataset, rows: NDArray[np.int64], proba: NDArray[np.float32], verdict: Verdict, *,
    quality: NDArray[np.float32], confident: NDArray[np.int64], **evidence: Any,
) -> Suspects:  # fmt: skip
    """The judged rows in their order, by the quality of their labels (m,); proba (m, k) is all evidence together."""
    given, predicted = verdict.labels, proba.argmax(1).astype(np.int64)
    return Suspects(
        dataset=dataset, rows=rows, order=np.argsort(quality, kind="stable"), quality=quality,
        predicted=predicted, is_issue=(confident >= 0) & (confident != given) & (predicted != given), verdict=verdict,
        joint=confident_joint(confident, given, proba.shape[1]), **evidence,
    )  # fmt: skip


def rows_of(dataset: Dataset, split: str) -> NDArray[np.int64]:
    """The numbers of the rows of a split; DataError where there is none of that name."""
    dataset.part(split) if split not in dataset.split_names else None
    assert dataset.split is not None  # noqa: S101 - it has that name
    return np.flatnonzero(dataset.split == dataset.split_names.index(split))


def _product(said: dict[str, NDArray[Any]], weights: dict[str, float]) -> NDArray[np.float32]:
    """Probabilities (n, k) by the product of what witnesses say, each to the power of its weight."""
    total: NDArray[Any] = np.zeros(next(iter(said.values())).shape)
    for name, weight in weights.items():
        total += weight * np.log(np.maximum(said[name], 1e-30))
    raised = np.exp(total - total.max(1, keepdims=True))
    shares: NDArray[np.float32] = (raised / raised.sum(1, keepdims=True)).astype(np.float32)
    return shares
