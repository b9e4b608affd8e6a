"""The run that was asked for last, on disk until it is over: one that was cut off is offered at the next start."""

import contextlib
import os

import msgspec

from snowdome.core.cache import UNREADABLE, atomic_write, folder, private_folder
from snowdome.session.messages import AskedRecord
from snowdome.session.run import Run


class _Note(msgspec.Struct):
    """What is on disk: who asked, and for what."""

    process: int
    asked: AskedRecord


class Slate:
    """One file for each data set, by its payload hash. What was asked for is enough: the same seed, the same map."""

    def __init__(self, data: str) -> None:
        self._path = folder() / "unfinished" / f"{data}.json"
        self._run: int | None = None

    def left(self) -> AskedRecord | None:
        """What an earlier process did not finish; None where there is nothing, or it is still at it."""
        try:
            note = msgspec.json.decode(self._path.read_bytes(), type=_Note)
        except (*UNREADABLE, msgspec.MsgspecError):
            return None
        return None if lives(note.process) else note.asked

    def write(self, run: Run) -> None:
        """Note a run that was asked for, in place of the one before."""
        record = run.record
        asked = AskedRecord(method=record.method, title=record.title, seed=record.seed or 0, options=record.options)
        self._run = record.id
        with contextlib.suppress(OSError):  # a run is not refused because it could not be offered again
            private_folder(self._path.parent)
            with atomic_write(self._path) as file:
                file.write(msgspec.json.encode(_Note(os.getpid(), asked)))

    def wipe(self, run: Run) -> None:
        """Forget a run that is over, where it is the one that was noted."""
        if run.record.id == self._run:
            self._run = None
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


def lives(process: int) -> bool:
    """Whether there is such a process; on Windows, where asking would end it, no."""
    if os.name != "posix" or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return process != os.getpid()
