"""The file of the annotations: kill -9, a full disk, two processes, damage, older and newer versions."""

import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.data.dataset import Dataset
from snowdome.session.labels import writer_lock
from snowdome.session.labels.annotations import Annotations
from snowdome.session.labels.annotations_file import (
    BACKUP,
    FILE,
    AnnotationsError,
    AnnotationsFile,
    NotSavedError,
    ReadOnlyError,
)
from snowdome.session.labels.annotations_records import APPLICATION, SCHEMA, read_steps

OLD = Path(__file__).with_name("workspaces")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

MAKE = """
    import sys, numpy as np
    from pathlib import Path
    from snowdome.data.dataset import Dataset
    from snowdome.session.labels.annotations import Annotations
    X = np.random.default_rng(0).integers(0, 256, (300, 12)).astype(np.uint8)
    data = Dataset(X=X, y=np.arange(300) % 3, classes=("zero", "one", "two"), name="made up")
"""


def make(n: int = 300) -> Dataset:
    X = np.random.default_rng(0).integers(0, 256, (n, 12)).astype(np.uint8)
    return Dataset(X=X, y=np.arange(n) % 3, classes=("zero", "one", "two"), name="made up")


@contextmanager
def opened(folder: Path) -> Iterator[Annotations]:
    annotations = Annotations(make(), folder)
    try:
        yield annotations
    finally:
        annotations.close()


def beside(program: str, *arguments: Any) -> subprocess.Popen[str]:
    """A program that has `data`, run beside this one."""
    text = textwrap.dedent(MAKE) + textwrap.dedent(program)
    return subprocess.Popen([sys.executable, "-c", text, *map(str, arguments)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip


def test_settings(tmp_path: Path) -> None:
    """P-02, S-15."""
    before = os.umask(0)
    try:
        file = AnnotationsFile(tmp_path / "new" / "workspace")
    finally:
        os.umask(before)
    wanted = {"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0,
              "application_id": APPLICATION, "user_version": len(SCHEMA), "busy_timeout": 5000}  # fmt: skip
    for name, value in wanted.items():
        assert file.read(lambda db, name=name: db.execute(f"PRAGMA {name}").fetchone()[0]) == value, name  # type: ignore[misc]
    changes = (
        "DELETE FROM steps",
        "UPDATE steps SET at = ''",
        "DELETE FROM operations",
        "UPDATE operations SET at = ''",
    )
    with opened(tmp_path / "other") as annotations:
        annotations.decide([1], "keep")
        for change in changes:
            with pytest.raises(NotSavedError, match="never"):
                annotations.file.write(lambda db, change=change: db.execute(change))  # type: ignore[misc]
    if os.name == "posix":
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "workspace").iterdir()}
        assert set(modes.values()) == {0o600}
        assert stat.S_IMODE((tmp_path / "new" / "workspace").stat().st_mode) == 0o700
    file.close()


@posix
def test_killed_in_the_middle_of_saving(tmp_path: Path) -> None:
    """P-03: twenty times; nothing that was acknowledged is lost, and no step is there in part."""
    program = """
        import os
        for line in sys.stdin:  # a child for each line: one that is forked starts at once
            if os.fork():
                os.wait()
                os.write(1, b"dead\\n")
                continue
            annotations = Annotations(data, Path(sys.argv[1]))
            number = annotations.state.revision
            os.write(1, f"child {os.getpid()}\\n".encode())
            while True:
                number += 1
                rows = [(number * 7 + each) % 300 for each in range(1 + number % 40)]
                saved = annotations.decide(rows, "exclude", None, f"step {number} of {len(rows)}", token=f"t{number}")
                os.write(1, f"step {saved.step}\\n".encode())
    """
    acknowledged: set[int] = set()
    chance = random.Random(3)
    parent = beside(program, tmp_path)
    assert parent.stdin is not None
    assert parent.stdout is not None
    for _ in range(20):
        parent.stdin.write("go\n")
        parent.stdin.flush()
        child = int(parent.stdout.readline().split()[1])
        acknowledged |= {int(parent.stdout.readline().split()[1]) for _ in range(chance.randrange(1, 4))}
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        while (line := parent.stdout.readline()) != "dead\n":
            acknowledged.add(int(line.split()[1]))
        with opened(tmp_path) as annotations:
            assert not annotations.notices, "nothing was damaged"
            steps = {step.id: step for step in annotations.file.read(read_steps)}
        assert acknowledged <= steps.keys(), "an acknowledged step is lost"
        for step in steps.values():
            assert step.operations[0].note == f"step {step.id} of {len(step.operations)}", "a step is there in part"
    parent.communicate()
    assert len(acknowledged) >= 20


