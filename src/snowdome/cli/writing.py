"""Files that commands write: seen to be writable before the work, written whole, and named when they are there."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from snowdome.cli.errors import printable
from snowdome.core.cache import atomic_write
from snowdome.core.errors import OptionError, SnowdomeError


def check_target(flag: str, path: Path | None, suffixes: tuple[str, ...]) -> None:
    """Before an hour's work: that the file has an ending we write and its folder takes a file. OptionError if not."""
    if path is None:
        return
    if path.suffix not in suffixes:
        raise OptionError(f"{flag}: {path.name!r} ends in {path.suffix!r}; allowed: {', '.join(suffixes)}.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise OptionError(f"{path}: its folder does not exist. Make it first.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OptionError(f"{path}: its folder takes no file ({error.strerror}). Choose another.") from error


@contextlib.contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """The file to write into; whole or not at all. Says that it was written, or why not in one sentence."""
    try:
        with atomic_write(path) as file:
            yield file
    except OSError as error:
        raise SnowdomeError(f"{path} could not be written: {error.strerror or error}.") from error
    click.echo(f"wrote {printable(str(path))}", err=True)
