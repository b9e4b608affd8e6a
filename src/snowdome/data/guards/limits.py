"""How much of a file is believed and read: never more than half of the free memory, counted as it is read."""

import gzip
import zlib
from pathlib import Path

from snowdome.core import memory
from snowdome.core.errors import DataError

_ASSUMED = 8 << 30  # bytes of memory, where the system does not tell how many are free
_PIECE = 1 << 24


def largest() -> int:
    """The bytes that one data set may take: half of the free memory."""
    free = memory.available()
    return (_ASSUMED if free is None else free) // 2


def check(where: str, needed: int) -> None:
    """Raise DataError where something says that it needs more bytes than that."""
    most = largest()
    if needed > most:
        raise DataError(f"{where}: says that it holds {needed:,} bytes of values; at most {most:,}, half of the free "
                        f"memory, are read.")  # fmt: skip


def contents(path: Path) -> bytes:
    """A whole file, unpacked where it is gzip. It is counted as it is unpacked: a small file can hold gigabytes."""
    most = largest()
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        pieces: list[bytes] = []
        size = 0
        try:
            with gzip.GzipFile(fileobj=raw) if zipped else raw as file:
                while piece := file.read(_PIECE):
                    size += len(piece)
                    if size > most:
                        raise DataError(f"{path.name}: holds more than {most:,} bytes, half of the free memory.")
                    pieces.append(piece)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{path.name}: its gzip data is damaged or cut off. Fetch the file again.") from error
    return b"".join(pieces) if len(pieces) != 1 else pieces[0]


def start(head: bytes, size: int = 1 << 16) -> bytes:
    """The first bytes of a file from its head, unpacked where it is gzip, as far as they go."""
    if head[:2] != b"\x1f\x8b":
        return head
    try:
        return zlib.decompressobj(31).decompress(head, size)
    except zlib.error:
        return b""
