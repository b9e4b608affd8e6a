"""What images look like without their labels: directions of gradients, whatever the contrast."""

from typing import Any

import numpy as np
import pytest

from snowdome.data.dataset import Dataset
from snowdome.model.appearance import appearance, oriented_gradients


def images(shape: tuple[int, int], channels: int = 1, n: int = 30) -> Dataset:
    X = np.random.default_rng(0).integers(0, 256, (n, shape[0] * shape[1] * channels)).astype(np.uint8)
    return Dataset(X=X, image_shape=shape, channels=channels)


def slope(right: float, down: float) -> Any:
    """An image of 16 × 16 pixels that grows brighter to the right and downwards by so much."""
    y, x = np.mgrid[:16, :16]
    return (128 + right * (x - 7.5) + down * (y - 7.5)).astype(np.uint8).ravel()


@pytest.mark.parametrize(
    ("right", "down", "bins"), [(8, 0, [0]), (0, 8, [2]), (-8, 0, [4]), (0, -8, [6]), (8, 8, [1]), (8, -8, [7])]
)
def test_a_slope_is_in_the_bin_of_its_direction(right: float, down: float, bins: list[int]) -> None:
    data = Dataset(X=slope(right, down)[None], image_shape=(16, 16))
    directions = oriented_gradients(data)[0, : 4 * 4 * 8].reshape(4, 4, 8)
    assert directions[1:3, 1:3].argmax(2).ravel().tolist() == bins * 4
    strongest = np.sort(directions[1:3, 1:3].reshape(4, 8), 1)
    assert (strongest[:, -1] > 0.3).all()
    assert (strongest[:, :-2] < 0.05).all()


def test_contrast_matters_little() -> None:
    data = Dataset(X=np.stack([slope(8, 3), slope(4, 1.5)]), image_shape=(16, 16))
    strong, faint = oriented_gradients(data)[:, : 4 * 4 * 8]
    assert np.corrcoef(strong, faint)[0, 1] > 0.99


@pytest.mark.parametrize(("shape", "channels"), [((28, 14), 1), ((9, 9), 3), ((1, 5), 1), ((100, 40), 3), ((3, 3), 4)])
def test_any_image(shape: tuple[int, int], channels: int) -> None:
    data = images(shape, channels)
    one, two = (appearance(data, threads) for threads in (1, 2))
    assert one.shape[0] == 30
    assert one.shape[1] <= 100
    assert np.isfinite(one).all()
    np.testing.assert_array_equal(one, two)


def test_vectors_are_divided_by_their_deviations() -> None:
    X = np.random.default_rng(0).normal(size=(50, 3)) * [1, 1000, 0]
    looks = appearance(Dataset(X=X))
    np.testing.assert_allclose(sorted(looks.std(0)), [0, 1, 1], atol=0.2)
