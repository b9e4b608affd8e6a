"""Which labels to distrust: every image ranked by what a model, its neighbours and its class say of its label."""

import dataclasses
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.core.threads import resolve, run_tasks
from snowdome.data.dataset import Dataset
from snowdome.model.appearance import appearance
from snowdome.model.label_errors import confident_class, confident_joint
from snowdome.model.leave_one_out import leave_one_out
from snowdome.model.verdict import Verdict
from snowdome.space.equal import equal_rows
from snowdome.space.knn import Neighbours, nearest_neighbours

if TYPE_CHECKING:
    import polars as pl

By = Literal["combined", "model", "neighbours", "centroid"]
BY: tuple[str, ...] = get_args(By)

NEIGHBOURS = 20  # whose labels are asked
_SPACE = 50  # components in which they are found
_DOUBT = 0.5  # votes that are shared out among all classes, so that no class is impossible
_WEIGHTS = {"model": 1.0, "neighbours": 0.2, "centroid": 0.2}  # of the logarithms, where all are combined
_ROWS = 4096


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
) -> Suspects:
    """Rank the images of a split (None: all) by how much speaks against their labels, worst first.

    Three witnesses, none of which has seen the label that it judges, nor that of an equal image: a nonlinear model
    of all other rows (see `leave_one_out`), the labels of the 20 nearest rows by appearance, each as far as that model
    believes it, and the distances to the centroids of the classes. Each gives probabilities; `by` takes one of them
    alone, or combines them by a weighted product. All splits are learnt from. `trains` are rows whose labels are
    believed, by default all: those that a person found ambiguous or excluded are judged and not learnt from.

    A label is an issue (`is_issue`) where confident learning by the model counts the row as another class, and all
    witnesses together suggest another one too.

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
    threads, watcher = resolve(n_jobs), control or Control()
    y, classes = np.asarray(dataset.y), len(dataset.classes)
    believed = np.ones(len(dataset), bool) if trains is None else trains
    if not believed.any():
        raise DataError("No row is left to learn from: all were excluded or found ambiguous.")
    owner = equal_rows(dataset.X)
    looks = appearance(dataset, threads, watcher)
    near = np.ascontiguousarray(looks[:, :_SPACE])
    neighbours = nearest_neighbours(near, min(NEIGHBOURS, len(dataset) - 1), threads, watcher)
    model = leave_one_out(looks, y, classes, trains=believed, owner=owner, threads=threads, control=watcher).proba
    watcher.check("weighing the evidence", 0, 1)
    apart = _centroid_distances(looks, y, classes, believed)
    belief = model[np.arange(len(y)), y] * believed
    said: dict[str, NDArray[Any]] = {
        "model": model,
        "neighbours": _votes(neighbours, y, classes, belief, owner, threads),
        "centroid": 1 / np.maximum(apart, 1e-6) ** 2,
    }
    proba = _product(said, _WEIGHTS if by == "combined" else {by: 1.0})[rows]
    about = (f"{len(rows):,} rows{f' of {split}' if split else ''}, learnt from {int(believed.sum()):,}; "
             f"{by}; neighbours in {near.shape[1]} components of appearance")  # fmt: skip
    verdict = Verdict(model[rows], model[rows].argmax(1).astype(np.int64), y[rows], dataset.classes,
                      dataset.all_ids()[rows], None, f"random features, each row left out; {about}")  # fmt: skip
    return _ranked(dataset, rows, proba, verdict, split=split or "", neighbours=neighbours, centroid=apart[rows],
                   confident=confident_class(model, y)[rows], about=about)  # fmt: skip


def _ranked(
    dataset: Dataset, rows: NDArray[np.int64], proba: NDArray[np.float32], verdict: Verdict, *,
    confident: NDArray[np.int64], **evidence: Any,
) -> Suspects:  # fmt: skip
    """The judged rows in their order, from the probabilities (m, k) of all evidence together."""
    given, predicted = verdict.labels, proba.argmax(1).astype(np.int64)
    return Suspects(
        dataset=dataset, rows=rows, order=_order(proba, given), quality=proba[np.arange(len(rows)), given],
        predicted=predicted, is_issue=(confident >= 0) & (confident != given) & (predicted != given), verdict=verdict,
        joint=confident_joint(confident, given, proba.shape[1]), **evidence,
    )  # fmt: skip


def rows_of(dataset: Dataset, split: str) -> NDArray[np.int64]:
    """The numbers of the rows of a split; DataError where there is none of that name."""
    dataset.part(split) if split not in dataset.split_names else None
    assert dataset.split is not None  # noqa: S101 - it has that name
    return np.flatnonzero(dataset.split == dataset.split_names.index(split))


def _order(proba: NDArray[Any], given: NDArray[np.int64]) -> NDArray[np.int64]:
    """Worst first: by the logarithm of how much more probable the best other class is than the given one."""
    chances = np.maximum(proba, np.finfo(np.float32).tiny)
    own = chances[np.arange(len(given)), given]
    others = chances.copy()
    others[np.arange(len(given)), given] = 0
    return np.argsort(own / np.maximum(others.max(1), np.finfo(np.float32).tiny), kind="stable")


def _product(said: dict[str, NDArray[Any]], weights: dict[str, float]) -> NDArray[np.float32]:
    """Probabilities (n, k) by the product of what witnesses say, each to the power of its weight."""
    total: NDArray[Any] = np.zeros(next(iter(said.values())).shape)
    for name, weight in weights.items():
        total += weight * np.log(np.maximum(said[name], 1e-30))
    raised = np.exp(total - total.max(1, keepdims=True))
    shares: NDArray[np.float32] = (raised / raised.sum(1, keepdims=True)).astype(np.float32)
    return shares


def _votes(
    neighbours: Neighbours,
    y: NDArray[np.int64],
    classes: int,
    belief: NDArray[np.float32],
    owner: NDArray[np.int64],
    threads: int,
) -> NDArray[np.float32]:
    """The share of each class among the neighbours that are no copies, each as far as its label is believed, (n, k)."""
    n = len(y)
    votes = np.full((n, classes), _DOUBT / classes, np.float32)

    def count(block: int) -> None:
        rows = np.arange(block * _ROWS, min(n, (block + 1) * _ROWS))
        for column in range(neighbours.index.shape[1]):
            other = neighbours.index[rows, column]
            votes[rows, y[other]] += belief[other] * (owner[other] != owner[rows])

    run_tasks(count, -(-n // _ROWS), threads)
    return np.asarray(votes / votes.sum(1, keepdims=True))


def _centroid_distances(
    looks: NDArray[np.float32], y: NDArray[np.int64], classes: int, believed: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The distance of each row to the centroid of each class, of which it is no part itself, (n, k).

    A class without other rows is as far as the farthest.
    """
    sums, count = np.zeros((classes, looks.shape[1])), np.bincount(y[believed], minlength=classes)
    for code in range(classes):
        sums[code] = looks[(y == code) & believed].sum(0, dtype=np.float64)
    centres = sums / np.maximum(count, 1)[:, None]
    square = np.square(looks, dtype=np.float64).sum(1)
    apart = np.maximum(0, square[:, None] + np.square(centres).sum(1) - 2 * looks @ centres.T)
    mine = np.flatnonzero(believed & (count[y] > 1))
    # Without the row itself the centroid lies m / (m - 1) times as far from it.
    times = (count[y[mine]] / (count[y[mine]] - 1.0)) ** 2
    apart[mine, y[mine]] *= times
    alone = np.flatnonzero(believed & (count[y] == 1))
    apart[:, count == 0] = apart[alone, y[alone]] = apart.max(initial=0.0)
    return np.asarray(np.sqrt(apart), np.float32)
