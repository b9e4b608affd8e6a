"""U-07: maps survive the session that made them, and are given at once to who asks for the same again."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import pytest

from snowdome.core import cache
from snowdome.core.errors import OptionError
from snowdome.data import store
from snowdome.session.maps.messages import KeptMaps
from snowdome.session.maps.store import MapStore, UnknownMapError
from snowdome.session.messages import Notice
from snowdome.session.session import Session


@asynccontextmanager
async def opened(fakes: ModuleType) -> AsyncIterator[Session]:
    session = Session(store.keep(fakes.dataset()), command=fakes.COMMAND, make=fakes.make)
    session.open()
    try:
        session.join()
        yield session
    finally:
        await session.close()


def home(fakes: ModuleType) -> Path:
    return cache.folder() / "maps" / fakes.dataset().payload_hash


def test_a_map_survives_its_session_and_is_shown_without_a_run(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            made = session.start("tsne", 7, {"steps": 30, "note": "as it is"})
            await fakes.until(lambda: made.record.kept and made.record.scores)
            await fakes.until(lambda: session.shelf.listed.maps[0].scores)
            kept = session.shelf.listed.maps[0]
            assert (kept.method, kept.seed, kept.options["steps"], kept.dim) == ("tsne", 7, 30, 2)
            assert kept.cost == pytest.approx(100 / 30)
            assert {"numpy", "snowdome", "code", "BLAS"} <= set(kept.versions)
            assert kept.threads >= 1
        async with opened(fakes) as later:
            await fakes.until(lambda: later.shelf.listed.maps)
            feed = later.join()
            (told,) = (event for event in feed.events() if isinstance(event, KeptMaps))
            assert kept in told.maps
            before = later.newest_number
            run = await later.reuse("tsne", 7, {"steps": 30, "note": "as it is"})
            assert (run.record.id, run.over, run.record.reused) == (before + 1, True, True)
            assert run.newest is not None
            assert made.newest is not None
            assert run.newest.values == made.newest.values
            assert (run.newest.lo, run.newest.hi) == (made.newest.lo, made.newest.hi)
            assert (run.cost_steps, run.costs) == (made.cost_steps, made.costs)
            assert (run.record.scores, run.points) == (made.record.scores, made.points)
            assert run.record.notes == ["as it is"]
            assert await later.reuse("tsne", 7, {"steps": 30, "note": "as it is"}) is run, "and not a second one"
            assert await later.show(kept.id) is run

    fakes.go(main())


def test_another_seed_option_or_a_plain_start_begins_a_run(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            first = session.start("tsne", 7, {"steps": 30})
            await fakes.until(lambda: first.record.kept)
            for run in (await session.reuse("tsne", 8, {"steps": 30}), await session.reuse("tsne", 7, {"steps": 31}),
                        session.start("tsne", 7, {"steps": 30})):  # fmt: skip
                assert run is not first
                await fakes.until(lambda run=run: run.over)
                assert not run.record.reused
            await fakes.until(lambda: run.record.kept)
            assert run.record.kept == first.record.kept, "made again it is the same map"
            with pytest.raises(OptionError):
                await session.reuse("tsne", 7, {"steps": -1})
            with pytest.raises(OptionError):
                await session.reuse("tsne", 7, {"n_jobs": 1})

    fakes.go(main())


def test_only_what_follows_from_what_was_asked_is_kept(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            await fakes.until(lambda: session.run(2).record.kept)
            stopped = session.start("tsne", 1, {"steps": 10**6, "pace": 0.001})
            await fakes.until(lambda: stopped.record.step > 5)
            session.stop(stopped.record.id)
            await fakes.until(lambda: stopped.over)
            led = session.start("tsne", 2, {"steps": 200, "pace": 0.001})
            session.exaggerate(led.record.id, 4.0)
            session.exaggerate(led.record.id, None)
            await fakes.until(lambda: led.over)
            failed = session.start("tsne", 3, {"fault": "data"})
            await fakes.until(lambda: failed.over)
            last = session.start("tsne", 4, {})
            await fakes.until(lambda: last.record.kept)
            assert [each.seed for each in session.shelf.listed.maps] == [4, 0]
            assert not any(run.record.kept for run in (session.run(1), stopped, led, failed))

    fakes.go(main())


def test_the_time_taken_leaves_out_pauses(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            began = time.monotonic()
            run = session.start("tsne", 1, {"steps": 200, "pace": 0.001})
            await fakes.until(lambda: run.record.step > 5)
            session.pause(run.record.id)
            await fakes.until(lambda: run.record.status == "paused")
            await asyncio.sleep(1.0)
            session.resume(run.record.id)
            await fakes.until(lambda: run.record.kept)
            whole = time.monotonic() - began
            assert 0.19 < session.shelf.listed.maps[0].seconds < whole - 0.9

    fakes.go(main())


def test_names_deletion_and_undo(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            await fakes.until(lambda: session.run(2).record.kept)
            number = session.run(2).record.kept
            assert (await session.shelf.rename(number, " mine ")).name == "mine"
            assert session.shelf.listed.maps[0].name == "mine"
            await session.shelf.throw_away(number)
            assert session.shelf.listed.maps == []
            assert session.run(2).newest is not None, "its run is still here"
            with pytest.raises(UnknownMapError):
                await session.shelf.sketch(number)
            assert (await session.shelf.bring_back(number)).name == "mine"
            assert [each.id for each in session.shelf.listed.maps] == [number]
            await session.shelf.throw_away(number)
        assert list(home(fakes).iterdir()) == [], "the end of the session empties the bin"

    fakes.go(main())


def test_a_damaged_map_is_told_set_aside_and_made_again(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            made = session.start("tsne", 7, {})
            await fakes.until(lambda: made.record.kept)
        places = home(fakes) / made.record.kept / "places.npy"
        places.write_bytes(places.read_bytes()[:-1] + b"\x7f")
        async with opened(fakes) as later:
            feed = later.join()
            await fakes.until(lambda: len(later.shelf.listed.maps) == 2)
            run = await later.reuse("tsne", 7, {})
            assert not run.record.reused
            (told,) = (each.text for each in feed.notices if isinstance(each, Notice))
            assert "The kept map of Moving is damaged on disk" in told
            assert f"damaged-{made.record.kept}" in told
            assert str(cache.folder()) not in told
            await fakes.until(lambda: run.record.kept)
            assert run.newest is not None
            assert made.newest is not None
            assert run.newest.values == made.newest.values
            assert run.record.kept == made.record.kept

    fakes.go(main())


def test_a_full_disk_is_told_and_the_run_goes_on(fakes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/secret/path")

    async def main() -> None:
        async with opened(fakes) as session:
            feed = session.join()
            monkeypatch.setattr("snowdome.core.cache.save_array", full)
            run = session.start("tsne", 7, {})
            await fakes.until(lambda: feed.notices)
            assert run.record.status == "done"
            assert run.newest is not None
            assert feed.notices[0].text.startswith("The map of Moving is not kept: No space left on device.")
            assert "secret" not in feed.notices[0].text
            assert not run.record.kept

    fakes.go(main())


def test_maps_that_went_to_make_room_are_told(fakes: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        monkeypatch.setattr(MapStore, "most_unnamed", 1)
        async with opened(fakes) as session:
            feed = session.join()
            await fakes.until(lambda: session.run(2).record.kept)
            run = session.start("tsne", 7, {})
            await fakes.until(lambda: run.record.kept)
            assert [each.seed for each in session.shelf.listed.maps] == [7]
            assert any("the oldest one kept map without a name was deleted" in each.text for each in feed.notices)

    fakes.go(main())


def test_the_program_may_end_while_a_map_is_written(fakes: ModuleType) -> None:
    async def main() -> None:
        async with opened(fakes) as session:
            run = session.start("tsne", 7, {})
            await fakes.until(lambda: run.over)
        found, damaged = MapStore(fakes.dataset().payload_hash, 40).all()
        assert damaged == []
        assert 7 in {each.seed for each in found}

    fakes.go(main())
