"""D, questions to explore: shifted and rotated training images."""

import dataclasses

import numpy as np
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.data.dataset import Dataset
from snowdome.model.augmentation import _moved, augmented
from snowdome.model.fitted import fit_model
from snowdome.model.preparation import Preparation


def one_dot(**given):
    image = np.zeros((1, 9, 9), np.uint8)
    image[0, 2, 4] = 200
    return Dataset(X=image.reshape(1, -1), y=np.zeros(1, np.int64), classes=("dot",), image_shape=(9, 9), **given)


def where(rows):
    return [tuple(int(i) for i in np.unravel_index(row.argmax(), (9, 9))) for row in rows]


def test_moves_and_turns_are_exact_for_whole_pixels():
    """Two down and one right; a quarter turn; both about the middle."""
    dot = one_dot()
    moves = np.array([[0, 0, 0], [2, 1, 0], [0, 0, np.pi / 2], [0, 0, np.pi]])
    moved = np.concatenate([_moved(dot, slice(0, 1), move[None]) for move in moves])
    assert where(moved)[:2] == [(2, 4), (4, 5)]
    assert set(where(moved)[2:3]) <= {(4, 2), (4, 6)}
    assert where(moved)[3] == (6, 4)
    assert (moved.max(1) >= 199).all()


def test_what_comes_in_at_the_rim_is_paper():
    dark = one_dot(ink_is_high=False)
    assert (_moved(dark, slice(0, 1), np.array([[20.0, 0, 0]])) == 255).all()
    assert (_moved(one_dot(), slice(0, 1), np.array([[0.0, -20, 0]])) == 0).all()


def test_copies_keep_labels_splits_and_ids(digits):
    some = dataclasses.replace(digits[:40], split=np.zeros(40, np.uint8), split_names=("train",))
    more = augmented(some, 2, shift=1, turn=10, seed=5)
    assert len(more) == 120
    np.testing.assert_array_equal(more.X[:40], some.X)
    np.testing.assert_array_equal(more.y, np.tile(some.y, 3))
    np.testing.assert_array_equal(more.all_ids(), np.tile(some.all_ids(), 3))
    assert (more.X[40:80] != more.X[80:]).any()
    np.testing.assert_array_equal(more.X, augmented(some, 2, shift=1, turn=10, seed=5).X)
    assert (more.X != augmented(some, 2, shift=1, turn=10, seed=6).X).any()
    assert more.X.max() <= 16
    assert "moved by up to 1 pixels" in more.notes[-1]


def test_a_model_of_few_images_reads_moved_ones_better(mnist):
    train, test = mnist[:600], augmented(mnist[60000:60400], 1, shift=2)[400:]
    plain, more = (fit_model(data, "knn").verdict(test).accuracy for data in (train, augmented(train, 4, shift=2)))
    assert more > plain + 0.02


def test_what_cannot_be_moved(digits):
    with pytest.raises(DataError, match="plain values"):
        augmented(dataclasses.replace(digits[:3], image_shape=None))
    with pytest.raises(OptionError, match="copies, shift and turn got 0"):
        augmented(digits[:3], 0)


def test_copies_as_a_preparation(digits):
    """Made of the training rows of the fit; rows without a label are not copied; what is counted is the originals."""
    blank = dataclasses.replace(
        digits[:300], y=np.where(np.arange(300) < 250, digits.y[:300], 10), classes=(*digits.classes, "")
    )
    model = fit_model(blank, "knn", Preparation(copies=2, shift=1))
    assert model.n_train == 250
    assert len(model.state["rows"]) == 750
    assert "2 moved copies of each training image" in model.says()
