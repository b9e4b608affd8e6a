"""What every chart says about itself: of how many images, on what scale, and what its marks stand for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowdome.data.dataset import Dataset


def of_what(dataset: "Dataset", *more: str) -> str:
    """`10,000 images of MNIST; values from 0 to 255` and what else is to be said."""
    low, high = dataset.value_range
    rows = "images" if dataset.image_shape else "rows"
    return "; ".join([f"{len(dataset):,} {rows} of {dataset.name}", f"values from {low:g} to {high:g}", *more]) + "."


def codes_of(*codes: int | None) -> list[int]:
    """What a mark that stands for classes carries as `codes`, as one that stands for a row carries its `instance`.

    Where there are no labels it stands for nothing.
    """
    return [code for code in codes if code is not None]


def class_names(dataset: "Dataset") -> dict[int, str]:
    """The name of each code; one nameless class where there are no labels."""
    return dict(enumerate(dataset.classes)) if dataset.y is not None else {}
