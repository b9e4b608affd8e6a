"""The memory that is left, told by made-up files of a Linux system and by this one."""

from pathlib import Path

import numpy as np
import pytest

from snowdome.core import memory

GIB = 2**30


def system(root: Path, groups: str, **limits: tuple[str, int, int]) -> Path:
    """A file system with 8 GiB free and control groups: limit, use and page cache by path, as cgroup v2 has them."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(f"MemTotal: 16777216 kB\nMemFree: 1 kB\nMemAvailable: {8 * GIB // 1024} kB\n")
    (root / "proc/self/cgroup").write_text(groups)
    for path, (limit, used, cached) in limits.items():
        home = root / "sys/fs/cgroup" / path.replace("_", "/")
        home.mkdir(parents=True, exist_ok=True)
        (home / "memory.max").write_text(f"{limit}\n")
        (home / "memory.current").write_text(f"{used}\n")
        (home / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\nactive_file 7\n")
    return root


def test_without_groups(tmp_path: Path) -> None:
    assert memory.available(system(tmp_path, "")) == 8 * GIB


def test_a_group_leaves_less(tmp_path: Path) -> None:
    root = system(tmp_path, "0::/job\n", job=(str(2 * GIB), GIB, 100))
    assert memory.available(root) == GIB + 100


def test_the_group_above_leaves_less(tmp_path: Path) -> None:
    root = system(tmp_path, "0::/all/job\n", all_job=("max", GIB, 0), all=(str(GIB), GIB // 2, 0))
    assert memory.available(root) == GIB // 2


@pytest.mark.parametrize("limit", ["max", str(100 * GIB)])
def test_a_group_without_a_bound_below_the_machines(tmp_path: Path, limit: str) -> None:
    assert memory.available(system(tmp_path, "0::/job\n", job=(limit, GIB, 0))) == 8 * GIB


def test_a_group_that_has_nothing_left(tmp_path: Path) -> None:
    assert memory.available(system(tmp_path, "0::/job\n", job=(str(GIB), 2 * GIB, 0))) == 0


def test_groups_of_the_first_version(tmp_path: Path) -> None:
    root = system(tmp_path, "9:cpu:/x\n4:memory:/job\n0::/\n")
    home = root / "sys/fs/cgroup/memory/job"
    home.mkdir(parents=True)
    (home / "memory.limit_in_bytes").write_text(str(3 * GIB))
    (home / "memory.usage_in_bytes").write_text(str(2 * GIB))
    (home / "memory.stat").write_text("cache 1\n")
    assert memory.available(root) == GIB


def test_this_machine() -> None:
    available, total = memory.available(), memory.total()
    assert available is None or total is None or 0 < available <= total


def _resident(X: np.ndarray) -> int:
    """The bytes of the map that holds X which are in this process's memory."""
    lines = Path("/proc/self/smaps").read_text().splitlines()
    begin = X.ctypes.data - X.ctypes.data % 4096
    here = next(number for number, line in enumerate(lines) if line.startswith(f"{begin:x}-"))
    return 1024 * next(int(line.split()[1]) for line in lines[here:] if line.startswith("Rss:"))


@pytest.mark.skipif(not Path("/proc/self/smaps").is_file(), reason="the system does not tell")
def test_pages_of_a_mapped_file_are_given_back_and_come_again(tmp_path: Path) -> None:
    wanted = np.random.default_rng(0).integers(0, 256, (4000, 1000)).astype(np.uint8)
    wanted.tofile(tmp_path / "X")
    X = np.asarray(np.memmap(tmp_path / "X", np.uint8, "r", shape=wanted.shape))
    assert np.array_equal(X, wanted)
    assert _resident(X) >= wanted.nbytes
    memory.release(X[10:20])
    assert _resident(X) == 0
    assert np.array_equal(X, wanted)


def test_what_was_written_is_not_given_back(tmp_path: Path) -> None:
    np.zeros(10000, np.uint8).tofile(tmp_path / "X")
    private = np.memmap(tmp_path / "X", np.uint8, "c")
    private[:] = 7
    own = np.full(5, 7)
    memory.release(private[2:])
    memory.release(own)
    assert (private == 7).all()
    assert (own == 7).all()
