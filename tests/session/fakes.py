"""A layout that does what a test asks of it, and the worker that runs it.

As a program, this file is that worker.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from snowdome.core.cache import Memo, forget
from snowdome.core.control import Control
from snowdome.core.errors import DataError
from snowdome.core.options import check_options, option, options_of, unknown_option
from snowdome.data.dataset import Dataset
from snowdome.layout.base import Frame, Layout
from snowdome.layout.optimiser import DivergedError
from snowdome.session import worker

Frames = Iterator[Frame]
COMMAND = (sys.executable, __file__)


def dataset(n: int = 40) -> Dataset:
    """n images of 2 × 3 pixels in three classes, the last row of the test split."""
    rng = np.random.default_rng(5)
    return Dataset(
        rng.integers(0, 17, (n, 6)).astype(np.uint8),
        np.arange(n) % 3,
        ("a", "b", "c"),
        (2, 3),
        value_range=(0.0, 16.0),
        split=(np.arange(n) == n - 1).astype(np.uint8),
        split_names=("train", "test"),
        name="fake",
        licence="none",
        source="made up",
    )


@dataclass(eq=False)
class Still(Layout):
    """One frame at once, as PCA gives it."""

    title: ClassVar[str] = "Still"
    says: ClassVar[str] = "It does not move."

    n_components: int = option(2, "dimensions", low=1, high=9)
    random_state: int | None = option(None, "not used", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "not used", low=-9, high=9)

    def frames(self, X: Any, control: Control | None = None, memo: Memo = forget) -> Frames:
        """The first two columns."""
        Y = np.ascontiguousarray(np.asarray(X)[:, : self.n_components], np.float32)
        yield Frame(0, 0, 0, float("nan"), 0, Y, done=True)


@dataclass(eq=False)
class Moving(Layout):
    """`steps` steps of `pace` seconds; goes wrong on demand at step `at`."""

    title: ClassVar[str] = "Moving"
    says: ClassVar[str] = "It moves."
    cost_name: ClassVar[str] = "cost"
    exaggerates: ClassVar[bool] = True

    n_components: int = option(2, "dimensions", low=1, high=3)
    random_state: int | None = option(0, "seed", low=0, high=2**31 - 1)
    n_jobs: int | None = option(None, "threads", low=-9, high=9)
    steps: int = option(50, "steps", low=1, high=10**9)
    pace: float = option(0.0, "seconds a step", low=0.0, high=60.0)
    prepare: float = option(0.0, "seconds of preparation", low=0.0, high=60.0)
    fault: str = option("", "what goes wrong")
    at: int = option(12, "when it does", low=0, high=10**9)
    note: str = option("", "what it notes")
    judging: float = option(0.0, "seconds that its map is judged", low=0.0, high=60.0)

    def frames(self, X: Any, control: Control | None = None, memo: Memo = forget) -> Frames:
        """A walk from the seed; every step depends on the one before and on nothing else."""
        control = control or Control()
        self.notes_ = (self.note,) if self.note else ()
        for done in range(11):
            time.sleep(self.prepare / 10)
            control.check("finding neighbours", done, 10)
        Y = np.asarray(X)[:, : self.n_components].astype(np.float32) + np.float32(self.random_state)
        cost, cost_step = float("nan"), 0
        yield Frame(0, self.steps, 0, cost, 0, Y.copy())
        for step in range(1, self.steps + 1):
            control.between_steps()
            if control.stopping:
                yield Frame(step - 1, self.steps, 0, cost, cost_step, Y.copy(), done=True)
                return
            time.sleep(self.pace)
            Y = Y * np.float32(0.99) + np.float32(step * (control.exaggeration or 1.0))
            self.go_wrong(step, Y)
            if step % 10 == 0 or step == self.steps:
                cost, cost_step = 100.0 / step, step
            if self.fault == "cost" and step >= self.at:
                cost, cost_step = float("inf"), step
            if cost_step == step or control.wants_frame(step) or step == self.steps:
                phase = int(step > self.steps // 2)
                yield Frame(step, self.steps, phase, cost, cost_step, Y.copy(), done=step == self.steps)

    def go_wrong(self, step: int, Y: Any) -> None:
        """What the test asked for."""
        if not self.fault or step != self.at:
            return
        if self.fault == "abort":
            os.abort()
        if self.fault == "nan":
            Y[1, 1] = np.nan
        if self.fault == "stuck":
            time.sleep(60)
        if self.fault == "print":
            print("stray", flush=True)  # noqa: T201
            os.write(1, b"stray")
        raised: dict[str, Exception] = {
            "diverged": DivergedError(f"The map diverged in step {step}: a position is not finite."),
            "data": DataError("the data are not to my liking."),
            "bug": ValueError(f"secret {__file__}"),
            "memory": MemoryError(),
            "disk": OSError(28, "No space left on device", __file__),
        }
        if self.fault in raised:
            raise raised[self.fault]


@dataclass
class Score:
    """One measure."""

    name: str
    value: float
    of: str
    better: str = "high"


@dataclass
class Quality:
    """What the judge finds."""

    rows: list[Score]
    recall: Any
    distortion: Any


def judge(layout: Layout, dataset: Dataset, Y: Any, control: Control, memo: Memo) -> Quality:
    """As slow as the layout asks; its recall is the number of the row, its distortion the first coordinate."""
    for done in range(100):
        time.sleep(getattr(layout, "judging", 0.0) / 100)
        control.check("looking at it", done, 100)
    if getattr(layout, "fault", "") == "judge":
        raise ValueError("secret")
    scores = [Score("rows", len(Y), f"all {len(dataset)} rows"), Score("nothing", float("nan"), "no row", "low")]
    return Quality(scores, np.arange(len(Y)), Y[:, 0])


def make(method: str, **options: Any) -> Layout:
    """`make_layout` over the two fakes, under the ids that a session opens with."""
    cls: type[Layout] = {"pca": Still, "tsne": Moving}[method]
    for name in options:
        if name not in options_of(cls):
            raise unknown_option(cls.__name__, name, list(options_of(cls)))
    layout = cls(**options)
    check_options(layout)
    return layout


def go(work: Coroutine[Any, Any, Any], seconds: float = 120.0) -> Any:
    """Run a coroutine on a loop in a thread of its own: other tests may have left one in this thread."""

    async def limited() -> Any:
        return await asyncio.wait_for(work, seconds)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, limited()).result()


async def until(condition: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait until the condition holds."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError("the condition did not come true")
        await asyncio.sleep(0.005)


if __name__ == "__main__":
    if os.environ.get("FAKE_WORKER") == "exit":
        sys.exit(3)
    worker.main(make=make, judge=judge)
