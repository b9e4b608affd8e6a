"""The query process: answers, errors, what is dropped, and deaths; alone and as part of a session."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import ModuleType

import psutil
import pytest

from snowdome.core.errors import DataError, OptionError
from snowdome.data import store
from snowdome.session import query
from snowdome.session.query import MOST_ASKED, Queries, QueryError
from snowdome.session.question import Question, answer_type, questions
from snowdome.session.session import Session

Opened = Callable[[], AbstractAsyncContextManager[Queries]]


@pytest.fixture
def opened(fakes: ModuleType, fake_questions: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """A query process over the small data with the fake questions; nothing is left of it in the end."""
    monkeypatch.setattr(query, "kind_of", lambda question: type(question).__name__.lower())

    @asynccontextmanager
    async def open_queries() -> AsyncIterator[Queries]:
        queries = Queries(store.keep(fakes.dataset()).payload_hash, fake_questions.COMMAND)
        try:
            yield queries
        finally:
            pid = queries.pid
            await queries.close()
            assert pid is None or not psutil.pid_exists(pid)

    return open_queries


def test_answers_come_back_typed_and_are_found_once(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened
) -> None:
    async def main() -> None:
        async with opened() as queries:
            assert queries.pid is None, "nothing is started before it is wanted"
            found = await asyncio.gather(*(queries.ask(fake_questions.Look(row=row)) for row in (3, 1, 3)))
            assert [row.values for row in found] == [fakes.dataset().X[row].tobytes() for row in (3, 1, 3)]
            assert [row.looked for row in found] == [1, 2, 1]
            assert isinstance(found[0], fake_questions.Row)
            assert queries.warm

    fakes.go(main())


FAULTS = {
    "option": (OptionError, r"Trouble: option 'seconds' is not to my liking\."),
    "data": (DataError, r"these data are odd\."),
    "bug": (QueryError, r"Trouble failed by a fault of the program \(fault \w{8}; the terminal says more\)\."),
    "memory": (QueryError, r"Trouble failed: not enough memory\. Close something or take fewer rows\."),
}


def test_errors_come_back_as_what_they_are_and_hurt_nobody_else(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened
) -> None:
    async def main() -> None:
        async with opened() as queries:
            asked = [queries.ask(fake_questions.Trouble(fault=fault)) for fault in [*FAULTS, "print"]]
            *found, last = await asyncio.gather(*asked, return_exceptions=True)
            for error, (kind, says) in zip(found, FAULTS.values(), strict=True):
                assert isinstance(error, kind)
                assert re.fullmatch(says, str(error))
            assert last == queries.pid, "what is printed does not disturb"

    fakes.go(main())


def test_one_that_takes_long_tells_how_far_it_is(fakes: ModuleType, fake_questions: ModuleType, opened: Opened) -> None:
    """J-05: each stage when it begins, and no more than can be read."""
    told: list[tuple[str, int, int]] = []

    async def main() -> None:
        async with opened() as queries:
            assert await queries.ask(fake_questions.Long(), lambda *reached: told.append(reached)) == 7
            assert await queries.ask(fake_questions.Long()) == 7

    fakes.go(main())
    assert [stage for stage, done, _ in told if done == 0] == ["first", "second"]
    assert len(told) < 100
    assert {total for _, _, total in told} == {1000}


def test_quick_questions_do_not_wait_for_long_ones(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened
) -> None:
    async def main() -> None:
        async with opened() as queries:
            long = asyncio.create_task(queries.ask(fake_questions.Trouble(seconds=60)))
            assert await queries.ask(fake_questions.Ping()) == 40
            assert not long.done()
            long.cancel()

    fakes.go(main(), 20)


def test_a_dropped_question_makes_room_at_once(fakes: ModuleType, fake_questions: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as queries:
            pid = await queries.ask(fake_questions.Trouble())
            waiting = [asyncio.create_task(queries.ask(fake_questions.Trouble(seconds=30))) for _ in range(5)]
            await queries.ask(fake_questions.Ping())
            for task in waiting:
                task.cancel()
            assert await queries.ask(fake_questions.Trouble()) == pid, "the same process goes on"
            for task in waiting:
                assert task.cancelled()

    fakes.go(main(), 20)


def test_a_dropped_question_that_does_not_listen_is_ended_by_force_and_the_others_are_answered(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "DROP_SECONDS", 0.2)

    async def main() -> None:
        async with opened() as queries:
            pid, begun = await queries.ask(fake_questions.Trouble()), asyncio.Event()
            deaf = asyncio.create_task(
                queries.ask(fake_questions.Trouble(seconds=60, deaf=True), lambda *_: begun.set())
            )
            await begun.wait()  # one that waits for its turn is dropped without ado
            next_one = asyncio.create_task(queries.ask(fake_questions.Trouble()))
            deaf.cancel()
            assert await next_one not in (pid, None), "answered by a new process"

    fakes.go(main(), 20)


@pytest.mark.skipif(os.name != "posix", reason="dies by a signal")
def test_its_death_is_told_and_the_next_question_is_answered(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened
) -> None:
    async def main() -> None:
        async with opened() as queries:
            pid = await queries.ask(fake_questions.Trouble())
            dies = queries.ask(fake_questions.Trouble(fault="abort"))
            waits = queries.ask(fake_questions.Look(row=1))
            for found in await asyncio.gather(dies, waits, return_exceptions=True):
                assert isinstance(found, QueryError)
                assert str(found).endswith("is gone: it crashed (SIGABRT). Ask again.")
            await fakes.until(lambda: queries.warm)
            assert queries.pid not in (pid, None), "started again without being asked"
            assert await queries.ask(fake_questions.Trouble()) == queries.pid

    fakes.go(main())


def test_a_process_that_cannot_live_is_tried_once_for_each_question(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_QUERIES", "exit")

    async def main() -> None:
        async with opened() as queries:
            for _ in range(2):
                with pytest.raises(QueryError, match="it ended with code 3"):
                    await queries.ask(fake_questions.Ping())
                assert queries.pid is None
            monkeypatch.delenv("FAKE_QUERIES")
            assert await queries.ask(fake_questions.Ping()) == 40

    fakes.go(main())


def test_a_program_that_is_not_there_is_a_sentence(fakes: ModuleType, fake_questions: ModuleType) -> None:
    async def main() -> None:
        queries = Queries(store.keep(fakes.dataset()).payload_hash, ("no-such-program",))
        with pytest.raises(QueryError, match=r"cannot be started: No such file or directory\.$"):
            await queries.ask(fake_questions.Ping())

    fakes.go(main())


def test_data_that_are_gone_are_said_with_each_question(
    fakes: ModuleType, fake_questions: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "kind_of", lambda question: type(question).__name__.lower())

    async def main() -> None:
        queries = Queries("0" * 64, fake_questions.COMMAND)
        for question in (fake_questions.Ping(), fake_questions.Look(row=1)):
            with pytest.raises(DataError, match="The cache holds no data set 000000000000"):
                await queries.ask(question)
        await queries.close()

    fakes.go(main())


def test_only_so_many_wait_and_closing_tells_all(fakes: ModuleType, fake_questions: ModuleType, opened: Opened) -> None:
    async def main() -> None:
        async with opened() as queries:
            asked = [queries.ask(fake_questions.Trouble(seconds=60)) for _ in range(MOST_ASKED)]
            tasks = [asyncio.create_task(ask) for ask in asked]
            await asyncio.sleep(0)
            with pytest.raises(QueryError, match="64 questions wait"):
                await queries.ask(fake_questions.Ping())
            await queries.close()
            for found in await asyncio.gather(*tasks, return_exceptions=True):
                assert isinstance(found, QueryError)
            with pytest.raises(QueryError, match="being closed"):
                await queries.ask(fake_questions.Ping())

    fakes.go(main(), 20)


def test_a_session_answers_beside_its_runs_and_takes_the_process_with_it(
    fakes: ModuleType, fake_questions: ModuleType, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "QUERY_WORKER", fake_questions.COMMAND)
    monkeypatch.setattr("snowdome.session.session.QUERY_SECONDS", 0.0)

    async def main() -> None:
        session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
        session.open()
        session.join()
        run = session.start("tsne", 0, {"steps": 10**6, "pace": 0.001})
        await fakes.until(lambda: session.queries.warm)
        pid = session.queries.pid
        assert await session.query(fake_questions.Trouble()) == pid != session.worker_pid
        assert not run.over
        await session.close()
        assert not psutil.pid_exists(pid)

    fakes.go(main())


@pytest.mark.parametrize("name", questions.names())
def test_every_kind_says_what_it_is_about_and_what_it_answers(name: str) -> None:
    kind: type[Question[object]] = questions.member(name, Question)
    assert kind.title[0].isupper()
    assert kind.__doc__
    assert answer_type(kind) is not None
