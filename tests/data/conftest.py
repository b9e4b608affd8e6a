"""IDX files to read, written here by hand and not by the product, so that both cannot share a mistake."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

CODES = {"u1": 0x08, "i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx_bytes(array: Any, dtype: str = "u1") -> bytes:
    """The bytes of an IDX file."""
    values = np.asarray(array).astype(dtype)
    head = bytes([0, 0, CODES[dtype], values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.tobytes()


class Writer(Protocol):
    """Writes a folder of one pair of files and returns it."""

    def __call__(self, images: Any, labels: Any, part: str = "train", *, folder: str = "some digits") -> Path: ...


@pytest.fixture(scope="session")
def as_idx() -> Callable[..., bytes]:
    """Turns an array into the bytes of an IDX file."""
    return idx_bytes


@pytest.fixture
def write_pair(tmp_path: Path) -> Writer:
    """Writes gzipped images and labels, as arrays or as the very bytes, into a folder below tmp_path."""

    def write(images: Any, labels: Any, part: str = "train", *, folder: str = "some digits") -> Path:
        home = tmp_path / folder
        home.mkdir(exist_ok=True)
        for kind, content in (("images-idx3", images), ("labels-idx1", labels)):
            data = content if isinstance(content, bytes) else idx_bytes(content)
            (home / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(data, 1))
        return home

    return write


@pytest.fixture
def pixels() -> Any:
    """Twelve made-up images of 4 × 3 pixels."""
    return (np.arange(144, dtype=np.uint32) * 37 % 256).astype(np.uint8).reshape(12, 4, 3)


@pytest.fixture
def codes() -> Any:
    """Their labels."""
    return np.arange(12, dtype=np.uint8) % 3
