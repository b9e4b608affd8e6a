"""Datasets of every shape that a summary must live with."""

import numpy as np
import pytest

from snowdome.data.dataset import Dataset

RNG = np.random.default_rng(5)


def made(n=60, classes=("a", "b", "c"), *, kind=np.uint8, shape=(4, 5), channels=1, codes=None):
    p = shape[0] * shape[1] * channels
    X = RNG.integers(0, 256, (n, p)).astype(kind)
    y = np.arange(n) % len(classes) if codes is None else np.asarray(codes)
    return Dataset(X=X, y=y, classes=classes, image_shape=shape, channels=channels)


def plain(dataset):
    return Dataset(X=np.asarray(dataset.X, np.float32) / 7, y=dataset.y, classes=dataset.classes)


DATASETS = {
    "images": made(),
    "colour": made(channels=3),
    "an empty class": made(codes=[0] * 30 + [2] * 30),
    "one class": made(classes=("only",)),
    "no labels": Dataset(X=made().X, image_shape=(4, 5)),
    "one image": made(1, classes=("a",)),
    "two images": made(2, classes=("a", "b")),
    "1,000 classes": made(3000, classes=tuple(map(str, range(1000))), shape=(2, 3)),
    "plain vectors": plain(made()),
    "no rows": Dataset(X=np.zeros((0, 20), np.uint8), y=np.zeros(0, np.int64), classes=("a",), image_shape=(4, 5)),
}


@pytest.fixture(params=DATASETS)
def dataset(request):
    return DATASETS[request.param]
