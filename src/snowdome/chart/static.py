"""Specs as files: our own raster for Points."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.chart.palette import RGB, class_colours
from snowdome.chart.projection import HAZE, STATED, Seen, seen
from snowdome.chart.spec import Points
from snowdome.core import rng

SCALE = 2  # pictures are made for screens and paper of twice the nominal resolution
_SIDE, _MARGIN, _LEGEND, _HEAD, _FOOT, _LINE = 720, 24, 132, 56, 44, 20  # nominal pixels
_FINE = 3  # dots are drawn so many times larger and averaged down
_BATCH = 1 << 14  # dots drawn at once
_FEW = 10  # the name of a class of fewer dots stands above all of them, so that it does not hide them
_SOLID = 1.6  # dots in space are so much larger, so that the front hides what is behind it
_LEVELS = 12  # sizes of the dots of a map of three dimensions
_GROUND, _INK, _QUIET = (255, 255, 255), (31, 35, 40), (89, 99, 110)


def png(points: Points) -> bytes:
    """A PNG of 2× resolution: title, dots, class names at their medians and in a legend, caption."""
    from PIL import Image, ImageDraw

    view = seen(points.positions)
    places, (plot_width, plot_height) = _fit(view.places)
    lines = _lines(points)
    width = plot_width + (2 * _MARGIN + (_LEGEND if points.classes else 0)) * SCALE
    height = plot_height + (_HEAD + _FOOT + _LINE * (len(lines) - 1)) * SCALE
    picture = Image.new("RGB", (width, height), _GROUND)
    pen = ImageDraw.Draw(picture)
    origin = (_MARGIN * SCALE, _HEAD * SCALE)
    picture.paste(Image.fromarray(_dots(points, view, places, plot_width, plot_height)), origin)
    pen.text((origin[0], 16 * SCALE), points.title, _INK, _font(18))
    for number, (words, colour) in enumerate(reversed(lines)):
        pen.text((origin[0], height - (_FOOT - 10 + _LINE * number) * SCALE), words, colour, _font(12))
    if points.positions.shape[1] == 3:
        _draw_axes(pen, view, (origin[0] + plot_width - 36 * SCALE, origin[1] + plot_height - 36 * SCALE))
    _name_classes(pen, points, places, (origin[0], origin[1], plot_width))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _lines(points: Points) -> list[tuple[str, RGB]]:
    """What is written below the dots: the axes, how a map of three dimensions is seen, and the caption."""
    deep = points.positions.shape[1] == 3
    directions = ("x: ", "y: ", "z: ") if deep else ("to the right: ", "upward: ")
    axes = ";  ".join(f"{direction}{axis}" for direction, axis in zip(directions, points.axes, strict=False))
    written = [(axes, _INK)] if points.axes else []
    return [*written, *([(STATED, _QUIET)] if deep else []), (points.caption, _QUIET)]


def _draw_axes(pen: Any, view: Seen, middle: tuple[int, int]) -> None:
    """Which way the three axes point."""
    for axis in np.argsort(view.axes[:, 2]):  # the farthest first
        right, up, _ = view.axes[axis] * 20 * SCALE
        pen.line((*middle, middle[0] + right, middle[1] - up), _QUIET, round(1.5 * SCALE))
        place = (middle[0] + 1.35 * right, middle[1] - 1.35 * up)
        pen.text(place, "xyz"[axis], _QUIET, _font(12), "mm", stroke_width=SCALE, stroke_fill=_GROUND)


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size * SCALE)


def _fit(positions: NDArray[Any]) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Positions in pixels from the top left, one unit the same both ways, and the size of the plot around them."""
    wide = positions.astype(np.float64)
    low, high = wide.min(0), wide.max(0)
    longest = float((high - low).max()) or 1.0
    size = np.clip((high - low) / longest, 0.5, 1.0) * _SIDE * SCALE
    unit = 0.96 * _SIDE * SCALE / longest
    fitted = (wide - (low + high) / 2) * (unit, -unit) + size / 2
    return fitted, (round(size[0]), round(size[1]))


def _radius(n: int) -> float:
    """The radius of one of n dots."""
    return float(np.clip(90 / np.sqrt(n), 0.55, 3.0)) * SCALE


