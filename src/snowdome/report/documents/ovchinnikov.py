"""The data before they are learnt from: what is loaded, split, scaled, reduced."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.data.dataset import Dataset
from snowdome.data.split import split_rows
from snowdome.report.document import Claim, Document, Figure, labels, near, same
from snowdome.summary.asked import explore

_SUPPORT = "1343 1600 1380 1433 1295 1273 1396 1503 1357 1420"


def _tested(ds: Dataset) -> NDArray[np.int64]:
    """The rows of the test set of one fifth, seed 42."""
    return split_rows(len(ds), test=0.2, seed=42).test


def _kept(count: int) -> Callable[[Dataset], Any]:
    """Percent of the variance of the training rows that so many components keep."""

    def compute(ds: Dataset) -> float:
        train = split_rows(len(ds), test=0.2, seed=42).train
        return 100 * float(explore(ds[train], "components", count=count)["cumulative"][-1])

    return compute


def _features(count: int) -> Callable[[Dataset], Any]:
    return lambda ds: int(explore(ds[:1000], "polynomial", count=count)["count"].sum())


def _errors_fall(ds: Dataset) -> bool:
    table = explore(ds, "reconstruction", count=100)
    return all((np.diff(part["mse"]) < 0).all() for part in table.partition_by("instance"))


DOCUMENT = Document(
    "N. Ovchinnikov, Dive into Learning from Data (the data part)",
    (
        Claim("shape of X", "(70000, 784)", lambda ds: ds.X.shape, same((70_000, 784))),
        Claim("least and greatest value", "0, 255",
              lambda ds: (int(ds.X.min()), int(ds.X.max())), same((0, 255))),
        Claim("pixel406 and pixel407 of the first image", "81, 240",
              lambda ds: tuple(explore(ds, "band").select("pixel406", "pixel407").row(0)), same((81, 240))),
        Claim("pixel401 and pixel402 of the second", "253, 190",
              lambda ds: tuple(explore(ds, "band").select("pixel401", "pixel402").row(1)), same((253, 190))),
        Claim("label of the first image", "5", lambda ds: int(labels(ds)[0]), same(5)),
        Claim("rows of the test set, one fifth", "14,000", lambda ds: len(_tested(ds)), same(14_000)),
        Claim("its first five, seed 42", "46730 48393 41416 34506 43725",
              lambda ds: " ".join(map(str, _tested(ds)[:5])), same("46730 48393 41416 34506 43725")),
        Claim("their labels, and those of the next five", "8 4 8 7 7 0 6 2 7 4",
              lambda ds: " ".join(map(str, labels(ds)[_tested(ds)[:10]])), same("8 4 8 7 7 0 6 2 7 4")),
        Claim("test images of each digit", _SUPPORT,
              lambda ds: " ".join(map(str, np.bincount(labels(ds)[_tested(ds)]))), same(_SUPPORT)),
        Claim("pixels that never change in the 60,000 training images", "67",
              lambda ds: int(explore(ds, "scaling")["constant"][0]), same(67),
              "not printed there; standardising them divides by zero"),
        Claim("variance that 30 components keep", "73.18 %", _kept(30), near(73.18, 0.01),
              "percent, of the training rows of that split; its last digit depends on the rows"),
        Claim("variance that 100 components keep", "91.50 %", _kept(100), near(91.50, 0.01),
              "percent, of the training rows of that split; its last digit depends on the rows"),
        Claim("more components are clearer", "yes", _errors_fall, same(True),
              "the mean squared error falls with every step of the figure below"),
        Claim("polynomial features of 30 components", "495", _features(30), same(495)),
        Claim("polynomial features of 100 components", "5150", _features(100), same(5150),
              "the notebook's printed accuracy is of 100 components, the text says 30"),
    ),
    (
        Figure("first-image", "The first image", "gallery", {"images": 1}),
        Figure("first-ten", "The first ten images", "gallery", {"images": 10}),
        Figure("middle-band", "pixel401 to pixel500", "band"),
        Figure("scaling", "Original and scaled images", "scaling"),
        Figure("reconstruction", "Images from up to 100 components, by their true labels", "reconstruction",
               {"count": 100}),
        Figure("variance", "Variance that components keep", "components", {"count": 100}),
        Figure("polynomial", "Polynomial features of the first image", "polynomial", {"count": 100}),
    ),
)  # fmt: skip
