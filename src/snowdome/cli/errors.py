"""Errors at the command line: one sentence, no traceback."""

import functools
from collections.abc import Callable
from typing import Any

import click

from snowdome.core.errors import SnowdomeError


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print a SnowdomeError's sentence and exit with 1; anything else is a bug and keeps its traceback."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SnowdomeError as error:
            raise click.ClickException(printable(str(error))) from error

    return run


def printable(text: str) -> str:
    """The text without the control characters by which a name could take over a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)
