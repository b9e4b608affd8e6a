"""A document about MNIST: what it prints, its figures and its tables, and how each is made again here."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snowdome.data.dataset import Dataset
from snowdome.summary.asked import explore

if TYPE_CHECKING:
    import polars as pl


@dataclasses.dataclass(frozen=True)
class Claim:
    """One printed number or statement.

    Attributes:
        subject: what it is about.
        printed: as it is printed.
        compute: our value, from all of MNIST.
        agrees: whether our value is what is printed, for the digits that are printed.
        why: what the number means, or why the two differ; else nothing.
    """

    subject: str
    printed: str
    compute: Callable[[Dataset], Any]
    agrees: Callable[[Any], bool]
    why: str = ""


@dataclasses.dataclass(frozen=True)
class Figure:
    """One figure: a summary of the first `rows` images (0 for all) with its options, as a picture and a table."""

    name: str
    subject: str
    summary: str
    options: dict[str, Any] = dataclasses.field(default_factory=dict)
    rows: int = 0


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of a few rows, which the page shows."""

    name: str
    subject: str
    make: "Callable[[Dataset], pl.DataFrame]"


@dataclasses.dataclass(frozen=True)
class Document:
    """Its title, what it prints, and what it shows, in its own order."""

    title: str
    claims: tuple[Claim, ...]
    parts: tuple[Figure | Table, ...]


def near(printed: float, half: float) -> Callable[[Any], bool]:
    """Within half a unit of the last printed digit, and a little more for the rounding of a rounding."""
    return lambda ours: abs(ours - printed) <= half * 1.1


def same(printed: Any) -> Callable[[Any], bool]:
    """Equal."""
    return lambda ours: bool(ours == printed)


def below(limit: float) -> Callable[[Any], bool]:
    """Less than that."""
    return lambda ours: bool(ours < limit)


def labels(ds: Dataset) -> NDArray[np.int64]:
    """The codes of all images; the data are MNIST, which has them."""
    return np.asarray(ds.y, np.int64)


def first(ds: Dataset) -> Dataset:
    """The first 10,000 images."""
    return ds[:10_000]


def of_first(summary: str, **options: Any) -> "Callable[[Dataset], pl.DataFrame]":
    """A summary of the first 10,000 images."""
    return lambda ds: explore(first(ds), summary, **options)
