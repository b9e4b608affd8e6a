"""Errors at the command line: one sentence, no traceback."""

import errno
import functools
from collections.abc import Callable
from typing import Any

import click

from snowdome.core.errors import SnowdomeError

_NO_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print the sentence of a SnowdomeError, or of a disk that takes nothing more, and exit with 1.

    Anything else is a bug and keeps its traceback.
    """

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SnowdomeError as error:
            raise click.ClickException(printable(str(error))) from error
        except OSError as error:
            if error.errno not in _NO_PLACE:
                raise
            where = f"{error.filename}: " if isinstance(error.filename, str) else ""
            said = f"{where}{error.strerror}. Make room or choose another folder for the cache with SNOWDOME_CACHE."
            raise click.ClickException(printable(said)) from error

    return run


def printable(text: str) -> str:
    """The text without the control characters by which a name could take over a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
