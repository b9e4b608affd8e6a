"""The errors that a person can act upon. Each says what, where, got, allowed, and what to do."""

import math


class SnowdomeError(Exception):
    """Base of all errors with a sentence for a person; anything else that escapes is a bug."""


class DataError(SnowdomeError, ValueError):
    """The data, or a file of it, is not what it should be."""


class MissingDataError(DataError, FileNotFoundError):
    """A data set is known but its files are not on this machine, or nothing is at the path given."""


class OptionError(SnowdomeError, ValueError):
    """An option has a value that is not allowed, or there is no such option or name."""


class MissingPackageError(SnowdomeError, ImportError):
    """A package that is only needed for this is not installed."""


def did_you_mean(got: str, allowed: list[str]) -> str:
    """`Did you mean 'tsne'? ` when one of the allowed names is close to the one given, else nothing."""
    import difflib

    close = difflib.get_close_matches(got.lower(), allowed, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}? " if close else ""


def wrong_features(expected: int, got: int) -> str:
    """The sentence for rows of a wrong number of values: "expected 784 values (28×28), got 36 (6×6?); photo() …"."""
    sides = [math.isqrt(count) for count in (expected, got)]
    whole = [side * side == count and side > 1 for side, count in zip(sides, (expected, got), strict=True)]
    wanted = f"{expected} values" + (f" ({sides[0]}×{sides[0]})" if whole[0] else "")
    guess = f" ({sides[1]}×{sides[1]}?)" if whole[1] else ""
    return f"expected {wanted}, got {got}{guess}" + ("; photo() prepares pictures" if whole[0] else "")
