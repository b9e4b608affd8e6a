"""Why this class and not that one: tables and images of what a model looks at."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, OptionError, did_you_mean
from snowdome.data.dataset import Dataset
from snowdome.model.fitted import Model
from snowdome.model.inputs import rows_for
from snowdome.space.cross import nearest_among

if TYPE_CHECKING:
    import polars as pl


def weight_images(model: Model) -> NDArray[np.float64]:
    """How much each value speaks for each class, (k, p): red for, blue against, where it is drawn.

    DataError for kinds that do not add up weighted values.
    """
    weights = model.weights()
    if weights is None:
        raise DataError(f"{model.says()}: the score of a class is no weighted sum of values, so there are no weights "
                        f"to look at; an occlusion map shows what this model looks at.")  # fmt: skip
    return weights


def speaks_for(model: Model, image: Any, label: str, other: str) -> "pl.DataFrame":
    """The pixels of one image that speak for `label` over `other`: pixel, value, weight, evidence; p rows.

    weight is that for label less that for other, and evidence = weight · (value - what the preparation takes for 0):
    summed over the pixels, and with the difference of the intercepts, it is the difference of the two scores. For
    kinds that are no weighted sums use `occlusion`.
    """
    import polars as pl

    row = _one(model, image)
    weights = weight_images(model)
    difference = weights[code_of(model, label)] - weights[code_of(model, other)]
    values = row.astype(np.float64) - model.learnt.get("low", np.zeros(len(row)))
    return pl.DataFrame({
        "pixel": np.arange(len(row)), "value": row, "weight": difference, "evidence": difference * values,
    })  # fmt: skip


def occlusion(
    model: Model,
    image: Any,
    label: str | None = None,
    other: str | None = None,
    size: int = 4,
    n_jobs: int | None = None,
) -> NDArray[np.float64]:
    """What a class loses when a part of the image is covered by paper: (height, width), for any kind of model.

    A square of `size` pixels is moved over the image pixel by pixel; each pixel gets the mean of what the log
    probability of `label` (the predicted class where none is named) loses by the squares that cover it; with `other`,
    what it loses against that class. Cost: one prediction for each place of the square. M. D. Zeiler and R. Fergus,
    "Visualizing and understanding convolutional networks", ECCV 2014.
    """
    if model.asked.image_shape is None:
        raise DataError("An occlusion map covers parts of an image; these rows are plain values.")
    height, width = model.asked.image_shape
    if not 1 <= size <= min(height, width):
        raise OptionError(f"size got {size}; allowed: 1 to {min(height, width)}, the shorter side of the image.")
    row = _one(model, image)
    low, high = model.asked.value_range
    paper = low if model.asked.ink_is_high else high
    tops, lefts = np.arange(1 - size, height), np.arange(1 - size, width)
    grid = row.reshape(height, width, model.asked.channels)
    covered = np.repeat(grid[None], len(tops) * len(lefts), 0)
    for number, (top, left) in enumerate((top, left) for top in tops for left in lefts):
        covered[number, max(0, top) : top + size, max(0, left) : left + size] = paper
    rows = np.concatenate([row[None], covered.reshape(len(covered), -1)])
    predicted, proba = model.judge(rows, n_jobs)
    of = int(predicted[0]) if label is None else code_of(model, label)
    logs = np.log(np.maximum(proba.astype(np.float64), 1e-9))
    score = logs[:, of] if other is None else logs[:, of] - logs[:, code_of(model, other)]
    lost = (score[0] - score[1:]).reshape(len(tops), len(lefts))
    padded = np.zeros((len(tops) + 1, len(lefts) + 1))
    padded[1:, 1:] = lost.cumsum(0).cumsum(1)
    sums = padded[size:, size:] - padded[:-size, size:] - padded[size:, :-size] + padded[:-size, :-size]
    return np.asarray(sums / size**2)


def nearest_training(train: Dataset, image: Any, model: Model, k: int = 9, n_jobs: int | None = None) -> "pl.DataFrame":
    """The training images most like one image by their pixels: row (in `train`), id, label, rms_distance."""
    import polars as pl

    from snowdome.core.threads import resolve

    row = _one(model, image)[None]
    found = nearest_among(np.asarray(train.X), row, min(k, len(train)), resolve(n_jobs))
    rows = found.index[0]
    labels = [None] * len(rows) if train.y is None else [train.classes[code] for code in np.asarray(train.y)[rows]]
    return pl.DataFrame({
        "row": rows.astype(np.int64), "id": train.all_ids()[rows], "label": labels,
        "rms_distance": found.distance[0] / np.sqrt(train.X.shape[1]),
    })  # fmt: skip


def why(model: Model, image: Any, label: str | None = None, other: str | None = None) -> dict[str, Any]:
    """Why this class and not that one, on one page: label, other, probability of each, margin, and maps of the image.

    `label` is the predicted class and `other` the next most probable one, unless they are named. `evidence` (p,) is
    what each pixel says for label over other, None for kinds that are no weighted sums; `occlusion` (height, width) is
    what label loses against other where the image is covered, None for rows that are no images.
    """
    row = _one(model, image)
    proba = model.judge(row[None])[1][0]
    order = np.argsort(-proba, kind="stable")
    first = int(model.judge(row[None])[0][0]) if label is None else code_of(model, label)
    second = int(next(code for code in order if code != first)) if other is None else code_of(model, other)
    names = (model.classes[first], model.classes[second])
    linear = model.weights() is not None
    images = model.asked.image_shape is not None
    return {
        "label": names[0],
        "other": names[1],
        "probability": float(proba[first]),
        "other_probability": float(proba[second]),
        "margin": float(proba[first] - proba[second]),
        "evidence": speaks_for(model, row, *names)["evidence"].to_numpy() if linear else None,
        "occlusion": occlusion(model, row, *names) if images else None,
    }


def code_of(model: Model, label: str) -> int:
    """The code of the class of that name; DataError where the model does not know it."""
    names = list(model.classes)
    if label not in names:
        raise DataError(f"There is no class {label!r}. {did_you_mean(label, names)}There is: {', '.join(names[:20])}.")
    return names.index(label)


def _one(model: Model, image: Any) -> NDArray[Any]:
    """One image as a row (p,)."""
    rows = rows_for(image, model.asked)
    if len(rows) != 1:
        raise DataError(f"{len(rows)} images came; one at a time is explained.")
    row: NDArray[Any] = rows[0]
    return row
