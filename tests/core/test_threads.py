"""Our own threads: every task once, whoever runs it; what one raises is raised; nothing waits for itself."""

import os
import subprocess
import threading
import time
from collections.abc import Callable

import pytest

from snowdome.core.threads import available, one_blas_thread, resolve, run_beside, run_tasks

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_every_task_runs_once(threads: int, count: int) -> None:
    seen: list[int] = []
    run_tasks(seen.append, count, threads)
    assert sorted(seen) == list(range(count))


def test_the_caller_works_too_and_one_thread_means_the_caller_alone() -> None:
    seen = set()
    run_tasks(lambda _: seen.add(threading.get_ident()), 20, 1)
    assert seen == {threading.get_ident()}


@pytest.mark.skipif(available() < 2, reason="this process may use one processor only")
def test_two_count_of_threadswork_at_the_same_time() -> None:
    """Each waits for the other, so that one thread alone could not end it."""
    both = threading.Barrier(2, timeout=20)
    run_tasks(lambda _: both.wait(), 2, 2)
    assert not both.broken


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("bad", [0, 7, 99])
def test_what_a_task_raises_is_raised(threads: int, bad: int) -> None:
    def task(number: int) -> None:
        if number == bad:
            raise KeyError(number)

    for _ in range(5):
        with pytest.raises(KeyError):
            run_tasks(task, 100, threads)
    seen: list[int] = []
    run_tasks(seen.append, 10, threads)  # and the pool is as good as before
    assert sorted(seen) == list(range(10))


def test_what_only_a_helper_raises_is_raised_too() -> None:
    caller = threading.get_ident()
    helped = threading.Event()

    def task(_: int) -> None:
        if threading.get_ident() == caller:
            helped.wait(20)
        else:
            helped.set()
            raise KeyError("in a helper")

    with pytest.raises(KeyError, match="in a helper"):
        run_tasks(task, 2, 2)


def test_tasks_within_tasks_and_many_callers_do_not_hang(python: Run) -> None:
    done = python("""
        import threading
        from snowdome.core.threads import run_tasks
        total = [0]
        lock = threading.Lock()
        def leaf(_):
            with lock:
                total[0] += 1
        def middle(_):
            run_tasks(leaf, 5, 4)
        def outer(_):
            run_tasks(middle, 4, 4)
        callers = [threading.Thread(target=run_tasks, args=(outer, 6, 8)) for _ in range(6)]
        [c.start() for c in callers]
        [c.join() for c in callers]
        assert total[0] == 6 * 6 * 4 * 5, total
    """)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(available() < 2 or not hasattr(os, "fork"), reason="needs two processors and fork")
def test_after_a_fork_the_child_has_count_of_threadsof_its_own(python: Run) -> None:
    """joblib and Linux' multiprocessing fork; the parent's pool has no threads in the child."""
    done = python("""
        import os, sys, threading, warnings
        from snowdome.core.threads import run_tasks
        warnings.simplefilter("ignore")
        both = threading.Barrier(2, timeout=10)
        run_tasks(lambda _: both.wait(), 2, 2)
        child = os.fork()
        both = threading.Barrier(2, timeout=10)
        run_tasks(lambda _: both.wait(), 2, 2)  # one thread alone would wait in vain
        if child:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """)
    assert done.returncode == 0, done.stderr


def test_resolve_reads_n_jobs_as_scikit_learn_does() -> None:
    assert resolve(None) == resolve(-1) == available()
    assert resolve(1) == 1
    assert resolve(5) == 5
    assert resolve(-2) == max(1, available() - 1)
    assert resolve(-64) == 1
    assert resolve(0) >= 1


def test_blas_is_on_one_thread_within_the_context_only() -> None:
    import numpy as np
    import scipy.linalg  # noqa: F401 - brings a BLAS of its own
    from threadpoolctl import threadpool_info

    def used() -> list[int]:
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    np.ones((4, 4)) @ np.ones((4, 4))
    before = used()
    with one_blas_thread():
        assert set(used()) <= {1}
    assert used() == before


@pytest.mark.parametrize("count_of_threads", [1, 2, 4])
def test_what_goes_first_goes_beside_the_tasks_and_all_is_done_in_the_end(count_of_threads):
    done = []

    def first():
        if count_of_threads > 1:
            deadline = time.monotonic() + 10
            while not done and time.monotonic() < deadline:
                time.sleep(0.001)
            assert done, "no task was done while the first was still going on"
        done.append("first")

    run_beside(first, done.append, 9, count_of_threads)
    assert sorted(done, key=str) == [*range(9), "first"]
    if count_of_threads == 1:
        assert done[0] == "first"


def test_one_blas_thread_means_one_in_every_blas_also_in_one_that_is_loaded_later(python):
    program = (
        "from snowdome.core.threads import one_blas_thread\n"
        "import numpy\n"
        "with one_blas_thread():\n"
        "    import scipy.linalg, threadpoolctl\n"
        "    found = [each for each in threadpoolctl.threadpool_info() if each['user_api'] == 'blas']\n"
        "    assert len(found) >= 1, found\n"
        "    assert all(each['num_threads'] == 1 for each in found), found\n"
    )
    done = python(program)
    assert done.returncode == 0, done.stderr
