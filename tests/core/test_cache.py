"""The cache: a file is whole or not there, its owner's alone, and what is damaged is computed again."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core import cache

Run = Callable[..., subprocess.CompletedProcess[str]]


def mode(path: Path) -> str:
    """The permission bits, in octal."""
    return f"{path.stat().st_mode & 0o7777:o}"


def names_in(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_is_the_one_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWDOME_CACHE", str(tmp_path / "a" / "b"))
    assert cache.folder() == tmp_path / "a" / "b"
    assert cache.folder().is_dir()
    monkeypatch.setenv("SNOWDOME_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder().is_relative_to(tmp_path)
    assert cache.folder().name == "snowdome"


def test_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with cache.atomic_write(path) as file:
        file.write(b"new, ")
        assert path.read_bytes() == b"old"
        file.write(b"whole")
    assert path.read_bytes() == b"new, whole"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_a_failure_leaves_the_old_file_and_no_temporary(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with cache.atomic_write(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        interrupted()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_each_later_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: Any) -> None:
        raise OSError("no space left")

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail) if step == "fsync" else patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space left"), cache.atomic_write(path) as file:
            file.write(b"new")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="limits of file size are POSIX")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, python: Run) -> None:
    (tmp_path / "a.npy").write_bytes(b"old")
    done = python(
        """
        import pathlib, resource, signal, sys
        import numpy as np
        from snowdome.core import cache
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        try:
            cache.save_array(pathlib.Path(sys.argv[1]), np.zeros(100_000))
        except OSError:
            sys.exit(7)
        """,
        str(tmp_path / "a.npy"),
    )
    assert done.returncode == 7, done.stderr
    assert (tmp_path / "a.npy").read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.npy"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_in_the_middle_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    program = (
        "import pathlib, sys, time\n"
        "from snowdome.core.cache import atomic_write\n"
        "with atomic_write(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'half' * 100000); file.flush(); print('half', flush=True); time.sleep(60)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    with writer:
        assert writer.stdout.readline().strip() == b"half"
        writer.kill()
    assert path.read_bytes() == b"old"
    left = set(names_in(tmp_path)) - {"file"}
    assert all(name.startswith(".file.") for name in left)  # nothing takes such a name for a finished file
    with cache.atomic_write(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


STEPS = ("make", "write", "flush", "fsync", "replace", "fsync of the folder", "done")


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_at_each_step_the_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    """P-01: a child for each step, which is killed when it comes there; the new file stands from the replacing on."""
    program = """
        import io, os, pathlib, signal, sys, tempfile
        from snowdome.core import cache

        def die_at(step, at, act):
            def once(*given, **more):
                if step == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return act(*given, **more)
            return once

        class File(io.FileIO):  # what goes into the file goes in halves, so that there is a middle
            at = ""
            def write(self, data):
                super().write(data[: len(data) // 2])
                if self.at == "write":
                    os.kill(os.getpid(), signal.SIGKILL)
                super().write(data[len(data) // 2 :])
                return len(data)

        def save(path, at):
            File.at = at
            syncs = iter(("fsync", "fsync of the folder"))
            sync, own = os.fsync, os.fdopen
            os.fsync = lambda number: die_at(next(syncs), at, sync)(number)
            os.fdopen = lambda handle, mode: io.BufferedWriter(File(handle, mode))
            tempfile.mkstemp = die_at("make", at, tempfile.mkstemp)
            pathlib.Path.replace = die_at("replace", at, pathlib.Path.replace)
            with cache.atomic_write(path) as file:
                file.write(b"new" * 30_000)
                if at == "flush":
                    os.kill(os.getpid(), signal.SIGKILL)
            if at == "done":
                os.kill(os.getpid(), signal.SIGKILL)

        folder, *steps = sys.argv[1:]
        for number, step in enumerate(steps):
            path = pathlib.Path(folder) / str(number)
            path.write_bytes(b"old")
            child = os.fork()
            if child == 0:
                save(path, step)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            print(os.WTERMSIG(status))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program), str(tmp_path), *STEPS],
                          capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
    assert done.stdout.split() == ["9"] * len(STEPS), done.stderr
    found = [(tmp_path / str(number)).read_bytes() for number in range(len(STEPS))]
    after = STEPS.index("fsync of the folder")
    assert found[:after] == [b"old"] * after
    assert found[after:] == [b"new" * 30_000] * (len(STEPS) - after)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_files_and_folders_are_their_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S-15, with a umask that hides nothing."""
    monkeypatch.setenv("SNOWDOME_CACHE", str(tmp_path / "made" / "cache"))
    before = os.umask(0)
    try:
        cache.disk_memo("ab" * 32)("pca-2", lambda: {"scores": np.zeros(3)})
    finally:
        os.umask(before)
    found = {path: mode(path) for path in tmp_path.rglob("*")}
    assert len(found) == 6
    for path, bits in found.items():
        assert bits == ("700" if path.is_dir() else "600"), path


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3), np.zeros((0, 4), np.float32), np.arange(12, dtype=np.uint8)[::2],
     np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(3, dtype=">i4")],
    ids=["plain", "empty", "strided", "fortran", "big-endian"],
)  # fmt: skip
def test_arrays_come_back_the_same(tmp_path: Path, array: Any) -> None:
    cache.save_array(tmp_path / "a.npy", array)
    back = cache.map_array(tmp_path / "a.npy")
    assert back.dtype == array.dtype
    assert np.array_equal(back, array)


def test_arrays_are_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    cache.save_array(tmp_path / "a.npy", np.zeros(1000))
    mapped = cache.map_array(tmp_path / "a.npy")
    assert isinstance(mapped.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        mapped[0] = 1


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"an": "object"}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="pickle"):
        cache.map_array(tmp_path / "a.npy")
    with pytest.raises(ValueError, match="Object arrays"):
        cache.save_array(tmp_path / "b.npy", np.array([{"an": "object"}], object))
    assert not (tmp_path / "b.npy").exists()


class Counted:
    """A computation that says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> cache.Arrays:
        self.times += 1
        return {"indices": np.arange(10), "distances": np.linspace(0, 1, 10)}


@pytest.fixture
def kept(empty_cache: Path) -> tuple[Path, Counted]:
    """A computation kept in the cache under "knn-5", and the folder that it lies in."""
    compute = Counted()
    cache.disk_memo("0" * 64)("knn-5", compute)
    assert compute.times == 1
    return empty_cache / "derived" / ("0" * 64), compute


def assert_same(arrays: cache.Arrays) -> None:
    assert {name: values.tolist() for name, values in arrays.items()} == {
        name: values.tolist() for name, values in Counted()().items()
    }


def test_what_was_computed_is_remembered(kept: tuple[Path, Counted]) -> None:
    home, compute = kept
    assert names_in(home) == ["knn-5.distances.npy", "knn-5.indices.npy", "knn-5.json"]
    assert_same(cache.disk_memo("0" * 64)("knn-5", compute))
    assert compute.times == 1
    cache.disk_memo("0" * 64)("knn-6", compute)
    cache.disk_memo("1" * 64)("knn-5", compute)
    assert compute.times == 3  # another name and another data set are other things


def damages() -> dict[str, Callable[[Path], Any]]:
    """What may have happened to the files of a kept computation."""
    return {
        "list missing": lambda home: (home / "knn-5.json").unlink(),
        "list empty": lambda home: (home / "knn-5.json").write_bytes(b""),
        "list cut off": lambda home: (home / "knn-5.json").write_bytes(b'["indi'),
        "list of no text": lambda home: (home / "knn-5.json").write_bytes(b"\xff\xfe"),
        "list that is none": lambda home: (home / "knn-5.json").write_text("null"),
        "array missing": lambda home: (home / "knn-5.indices.npy").unlink(),
        "array empty": lambda home: (home / "knn-5.indices.npy").write_bytes(b""),
        "array cut off": lambda home: os.truncate(home / "knn-5.indices.npy", 150),
        "header cut off": lambda home: os.truncate(home / "knn-5.indices.npy", 20),
        "magic damaged": lambda home: (home / "knn-5.indices.npy").write_bytes(b"\0" * 300),
    }


@pytest.mark.parametrize("damage", damages().values(), ids=damages().keys())
def test_what_is_damaged_is_computed_again(kept: tuple[Path, Counted], damage: Callable[[Path], Any]) -> None:
    home, compute = kept
    damage(home)
    assert_same(cache.disk_memo("0" * 64)("knn-5", compute))
    assert compute.times == 2
    assert_same(cache.disk_memo("0" * 64)("knn-5", compute))
    assert compute.times == 2  # and was kept again


def test_a_computation_that_fails_keeps_nothing(empty_cache: Path) -> None:
    def fail() -> cache.Arrays:
        raise MemoryError

    memo = cache.disk_memo("2" * 64)
    with pytest.raises(MemoryError):
        memo("pca-2", fail)
    assert names_in(empty_cache / "derived" / ("2" * 64)) == []
    assert_same(memo("pca-2", Counted()))


def test_cut_off_between_two_arrays_is_computed_again(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is written last: what stands without it does not count."""

    def full(*_: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(cache, "save_json", full)
        with pytest.raises(OSError, match="no space left"):
            cache.disk_memo("3" * 64)("knn-5", Counted())
    again = Counted()
    assert_same(cache.disk_memo("3" * 64)("knn-5", again))
    assert again.times == 1


def test_what_is_remembered_crosses_processes(kept: tuple[Path, Counted], python: Run) -> None:
    done = python("""
        from snowdome.core.cache import disk_memo
        def never():
            raise SystemExit("computed again")
        print(disk_memo("0" * 64)("knn-5", never)["indices"].sum())
    """)
    assert (done.returncode, done.stdout.strip()) == (0, "45"), done.stderr


def test_forget_remembers_nothing() -> None:
    compute = Counted()
    assert_same(cache.forget("knn-5", compute))
    cache.forget("knn-5", compute)
    assert compute.times == 2


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Zürich 漢字",
        "\x1b]0;x\x07",
        os.fsdecode(b"caf\xe9"),  # a file name that is no valid text, which Python spells with lone surrogates
    ],
)
def test_json_keeps_any_text(tmp_path: Path, text: str) -> None:
    cache.save_json(tmp_path / "a.json", {"name": text})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"name": text}
