"""Where the ink is on a photo: the light evened out, bright or dark ink told apart, pieces found and put in order."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError

_FIT = 160  # the longest side of the small picture that the light is fitted on
_MOST_PIECES = 200
_LEAST_CONTRAST = 0.08  # of the range between paper and black
Box = tuple[int, int, int, int]


@dataclasses.dataclass
class Piece:
    """One digit: its box (left, top, right, bottom, the latter two beyond it) and the numbers of its components."""

    box: Box
    parts: list[int]

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        ink: (h, w) float32, 0 for paper, 1 for what is as far from it as can be.
        light: (h, w) float32, the paper as it would look without ink.
        mask: (h, w) bool, what belongs to a piece.
        labels: (h, w) int, the component of each pixel, 0 for none.
        faint: the least value of ink that is not noise.
        pieces: in reading order.
        specks: how many pieces were too small to be a digit.
    """

    ink: NDArray[np.float32]
    light: NDArray[np.float32]
    mask: NDArray[np.bool_]
    labels: NDArray[np.int32]
    faint: float
    ink_is_high: bool
    pieces: list[Piece]
    specks: int


def find(grey: NDArray[np.uint8], name: str) -> Found:
    """The pieces of ink on a grey photo (h, w); DataError where there is none.

    Where what was found is a bright sheet with something dark on it, the sheet is looked at without what it lies on.
    """
    found = _find(grey, name)
    sheet = _sheet(found)
    return found if sheet is None else _find(_continued(grey, sheet), name)


def _find(grey: NDArray[np.uint8], name: str) -> Found:
    from scipy import ndimage

    values = grey.astype(np.float32)
    light, noise = _light(values)
    amount, ink_is_high = _ink(values, light, noise)
    mask = amount > _threshold(amount, noise / 255, name)
    light = _evened(values, light, mask)
    amount, ink_is_high = _ink(values, light, noise)
    paper = ~ndimage.binary_dilation(mask, iterations=3)
    room = 255 - light if ink_is_high else light
    sigma = _sigma((values - light)[paper]) / max(16.0, float(room.mean()))
    mask = amount > _threshold(amount, sigma, name)
    labels, count = ndimage.label(mask, np.ones((3, 3), int))
    pieces, specks = _pieces(labels, count, name)
    kept = np.zeros(count + 1, bool)
    kept[[part for piece in pieces for part in piece.parts]] = True
    faint = max(0.02, 5 * sigma)
    return Found(amount, light, kept[labels], labels, faint, ink_is_high, pieces, specks)


def crop(found: Found, piece: Piece) -> tuple[Box, NDArray[np.uint8]]:
    """The ink of one piece alone, 0 to 255, cut to where it is more than noise; and that box."""
    from scipy import ndimage

    left, top, right, bottom = piece.box
    margin = 3 + max(piece.width, piece.height) // 8
    rows = slice(max(0, top - margin), bottom + margin)
    columns = slice(max(0, left - margin), right + margin)
    labels, amount = found.labels[rows, columns], found.ink[rows, columns]
    own = np.isin(labels, piece.parts)
    others = ndimage.binary_dilation(found.mask[rows, columns] & ~own, iterations=2) & ~own
    grown = ndimage.binary_propagation(own, np.ones((3, 3), bool), (amount > found.faint) & ~others)
    level = float(np.quantile(amount[own], 0.9))  # full ink, as this pen makes it
    blur = min(1.0, max(0.0, (max(piece.width, piece.height) - 28) / 56))  # in a small picture a faint edge is a pixel
    body = grown & (amount > max(found.faint, 0.25 * level * blur))
    inside = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    cut = slice(inside[0][0], inside[0][-1] + 1), slice(inside[1][0], inside[1][-1] + 1)
    values = np.where(grown, amount, 0)[cut]
    box = (columns.start + cut[1].start, rows.start + cut[0].start,
           columns.start + cut[1].stop, rows.start + cut[0].stop)  # fmt: skip
    gain = 1.0 if level > 0.9 else 1 / level
    return box, np.rint(np.clip(values * gain, 0, 1) * 255).astype(np.uint8)


