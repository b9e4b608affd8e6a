"""Who may write into a workspace: one process, told by a lock that dies with it. The file says where it is."""

import contextlib
import errno
import json
import os
import time
from pathlib import Path
from typing import IO, Any

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}
_TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


class LockTakenError(Exception):
    """Another process has it. `holder` is " (process 4711, http://…)", as far as it is known."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class NoLocksError(Exception):
    """The folder's file system has no working locks."""


class Lock:
    """An exclusive lock on a small file. The system frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self, address: str) -> None:
        """Take it, and write who has it. Raises LockTakenError, NoLocksError, or OSError where no file can be made."""
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        try:
            _patiently(file)
        except OSError as error:
            said = self._holder(file)
            file.close()
            if error.errno in _NO_LOCKS:
                raise NoLocksError from error
            if error.errno in _TAKEN:
                raise LockTakenError(said) from error
            raise
        self._file = file
        self.tell(address)

    def tell(self, address: str) -> None:
        """Write who has it and where it is to be found. Only for the one who has it."""
        if self._file is not None:
            said = json.dumps({"process": os.getpid(), "address": address}).encode()
            self._file.seek(_SAID)
            self._file.write(said)
            self._file.truncate(_SAID + len(said))

    def release(self) -> None:
        """Let go of it."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                _unlock(self._file)
            self._file.close()
            self._file = None

    def _holder(self, file: IO[bytes]) -> str:
        try:
            file.seek(_SAID)
            said: dict[str, Any] = json.loads(file.read(4096))
            words = [f"process {int(said['process'])}", *([str(said["address"])] if said["address"] else [])]
            return f" ({', '.join(words)})"
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def _patiently(file: IO[bytes]) -> None:
    """Lock; whoever has it may be about to end, which is waited for."""
    for left in range(_TRIES, -1, -1):
        try:
            _lock(file)
            return
        except OSError as error:
            if not left or error.errno not in _TAKEN:
                raise
            time.sleep(_PAUSE)


_TRIES, _PAUSE = 4, 0.1  # seconds between the tries
_SAID = 1  # Windows locks bytes, and nobody else can read those: the first byte is the lock


if os.name == "nt":  # pragma: no cover

    def _lock(file: IO[bytes]) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

    def _unlock(file: IO[bytes]) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]

else:

    def _lock(file: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
