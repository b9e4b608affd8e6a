"""How much memory there is, and how much of it this process may still take."""

import mmap
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# By the controllers of a line of /proc/self/cgroup: where the groups are mounted, and the files of limit and use.
_CGROUPS = {
    "": ("sys/fs/cgroup", "memory.max", "memory.current"),
    "memory": ("sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"),
}


def total() -> int | None:
    """The bytes of memory of this machine; None where the system does not tell."""
    return _pages("SC_PHYS_PAGES")


def available(root: Path = Path("/")) -> int | None:
    """The bytes that this process may still take without swapping; None where the system does not tell.

    Never more than a control group (a container, a batch job) leaves. `root` is the root of the file system.
    """
    rooms = [room for room in (_free(root), *_left_by_groups(root)) if room is not None]
    return max(0, min(rooms)) if rooms else None


def release(X: NDArray[Any]) -> None:
    """Give the pages of an X that is mapped from a file, to be read only, back to the system; other X are left alone.

    They come again when they are read, from the system's cache of the file where it has room for it.
    """
    mapped: Any = X
    while isinstance(mapped, np.ndarray):
        if isinstance(mapped, np.memmap) and mapped.mode != "r":
            return  # what was written into a private copy would be lost
        mapped = mapped.base
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _free(root: Path) -> int | None:
    """What the machine has free: the kernel's own estimate, which counts caches that it would give up."""
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return _pages("SC_AVPHYS_PAGES") or total()


def _pages(name: str) -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf(name)
    except (ValueError, OSError, AttributeError):
        return None


def _left_by_groups(root: Path) -> Iterator[int]:
    """What each control group with a limit leaves, from this process's own up to the root."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in _CGROUPS:
            mount, limit, used = _CGROUPS[controllers]
            group = Path(path.lstrip("/"))
            for folder in (group, *group.parents):
                try:
                    home = root / mount / folder
                    yield int((home / limit).read_text()) - int((home / used).read_text()) + _given_up(home)
                except (OSError, ValueError):  # a group that this process cannot see, or one whose limit is "max"
                    continue


def _given_up(home: Path) -> int:
    """The bytes of a group's page cache that the kernel drops first when the group needs memory."""
    for line in (home / "memory.stat").read_text().splitlines():
        noun, _, amount = line.partition(" ")
        if noun == "inactive_file":
            return int(amount)
    return 0
