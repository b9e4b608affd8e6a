"""What four documents about MNIST print, and how each number is computed here."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from snowdome.data.dataset import Dataset
from snowdome.summary.asked import explore

ROBINSON = "D. Robinson, Exploring handwritten digit classification: a tidy analysis of the MNIST dataset"
ALI = "Ali, Understanding MNIST and a deep learning model"
OLAH = "C. Olah, Visualizing MNIST: an exploration of dimensionality reduction"
OVCHINNIKOV = "Ovchinnikov, Dive into learning from data"


@dataclasses.dataclass(frozen=True)
class Claim:
    """One printed number or statement.

    Attributes:
        document: who printed it.
        subject: what it is about.
        printed: as it is printed.
        compute: our value, from all of MNIST.
        agrees: whether our value is what is printed, for the digits that are printed.
        why: where the two differ on purpose, the reason; else nothing.
    """

    document: str
    subject: str
    printed: str
    compute: Callable[[Dataset], Any]
    agrees: Callable[[Any], bool]
    why: str = ""


def _near(printed: float, half: float) -> Callable[[Any], bool]:
    """Within half a unit of the last printed digit, and a little more for the rounding of a rounding."""
    return lambda ours: abs(ours - printed) <= half * 1.1


def _is(printed: Any) -> Callable[[Any], bool]:
    return lambda ours: bool(ours == printed)


def _first(ds: Dataset) -> Dataset:
    return ds[:10_000]


def _rms(instance: int) -> Callable[[Dataset], Any]:
    return lambda ds: float(explore(_first(ds), "distance").filter(instance=instance)["rms_distance"].item())


def _distance(one: int, other: int, scale: float) -> Callable[[Dataset], Any]:
    def compute(ds: Dataset) -> float:
        gap = (ds.X[one].astype(float) - ds.X[other].astype(float)) / scale
        return float(np.sqrt((gap**2).sum()))

    return compute


def _ordered(ds: Dataset) -> list[int]:
    """The labels by their median distance to the centroid, the tightest first."""
    return list(explore(_first(ds), "boxes").sort("median")["label"])


def _pairs(ds: Dataset) -> list[tuple[int, int]]:
    """The pairs of labels, the hardest first."""
    table = explore(_first(ds), "separation")
    return list(zip(table["compare1"], table["compare2"], strict=True))


_A8 = {2: 47.2, 22: 53.1, 35: 69.4, 38: 59.5, 52: 61.4, 57: 65.7, 64: 68.1, 69: 81.1, 70: 65.2, 76: 59.6}

CLAIMS: tuple[Claim, ...] = (
    Claim(ROBINSON, "rows of the tidy table of 10,000 images", "7,840,000",
          lambda ds: _first(ds).X.size, _is(7_840_000)),
    Claim(ROBINSON, "rows of the mean of each pixel in each label", "7,840",
          lambda ds: len(explore(_first(ds), "centroids")), _is(7840)),
    *(Claim(ROBINSON, f"distance of image {instance}, a zero, to its centroid", f"{printed}", _rms(instance),
            _near(printed, 0.05), "called Euclidean there; it is the RMS distance, which is 28 times smaller")
      for instance, printed in _A8.items()),
    Claim(ROBINSON, "the digit that varies least", "1", lambda ds: _ordered(ds)[0], _is(1)),
    Claim(ROBINSON, "the two that vary most", "2 and 0", lambda ds: sorted(_ordered(ds)[-2:]), _is([0, 2])),
    Claim(ROBINSON, "rows of the differences of all pairs", "70,560",
          lambda ds: len(explore(_first(ds), "contrast")), _is(70_560)),
    Claim(ROBINSON, "the easiest pair", "0 and 1", lambda ds: _pairs(ds)[-1], _is((0, 1))),
    Claim(ROBINSON, "the hardest pairs", "4 and 9, 7 and 9", lambda ds: sorted(_pairs(ds)[:2]), _is([(4, 9), (7, 9)])),
    Claim(ALI, "shape of the training images", "(60000, 28, 28)",
          lambda ds: (len(ds.train), *(ds.image_shape or ())), _is((60_000, 28, 28))),
    Claim(ALI, "the class of the first training image", "1", lambda ds: int(ds.y[0]) if ds.y is not None else None,
          _is(1), "the first image is a 5; image 4 is the first 1"),
    Claim(OLAH, "distance of two ones (images 6 and 8, from 0)", "4.53", _distance(6, 8, 256), _near(4.53, 0.005),
          "on the scale of values over 256; over 255 it is 4.552"),
    Claim(OLAH, "distance of a nine and a three (4 and 12)", "12.0", _distance(4, 12, 256), _near(12.0, 0.05),
          "on the scale of values over 256; over 255 it is 12.046"),
    Claim(OLAH, "variance of the first component of 50,000 images", "9.744 % (by the page's own component)",
          lambda ds: 100 * float(explore(ds[:50_000], "components", count=2)["share"][0]), _near(9.744, 0.0005)),
    Claim(OLAH, "variance of the second", "7.060 % (by the page's own component)",
          lambda ds: 100 * float(explore(ds[:50_000], "components", count=2)["share"][1]), _near(7.060, 0.0005)),
    Claim(OVCHINNIKOV, "shape of X", "(70000, 784)", lambda ds: ds.X.shape, _is((70_000, 784))),
    Claim(OVCHINNIKOV, "least and greatest value", "0, 255",
          lambda ds: (int(ds.X.min()), int(ds.X.max())), _is((0, 255))),
    Claim(OVCHINNIKOV, "pixel406 and pixel407 of the first image", "81, 240",
          lambda ds: tuple(explore(ds, "band").select("pixel406", "pixel407").row(0)), _is((81, 240))),
    Claim(OVCHINNIKOV, "pixel401 and pixel402 of the second", "253, 190",
          lambda ds: tuple(explore(ds, "band").select("pixel401", "pixel402").row(1)), _is((253, 190))),
    Claim(OVCHINNIKOV, "label of the first image", "5", lambda ds: int(ds.y[0]) if ds.y is not None else None, _is(5)),
    Claim(OVCHINNIKOV, "first five rows of the test set, seed 42", "46730 48393 41416 34506 43725",
          lambda ds: np.random.RandomState(42).permutation(len(ds))[:5].tolist(),
          _is([46730, 48393, 41416, 34506, 43725])),
)  # fmt: skip
