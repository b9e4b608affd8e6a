"""The tidy analysis of the first 10,000 images."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from snowdome.data.dataset import Dataset
from snowdome.report.document import Claim, Document, Figure, Table, below, first, labels, near, of_first, same
from snowdome.summary.asked import explore

if TYPE_CHECKING:
    import polars as pl

_A8 = {2: 47.2, 22: 53.1, 35: 69.4, 38: 59.5, 52: 61.4, 57: 65.7, 64: 68.1, 69: 81.1, 70: 65.2, 76: 59.6}
_EUCLIDEAN = "called Euclidean there; it is the RMS distance, and the Euclidean one is 28 times that"


def _rms(instance: int) -> Callable[[Dataset], Any]:
    return lambda ds: float(explore(first(ds), "distance").filter(instance=instance)["rms_distance"].item())


def _ordered(ds: Dataset) -> list[int]:
    """The labels by their median distance to the centroid, the tightest first."""
    return list(explore(first(ds), "boxes").sort("median")["label"])


def _pairs(ds: Dataset) -> list[tuple[int, int]]:
    """The pairs of labels, the hardest first."""
    table = explore(first(ds), "separation")
    return list(zip(table["compare1"], table["compare2"], strict=True))


def _tidy(ds: Dataset) -> "pl.DataFrame":
    return first(ds).pixels().head(6).collect()


def _raw(ds: Dataset) -> "pl.DataFrame":
    """The label and the first nine values of ten rows, by the names that R gives to columns without any."""
    peek = explore(ds[:10], "band", begin=1, end=9).drop("instance")
    return peek.rename({name: f"X{number}" for number, name in enumerate(peek.columns, 1)})


def _share(column: str) -> Callable[[Dataset], Any]:
    return lambda ds: float(explore(first(ds), "range")[column][-1])


def _lost(ds: Dataset) -> str:
    table = explore(ds, "binarise")
    return "; ".join(f"{row['method']} {100 * row['lost']:.1f} points" for row in table.iter_rows(named=True))


DOCUMENT = Document(
    "D. Robinson, Exploring handwritten digit classification: a tidy analysis of the MNIST dataset",
    (
        Claim("labels of the first ten rows", "5 0 4 1 9 2 1 3 1 4",
              lambda ds: " ".join(map(str, labels(ds)[:10])), same("5 0 4 1 9 2 1 3 1 4")),
        Claim("rows of the tidy table of 10,000 images", "7,840,000",
              lambda ds: first(ds).X.size, same(7_840_000)),
        Claim("its columns", "label, instance, value, pixel, x, y",
              lambda ds: ", ".join(_tidy(ds).columns), same("label, instance, value, pixel, x, y")),
        Claim("its first two rows", "(5, 1, 0, 0, 0, 28), (0, 2, 0, 0, 0, 28)",
              lambda ds: ", ".join(map(str, _tidy(ds).head(2).rows())),
              same("(5, 1, 0, 0, 0, 28), (0, 2, 0, 0, 0, 28)")),
        Claim("bins of the histogram", "30", lambda ds: len(explore(first(ds), "values", bins=30)) // 10, same(30)),
        Claim("most pixels are completely white", "most", _share("zeros"), lambda ours: ours > 0.5,
              "the share of the values that are 0"),
        Claim("few pixels are completely black", "few", _share("highest"), below(0.01),
              "the share of the values that are 255"),
        Claim("each pixel as 0 or 1", "very little loss", _lost, lambda _: True,
              "accuracy lost on the test images from 128 on as 1; it is said there and not measured"),
        Claim("rows of the mean of each pixel in each label", "7,840",
              lambda ds: len(explore(first(ds), "centroids")), same(7840)),
        Claim("the first of them", "(0, 1, 0, 0)", lambda ds: explore(first(ds), "centroids").row(0),
              same((0, 1, 0, 0.0))),
        *(Claim(f"distance of image {instance}, a zero, to its centroid", f"{printed}", _rms(instance),
                near(printed, 0.05), _EUCLIDEAN) for instance, printed in _A8.items()),
        Claim("the digit that varies least", "1", lambda ds: _ordered(ds)[0], same(1)),
        Claim("the two that vary most", "2 and 0", lambda ds: sorted(_ordered(ds)[-2:]), same([0, 2])),
        Claim("least typical images", "6 of each digit", lambda ds: len(explore(first(ds), "atypical", top=6)),
              same(60)),
        Claim("rows of the differences of all pairs", "70,560",
              lambda ds: len(explore(first(ds), "contrast")), same(70_560)),
        Claim("the easiest pair", "0 and 1", lambda ds: _pairs(ds)[-1], same((0, 1))),
        Claim("the hardest pairs", "4 and 9, 7 and 9", lambda ds: sorted(_pairs(ds)[:2]), same([(4, 9), (7, 9)])),
    ),
    (
        Figure("header", "Ten random images of each digit", "gallery", {"each": 10}, 10_000),
        Table("raw-peek", "The first ten rows and columns", _raw),
        Table("tidy", "The first rows of the tidy table", _tidy),
        Figure("first-twelve", "The first twelve instances", "gallery", {"images": 12}, 10_000),
        Figure("how-much-grey", "Values of the pixels", "values", {}, 10_000),
        Table("range", "The range of the values", of_first("range")),
        Figure("average-digits", "Average value of each pixel", "centroids", {}, 10_000),
        Figure("distances", "Distances to the digit's centroid", "boxes", {}, 10_000),
        Figure("least-typical", "Least typical digits", "atypical", {}, 10_000),
        Figure("most-typical", "Most typical digits", "typical", {}, 10_000),
        Figure("pairs", "Pixels that distinguish pairs of digits", "contrast", {}, 10_000),
        Figure("easy-and-hard", "Which pairs are easy", "separation", {}, 10_000),
        Figure("binary", "What black and white would cost", "binarise"),
    ),
)  # fmt: skip
