"""A zip of a folder of image files, read in memory: nothing is extracted, and no size that it declares is believed.

The folders in it mean what they mean on disk: `snowdome.data.pictures.tree`.
"""

import os
import re
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path
from typing import IO

from snowdome.core import memory
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.data.pictures import tree
from snowdome.data.pictures.images import Blob
from snowdome.data.reading import AS_IT_IS, Reading

VERSION = 2  # part of the key under which a decoded data set is kept

_MOST_MEMBERS = 200_000
_MOST_BYTES = 2 << 30  # of all members together, as counted while they are read
_RATIO, _FREE = 200, 16 << 20  # bytes read for each byte of the file, beyond those that are free
_MOST_DIRECTORY = 1 << 27  # bytes of the list of members
_PIECE = 1 << 20
_HEADS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_END = b"PK\x05\x06"
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|\0")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1 | 0x40


def sniff(path: Path, head: bytes) -> bool:  # noqa: ARG001 - its name says nothing
    """Whether this is a zip file; the readers of formats that are zips within stand before this one."""
    return head.startswith(_HEADS)


def files(path: Path) -> list[Path]:
    """The file itself, for the key under which the result is kept."""
    return [path]


def read(path: Path, how: Reading = AS_IT_IS, control: Control | None = None) -> Dataset:
    """The images in a zip. Members are read one after another and counted as they are read.

    Raises DataError for a damaged or encrypted file, more members or bytes than anyone means, members that would lie
    outside of it, and two members whose names differ only in case or in how an accent is written.
    """
    name, notes = tree.text(path.name), list[str]()
    with path.open("rb") as file:
        try:
            _check_directory(name, file)
            archive = zipfile.ZipFile(file)
        except DataError:
            raise
        except Exception as error:  # a hostile list of members makes zipfile raise nearly anything
            raise DataError(f"{name}: is no zip file, or a damaged one: {str(error)[:80]}. "
                            f"Fetch or pack it again.") from error  # fmt: skip
        with archive:
            members = _members(name, archive, notes)
            reading = _Members(name, archive, members, os.fstat(file.fileno()).st_size)
            return tree.read(list(members), reading.load, tree.text(path.stem), how, control, notes)


class _Members:
    """Reads members, and stops the whole reading where they are more than the file can honestly hold."""

    def __init__(self, name: str, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], size: int) -> None:
        free = memory.available()
        self._name, self._archive, self._members = name, archive, members
        self._left = min(_MOST_BYTES, max(_FREE, _RATIO * size), (_MOST_BYTES if free is None else free) // 2)

    def load(self, name: str) -> Blob:
        """The bytes of one member, or why they cannot be had."""
        info = self._members[name]
        if info.compress_type not in _METHODS:
            return DataError(f"packed by method {info.compress_type}; stored and deflate are read")
        content = bytearray()
        try:
            with self._archive.open(info) as file:
                while len(content) <= tree.MOST_BYTES and (piece := file.read(_PIECE)):
                    content += piece
                    self._left -= len(piece)
                    if self._left < 0:
                        break
        except Exception as error:  # damaged data make zipfile raise nearly anything; it costs that member alone
            words = " ".join(str(error).split())[:80]
            return DataError(f"damaged in the zip: {words}" if words else "damaged in the zip")
        if self._left < 0:
            raise DataError(f"{self._name}: its members unpack to more than the file can honestly hold: at most 2 GiB, "
                            f"half of the free memory, and {_RATIO} bytes for each byte of it.")  # fmt: skip
        if len(content) > tree.MOST_BYTES:
            return DataError(f"more than {tree.MOST_BYTES:,} bytes")
        return bytes(content)


def _check_directory(name: str, file: IO[bytes]) -> None:
    """Before zipfile makes an object of every member: that there are not too many of them."""
    size = file.seek(0, os.SEEK_END)
    tail = min(size, (1 << 16) + 98)  # the end with the longest comment, and what stands before it in a large zip
    file.seek(size - tail)
    end = file.read(tail)
    plain = end[-22:-18] == _END and end[-2:] == b"\0\0"
    at = len(end) - 22 if plain else end.rfind(_END)
    if at < 0 or len(end) < at + 22:
        raise DataError(f"{name}: is no zip file, or its end is cut off. Fetch or pack it again.")
    (length,) = struct.unpack_from("<I", end, at + 12)
    if at >= 76 and end[at - 20 : at - 16] == b"PK\x06\x07":
        (length,) = struct.unpack_from("<Q", end, at - 76 + 40)
    if length > size:
        raise DataError(f"{name}: says that its list of members has {length:,} bytes, which is more than the file. "
                        f"Fetch or pack it again.")  # fmt: skip
    if length > _MOST_DIRECTORY:
        raise DataError(f"{name}: its list of members has {length:,} bytes; at most {_MOST_DIRECTORY:,} are read. "
                        f"Unpack it and open the folder.")  # fmt: skip
    file.seek(max(0, size - tail - length))
    count = file.read(length + tail).count(b"PK\x01\x02")
    if count > _MOST_MEMBERS:
        raise DataError(
            f"{name}: {count:,} members; at most {_MOST_MEMBERS:,} are read. Unpack it and open the folder."
        )
    file.seek(0)


def _members(name: str, archive: zipfile.ZipFile, notes: list[str]) -> dict[str, zipfile.ZipInfo]:
    """The files in it that are neither junk nor links, by their path."""
    found: dict[str, zipfile.ZipInfo] = {}
    seen: dict[str, str] = {}
    links = 0
    for info in archive.infolist():
        path = info.orig_filename.replace("\\", "/") if info.create_system == 0 else info.orig_filename
        if info.flag_bits & _ENCRYPTED:
            raise DataError(f"{name}: is encrypted. Unpack it with its password and open the folder.")
        if _OUTSIDE.search(path):
            raise DataError(f"{name}: the member {tree.text(path)[:80]!r} would lie outside of it.")
        if path.endswith("/"):
            continue
        same = unicodedata.normalize("NFC", path).casefold()
        if same in seen:
            raise DataError(f"{name}: two members have one name: {tree.text(seen[same])!r} and {tree.text(path)!r}.")
        seen[same] = path
        if stat.S_ISLNK(info.external_attr >> 16):
            links += 1
        elif not any(tree.ignored(part) for part in path.split("/")):
            found[path] = info
    if links:
        notes.append(f"{links:,} links were not followed")
    return found
