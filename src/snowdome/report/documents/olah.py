"""Points in 784 dimensions, and maps of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.data.dataset import Dataset
from snowdome.report.document import Claim, Document, Figure, below, labels, near, same
from snowdome.summary.asked import explore

_SCALE = 256.0  # mnist.pkl.gz, which the page shows, has values over 256
_ONES = (59, 23, 67, 40, 8, 6)  # images of ones, from 0, in the order in which the page names them
_MATRIX = "6 8 | 7 10 | 7 10 | 5 10 4 | 10 4 | 10 4 | 10 7 | 10 10 | 9 10 1 | 3 10 1"
_OWN = "of the page's own components, which are those of the first 50,000 images"


def _distance(one: int, other: int) -> Callable[[Dataset], Any]:
    def compute(ds: Dataset) -> float:
        gap = (ds.X[one].astype(float) - ds.X[other].astype(float)) / _SCALE
        return float(np.sqrt((gap**2).sum()))

    return compute


def _matrix(ds: Dataset) -> str:
    """Tenths of every second pixel of every second row of image 6 that are not zero, row by row."""
    tenths = np.round(ds.X[6].reshape(28, 28)[::2, ::2] / 25.5).astype(int)
    return " | ".join(" ".join(map(str, row[row > 0])) for row in tenths if row.any())


def _corner(horizontal: str, vertical: str, *, right: bool, top: bool) -> Callable[[Dataset], Any]:
    """The label that is most of a corner of the cube's face, and its share there."""

    def compute(ds: Dataset) -> tuple[int, str]:
        table = explore(ds, "cube", horizontal=horizontal, vertical=vertical)
        x, y = (table[name].to_numpy() >= 128 for name in ("horizontal", "vertical"))
        counts = np.bincount(table["label"].to_numpy()[(x == right) & (y == top)], minlength=10)
        return int(counts.argmax()), f"{counts.max()} of {counts.sum()}"

    return compute


def _is_most(label: int) -> Callable[[Any], bool]:
    return lambda ours: ours[0] == label


def _variance(component: int) -> Callable[[Dataset], Any]:
    return lambda ds: 100 * float(explore(ds[:50_000], "components", count=2)["share"][component - 1])


def _mean_score(label: int) -> Callable[[Dataset], Any]:
    def compute(ds: Dataset) -> float:
        table = explore(ds[:50_000], "scores", centred=False, scale=_SCALE)
        return float(table.filter(label=label)["horizontal"].to_numpy().mean())

    return compute


def _ends(ds: Dataset) -> tuple[int, int]:
    means = explore(ds[:50_000], "scores").group_by("label").mean().sort("horizontal")["label"]
    return int(means[0]), int(means[-1])


def _edges(ds: Dataset) -> NDArray[np.int32]:
    """The three nearest of each of the first 1,000 images, (1000, 3)."""
    from snowdome.space.knn import nearest_neighbours

    return nearest_neighbours(np.asarray(ds.X[:1000]), 3).index


def _joined(ds: Dataset) -> float:
    y = labels(ds)
    return 100 * float((y[_edges(ds)] == y[:1000, None]).mean())


def _noise(ds: Dataset) -> float:
    table = explore(ds, "noise")
    return float(table["nearest"][0] / table["nearest"][1])


def _other_to_same(ds: Dataset) -> float:
    mean = dict(explore(ds, "distances").select("kind", "mean").iter_rows())
    return float(mean["other class"] / mean["same class"])


def slant(image: NDArray[Any]) -> float:
    """How far a stroke (h, w) leans to the right: pixels across for each pixel up, by least squares."""
    height, width = image.shape
    ink = image.astype(np.float64) / image.sum()
    y, x = np.mgrid[:height, :width]
    down, across = y - (ink * y).sum(), x - (ink * x).sum()
    return float(-(ink * down * across).sum() / (ink * down**2).sum())


def _leaning(ds: Dataset) -> str:
    return " ".join(f"{slant(ds.X[row].reshape(28, 28)):.2f}" for row in _ONES)


def _along_the_ones(ds: Dataset) -> float:
    """Rank correlation of slant and place along the ones of a t-SNE map of the first 2,000 images."""
    from scipy.stats import spearmanr

    from snowdome.layout.methods.tsne import TSNE

    X = np.asarray(ds.X[:2000])
    ones = np.flatnonzero(labels(ds)[:2000] == 1)
    places = TSNE(random_state=0).fit_transform(X)[ones].astype(np.float64)
    places -= places.mean(0)
    along = places @ np.linalg.svd(places, full_matrices=False)[2][0]
    return abs(float(spearmanr(along, [slant(image.reshape(28, 28)) for image in X[ones]]).statistic))


