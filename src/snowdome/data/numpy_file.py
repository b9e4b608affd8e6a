"""numpy's own file format, read without believing it: no pickles, no size that is not there.

Layout: the magic "\\x93NUMPY", a version, the length of a header, the header as the text of a Python dict (read by
`numpy.lib.format`, which evaluates literals alone), then the values (numpy enhancement proposal 1).
"""

import dataclasses
import math
import tokenize
import warnings
from typing import IO, Any

import numpy as np
from numpy.lib import format as numpy_format
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.data.guards import limits

MAGIC = b"\x93NUMPY"
_PIECE = 1 << 24
_UNREADABLE = (ValueError, TypeError, SyntaxError, KeyError, IndexError, AttributeError, EOFError, OverflowError,
               RecursionError, MemoryError, tokenize.TokenError)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Header:
    """What a file says that it holds."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool

    @property
    def size(self) -> int:
        """The bytes of the values."""
        return math.prod(self.shape) * self.dtype.itemsize


def header(where: str, file: IO[bytes]) -> Header:
    """The header of a file, which is left at its first value. Raises DataError, which begins with `where`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old files are fine
            version = numpy_format.read_magic(file)
            reader = numpy_format.read_array_header_1_0 if version == (1, 0) else numpy_format.read_array_header_2_0
            if version > (3, 0):
                raise DataError(f"{where}: numpy's file format {version[0]}.{version[1]}; known are 1.0 to 3.0.")
            shape, fortran, dtype = reader(file)
    except DataError:
        raise
    except _UNREADABLE as error:
        raise DataError(f"{where}: its header as a numpy file is damaged: {str(error)[:200]}") from error
    if dtype.hasobject:
        raise DataError(f"{where}: holds Python objects, which are pickled and so not opened: a pickle can run any "
                        f"program. Save it as plain numbers or text, such as numpy.stack(list(array)).")  # fmt: skip
    if dtype.kind not in "biufUS" or dtype.fields is not None or dtype.subdtype is not None or not dtype.itemsize:
        raise DataError(f"{where}: values of type {dtype}; expected numbers or text.")
    if len(shape) > 8 or any(side < 0 or side >= 2**62 for side in shape):
        raise DataError(f"{where}: says that its shape is {shape}, which no array has.")
    found = Header(tuple(int(side) for side in shape), dtype, bool(fortran))
    limits.check(where, found.size)
    return found


def values(where: str, file: IO[bytes], head: Header) -> NDArray[Any]:
    """The values behind a header, read in pieces up to one byte too many; native, in the order of C."""
    content = bytearray()
    while len(content) <= head.size and (piece := file.read(min(_PIECE, head.size + 1 - len(content)))):
        content += piece
    if len(content) != head.size:
        there = f"only {len(content):,}" if len(content) < head.size else "more than that"
        raise DataError(f"{where}: its header says {head.shape} of {head.dtype}, which is {head.size:,} bytes, but "
                        f"there are {there}. Fetch the file again.")  # fmt: skip
    try:
        flat = np.frombuffer(content, head.dtype) if content else np.empty(0, head.dtype)
        array = flat.reshape(head.shape, order="F" if head.fortran else "C")
    except ValueError as error:
        raise DataError(f"{where}: says that its shape is {head.shape}, which no array has.") from error
    return np.array(array, head.dtype.newbyteorder("="), order="C", copy=None)
