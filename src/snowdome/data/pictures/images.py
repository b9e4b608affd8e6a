"""Image files in memory → one array: the formats, caps and rules by which pictures of any kind become rows.

Every rule that was applied is told in words. A file that cannot be read is left out and named, since one bad file of
60,000 should not cost a person the others.
"""

import collections
import contextlib
import dataclasses
import io
import threading
import warnings
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core import memory, threads
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.reading import AS_IT_IS, Reading

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
SUFFIXES = {".png": "PNG", ".apng": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG",
            ".webp": "WEBP", ".bmp": "BMP", ".dib": "BMP", ".gif": "GIF", ".tif": "TIFF", ".tiff": "TIFF"}  # fmt: skip
MOST_PIXELS = 1 << 24  # of one image
_ASSUMED = 8 << 30  # bytes of memory, where the system does not tell how many are free
_CHUNK, _CHUNK_BYTES, _TASK = 512, 32 << 20, 32
_NAMED = 5  # of the files left out
_DEEP = ("I;16", "I;16L", "I;16B", "I;16N")
_pillow = threading.Lock()  # what Python does with warnings belongs to the process

Picture = NDArray[np.uint8]
Blob = bytes | Exception
"""An image file's bytes, or why they could not be had."""

RULES = {
    "deep": "16-bit values were divided by 257",
    "deep colour": "of 16-bit values in colour the upper 8 bits were taken",
    "alpha": "what is transparent was put on white",
    "turned": "images were turned as their EXIF orientation says",
    "animated": "of animated images the first frame was taken",
    "grey": "colour images with equal red, green and blue were read as grey",
    "misnamed": "the format of the content counted, not the one in the name",
}


@dataclasses.dataclass(frozen=True)
class Pictures:
    """The images that could be read, as rows.

    Attributes:
        X: (n, height · width · channels) uint8, row by row, the channels of a pixel side by side.
        image_shape: (height, width).
        channels: 1 for grey, 3 for red, green and blue.
        ink_is_high: False where the border of the images is mostly bright, as paper is.
        kept: which of the images that were given the rows are.
        notes: the rules that were applied, in words.
    """

    X: NDArray[np.uint8]
    image_shape: tuple[int, int]
    channels: int
    ink_is_high: bool
    kept: list[int]
    notes: tuple[str, ...]


def decode(
    blobs: Iterable[tuple[str, Blob]], how: Reading = AS_IT_IS, control: Control | None = None, total: int = 0
) -> Pictures:
    """The image files of (name, bytes) as one array; `total` is how many there are, for the progress.

    Raises DataError where none can be read, or where they do not fit into half of the free memory.
    """
    watcher, budget = control or Control(), _Budget()
    pictures: list[Picture] = []
    kept: list[int] = []
    bad: list[str] = []
    rules: collections.Counter[str] = collections.Counter()
    done = 0
    watcher.check("reading images", 0, total)
    for chunk in _chunks(blobs):
        for number, ((name, _), result) in enumerate(zip(chunk, _decoded(chunk, how, budget), strict=True), done):
            if isinstance(result, str):
                bad.append(f"{name} ({result})")
            else:
                pictures.append(result[0])
                kept.append(number)
                rules.update(result[1])
        done += len(chunk)
        watcher.check("reading images", done, max(done, total))
    if not pictures:
        raise DataError(f"None of {done:,} images can be read: {_listed(bad)}.")
    notes = [f"{len(bad):,} of {done:,} files were left out: {_listed(bad)}"] if bad else []
    notes += [f"{words} ({rules[rule]:,} of {len(kept):,} images)" for rule, words in RULES.items() if rules[rule]]
    shape = _one_size(pictures, how, notes)
    channels = 3 if any(picture.ndim == 3 for picture in pictures) else 1
    X = _stacked(pictures, shape, channels, budget)
    ink_is_high = channels == 3 or _border_median(X, shape) <= 127.5
    if not ink_is_high:
        notes.append("the borders are bright: shown as dark ink on paper; the values are untouched")
    return Pictures(X, shape, channels, ink_is_high, kept, tuple(notes))


def picture_of(blob: bytes, most_pixels: int = MOST_PIXELS) -> tuple[Picture, tuple[str, ...]]:
    """One image file as (h, w) grey or (h, w, 3) uint8, and the names of the rules applied.

    Raises DataError where it is of no allowed format, damaged, or has more pixels than `most_pixels`.
    """
    with _quiet_pillow():
        return _picture(blob, "", most_pixels, _Budget())


