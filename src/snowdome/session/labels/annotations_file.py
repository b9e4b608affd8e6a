"""The SQLite file of the annotations: opened by one writer, checked, brought up to date, mended where it is damaged.

It is an append-only log: triggers refuse to change or delete a step, and each step carries a digest of all it says.
Rollback journal and synchronous=FULL: what was acknowledged survives the death of the process and of the machine.
(The write-ahead log of SQLite before 3.51.3 can lose data, and needs files beside it that network drives do not like.)
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from snowdome.core.cache import atomic_write, private_folder
from snowdome.core.errors import SnowdomeError
from snowdome.session.labels.annotations_records import (
    APPLICATION,
    SCHEMA,
    Step,
    Version,
    insert_step,
    insert_version,
    make_tables,
    read_steps,
    read_versions,
    transaction,
)
from snowdome.session.labels.writer_lock import Lock, LockTakenError, NoLocksError

FILE = "annotations.sqlite"
BACKUP = "annotations.backup.sqlite"
BUSY_SECONDS = 5.0
DAMAGED = (sqlite3.Error, ValueError, TypeError, AttributeError, OverflowError)
"""What reading a damaged file can raise."""

_PLAUSIBLE = 100  # a version beyond is no version, but damage
_PASSING = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "NOMEM", "PERM")

Result = TypeVar("Result")


class AnnotationsError(SnowdomeError):
    """The annotations cannot be read or written."""


class NotSavedError(AnnotationsError):
    """Nothing of what was asked for was saved; what was saved before is untouched. It can be asked for again."""


class ReadOnlyError(AnnotationsError):
    """Annotations can be read and not written."""


class AnnotationsFile:
    """The file in a folder. `read_only` says why nothing can be written, `notices` what was found when it was opened.

    Safe to use from several threads. Raises AnnotationsError where the file is of a later version of the program.
    """

    def __init__(self, folder: Path, address: str = "") -> None:
        self.path = folder / FILE
        self.read_only = ""
        self.notices: list[str] = []
        self._mutex = threading.RLock()
        self._lock = Lock(folder / "annotations.lock")
        self._address = address
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            private_folder(self.path.parent)
            self._lock.take(self._address)
        except LockTakenError as error:
            self.read_only = f"Another snowdome has these annotations open{error.holder}: here they can only be read."
        except NoLocksError:
            self.read_only = "The folder of the annotations has no working locks (a network drive?), so that two " \
                             "programs could spoil each other's work: they can only be read. Set SNOWDOME_WORKSPACE " \
                             "to a folder on this machine."  # fmt: skip
            return self._reading("&nolock=1")
        except OSError as error:
            self.read_only = f"The folder of the annotations cannot be written ({error.strerror}): they can only be " \
                             "read. Set SNOWDOME_WORKSPACE to another folder."  # fmt: skip
        if self.read_only:
            return self._reading("")
        self.read_only = ""
        try:
            return self._writing()
        except BaseException:
            self._lock.release()
            raise

    def _reading(self, flags: str) -> sqlite3.Connection:
        """A connection that cannot write; to nothing, where there is no file yet."""
        if not self.path.exists():
            connection = _connect(":memory:")
            make_tables(connection)
            return connection
        connection = _connect(f"{self.path.absolute().as_uri()}?mode=ro{flags}")
        try:
            self._version(connection)
            return connection
        except DAMAGED as error:
            connection.close()
            raise AnnotationsError(f"{FILE} cannot be read: {error}. {self.read_only}") from error

    def _version(self, connection: sqlite3.Connection) -> int:
        """The version of the file, 0 for a new one; AnnotationsError where it is a later one."""
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if len(SCHEMA) < version <= _PLAUSIBLE:
            raise AnnotationsError(
                f"{FILE} was written by a later snowdome (version {version} of its layout; this one knows up to "
                f"{len(SCHEMA)}). It was left as it is. Update snowdome to use it."
            )
        return version

    def _writing(self) -> sqlite3.Connection:
        """A connection that can write, to a file that is sound and of this version."""
        new = not self.path.exists()
        connection: sqlite3.Connection | None = None
        try:
            connection = self._connected()
            version = self._version(connection)
            if not new and (wrong := _unsound(connection)):
                raise sqlite3.DatabaseError(wrong)
        except (*DAMAGED, AnnotationsError) as error:
            _close(connection)
            if isinstance(error, AnnotationsError):
                raise
            if _passing(error):
                raise NotSavedError(f"{FILE} cannot be opened: {error}.") from error
            return self._mended(str(error))
        if version != len(SCHEMA):
            self._bring_up_to_date(connection, version)
        self._back_up(connection)
        return connection

    def _connected(self) -> sqlite3.Connection:
        connection = _connect(f"{self.path.absolute().as_uri()}?mode=rwc")
        self.path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _bring_up_to_date(self, connection: sqlite3.Connection, version: int) -> None:
        """Make a new file, or one of this version out of an older one, of which a copy stays; all of it or nothing."""
        try:
            if version:
                _copy(connection, self.path.with_name(f"{FILE}.version-{version}"))
                self.notices.append(f"The annotations were brought up to date; the file as it was is {FILE}.version-"
                                    f"{version}.")  # fmt: skip
            make_tables(connection, version)
        except (sqlite3.OperationalError, OSError) as error:
            connection.close()
            raise NotSavedError(f"{FILE} could not be brought up to date: {error}. It is as it was.") from error

    def _mended(self, wrong: str) -> sqlite3.Connection:
        """Set a damaged file aside, and write what can be read of it, and of the copy, into a new one."""
        aside = self.path.with_name(f"{FILE}.corrupt-{time.strftime('%Y%m%d-%H%M%S')}")
        backup = self.path.with_name(BACKUP)
        found = [_salvage(file) for file in (self.path, backup) if file.exists()]
        versions = {version.data: version for part in reversed(found) for version in part[0]}
        steps = {step.id: step for part in reversed(found) for step in part[1]}
        missing = max((part[2] for part in found), default=0) - len(steps)
        for file in (self.path, self.path.with_name(f"{FILE}-journal")):
            if file.exists():
                file.replace(aside if file == self.path else file.with_name(f"{aside.name}-journal"))
        connection = self._connected()
        make_tables(connection)
        with transaction(connection):
            for step in steps.values():
                versions.setdefault(step.data, Version(step.data, step.data, "", (), 0, step.at))
            for version in versions.values():
                insert_version(connection, version)
            for step in sorted(steps.values()):
                insert_step(connection, step)
        lost = f"{missing} could not be read" if missing > 0 else "none is known to be lost"
        self.notices.append(f"The file of the annotations was damaged ({wrong}). {len(steps)} steps were saved from "
                            f"it, {lost}; the damaged file is kept as {aside.name}.")  # fmt: skip
        return connection

    def _back_up(self, connection: sqlite3.Connection) -> None:
        """Keep a copy beside the file, to mend it from; a full disk is no reason not to start."""
        backup = self.path.with_name(BACKUP)
        if backup.exists() and backup.stat().st_mtime_ns >= self.path.stat().st_mtime_ns:
            return
        with contextlib.suppress(OSError, sqlite3.OperationalError):
            _copy(connection, backup)

    def announce(self, address: str) -> None:
        """Tell other programs where the one that can write is to be found."""
        self._address = address
        with contextlib.suppress(OSError):
            self._lock.tell(address)

    def changed_elsewhere(self) -> int:
        """A number that is another one when some other connection has written."""
        with self._mutex:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def read(self, ask: Callable[[sqlite3.Connection], Result]) -> Result:
        """What `ask` reads; AnnotationsError where it cannot be read."""
        with self._mutex:
            try:
                return ask(self._connection)
            except sqlite3.DatabaseError as error:
                raise AnnotationsError(f"{FILE} cannot be read: {error}.") from error

    def write(self, change: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do `change` in one transaction; when this returns, it is on the disk.

        Where another program had the file, and has gone, this one takes over first.

        Raises NotSavedError where nothing of it was saved, ReadOnlyError where nothing can be.
        """
        with self._mutex:
            if self.read_only:
                self._take_over()
            try:
                with transaction(self._connection):
                    return change(self._connection)
            except sqlite3.DatabaseError as error:
                raise NotSavedError(
                    f"Not saved: {error}. What was saved before is untouched. See that the disk has room and can be "
                    "written; it can be tried again at once."
                ) from error

    def _take_over(self) -> None:
        self._connection.close()
        self.read_only = ""
        self._connection = self._open()
        if self.read_only:
            raise ReadOnlyError(f"Not saved. {self.read_only}")

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex:
            if not self.read_only:
                self._back_up(self._connection)
            self._connection.close()
            self._lock.release()


