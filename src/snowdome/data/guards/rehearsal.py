"""Reading tried out in a process of its own, for a format whose decoder can end the program that runs it.

polars decodes parquet in Rust. For some damaged files that ends not in an exception but in an abort (a run of 2⁶¹ bits
is asked for, say), or it writes of its panic on the terminal. So the files are decoded by a child first, which may die,
has a bounded memory and writes to nobody. What it could decode is then decoded again here: twice the time of the
decoder, and a quarter of a second for the child to start. A decoded data set is kept, so that this happens once.
"""

import contextlib
import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from snowdome.core import memory
from snowdome.core.control import Control
from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.pictures import tree

_SPARE = 8 << 30  # bytes of addresses that libraries reserve and do not use
_LOOK = 0.1  # seconds between two looks at whether to stop


def rehearse(reader: str, title: str, files: Sequence[Path], control: Control) -> None:
    """Have a child call the reader's `decode_all(title, files)`.

    Raises DataError with what that raised, or where it ended the child; Stopped where `control` asks for it.
    """
    command = (sys.executable, "-P", "-m", __name__, reader, title)  # -P: what lies in the current folder is no library
    given: bytes | None = json.dumps([str(file.absolute()) for file in files]).encode()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            while True:
                control.check("checking the file" if len(files) == 1 else "checking the files", 0, 0)
                try:
                    answer, _ = child.communicate(given, timeout=_LOOK)
                    break
                except subprocess.TimeoutExpired:
                    given = None  # it has it
        finally:
            child.kill()
    try:
        said = json.loads(answer) if child.returncode == 0 else _died(title, files)
    except ValueError:
        said = _died(title, files)
    if said is not None:
        raise DataError(said)


def _died(title: str, files: Sequence[Path]) -> str:
    which = f"{title}: this file is" if len(files) == 1 else f"{title}: one of these {len(files):,} files is"
    return f"{which} damaged, so that decoding it fails altogether. Fetch it again."


def _bound_memory() -> None:
    """Let this process take no more memory than is free, where the system can hold it to that."""
    free = memory.available()
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows; a bound that is lower already
        import resource

        if free is not None:
            resource.setrlimit(resource.RLIMIT_AS, (free + _SPARE, resource.RLIM_INFINITY))


def main() -> None:
    """What the child does."""
    reader = importlib.import_module(f"snowdome.data.readers.{sys.argv[1]}")

    _bound_memory()
    files = [Path(name) for name in json.load(sys.stdin)]
    said = None
    try:
        reader.decode_all(sys.argv[2], files)
    except SnowdomeError as error:
        said = tree.text(str(error))
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