def picture_from(image: Any) -> tuple[Picture, tuple[str, ...]]:
    """The same for a Pillow image that is open already."""
    with _quiet_pillow():
        return _plain(image.copy())


def fitted(picture: Picture, height: int, width: int) -> Picture:
    """The picture scaled into height × width with its aspect kept, centred; around it its commonest border value."""
    from PIL import Image

    h, w = picture.shape[:2]
    if (h, w) == (height, width):
        return picture
    scale = min(height / h, width / w)
    size = (min(width, max(1, round(w * scale))), min(height, max(1, round(h * scale))))
    scaled = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))
    canvas = np.empty((height, width, *picture.shape[2:]), np.uint8)
    canvas[...] = _commonest_border(picture)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = scaled
    return canvas


@contextlib.contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow's warnings (a decompression bomb, damaged metadata) are errors of the file that they are about."""
    with _pillow, warnings.catch_warnings():
        warnings.filterwarnings("error", module=r"PIL\.")
        yield


class _Budget:
    """Half of the free memory, for all decoded images together. No declared size is decoded beyond it."""

    def __init__(self) -> None:
        free = memory.available()
        self.limit = (_ASSUMED if free is None else free) // 2
        self._taken = 0
        self._lock = threading.Lock()

    def take(self, amount: int) -> None:
        """Keep so many bytes from now on."""
        with self._lock:
            if self._taken + amount > self.limit:
                raise _TooMuchError(
                    f"The images need more than {self.limit:,} bytes, half of the free memory. "
                    f"Open fewer of them, or make them smaller by the option size."
                )
            self._taken += amount

    @contextlib.contextmanager
    def room(self, amount: int) -> Iterator[None]:
        """Hold so many bytes for a while."""
        self.take(amount)
        try:
            yield
        finally:
            with self._lock:
                self._taken -= amount


class _TooMuchError(DataError):
    """All images together, not one of them, are more than there is memory for."""


