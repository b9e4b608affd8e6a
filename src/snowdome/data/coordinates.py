"""Where a pixel is, in the four conventions that are in use, and how to go from one to another.

For images of h × w pixels, all with the column counted from 0 at the left:

    array     (row, column), the row from 0 at the top
    robinson  (x, y), y from 1 at the bottom to h at the top: the columns of `Dataset.pixels()`
    olah      (x, y) of p_{x,y}, y from 0 at the bottom
    openml    one number or name, pixel1 to pixel784, row after row from the top
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from snowdome.core.errors import OptionError, did_you_mean

Place = Any  # two whole numbers or arrays of them; for openml one, or a name such as "pixel407"


def convert(place: Place, given: str, wanted: str, image_shape: tuple[int, int] = (28, 28)) -> Place:
    """A place in the convention `given`, as the convention `wanted` says it; whole numbers, or arrays of any shape.

    Raises OptionError for a convention that is none, and for a place outside of the image.
    """
    for name in (given, wanted):
        if name not in _TO_ARRAY:
            raise OptionError(f"There is no convention {name!r} for pixels. {did_you_mean(name, list(_TO_ARRAY))}"
                              f"There is: {', '.join(_TO_ARRAY)}.")  # fmt: skip
    height, width = image_shape
    row, column = _TO_ARRAY[given](place, height, width)
    if not bool(np.all((row >= 0) & (row < height) & (column >= 0) & (column < width))):
        raise OptionError(f"{place!r} ({given}) lies outside of an image of {height}×{width} pixels.")
    found = _FROM_ARRAY[wanted](row, column, height, width)
    parts = tuple(int(part) if np.ndim(part) == 0 else part for part in found)
    return parts[0] if wanted == "openml" else parts


def _whole(values: Any) -> Any:
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise OptionError(f"{values!r} is no place of a pixel: expected whole numbers.")
    return array.astype(np.int64)


def _two(place: Any) -> tuple[Any, Any]:
    if isinstance(place, str) or np.ndim(place) == 0 or len(place) != 2:
        raise OptionError(f"{place!r} is no place of a pixel: expected two whole numbers.")
    return _whole(place[0]), _whole(place[1])


def _number(place: Any) -> Any:
    if isinstance(place, str):
        digits = place.removeprefix("pixel")
        if not (digits.isascii() and digits.isdigit()):
            raise OptionError(f"{place!r} is no name of a pixel: expected one such as pixel407.")
        place = int(digits)
    return _whole(place) - 1


def _from_array(place: Any, height: int, width: int) -> tuple[Any, Any]:  # noqa: ARG001 - as all of them
    return _two(place)


def _from_robinson(place: Any, height: int, width: int) -> tuple[Any, Any]:  # noqa: ARG001
    x, y = _two(place)
    return height - y, x


def _from_olah(place: Any, height: int, width: int) -> tuple[Any, Any]:  # noqa: ARG001
    x, y = _two(place)
    return height - 1 - y, x


def _from_openml(place: Any, height: int, width: int) -> tuple[Any, Any]:  # noqa: ARG001
    number = _number(place)
    return number // width, number % width


_TO_ARRAY: dict[str, Callable[[Any, int, int], tuple[Any, Any]]] = {
    "array": _from_array,
    "robinson": _from_robinson,
    "olah": _from_olah,
    "openml": _from_openml,
}
_FROM_ARRAY: dict[str, Callable[[Any, Any, int, int], tuple[Any, ...]]] = {
    "array": lambda row, column, height, width: (row, column),  # noqa: ARG005
    "robinson": lambda row, column, height, width: (column, height - row),  # noqa: ARG005
    "olah": lambda row, column, height, width: (column, height - 1 - row),  # noqa: ARG005
    "openml": lambda row, column, height, width: (row * width + column + 1,),  # noqa: ARG005
}