def _dots(points: Points, view: Seen, places: NDArray[np.float64], width: int, height: int) -> NDArray[np.uint8]:
    """The dots on white, (height, width, 3). Of two overlapping dots the nearer one is on top; of two that are as near,
    as on a flat map, one that is drawn by lot, with one seed."""
    columns, rows = width * _FINE, height * _FINE
    n = len(places)
    at = np.round(places * _FINE).astype(np.int64)
    rank = np.empty(n, np.int32)
    rank[np.lexsort((rng.uniform(0, 0, n, 1)[:, 0], view.nearness))] = np.arange(1, n + 1)
    top = np.zeros(rows * columns, np.int32)  # the rank of the dot that is seen, 0 where there is none
    deep = points.positions.shape[1] == 3
    middling = _radius(n) * _FINE * (_SOLID if deep else 1)
    for radius, members in _by_radius(view.size * middling):
        across, along = _disc(radius)
        for start in range(0, len(members), _BATCH):
            some = members[start : start + _BATCH]
            x, y = at[some, :1] + across, at[some, 1:] + along
            inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
            np.maximum.at(top, (y * columns + x)[inside], np.broadcast_to(rank[some, None], x.shape)[inside])
    colours = np.array(class_colours(max(1, len(points.classes))), np.float64)
    own = colours[np.zeros(n, np.intp) if points.codes is None else points.codes]
    if deep:
        haze = HAZE * np.clip(0.5 - 0.5 * view.nearness[:, None], 0, 1)
        own = own + haze * (np.array(_GROUND) - own)
    colour_of_rank = np.empty((n + 1, 3), np.uint16)
    colour_of_rank[0] = _GROUND
    colour_of_rank[rank] = np.rint(own)
    return _averaged(top.reshape(rows, columns), colour_of_rank)


def _by_radius(radii: NDArray[np.float64]) -> Iterator[tuple[float, NDArray[np.intp]]]:
    """The dots by their radius, which takes one of a few values; on a flat map it is the same for all."""
    low, high = float(radii.min()), float(radii.max())
    step = (high - low) / _LEVELS
    levels = np.zeros(len(radii), np.intp) if step == 0 else np.minimum((radii - low) / step, _LEVELS - 1).astype(int)
    for level in np.unique(levels):
        yield low + (level + 0.5) * step, np.flatnonzero(levels == level)


def _disc(radius: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pixels of a disc, as steps to the right and downward from its middle."""
    reach = int(np.ceil(radius))
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    inside = right**2 + down**2 <= radius**2
    return right[inside], down[inside]


def _averaged(fine: NDArray[np.int32], colours: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """The mean colour of each _FINE × _FINE pixels, given as rows of `colours`."""
    cells = _FINE * _FINE
    sums = np.full((fine.shape[0] // _FINE, fine.shape[1] // _FINE, 3), cells // 2, np.uint16)  # so that it rounds
    for corner in range(cells):
        sums += colours[fine[corner // _FINE :: _FINE, corner % _FINE :: _FINE]]
    averaged: NDArray[np.uint8] = (sums // cells).astype(np.uint8)
    return averaged


def _name_classes(pen: Any, points: Points, places: NDArray[np.float64], frame: tuple[int, int, int]) -> None:
    """Each class by name: at the median of its dots, so that colour is not the only sign, and in the legend."""
    if points.codes is None or not points.classes:
        return
    colours: list[RGB] = class_colours(len(points.classes))
    origin, left = frame[:2], frame[0] + frame[2] + 20 * SCALE
    for code, name in enumerate(points.classes):
        mine = places[points.codes == code]
        y = origin[1] + (8 + 22 * code) * SCALE
        if y < pen.im.size[1] - 60 * SCALE:
            pen.ellipse((left, y, left + 10 * SCALE, y + 10 * SCALE), colours[code])
            pen.text((left + 16 * SCALE, y + 5 * SCALE), name, _INK, _font(12), anchor="lm")
        if len(mine) and len(points.classes) <= 40:
            middle, anchor, halo = np.median(mine, 0), "mm", 3 * SCALE
            if len(mine) < _FEW:
                middle, anchor = mine[mine[:, 1].argmin()] - (0, _radius(len(places)) + halo + SCALE), "md"
            pen.text(tuple(middle + origin), name, _INK, _font(15), anchor, stroke_width=halo, stroke_fill=_GROUND)
