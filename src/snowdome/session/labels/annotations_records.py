"""What the log of annotations is made of: steps of operations, the tables they are in, and the data they are about."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

APPLICATION = 0x534E4F57  # "SNOW", in the file's header

# What makes a file of version 1, and of each version one of the version after.
SCHEMA = (
    """
    CREATE TABLE versions (
        data TEXT PRIMARY KEY, collection TEXT NOT NULL, name TEXT NOT NULL, classes TEXT NOT NULL, n INTEGER NOT NULL,
        opened TEXT NOT NULL
    ) STRICT;
    CREATE TABLE steps (
        id INTEGER PRIMARY KEY, data TEXT NOT NULL REFERENCES versions,
        kind TEXT NOT NULL CHECK (kind IN ('edit', 'undo', 'redo')), target INTEGER, token TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL, digest BLOB NOT NULL
    ) STRICT;
    CREATE TABLE operations (
        step INTEGER NOT NULL REFERENCES steps, image BLOB NOT NULL, occurrence INTEGER NOT NULL,
        decision TEXT NOT NULL, label TEXT, given TEXT, note TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (step, image, occurrence)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER steps_stay BEFORE UPDATE ON steps BEGIN SELECT RAISE(ABORT, 'steps are never changed'); END;
    CREATE TRIGGER steps_last BEFORE DELETE ON steps BEGIN SELECT RAISE(ABORT, 'steps are never deleted'); END;
    CREATE TRIGGER operations_stay BEFORE UPDATE ON operations
        BEGIN SELECT RAISE(ABORT, 'operations are never changed'); END;
    CREATE TRIGGER operations_last BEFORE DELETE ON operations
        BEGIN SELECT RAISE(ABORT, 'operations are never deleted'); END;
    """,
    "ALTER TABLE operations ADD COLUMN blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1));",
)


class Operation(NamedTuple):
    """What a step says of one image."""

    image: bytes
    occurrence: int
    decision: str
    label: str | None
    given: str | None
    note: str
    at: str
    blind: bool = False


class Step(NamedTuple):
    """One entry of the log. `target` is the step that an undo or redo is about."""

    id: int
    data: str
    kind: str
    target: int | None
    token: str
    at: str
    operations: tuple[Operation, ...]

    def digest(self) -> bytes:
        """SHA-256 of all that the step says."""
        said = [
            [o.image.hex(), o.occurrence, o.decision, o.label, o.given, o.note, o.at, *(["blind"] if o.blind else [])]
            for o in sorted(self.operations, key=lambda o: (o.image, o.occurrence))
        ]
        whole = [self.id, self.data, self.kind, self.target, self.token, self.at, said]
        return hashlib.sha256(json.dumps(whole, ensure_ascii=True).encode()).digest()


class Version(NamedTuple):
    """Data that were annotated: by their hash, and the hash of the data that these are a later state of."""

    data: str
    collection: str
    name: str
    classes: tuple[str, ...]
    n: int
    opened: str


def insert_version(connection: sqlite3.Connection, version: Version) -> None:
    """Add data to those that are known; another program may have done so already."""
    named = version._replace(classes=json.dumps(version.classes))  # type: ignore[arg-type]
    connection.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?, ?)", named)


def insert_step(connection: sqlite3.Connection, step: Step) -> None:
    """Add a step and its operations."""
    connection.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?)", (*step[:6], step.digest()))
    connection.executemany(
        "INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [(step.id, *each) for each in step.operations]
    )


def read_versions(connection: sqlite3.Connection) -> list[Version]:
    """All data that are known."""
    rows = connection.execute("SELECT data, collection, name, classes, n, opened FROM versions ORDER BY opened, data")
    return [Version._make([*row[:3], tuple(json.loads(row[3])), *row[4:]]) for row in rows]


def read_steps(connection: sqlite3.Connection, after: int = 0, only: int | None = None) -> list[Step]:
    """The steps after one, or one only, in their order; DatabaseError where one is not what was written."""
    first, last = (after + 1, 2**62) if only is None else (only, only)
    said: dict[int, list[Operation]] = {}
    blind = "blind" if _has_blind(connection) else "0"
    for row in connection.execute(
        f"SELECT step, image, occurrence, decision, label, given, note, at, {blind} FROM operations "  # noqa: S608
        "WHERE step BETWEEN ? AND ?", (first, last),
    ):  # fmt: skip
        said.setdefault(row[0], []).append(Operation._make([*row[1:8], bool(row[8])]))
    steps = []
    for row in connection.execute(
        "SELECT id, data, kind, target, token, at, digest FROM steps WHERE id BETWEEN ? AND ? ORDER BY id",
        (first, last),
    ):
        step = Step._make([*row[:6], tuple(said.get(row[0], ()))])
        if step.digest() != row[6]:
            raise sqlite3.DatabaseError(f"step {step.id} is not what was written")
        steps.append(step)
    return steps


def _has_blind(connection: sqlite3.Connection) -> bool:
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) > 1


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def make_tables(connection: sqlite3.Connection, version: int = 0) -> None:
    """The tables, from those of a version on, in one transaction."""
    with transaction(connection):
        for script in SCHEMA[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction first."""
    statement = ""
    for piece in script.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""