def _sheet(found: Found) -> NDArray[np.bool_] | None:
    """The pixels of a sheet of paper that fills much of the photo, but for its edge; None where there is none."""
    from scipy import ndimage

    height, width = found.ink.shape
    if not found.ink_is_high or min(height, width) < 150:
        return None
    largest = max(found.pieces, key=lambda piece: piece.width * piece.height)
    area = largest.width * largest.height
    if area < 0.3 * height * width:
        return None
    paper = np.isin(found.labels, largest.parts)
    sheet = ndimage.binary_fill_holes(paper)
    filled = int(sheet.sum())
    written = 1 - int(paper.sum()) / filled
    if filled < 0.7 * area or not 0.0005 < written < 0.15:
        return None
    inner: NDArray[np.bool_] = ndimage.binary_erosion(sheet, iterations=2 + min(height, width) // 60)
    return inner if inner.any() else None


def _continued(grey: NDArray[np.uint8], sheet: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The sheet alone: outside of it each pixel is the nearest one of its edge."""
    from scipy import ndimage

    rows, columns = ndimage.distance_transform_edt(~sheet, return_distances=False, return_indices=True)
    whole: NDArray[np.uint8] = grey[rows, columns]
    return whole


def _light(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """The paper without ink, as a surface of second degree that most pixels lie on; and how far they scatter."""
    height, width = values.shape
    small = _small(values)
    terms = _terms(*small.shape)
    flat = small.reshape(-1).astype(np.float64)
    ring = np.zeros(small.shape, bool)
    edge = max(1, min(small.shape) // 12)
    ring[:edge] = ring[-edge:] = ring[:, :edge] = ring[:, -edge:] = True  # paper, most likely
    near = ring.reshape(-1)
    centre = np.median(flat[near])
    near = near & (np.abs(flat - centre) <= 3 * max(2.0, _sigma(flat[near] - centre)))
    coefficients: Any = np.zeros(6)
    sigma = 2.0
    for _ in range(12):
        coefficients = np.linalg.lstsq(terms[near], flat[near], rcond=1e-6)[0]
        rest = flat - terms @ coefficients
        sigma = max(1.0, _sigma(rest[near]))
        now = np.abs(rest) <= 3 * sigma
        if now.sum() < 0.1 * len(flat) or np.array_equal(now, near):
            break
        near = now
    light = (_terms(height, width) @ coefficients).reshape(height, width)
    noise = _sigma((values - light)[np.abs(values - light) < 8 * sigma])
    return np.clip(light, 0, 255).astype(np.float32), float(noise)


def _terms(height: int, width: int) -> NDArray[np.float64]:
    """1, x, y, x², xy, y² at each pixel, x and y from −1 to 1."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def _sigma(rest: NDArray[Any]) -> float:
    """The scatter of most values."""
    return 1.4826 * float(np.median(np.abs(rest - np.median(rest)))) if rest.size else 0.0


def _ink(values: NDArray[np.float32], light: NDArray[np.float32], noise: float) -> tuple[NDArray[np.float32], bool]:
    """How much ink each pixel has, from 0 to 1, and whether ink is brighter than what it is on."""
    rest = values - light
    beyond = np.where(np.abs(rest) > max(4 * noise, 8), rest, 0).astype(np.float64)
    high = bool(beyond.sum() > 0)
    room = 255 - light if high else light
    return np.clip((rest if high else -rest) / np.maximum(room, 16), 0, 1).astype(np.float32), high


def _threshold(amount: NDArray[np.float32], noise: float, name: str) -> float:
    """Otsu's threshold between paper and ink, as many pixels of paper counted as there are of ink.

    N. Otsu, "A threshold selection method from gray-level histograms", 1979; it wants both to be about as many.
    """
    least = max(_LEAST_CONTRAST, 5 * noise)
    candidates = amount[amount > least]
    if not candidates.size or float(candidates.max()) < 1.5 * least:
        raise DataError(f"{name}: no ink was found: nothing stands out from the paper. Take the photo closer, "
                        f"with more light or a thicker pen.")  # fmt: skip
    counts = np.bincount((candidates * 255).astype(np.int64), minlength=256).astype(np.float64)
    counts[0] += candidates.size
    weight, mass = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (mass[-1] * weight / weight[-1] - mass) ** 2 / (weight * (weight[-1] - weight))
    best = np.flatnonzero(np.isclose(between, np.nanmax(between)))
    return max(least, float(best.mean() + 0.5) / 255)


def _evened(values: NDArray[np.float32], light: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The light once more, from what lies around the ink: a blur of the paper alone added to the surface."""
    from scipy import ndimage

    reach = max(1, max(values.shape) // 100)
    paper = ~ndimage.binary_dilation(mask, iterations=reach)
    weight = _small(paper.astype(np.float32))
    sigma = max(weight.shape) / 16
    rest = ndimage.gaussian_filter(_small(np.where(paper, values - light, 0).astype(np.float32)), sigma, truncate=2)
    weight = ndimage.gaussian_filter(weight, sigma, truncate=2)
    more = np.where(weight > 0.05, rest / np.maximum(weight, 0.05), 0).astype(np.float32)
    even: NDArray[np.float32] = np.clip(light + _large(more, values.shape), 0, 255).astype(np.float32)
    return even


def _small(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture shrunk to what is enough for the light."""
    from PIL import Image

    height, width = values.shape
    scale = max(1.0, max(height, width) / _FIT)
    size = max(1, round(width / scale)), max(1, round(height / scale))
    if scale == 1:
        return values
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX), np.float32)


def _large(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    from PIL import Image

    return np.asarray(Image.fromarray(values).resize((shape[1], shape[0]), Image.Resampling.BILINEAR), np.float32)


def _pieces(labels: NDArray[np.int32], count: int, name: str) -> tuple[list[Piece], int]:
    """Components that make up one digit each, in reading order, and how many were too small."""
    from scipy import ndimage

    areas = np.bincount(labels.reshape(-1), minlength=count + 1)
    boxes = ndimage.find_objects(labels)
    single = [Piece((c.start, r.start, c.stop, r.stop), [part]) for part, (r, c) in enumerate(boxes, 1)]
    largest = max(max(piece.width, piece.height) for piece in single)
    big = [
        piece
        for piece in single
        if max(piece.width, piece.height) >= 0.08 * largest or areas[piece.parts[0]] >= 0.02 * areas[1:].max()
    ]
    if len(big) > _MOST_PIECES:
        raise DataError(f"{name}: {len(big):,} pieces of ink; at most {_MOST_PIECES} are digits on one photo. Take it "
                        f"closer, on plain paper.")  # fmt: skip
    merged = _merged(big, _belong_together)
    merged = _merged(merged, _is_fragment)
    tall = max(max(piece.width, piece.height) for piece in merged)
    digits = [piece for piece in merged if max(piece.width, piece.height) >= 0.3 * tall]
    digits = _without_frame(digits, labels.shape)
    return _in_reading_order(digits), len(single) - sum(len(piece.parts) for piece in digits)


def _merged(pieces: list[Piece], together: Callable[[Piece, Piece], bool]) -> list[Piece]:
    """Pieces that belong together become one."""
    pieces = list(pieces)
    again = True
    while again:
        again = False
        for first in range(len(pieces)):
            for second in range(first + 1, len(pieces)):
                if together(pieces[first], pieces[second]):
                    one, other = pieces[first], pieces.pop(second)
                    low = map(min, one.box[:2], other.box[:2])
                    high = map(max, one.box[2:], other.box[2:])
                    pieces[first] = Piece((*low, *high), one.parts + other.parts)  # type: ignore[arg-type]
                    again = True
                    break
            if again:
                break
    return pieces


def _gaps(one: Piece, other: Piece) -> tuple[int, int]:
    """How far two boxes are apart, across and down; less than 0 where they overlap."""
    across = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
    return across, max(one.box[1], other.box[1]) - min(one.box[3], other.box[3])


def _is_fragment(one: Piece, other: Piece) -> bool:
    """Whether one is much smaller than the other and close to it: a stroke that the pen, or the threshold, broke."""
    small, large = sorted(max(piece.width, piece.height) for piece in (one, other))
    return small <= 0.6 * large and max(_gaps(one, other)) <= 0.12 * large


def _belong_together(one: Piece, other: Piece) -> bool:
    """Whether one stands above the other, close by, as the bar of a 5 does."""
    across, apart = _gaps(one, other)
    return -across >= 0.4 * min(one.width, other.width) and apart <= 0.25 * max(one.height, other.height)


def _without_frame(pieces: list[Piece], shape: tuple[int, ...]) -> list[Piece]:
    """Without what reaches in from the edge and is far larger than the others: a shadow, the edge of the table."""
    height, width = shape
    inside = [p for p in pieces if p.box[0] > 0 and p.box[1] > 0 and p.box[2] < width and p.box[3] < height]
    if not inside:
        return pieces
    usual = float(np.median([piece.height for piece in inside]))
    return [piece for piece in pieces if piece in inside or max(piece.width, piece.height) <= 2 * usual]


def _in_reading_order(pieces: list[Piece]) -> list[Piece]:
    """Line by line, where pieces at about one height are a line, and left to right within it."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[0]):
        for line in lines:
            last = line[-1]
            shared = min(last.box[3], piece.box[3]) - max(last.box[1], piece.box[1])
            if shared >= 0.3 * min(last.height, piece.height):
                line.append(piece)
                break
        else:
            lines.append([piece])
    return [piece for line in sorted(lines, key=lambda line: min(piece.box[1] for piece in line)) for piece in line]
