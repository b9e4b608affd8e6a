"""The kept maps as a session has them: what a run made is put there, and can be taken out as a run that is over.

All that touches the disk happens in one thread, one thing after the other, so that the event loop never waits for it.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeVar

import numpy as np

from snowdome.core.cache import Arrays
from snowdome.core.threads import resolve
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Frame
from snowdome.session.live_control import positions
from snowdome.session.maps.messages import KeptMaps, KeptRecord
from snowdome.session.maps.store import COSTS, PLACES, DamagedMapError, MapStore, UnknownMapError, versions
from snowdome.session.messages import OptionValue, RunRecord
from snowdome.session.protocol import Begin
from snowdome.session.run import Run

Result = TypeVar("Result")
Notify = Callable[[Literal["info", "warning", "error"], str], None]


class Shelf:
    """The kept maps of one Dataset, on one event loop. `listed` is another object after every change."""

    def __init__(self, dataset: Dataset, notify: Notify, changed: Callable[[KeptMaps], None]) -> None:
        self._dataset, self._notify, self._changed = dataset, notify, changed
        self._store = MapStore(dataset.row_order_hash, len(dataset))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="maps")
        self._tasks: set[asyncio.Task[None]] = set()
        self._used = False
        self.listed = KeptMaps()

    # The life of a shelf.

    def open(self) -> None:
        """Look at what is there."""
        self._begin(self._look())

    async def close(self) -> None:
        """Finish what is being written, and delete for good what was put into the bin."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._used:
            await self._do(self._store.empty_bin)
        self._thread.shutdown(wait=False)

    async def _look(self) -> None:
        try:
            found, damaged = await self._do(self._store.all)
        except OSError as error:
            self._notify("warning", f"The kept maps cannot be read: {_reason(error)}.")
            return
        for number in damaged:
            await self._set_aside(number)
        self._list(found)

    # What a session puts there.

    def keep(self, run: Run) -> None:
        """Keep the map of a run that is over, where all of it follows from what was asked for."""
        if run.repeatable:
            self._begin(self._keep(run))

    def judged(self, run: Run) -> None:
        """Keep how good the map of a run was found to be."""
        if run.record.kept and run.record.scores:
            self._begin(self._keep_scores(run))

    async def _keep(self, run: Run) -> None:
        record, title = run.record, run.record.title
        newest, costs = run.newest, np.column_stack([run.cost_steps, run.costs]).astype("<f8").reshape(-1, 2)
        if newest is None:
            return
        places = np.frombuffer(newest.values, "<f4").reshape(newest.n, newest.dim)
        cost = float(costs[-1, 1]) if len(costs) else None

        def keep() -> tuple[KeptRecord, list[KeptRecord]]:
            facts = KeptRecord(
                id=self._store.id_of(record.method, record.seed, record.options),
                method=record.method, title=title, says=record.says, cost_name=record.cost_name, seed=record.seed,
                options=record.options, steps=record.step, cost=cost, n=newest.n, dim=newest.dim,
                made=time.time(), seconds=run.seconds, threads=resolve(None), versions=versions(), notes=record.notes,
            )  # fmt: skip
            return self._store.keep(facts, {PLACES: places, COSTS: costs})

        try:
            kept, gone = await self._do(keep)
        except OSError as error:
            self._notify("warning", f"The map of {title} is not kept: {_reason(error)}. It is lost when the app ends.")
            return
        names = {each.id for each in gone}
        if kept.id in names:
            room = f"{self._store.most_bytes / 1e6:,.0f} MB"
            self._notify("warning", f"The map of {title} is not kept: maps with names fill the {room} that there are "
                                    "for maps. Delete some of them.")  # fmt: skip
        else:
            run.change(kept=kept.id)
        if others := len(names - {kept.id}):
            some = "one kept map without a name was" if others == 1 else f"{others} kept maps without names were"
            self._notify("info", f"To make room, the oldest {some} deleted. A map that has a name stays.")
        left = [each for each in self.listed.maps if each.id not in names | {kept.id}]
        self._list(left if kept.id in names else [kept, *left])
        if run.record.scores and not kept.scores:
            await self._keep_scores(run)

    async def _keep_scores(self, run: Run) -> None:
        record = run.record
        points = {name: np.frombuffer(values, "<f4") for name, values in run.points.items()}
        try:
            self._put(await self._do(self._store.judged, record.kept, record.scores, points))
        except (OSError, UnknownMapError, DamagedMapError):
            return  # it is measured again where it is made again

    # What people ask.

    async def find(self, method: str, seed: int | None, options: dict[str, OptionValue]) -> KeptRecord | None:
        """The map of exactly that, where it is kept."""
        number = await self._do(self._store.id_of, method, seed, options)
        return next((each for each in self.listed.maps if each.id == number), None)

    async def take(self, number: str) -> Callable[[int], Run]:
        """A kept map as a run that is over, once it has been given its number.

        UnknownMapError where there is none of that id, DamagedMapError where it is set aside now.
        """
        try:
            record, arrays = await self._do(self._store.read, number)
        except UnknownMapError:
            self._list([each for each in self.listed.maps if each.id != number])
            raise
        except DamagedMapError:
            await self._set_aside(number)
            raise
        return lambda run: run_of(run, record, arrays, self._dataset.payload_hash)

    async def sketch(self, number: str) -> bytes:
        """See `MapStore.sketch`."""
        return await self._do(self._store.sketch, number)

    async def rename(self, number: str, name: str) -> KeptRecord:
        """Give a map a name, or take it away by an empty one."""
        record = await self._do(self._store.rename, number, name)
        self._put(record)
        return record

    async def throw_away(self, number: str) -> None:
        """Put a map into the bin, from where it can be brought back until the session ends."""
        await self._do(self._store.throw_away, number)
        self._list([each for each in self.listed.maps if each.id != number])

    async def bring_back(self, number: str) -> KeptRecord:
        """Take a map out of the bin."""
        record = await self._do(self._store.bring_back, number)
        self._put(record)
        return record

    # How it is done.

    async def _set_aside(self, number: str) -> None:
        known = next((each for each in self.listed.maps if each.id == number), None)
        what = "A kept map" if known is None else f"The kept map of {known.title}"
        try:
            await self._do(self._store.set_aside, number)
            told = f"it was set aside as damaged-{number}, beside the kept maps in the cache folder"
        except OSError as error:
            told = f"it cannot be set aside: {_reason(error)}"
        self._notify("warning", f"{what} is damaged on disk; {told}. Make it again where it is wanted.")
        self._list([each for each in self.listed.maps if each.id != number])

    def _put(self, record: KeptRecord) -> None:
        others = [each for each in self.listed.maps if each.id != record.id]
        self._list([*others, record])

    def _list(self, maps: list[KeptRecord]) -> None:
        self.listed = KeptMaps(maps=sorted(maps, key=lambda each: -each.made))
        self._changed(self.listed)

    async def _do(self, work: Callable[..., Result], *arguments: Any) -> Result:
        self._used = True
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def run_of(number: int, kept: KeptRecord, arrays: Arrays, data: str) -> Run:
    """A kept map as a run that is over, with its costs, its measures and its last frame."""
    record = RunRecord(
        id=number, method=kept.method, title=kept.title, says=kept.says, cost_name=kept.cost_name, seed=kept.seed,
        options=kept.options, status="done", step=kept.steps, steps=kept.steps, notes=kept.notes, scores=kept.scores,
        points=kept.points, kept=kept.id, reused=True,
    )  # fmt: skip
    run = Run(record, Begin(number, data, kept.method, kept.options))
    costs = arrays[COSTS]
    run.cost_steps, run.costs = costs[:, 0].astype(int).tolist(), costs[:, 1].tolist()
    run.points = {name: np.ascontiguousarray(arrays[name], "<f4").tobytes() for name in kept.points}
    places = np.ascontiguousarray(arrays[PLACES], "<f4")
    cost = float("nan") if kept.cost is None else kept.cost
    frame = Frame(kept.steps, kept.steps, 0, cost, kept.steps, places, done=True)
    run.newest = positions(number, frame, paused=False)
    return run


def _reason(error: OSError) -> str:
    """What the system says, without the path."""
    return error.strerror or type(error).__name__