@posix
def test_disk_full(tmp_path: Path) -> None:
    """P-04: said, nothing lost, reading goes on, and what was not saved can be asked for again."""
    program = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        annotations = Annotations(data, Path(sys.argv[1]))
        annotations.decide([1, 2], "exclude")
        size = annotations.file.path.stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            annotations.decide(range(300), "keep", None, "x" * 1000, token="again")
        except Exception as error:
            print(type(error).__name__, error)
        print([one.row for one in annotations.decisions()], annotations.state.revision)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(len(annotations.decide(range(300), "keep", None, "x" * 1000, token="again").rows))
    """
    said, errors = beside(program, tmp_path).communicate(timeout=30)
    lines = said.splitlines()
    assert lines[0].startswith("NotSavedError Not saved: "), errors
    assert lines[1:] == ["[1, 2] 1", "300"]
    with opened(tmp_path) as annotations:
        assert len(annotations.decisions()) == 300
        assert not annotations.notices


@posix
def test_read_only(tmp_path: Path) -> None:
    """P-04: a folder that cannot be written is read, and says why nothing is saved."""
    folder = tmp_path / "workspace"
    with opened(folder) as annotations:
        annotations.decide([1], "exclude")
    program = """
        import os
        from snowdome.session.labels.annotations_file import ReadOnlyError, NotSavedError
        import ctypes, platformdirs
        if os.geteuid() == 0:  # root may write anywhere: become one who may not
            os.seteuid(65534)
        annotations = Annotations(data, Path(sys.argv[1]))
        print([one.row for one in annotations.decisions()])
        print(annotations.state.read_only)
        try:
            annotations.decide([2], "keep")
        except ReadOnlyError as error:
            print(error)
    """
    import tempfile

    with tempfile.TemporaryDirectory() as place:  # one that others can enter
        other = shutil.copytree(folder, Path(place) / "workspace")
        Path(place).chmod(0o755)
        for file in other.iterdir():
            file.chmod(0o444)
        other.chmod(0o555)
        said, errors = beside(program, other).communicate(timeout=30)
        other.chmod(0o755)
    lines = said.splitlines()
    assert lines[0] == "[1]", errors
    assert "cannot be written (Permission denied)" in lines[1]
    assert lines[2].startswith("Not saved. ")


def test_no_working_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """P-05."""
    with opened(tmp_path) as annotations:
        annotations.decide([1], "exclude")

    def refuse(file: Any) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(writer_lock, "_lock", refuse)
    with opened(tmp_path) as annotations:
        assert [one.row for one in annotations.decisions()] == [1]
        assert "no working locks" in annotations.state.read_only
        with pytest.raises(ReadOnlyError, match="SNOWDOME_WORKSPACE"):
            annotations.decide([2], "keep")
    assert (tmp_path / FILE).is_file()


@posix
def test_two_processes(tmp_path: Path) -> None:
    """P-07: the second reads, names the first, sees what it does, and takes over when it is gone, even by kill -9."""
    program = """
        annotations = Annotations(data, Path(sys.argv[1]), "http://127.0.0.1:8642")
        print(annotations.decide([1], "exclude").step, flush=True)
        sys.stdin.readline()
        print(annotations.decide([2], "keep").step, flush=True)
        sys.stdin.readline()
    """
    first = beside(program, tmp_path)
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "1\n"
    second = Annotations(make(), tmp_path)
    assert f"(process {first.pid}, http://127.0.0.1:8642)" in second.state.read_only
    assert [one.row for one in second.decisions()] == [1]
    with pytest.raises(ReadOnlyError):
        second.decide([3], "keep")
    assert second.refresh() == []
    first.stdin.write("\n")
    first.stdin.flush()
    assert first.stdout.readline() == "2\n"
    assert second.refresh() == [2]
    first.kill()
    first.communicate()
    second.decide([3], "keep", None, "the lock died with the first")
    assert second.state.read_only == ""
    assert [one.row for one in sorted(second.decisions(), key=lambda one: one.row or 0)] == [1, 2, 3]
    second.close()


class TestVersions:
    """P-09."""

    @pytest.mark.parametrize("version", range(1, len(SCHEMA)))
    def test_an_older_file_is_brought_up_to_date(self, tmp_path: Path, version: int) -> None:
        shutil.copy(OLD / f"version-{version}.sqlite", tmp_path / FILE)
        with opened(tmp_path) as annotations:
            said = {one.row: (one.decision, one.label, one.note) for one in annotations.decisions()}
            assert said == {3: ("relabel", "two", "ünï ☃"), 4: ("exclude", None, ""), 5: ("exclude", None, "")}
            assert f"{FILE}.version-{version}" in annotations.notices[0]
            annotations.decide([4], "relabel", "zero", blind=True)
            annotations.redo() if annotations.state.redo else annotations.undo()
        assert (tmp_path / f"{FILE}.version-{version}").read_bytes()[:16] == b"SQLite format 3\0"
        with opened(tmp_path) as annotations:
            assert not annotations.notices

    def test_cut_off_in_the_middle(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shutil.copy(OLD / "version-1.sqlite", tmp_path / FILE)
        before = (tmp_path / FILE).read_bytes()
        from snowdome.session.labels import annotations_records

        monkeypatch.setattr(annotations_records, "SCHEMA", (*SCHEMA, "CREATE TABLE more (a); CREATE TABLE more (a);"))
        with pytest.raises(NotSavedError, match="It is as it was"):
            AnnotationsFile(tmp_path)
        assert (tmp_path / FILE).read_bytes() == before
        monkeypatch.undo()
        with opened(tmp_path) as annotations:
            assert len(annotations.decisions()) == 3

    def test_a_newer_file_is_left_alone(self, tmp_path: Path) -> None:
        with opened(tmp_path):
            pass
        with sqlite3.connect(tmp_path / FILE) as connection:
            connection.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
        connection.close()
        before = (tmp_path / FILE).read_bytes()
        with pytest.raises(AnnotationsError, match="later snowdome"):
            AnnotationsFile(tmp_path)
        assert (tmp_path / FILE).read_bytes() == before


class TestDamage:
    """P-11: what is left is saved, what is lost is said, and nothing is told that nobody said."""

    @pytest.fixture
    def sound(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("sound")
        with opened(folder) as annotations:
            for number in range(1, 60):
                annotations.decide([number, number + 100], "exclude", None, f"step {number} " + "words " * 10)
        return folder

    def check(self, folder: Path) -> tuple[int, list[str]]:
        with opened(folder) as annotations:
            steps = annotations.file.read(read_steps)
            for step in steps:
                assert step.operations[0].note.startswith(f"step {step.id} "), "nobody said that"
                assert len(step.operations) == 2
            annotations.decide([299], "keep")
            return len(steps), annotations.notices

    def test_flipped_bits(self, sound: Path, tmp_path: Path) -> None:
        chance = random.Random(0)
        size = (sound / FILE).stat().st_size
        mended = later = checked = 0
        for number in range(40):
            folder = tmp_path / str(number)
            folder.mkdir()
            damaged = bytearray((sound / FILE).read_bytes())
            for _ in range(chance.choice([1, 1, 100])):
                damaged[chance.randrange(size)] ^= 1 << chance.randrange(8)
            (folder / FILE).write_bytes(damaged)
            try:
                kept, notices = self.check(folder)
            except AnnotationsError as error:  # the flipped bit makes it the file of a later version
                later += "later snowdome" in str(error)
                continue
            checked += 1
            if notices:
                mended += 1
                assert "was damaged" in notices[0]
                aside = [file for file in folder.iterdir() if ".corrupt-" in file.name]
                assert [file.read_bytes() for file in aside] == [bytes(damaged)]
            else:
                assert kept == 59
        assert checked + later == 40
        assert mended >= 10

    def test_cut_off(self, sound: Path, tmp_path: Path) -> None:
        whole = (sound / FILE).read_bytes()
        for number, length in enumerate([0, 10, 1000, 4096, len(whole) // 2, len(whole) - 1]):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / FILE).write_bytes(whole[:length])
            _, notices = self.check(folder)
            assert notices, length

    def test_the_copy_mends_it(self, sound: Path, tmp_path: Path) -> None:
        shutil.copy(sound / BACKUP, tmp_path / BACKUP)
        (tmp_path / FILE).write_bytes(os.urandom(5000))
        kept, notices = self.check(tmp_path)
        assert kept == 59
        assert "59 steps were saved" in notices[0]

    def test_another_programs_file(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / FILE) as connection:
            connection.execute("CREATE TABLE theirs (a)")
        connection.close()
        _, notices = self.check(tmp_path)
        assert "it is not a file of annotations" in notices[0]
        assert [file for file in tmp_path.iterdir() if ".corrupt-" in file.name]
