"""J-04: a run that was cut off with its program is offered when the data open again."""

import os
import subprocess
import sys
from types import ModuleType

import pytest

from snowdome.data import store
from snowdome.session.maps.unfinished import Slate
from snowdome.session.session import Session

DIES = """
import asyncio, os, runpy, signal
from snowdome.data import store
from snowdome.session.session import Session
fakes = runpy.run_path({fakes!r}, run_name="fakes")

async def main():
    session = Session(store.keep(fakes["dataset"]()), command=fakes["COMMAND"], make=fakes["make"])
    session.open()
    session.join()
    run = session.start("tsne", 7, {{"steps": 60, "pace": 0.05}})
    await fakes["until"](lambda: run.record.step > 3)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_j04_a_run_that_was_killed_with_its_session_is_offered_and_comes_out_the_same(fakes: ModuleType) -> None:
    killed = subprocess.run([sys.executable, "-c", DIES.format(fakes=fakes.__file__)], check=False)
    assert killed.returncode < 0

    async def main() -> None:
        session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
        session.open()
        session.join()
        try:
            asked = session.snapshot().unfinished
            assert asked is not None
            assert (asked.method, asked.seed, asked.options["steps"]) == ("tsne", 7, 60)
            again = session.start(asked.method, asked.seed, asked.options)
            assert session.snapshot().unfinished is None
            await fakes.until(lambda: again.over)
            plain = session.start("tsne", 7, {"steps": 60})
            await fakes.until(lambda: plain.over)
            assert again.newest is not None
            assert plain.newest is not None
            assert again.newest.values == plain.newest.values
        finally:
            await session.close()
        later = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
        later.open()
        assert later.unfinished is None, "what is over is offered no more"
        await later.close()

    fakes.go(main())


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nobody can be asked whether a process lives")
def test_a_run_of_a_process_that_lives_is_not_offered(fakes: ModuleType) -> None:
    async def main() -> None:
        dataset = store.keep(fakes.dataset())
        session = Session(dataset, command=fakes.COMMAND, make=fakes.make)
        session.open()
        session.join()
        session.start("tsne", 1, {"steps": 10**6, "pace": 0.001})
        other = subprocess.run(
            [sys.executable, "-c", f"from snowdome.session.maps.unfinished import Slate\n"
             f"print(Slate({dataset.payload_hash!r}).left())"], check=True, capture_output=True, text=True,
        )  # fmt: skip
        assert other.stdout.strip() == "None"
        await session.close()
        assert Slate(dataset.payload_hash).left() is not None, "it was not finished"

    fakes.go(main())


def test_a_damaged_note_is_none(fakes: ModuleType) -> None:
    slate = Slate("0" * 64)
    assert slate.left() is None
    slate._path.parent.mkdir(exist_ok=True)
    for content in (b"", b"{", b'{"process": "x"}', bytes(100)):
        slate._path.write_bytes(content)
        assert slate.left() is None
    slate._path.unlink()