DOCUMENT = Document(
    "C. Olah, Visualizing MNIST: an exploration of dimensionality reduction",
    (
        Claim("pixels of an image, dimensions of the cube", "28 × 28 = 784", lambda ds: ds.X.shape[1], same(784)),
        Claim("the matrix of a one, in tenths", _MATRIX, _matrix, same(_MATRIX),
              "every second pixel of every second row of image 6; zeros are left out"),
        Claim("random points look like noise", "noise", _noise, lambda ours: ours > 2,
              "how many times as far from the nearest of 10,000 images a random one is as an image is"),
        Claim("p(18,16) and p(7,12): bottom right", "a lot of zeros",
              _corner("7,12", "18,15", right=True, top=False), _is_most(0),
              "the plot is labelled p(18,15), which is taken here; with p(18,16) 29 of 52"),
        Claim("p(18,16) and p(7,12): top left", "a lot of nines",
              _corner("7,12", "18,15", right=False, top=True), _is_most(9),
              "with p(18,16) 42 of 183"),
        Claim("p(5,6) and p(7,9): top right", "a lot of twos",
              _corner("5,6", "7,9", right=True, top=True), _is_most(2)),
        Claim("p(5,6) and p(7,9): bottom right", "a lot of threes",
              _corner("5,6", "7,9", right=True, top=False), _is_most(3)),
        Claim("variance of the first component", "9.744 %", _variance(1), near(9.744, 0.0005), f"percent, {_OWN}"),
        Claim("variance of the second", "7.060 %", _variance(2), near(7.060, 0.0005), f"percent, {_OWN}"),
        Claim("ends of the first component", "ones and zeros", _ends, same((1, 0))),
        Claim("mean of the ones on it, of the first 500 images", "-0.21", _mean_score(1), near(-0.21, 0.005),
              f"{_OWN}; values over 256, not centred"),
        Claim("mean of the zeros", "7.19", _mean_score(0), near(7.19, 0.005), "the same"),
        Claim("edges of the graph of 3 neighbours, 1,000 images", "3,000", lambda ds: _edges(ds).size, same(3000)),
        Claim("of them join equal labels", "about 85 %", _joined, near(85, 1.5), "percent"),
        Claim("distance of two ones (images 6 and 8, from 0)", "4.53", _distance(6, 8), near(4.53, 0.005),
              "on the scale of values over 256; over 255 it is 4.552"),
        Claim("distance of a nine and a three (4 and 12)", "12.0", _distance(4, 12), near(12.0, 0.05),
              "on the scale of values over 256; over 255 it is 12.046"),
        Claim("the second over the first", "less than three times",
              lambda ds: _distance(4, 12)(ds) / _distance(6, 8)(ds), below(3)),
        Claim("images of other classes, as far as those of the same", "close to 1", _other_to_same, below(1.25),
              "mean distances of all pairs of 1,000 images"),
        Claim("slants of six ones, in the order of the page", ".53 .59 .29 .11 -.08 -.16", _leaning,
              same("0.53 0.59 0.29 0.11 -0.08 -0.16"), "images 59, 23, 67, 40, 8, 6, from 0; pixels across a pixel up"),
        Claim("the cluster of ones is ordered by slant", "yes", _along_the_ones, lambda ours: ours >= 0.8,
              "rank correlation of slant and place along the ones of a t-SNE map of 2,000 images"),
    ),
    (
        Figure("strip", "The first four images", "gallery", {"images": 4}),
        Figure("matrix-of-a-one", "A one as a matrix", "image", {"instance": 7, "every": 2, "scale": 255.0}),
        Figure("noise", "Random images", "noise"),
        Figure("axis", "p(18,15) as an axis", "axis", {"of": "4"}),
        Figure("cube", "p(7,12) and p(18,15)", "cube"),
        Figure("cube-text", "p(5,6) and p(7,9)", "cube", {"horizontal": "5,6", "vertical": "7,9"}),
        Figure("components", "The first two components", "loadings", {}, 50_000),
        Figure("scores", "The first 500 images on the first two components", "scores",
               {"centred": False, "scale": _SCALE}, 50_000),
        Figure("distances-of-pairs", "Distances of pairs", "distances", {"scale": _SCALE}),
    ),
)  # fmt: skip
