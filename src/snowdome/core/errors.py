"""The errors that a person can act upon. Each says what, where, got, allowed, and what to do."""


class SnowdomeError(Exception):
    """Base of all errors with a sentence for a person; anything else that escapes is a bug."""


class DataError(SnowdomeError, ValueError):
    """The data, or a file of it, is not what it should be."""


class MissingDataError(DataError, FileNotFoundError):
    """A data set is known but its files are not on this machine, or nothing is at the path given."""


class OptionError(SnowdomeError, ValueError):
    """An option has a value that is not allowed, or there is no such option or name."""


def did_you_mean(got: str, allowed: list[str]) -> str:
    """`Did you mean 'tsne'? ` when one of the allowed names is close to the one given, else nothing."""
    import difflib

    close = difflib.get_close_matches(got.lower(), allowed, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}? " if close else ""
