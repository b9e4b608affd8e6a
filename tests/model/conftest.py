"""Small data for models, and options with which each kind is quick."""

import dataclasses
import functools

import numpy as np
import pytest

import snowdome
from snowdome.model.base import make_classifier

QUICK = {
    "cnn": {"epochs": 8, "batch": 16, "shift": 0},
    "forest": {"trees": 30},
    "mlp": {"hidden": 32, "epochs": 60, "batch": 32},
    "sgd": {"loss": "log"},
    "tree": {"min_samples_leaf": 4},
}


def kind_for(name):
    """The kind of that id, with options for few rows."""
    if name == "cnn":
        pytest.importorskip("torch")
    return make_classifier(name, **QUICK.get(name, {}))


@functools.cache
def small_digits():
    """600 training digits of 8 × 8 pixels and 300 others."""
    digits = snowdome.open("digits")
    return digits[:600], digits[1000:1300]


def blobs(noise, classes=3, of=None, each=60):
    """Images of 8 × 8 pixels in clouds that hardly touch, `noise` of them with a wrong label: data, and which."""
    random = np.random.default_rng(7)
    centres = np.random.default_rng(5).integers(40, 216, (classes, 64))
    y = np.tile(np.arange(classes), each)
    X = np.clip(centres[y] + random.normal(scale=25, size=(len(y), 64)), 0, 255).astype(np.uint8)
    flipped = np.sort(random.choice(len(y), noise, replace=False))
    given = y.copy()
    given[flipped] = (given[flipped] + 1) % classes
    names = tuple(f"c{code}" for code in range(of or classes))
    data = snowdome.Dataset(X=X, y=given.astype(np.int64), classes=names, image_shape=(8, 8), name="blobs")
    return data, flipped


def with_labels(data, y, classes=None):
    """The same rows with other labels."""
    return dataclasses.replace(data, y=np.asarray(y, np.int64), classes=classes or data.classes)
