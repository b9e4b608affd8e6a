"""Our own threads for kernels that release the interpreter's lock.

numba's threading layers are left alone: one of them aborts the process when two threads start parallel work.
The work is cut into a fixed number of tasks that does not depend on the number of threads, so that sums come out
with the same bits for one thread as for many.
"""

import functools
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_pool: ThreadPoolExecutor | None = None
_lock = threading.Lock()


def available() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def resolve(n_jobs: int | None) -> int:
    """The number of threads for scikit-learn's `n_jobs`: None and -1 mean all, -2 all but one."""
    if n_jobs is None:
        return available()
    return n_jobs if n_jobs > 0 else max(1, available() + 1 + n_jobs)


def _nothing() -> None:
    pass


def _forget() -> None:
    """A forked child has none of its parent's threads."""
    global _pool  # noqa: PLW0603
    _pool = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _shared_pool() -> ThreadPoolExecutor:
    global _pool  # noqa: PLW0603
    with _lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(max(1, available()), thread_name_prefix="snowdome")
        return _pool


def run_tasks(task: Callable[[int], Any], count: int, threads: int) -> None:
    """Call `task(0) … task(count - 1)` on up to `threads` threads, this one among them; raise what one raises."""
    run_beside(_nothing, task, count, threads)


def run_watched(
    task: Callable[[int], Any], count: int, threads: int, look: Callable[[int], Any], at_once: int = 16
) -> None:
    """The same, calling `look(done)` on this thread before each `at_once` of the tasks; it may raise, to end them."""
    for first in range(0, count, at_once):
        look(first)
        run_tasks(lambda number, first=first: task(first + number), min(at_once, count - first), threads)  # type: ignore[misc]


def run_beside(first: Callable[[], Any], task: Callable[[int], Any], count: int, threads: int) -> None:
    """The same, while this thread calls `first()` before it takes tasks itself.

    For work of two kinds of which one goes in stages: nobody waits at the end of a stage, there are tasks to do.
    """
    numbers = iter(range(count))  # a range iterator steps atomically under the interpreter lock

    def drain() -> None:
        for number in numbers:
            task(number)

    helpers = min(threads - 1, count if first is not _nothing else count - 1)
    pending = [_shared_pool().submit(drain) for _ in range(helpers)]
    try:
        first()
        drain()
    finally:
        for future in pending:  # one that never started is not waited for: its thread may be waiting for us
            if not future.cancel():
                future.result()


@functools.cache
def _blas() -> Any:
    import scipy.linalg  # noqa: F401 - brings a BLAS of its own, which is not found before it is loaded
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def blas_threads(count: int) -> Any:
    """A context in which BLAS uses so many threads; with another number of them `eigh` and products have other bits."""
    return _blas().limit(limits=count, user_api="blas")


def one_blas_thread() -> Any:
    """The same for one thread, which is what all is computed with that must not depend on how many there are."""
    return blas_threads(1)
