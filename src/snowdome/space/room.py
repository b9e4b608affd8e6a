"""Whether what is asked for fits into memory, before it is begun."""

from snowdome.core.errors import DataError
from snowdome.core.memory import available

_SHARE = 0.6  # of what is available: others need memory too


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
