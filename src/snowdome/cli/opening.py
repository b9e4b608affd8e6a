"""What every command that opens a data set shares: where it is looked for, and a bar on stderr while it takes long."""

import os
from pathlib import Path
from typing import Any

import click

from snowdome.core.control import Control
from snowdome.data.dataset import Dataset


def _stay_offline(_context: click.Context, _parameter: click.Parameter, offline: bool) -> None:
    if offline:
        os.environ["SNOWDOME_OFFLINE"] = "1"


def data_options(command: Any) -> Any:
    """Add --data DIR, which the command gets as `data_dir`, and --offline, which it need not know of."""
    command = click.option(
        "--offline", is_flag=True, expose_value=False, callback=_stay_offline,
        help="Fetch nothing: use the files that are on this machine.",
    )(command)  # fmt: skip
    return click.option(
        "--data", "data_dir", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
        help="Where the folders of named data sets are looked for first.",
    )(command)  # fmt: skip


def opened(thing: str, data_dir: Path | None, **options: Any) -> Dataset:
    """The Dataset, as `snowdome.open` gives it."""
    from snowdome.data.source import open_dataset

    control = Watched()
    try:
        return open_dataset(thing, data_dir, control, **options)
    finally:
        control.close()


class Watched(Control):
    """Shows each stage on a bar on stderr, with the time left; nothing is loaded or printed before there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._task: Any = None
        self._stage = ""

    def report(self, stage: str, done: int, total: int) -> None:
        """A bar for each stage."""
        self.update(stage, done, total, "")

    def update(self, stage: str, done: int, total: int, note: str) -> None:
        """Move the bar of a stage, with a note beside it; the bar of the stage before is full."""
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        if stage != self._stage:
            if self._task is not None:
                self._bar.update(self._task, completed=self._bar.tasks[self._task].total)
            self._stage = stage
            self._task = self._bar.add_task(stage, total=total or 1, note=note)
        self._bar.update(self._task, completed=done if total else 1, note=note)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[note]}"),
               TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    return Progress(*columns, console=Console(stderr=True))