def _chunks(blobs: Iterable[tuple[str, Blob]]) -> Iterator[list[tuple[str, Blob]]]:
    """The files in pieces of bounded number and size."""
    chunk: list[tuple[str, Blob]] = []
    held = 0
    for name, blob in blobs:
        chunk.append((name, blob))
        held += len(blob) if isinstance(blob, bytes) else 0
        if len(chunk) == _CHUNK or held > _CHUNK_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _decoded(
    chunk: list[tuple[str, Blob]], how: Reading, budget: _Budget
) -> list[tuple[Picture, tuple[str, ...]] | str]:
    """The picture of each file and the rules applied to it, or why there is none; on all threads."""
    results: list[Any] = [None] * len(chunk)

    def one(number: int) -> Any:
        name, blob = chunk[number]
        if isinstance(blob, Exception):
            return str(blob)
        try:
            picture, rules = _picture(blob, name, MOST_PIXELS, budget)
        except _TooMuchError:
            raise
        except DataError as error:
            return str(error)
        if how.size is not None:
            picture = fitted(picture, how.size, how.size)
        budget.take(picture.size)
        return picture, rules

    def task(start: int) -> None:
        for number in range(start * _TASK, min(len(chunk), (start + 1) * _TASK)):
            results[number] = one(number)

    with _quiet_pillow():
        threads.run_tasks(task, -(-len(chunk) // _TASK), threads.available())
    return results


def _picture(blob: bytes, name: str, most_pixels: int, budget: _Budget) -> tuple[Picture, tuple[str, ...]]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(blob), formats=FORMATS) as image:
            width, height = image.size
            if width * height > most_pixels:
                raise DataError(f"{width:,} × {height:,} pixels; at most {most_pixels:,} are read")
            with budget.room(4 * width * height):
                picture, rules = _plain(image)
            said = SUFFIXES.get(PurePath(name).suffix.lower(), image.format)
            misnamed = image.format not in (said, "MPO")  # several JPEG images in one file, as telephones make them
    except DataError:
        raise
    except UnidentifiedImageError:
        what = "not a PNG, JPEG, WebP, BMP, GIF or TIFF image" if blob else "an empty file"
        raise DataError(what) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DataError(f"more than the {most_pixels:,} pixels that are read") from None
    except Exception as error:  # a hostile file makes Pillow raise nearly anything; it costs that file alone
        words = " ".join(str(error).split())[:80]
        raise DataError(f"damaged: {words}" if words else "damaged") from error
    return picture, (*rules, "misnamed") if misnamed else rules


def _plain(image: Any) -> tuple[Picture, tuple[str, ...]]:
    """A Pillow image as (h, w) grey or (h, w, 3), and the rules applied."""
    from PIL import Image, ImageOps

    rules = ["animated"] if getattr(image, "is_animated", False) else []
    if image.mode not in _DEEP and any(";16" in str(tile[3:]) for tile in getattr(image, "tile", ())):
        rules.append("deep colour")  # as Pillow does it; what it unpacks is only told before it is loaded
    image.load()
    if "exif" in image.info or image.format in ("TIFF", "MPO"):
        turned = ImageOps.exif_transpose(image)
        if image.getexif().get(0x0112, 1) in range(2, 9):
            rules.append("turned")
        image = turned
    if image.mode in _DEEP:
        return (np.asarray(image) // 257).astype(np.uint8), (*rules, "deep")
    if image.mode in ("I", "F"):
        raise DataError("32 bits for each pixel; 8 or 16 are read")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        if layer.getextrema()[3][0] < 255:
            rules.append("alpha")
            layer = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        grey_before, image = image.mode in ("LA", "La", "L", "1"), layer.convert("RGB")
    elif image.mode in ("1", "L"):
        return np.array(image.convert("L")), tuple(rules)
    else:
        grey_before, image = False, image.convert("RGB")
    picture = np.array(image)
    if np.array_equal(picture[..., 0], picture[..., 1]) and np.array_equal(picture[..., 1], picture[..., 2]):
        return np.ascontiguousarray(picture[..., 0]), tuple(rules if grey_before else [*rules, "grey"])
    return picture, tuple(rules)


def _one_size(pictures: list[Picture], how: Reading, notes: list[str]) -> tuple[int, int]:
    """Fit all pictures into one size, the commonest where none was asked for; the size."""
    sizes = collections.Counter((int(picture.shape[0]), int(picture.shape[1])) for picture in pictures)
    shape = max(sizes, key=lambda size: (sizes[size], size[0] * size[1], size))
    others = len(pictures) - sizes[shape]
    if others:
        for number, picture in enumerate(pictures):
            pictures[number] = fitted(picture, *shape)
        ways = ", ".join(f"{h}×{w} ({count:,})" for (h, w), count in sizes.most_common(_NAMED))
        more = f" and {len(sizes) - _NAMED} more" if len(sizes) > _NAMED else ""
        notes.append(
            f"images of {len(sizes)} sizes, {ways}{more}: {others:,} of {len(pictures):,} were fitted into "
            f"{shape[0]}×{shape[1]}, aspect kept, centred on their commonest border value"
        )
    elif how.size is not None:
        notes.append(f"images were fitted into {how.size}×{how.size}, aspect kept, as asked")
    return shape


def _stacked(pictures: list[Picture], shape: tuple[int, int], channels: int, budget: _Budget) -> NDArray[np.uint8]:
    """One row for each picture; the list is emptied as it goes, so that both are never held whole."""
    width = shape[0] * shape[1] * channels
    if len(pictures) * width > budget.limit:
        budget.take(len(pictures) * width)
    X = np.empty((len(pictures), width), np.uint8)
    for number, picture in enumerate(pictures):
        colour = channels == 3 and picture.ndim == 2
        X[number] = (np.repeat(picture[..., None], 3, axis=2) if colour else picture).reshape(-1)
        pictures[number] = picture[:0]
    return X


def _border(picture: NDArray[Any]) -> NDArray[Any]:
    """The border pixels of pictures (…, h, w), along one last axis."""
    top, bottom, left, right = picture[..., 0, :], picture[..., -1, :], picture[..., 1:-1, 0], picture[..., 1:-1, -1]
    return np.concatenate((top, bottom, left, right), axis=-1)


def _border_median(X: NDArray[np.uint8], shape: tuple[int, int]) -> float:
    """The median of the border pixels of all grey images."""
    counts = np.bincount(_border(X.reshape(-1, *shape)).reshape(-1), minlength=256)
    return float(np.searchsorted(np.cumsum(counts), counts.sum() / 2))


def _commonest_border(picture: Picture) -> Any:
    """The value, or the three of a colour, that most border pixels have."""
    if picture.ndim == 2:
        return np.bincount(_border(picture), minlength=256).argmax()
    colours, counts = np.unique(_border(np.moveaxis(picture, 2, 0)).T, axis=0, return_counts=True)
    return colours[counts.argmax()]


def _listed(bad: list[str]) -> str:
    more = f" and {len(bad) - _NAMED:,} more" if len(bad) > _NAMED else ""
    return ", ".join(bad[:_NAMED]) + more
