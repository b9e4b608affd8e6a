"""The real MNIST and Fashion-MNIST, fact by fact. Skipped where their files are not to be had."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import snowdome
from snowdome.core.errors import DataError
from snowdome.data.catalogue import ENTRIES
from snowdome.data.dataset import array_hash

# Published or recomputed by others on the genuine files.
MNIST_FIRST_20 = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7, 2, 8, 6, 9]
MNIST_TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
MNIST_TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
MNIST_FIRST_10K_COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
MNIST_TRAIN_MEAN, MNIST_TRAIN_STD, MNIST_CONSTANT_PIXELS = 33.318421449829934, 78.56748998339798, 67
FASHION_NAMES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
FASHION_TRAIN_FIRST_10, FASHION_TEST_FIRST_10 = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5], [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
FASHION_TRAIN_MEAN = 72.94035223214286


def counts(codes: Any) -> list[int]:
    return [int(count) for count in np.bincount(codes, minlength=10)]


def test_mnist(mnist: snowdome.Dataset) -> None:
    X, y = mnist.X, mnist.y
    assert y is not None
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((70_000, 784), np.uint8, (70_000,), np.int64)
    assert (mnist.name, mnist.image_shape, mnist.classes) == ("MNIST", (28, 28), tuple("0123456789"))
    assert (X.min(), X.max()) == (0, 255)
    assert y[:20].tolist() == MNIST_FIRST_20
    assert y[59_997:60_003].tolist() == [5, 6, 8, 7, 2, 1]
    assert y[69_997:].tolist() == [4, 5, 6]
    assert counts(y[:60_000]) == MNIST_TRAIN_COUNTS
    assert counts(y[60_000:]) == MNIST_TEST_COUNTS
    assert counts(y[:10_000]) == MNIST_FIRST_10K_COUNTS


def test_mnist_values(mnist: snowdome.Dataset) -> None:
    train = np.asarray(mnist.X[:60_000])
    assert train.mean() == pytest.approx(MNIST_TRAIN_MEAN, rel=1e-12)
    assert train.std() == pytest.approx(MNIST_TRAIN_STD, rel=1e-9)
    assert int((train.max(0) == train.min(0)).sum()) == MNIST_CONSTANT_PIXELS
    one, other = (train[row].astype(float) / 255 for row in (6, 8))
    assert np.linalg.norm(one - other) == pytest.approx(4.5523652335386, rel=1e-9)
    four, twelve = (train[row].astype(float) / 255 for row in (4, 12))
    assert np.linalg.norm(four - twelve) == pytest.approx(12.046119882731643, rel=1e-9)


def test_mnist_images_are_the_right_way_up(mnist: snowdome.Dataset) -> None:
    """The loop of the 6 at row 13, and so its ink, is at the bottom; the 1 at row 6 is the one that Olah prints."""
    item = mnist[13]
    assert (item.id, item.label, item.image.shape) == (13, 6, (28, 28))
    assert item.image[14:].sum() > 1.2 * item.image[:14].sum()
    one = np.round(mnist[6].image[::2, ::2] / 255, 1)
    assert one[2][one[2] > 0].tolist() == [0.6, 0.8]
    assert one[11][one[11] > 0].tolist() == [0.3, 1.0, 0.1]
    assert (one[2:12] > 0).any(1).all()
    assert not one[:2].any()
    assert not one[12:].any()


def test_mnist_splits(mnist: snowdome.Dataset) -> None:
    assert mnist.split_names == ("train", "test")
    train, test = mnist.train, mnist.test
    assert (len(train), len(test)) == (60_000, 10_000)
    assert (test[0].id, test[0].label, test[-1].id) == (60_000, 7, 69_999)
    assert mnist[-1].id == 69_999


def test_mnist_hashes(mnist: snowdome.Dataset) -> None:
    """Pinned, and the same for whatever holds the numbers."""
    del mnist.__dict__["payload_hash"]
    assert mnist.payload_hash == ENTRIES["mnist"].payload_hash
    test = np.asarray(mnist.X[60_000:])
    for kind in (np.uint8, np.float32, np.int64):
        assert array_hash(test.astype(kind)) == ENTRIES["mnist"].hashes[2]


def test_fashion(fashion: snowdome.Dataset) -> None:
    y = fashion.y
    assert y is not None
    assert (fashion.X.shape, fashion.X.dtype, fashion.image_shape) == ((70_000, 784), np.uint8, (28, 28))
    assert (fashion.name, fashion.classes, fashion.licence) == ("Fashion-MNIST", FASHION_NAMES, "MIT")
    assert y[:10].tolist() == FASHION_TRAIN_FIRST_10
    assert y[60_000:60_010].tolist() == FASHION_TEST_FIRST_10
    assert counts(y[:60_000]) == [6000] * 10
    assert counts(y[60_000:]) == [1000] * 10
    assert np.asarray(fashion.X[:60_000]).mean() == pytest.approx(FASHION_TRAIN_MEAN, rel=1e-12)
    assert fashion.payload_hash == ENTRIES["fashion-mnist"].payload_hash


def linked(folder: Path, home: Path) -> Path:
    """The same files in another folder."""
    home.mkdir(parents=True)
    for file in folder.iterdir():
        (home / file.name).symlink_to(file)
    return home


def test_a_copy_under_another_name_is_recognised(mnist: snowdome.Dataset, mnist_folder: Path, tmp_path: Path) -> None:
    copy = snowdome.open(linked(mnist_folder, tmp_path / "scans of 1998"))
    assert (copy.name, copy.licence, copy.payload_hash) == ("MNIST", mnist.licence, mnist.payload_hash)


@pytest.mark.parametrize(("kind", "part"), [("images-idx3", "test images"), ("labels-idx1", "test labels")])
def test_one_flipped_bit_is_found_out(mnist_folder: Path, tmp_path: Path, kind: str, part: str) -> None:
    home = linked(mnist_folder, tmp_path / "mnist")
    packed = home / f"t10k-{kind}-ubyte.gz"
    content = bytearray(gzip.decompress(packed.read_bytes()))
    content[-200] ^= 1
    packed.unlink()
    (home / f"t10k-{kind}-ubyte").write_bytes(content)
    with pytest.raises(DataError, match=f"^MNIST: its {part} are not the published ones"):
        snowdome.open("mnist", tmp_path)
