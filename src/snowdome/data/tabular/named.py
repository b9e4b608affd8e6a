"""Arrays under names, as in an npz file, a dict or a Bunch: which are the rows, which the labels, and of which split.

Known are the names of keras (x_train, y_train, …), scikit-learn (data, target), MedMNIST (train_images, train_labels)
and their like: a word for the split, where there is one, and a word for the role.
"""

import re
from collections.abc import Mapping

from snowdome.core.errors import DataError

_SPLITS = {"train": "train", "training": "train", "tr": "train", "test": "test", "testing": "test", "te": "test",
           "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation"}  # fmt: skip
_ROWS = ("images", "image", "x", "data", "imgs", "inputs", "features", "pixels", "vectors", "embeddings")
_LABELS = ("labels", "label", "y", "targets", "target", "classes", "class")


def pairs(shapes: Mapping[str, tuple[int, ...]]) -> list[tuple[str, str, str | None]]:
    """(split, name of the rows, name of their labels) for each split, train and test first; the split may be "".

    Raises DataError where the names and shapes do not tell, and lists them.
    """
    rows: dict[str, list[tuple[int, str]]] = {}
    labels: dict[str, list[tuple[int, str]]] = {}
    for name, shape in shapes.items():
        words = [word for word in re.split(r"[^a-z]+", name.lower()) if word]
        split = next((_SPLITS[word] for word in words if word in _SPLITS), "")
        for known, found, least in ((_ROWS, rows, 2), (_LABELS, labels, 1)):
            rank = min((known.index(word) for word in words if word in known), default=None)
            if rank is not None and len(shape) >= least:
                found.setdefault(split, []).append((rank, name))
    if not rows:
        return _by_shape(shapes)
    order = sorted(rows, key=["train", "test", "validation", ""].index)
    if len(order) > 1 and "" in order:
        order.remove("")  # such as the names of the features beside the splits
    found_pairs = []
    for split in order:
        name = min(rows[split])[1]
        mine = labels.get(split, [])
        fitting = [one for one in mine if shapes[one[1]][0] == shapes[name][0]] or mine
        found_pairs.append((split, name, min(fitting)[1] if fitting else None))
    return found_pairs


def _by_shape(shapes: Mapping[str, tuple[int, ...]]) -> list[tuple[str, str, str | None]]:
    """The one array of rows, and the one of as many labels, whatever their names (arr_0, arr_1)."""
    rows = [name for name, shape in shapes.items() if len(shape) >= 2]
    if len(rows) == 1:
        labels = [name for name, shape in shapes.items() if shape == (shapes[rows[0]][0],)]
        if len(labels) <= 1:
            return [("", rows[0], labels[0] if labels else None)]
    said = ", ".join(f"{name} {shape}" for name, shape in list(shapes.items())[:12]) or "nothing"
    raise DataError(f"it holds {said}; expected rows under a name such as x_train, X, data or images, and their labels "
                    f"as y_train, y, target or labels.")  # fmt: skip