def _connect(where: str) -> sqlite3.Connection:
    connection = sqlite3.connect(where, timeout=BUSY_SECONDS, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _unsound(connection: sqlite3.Connection) -> str:
    """What is wrong with a file; nothing where all is as it was written."""
    if int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION:
        return "it is not a file of annotations"
    if not connection.execute("PRAGMA user_version").fetchone()[0]:
        return "it has no version"
    answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if answer != "ok":
        return answer.splitlines()[-1]
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        return "steps are missing"
    read_versions(connection)
    read_steps(connection)
    return ""


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write the whole file as it is now under another name, whole or not at all."""
    with atomic_write(path) as file:
        file.write(connection.serialize())


def _salvage(path: Path) -> tuple[list[Version], list[Step], int]:
    """What can be read of a damaged file: data, steps that are what was written, and the highest step it tells of."""
    connection = None
    try:
        connection = _connect(f"{path.absolute().as_uri()}?mode=ro")
        highest = int(connection.execute("SELECT max(id) FROM steps").fetchone()[0] or 0)
        versions: list[Version] = []
        with contextlib.suppress(*DAMAGED):
            versions = read_versions(connection)
        steps = []
        for number in range(1, min(highest, 10**6) + 1):
            with contextlib.suppress(*DAMAGED):
                steps += read_steps(connection, only=number)
        return versions, steps, highest
    except DAMAGED:
        return [], [], 0
    finally:
        _close(connection)


def _passing(error: Exception) -> bool:
    """Whether it is the disk or another program that is in the way, and not the file that is damaged."""
    name = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_")
    return name.startswith(_PASSING) and name != "IOERR_SHORT_READ"


def _close(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()
