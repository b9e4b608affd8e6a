"""What is looked at before a computation begins: whether the values are numbers, and whether it fits into memory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import DataError
from snowdome.core.memory import available

_SHARE = 0.6  # of what is available: others need memory too
_ROWS = 4096


def require_matrix(X: NDArray[Any]) -> None:
    """Raise DataError where X is no matrix (n, p) of real numbers with at least one row and column."""
    if X.ndim != 2 or X.dtype.kind not in "buif" or not X.size:
        raise DataError(f"X: expected a matrix (n, p) of numbers, at least one, got {X.dtype} of shape {X.shape}.")


def require_finite(X: NDArray[Any]) -> None:
    """Raise DataError, with the number of values that are NaN or infinite and the place of the first, if there are any.

    X may be a memory map: it is looked at in blocks.
    """
    if X.dtype.kind != "f":
        return
    wrong, first = 0, None
    for block in range(0, len(X), _ROWS):
        bad = ~np.isfinite(X[block : block + _ROWS])
        if bad.any():
            wrong += int(bad.sum())
            if first is None:
                row, column = np.argwhere(bad)[0]
                first = f"row {block + row}, column {column}"
    if wrong:
        raise DataError(
            f"X: {wrong} of {X.size} values are NaN, infinite or too large for float32, the first in {first}. "
            "Only finite values have distances: drop these rows, or fill them in."
        )


def afford(needed: int, what: str, instead: str) -> None:
    """Raise DataError where `what` needs more than 60 % of the bytes that this process may still take.

    `instead` says what would fit. Where the system does not tell how much there is, everything is tried.
    """
    there = available()
    if there is not None and needed > _SHARE * there:
        raise DataError(
            f"{what} needs about {_told(needed)}, and {_told(there)} of memory are available, of which up to "
            f"{_SHARE:.0%} are used. {instead}"
        )


def _told(count: int) -> str:
    """1.2 GB, 30 MB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, count // 10**6)} MB"
