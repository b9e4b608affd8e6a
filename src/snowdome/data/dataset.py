"""Dataset: labelled vectors, most of them images, that never change."""

import dataclasses
import functools
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError, did_you_mean
from snowdome.data.columns import Columns

if TYPE_CHECKING:
    import polars as pl

_KEYS = ("data", "target", "feature_names", "target_names", "frame", "DESCR")  # scikit-learn's and OpenML's


class Item(NamedTuple):
    """One row of a Dataset. `image` is (height, width), in colour (height, width, channels), for a vector (p,)."""

    id: int | str
    label: int | None
    image: NDArray[Any]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A frozen labelled set of vectors; indexing by a slice or integers gives a Dataset, by one integer an Item.

    Indexing by one of `keys()` gives what scikit-learn's Bunch has under that name.

    Attributes:
        X: (n, p) values, row-major; uint8 stays uint8 and may be a memory map.
        y: (n,) int64 codes into `classes`, or None.
        classes: the k class names, in the order of the codes.
        image_shape: (height, width) with height · width · channels = p, or None for plain vectors.
        channels: values for each pixel: 1 for grey, 3 for red, green and blue.
        value_range: the least and the greatest value that a pixel can have.
        ink_is_high: True where the greatest value is ink (MNIST), False where it is paper. Display only.
        split: (n,) int codes into `split_names`, or None.
        split_names: the names of the splits, such as ("train", "test").
        ids: (n,) whole numbers or text, or None where a row's number is its id; they stay with their rows.
        columns: what is known of the rows beside their values, by name: (n,) numbers, NaN where there is none, or (n,)
            texts, "" where there is none. They are not part of the hashes.
        name, licence, source: what it is, under which terms, and where it came from, for people.
        notes: the rules that were applied to make it, in words: "3 files could not be read: …".
    """

    X: NDArray[Any]
    y: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    image_shape: tuple[int, int] | None = None
    channels: int = 1
    value_range: tuple[float, float] = (0.0, 255.0)
    ink_is_high: bool = True
    split: NDArray[np.uint8] | None = None
    split_names: tuple[str, ...] = ()
    ids: NDArray[Any] | None = None
    columns: Columns = dataclasses.field(default_factory=Columns)
    name: str = "data"
    licence: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.X.ndim != 2:
            raise DataError(f"{self.name}: X has shape {self.X.shape}; expected (rows, values).")
        n, p = self.X.shape
        if self.ids is not None and self.ids.shape != (n,):
            raise DataError(f"{self.name}: {self.ids.size} ids for {n} rows of X.")
        self.columns.check(self.name, n)
        for noun, codes, names in (("y", self.y, self.classes), ("split", self.split, self.split_names)):
            if codes is None:
                continue
            if codes.shape != (n,):
                raise DataError(f"{self.name}: {noun} has {codes.size} entries for {n} rows of X.")
            if n and not 0 <= int(codes.min()) <= int(codes.max()) < len(names):
                raise DataError(f"{self.name}: {noun} has codes outside of its {len(names)} names.")
        if self.image_shape is not None and self.image_shape[0] * self.image_shape[1] * self.channels != p:
            raise DataError(f"{self.name}: images of {self.image_shape} have not {p} values, {self.channels} a pixel.")

    def __len__(self) -> int:
        return int(self.X.shape[0])

    def __repr__(self) -> str:
        size = f"{len(self):,} × {self.X.shape[1]:,} {self.X.dtype}"
        shape = f", images {self.image_shape[0]}×{self.image_shape[1]}" if self.image_shape else ""
        return f"<Dataset {self.name}: {size}{shape}, {len(self.classes)} classes>"

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> Item: ...
    @overload
    def __getitem__(self, rows: str) -> Any: ...
    @overload
    def __getitem__(self, rows: "slice | list[int] | NDArray[Any]") -> "Dataset": ...
    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, str):
            return self._under(rows)
        if isinstance(rows, (int, np.integer)):
            row = int(rows)
            if not -len(self) <= row < len(self):
                raise IndexError(f"{self.name} has rows 0 to {len(self) - 1}, not {row}.")
            row %= len(self)
            return Item(self.id_of(row), None if self.y is None else int(self.y[row]), self._image(row))
        return self.take(rows)

    def _image(self, row: int) -> NDArray[Any]:
        values: NDArray[Any] = self.X[row]
        if self.image_shape is None:
            return values
        return values.reshape(*self.image_shape, *(() if self.channels == 1 else (self.channels,)))

    def keys(self) -> list[str]:
        """The names that indexing by text knows: those of scikit-learn's Bunch."""
        return list(_KEYS)

    def _under(self, key: str) -> Any:
        if key not in _KEYS:
            raise KeyError(f"{self.name} has no {key!r}. {did_you_mean(key, list(_KEYS))}It has: {', '.join(_KEYS)}.")
        if key == "frame":
            return self.frame()
        return {
            "data": self.X,
            "target": self.y,
            "feature_names": [f"pixel{number}" for number in range(1, self.X.shape[1] + 1)],
            "target_names": list(self.classes),
            "DESCR": "\n".join(part for part in (repr(self), self.licence, self.source, *self.notes) if part),
        }[key]

    def pixels(self) -> "pl.LazyFrame":
        """The tidy table: label, instance, value, pixel, x, y for each pixel of each image, made when asked for.

        instance is the row's number here from 1, pixel the value's number from 0, x goes right from 0 and y up from 1;
        all images' pixel 0 come first. Filters and heads cost what they let through; a collected frame of MNIST has
        55 million rows. `.collect().to_pandas()` gives pandas, where pandas and pyarrow are installed.
        """
        from snowdome.data import tidy

        return tidy.pixel_table(self)

    def frame(self) -> "pl.DataFrame":
        """One row for each image: pixel1 … pixel784 as OpenML names them, and label (the code of the class)."""
        from snowdome.data import tidy

        return tidy.wide_table(self)

    def scaled_images(self) -> NDArray[np.float32]:
        """The images as networks want them: (n, height, width), in colour (n, height, width, 3), float32 from 0 to 1.

        The least value that a pixel can have becomes 0, the greatest 1: MNIST's are divided by 255. It is a copy, of 4
        bytes a value (188 MB for MNIST's 60,000). DataError for plain vectors.
        """
        if self.image_shape is None:
            raise DataError(f"{self.name}: its rows are plain vectors, no images.")
        low, high = self.value_range
        scaled = self.X.astype(np.float32)
        scaled -= np.float32(low)
        scaled /= np.float32(high - low or 1.0)
        return scaled.reshape(len(self), *self.image_shape, *(() if self.channels == 1 else (self.channels,)))

    def take(self, rows: "slice | list[int] | NDArray[Any]") -> "Dataset":
        """The rows of a slice, of integers or of a mask, as a Dataset."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows)
        if not isinstance(chosen, slice) and chosen.size == 0:
            chosen = chosen.astype(np.intp)
        return dataclasses.replace(
            self,
            X=self.X[chosen],
            y=None if self.y is None else self.y[chosen],
            split=None if self.split is None else self.split[chosen],
            ids=self.all_ids()[chosen],
            columns=self.columns.take(chosen),
        )

    def all_ids(self) -> NDArray[Any]:
        """The id of each row, (n,)."""
        return np.arange(len(self)) if self.ids is None else self.ids

    def id_of(self, row: int) -> int | str:
        """The id of a row."""
        return row if self.ids is None else self.ids[row].item()

    def part(self, name: str) -> "Dataset":
        """The rows of one split."""
        if self.split is None or name not in self.split_names:
            has = ", ".join(self.split_names) or "none"
            raise DataError(f"{self.name} has no split {name!r}; it has: {has}.")
        return self.take(np.flatnonzero(self.split == self.split_names.index(name)))

    @property
    def train(self) -> "Dataset":
        """The training rows."""
        return self.part("train")

    @property
    def test(self) -> "Dataset":
        """The test rows."""
        return self.part("test")

    @functools.cached_property
    def payload_hash(self) -> str:
        """SHA-256 that is the same for every container of the same data.

        Over the hashes of X and y of each split. Cost: one pass over the data.
        """
        whole = hashlib.sha256()
        parts = range(len(self.split_names)) if self.split is not None else [None]
        for part in parts:
            rows = slice(None) if part is None else np.flatnonzero(self.split == part)
            if isinstance(rows, np.ndarray) and rows.size and rows[-1] - rows[0] + 1 == rows.size:
                rows = slice(int(rows[0]), int(rows[-1]) + 1)  # a view, not a copy of the pixels
            whole.update(array_hash(self.X[rows]).encode())
            if self.y is not None:
                whole.update(array_hash(self.y[rows]).encode())
        return whole.hexdigest()

    @property
    def row_order_hash(self) -> str:
        """What things computed row by row are kept under: the payload hash, or where splits interleave, that and how.

        The payload hash is the same however the rows of two splits are mixed; neighbours by row number are not.
        """
        if self.split is None or bool((self.split[1:] >= self.split[:-1]).all()):
            return self.payload_hash
        return hashlib.sha256(self.payload_hash.encode() + self.split.tobytes()).hexdigest()


def array_hash(array: NDArray[Any]) -> str:
    """SHA-256 of dtype, shape and C-order little-endian bytes.

    Whole values from 0 to 255 count as uint8 and other integers as int64, whatever type holds them.
    """
    return content_hash(canonical(array))


def content_hash(array: NDArray[Any]) -> str:
    """SHA-256 of dtype, shape and C-order bytes, which tells types apart."""
    digest = hashlib.sha256(f"{array.dtype.str} {array.shape}\n".encode())
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def canonical(array: NDArray[Any]) -> NDArray[Any]:
    """The array in the type that its hash is taken in; of one dimension they are codes, which are int64."""
    if array.ndim > 1:
        if array.dtype == np.uint8:
            return array
        if array.size and array.min() >= 0 and array.max() <= 255 and bool((array == np.floor(array)).all()):
            return array.astype(np.uint8)
    whole = array.ndim == 1 or array.dtype.kind in "iu"
    return array.astype("<i8" if whole else array.dtype.newbyteorder("<"), copy=False)
