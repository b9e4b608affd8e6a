"""What every command that opens a data set shares: where it is looked for and how it is read, and a bar on stderr."""

import contextlib
import functools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from snowdome.cli.errors import printable
from snowdome.core.control import Control
from snowdome.core.options import Option, options_of
from snowdome.data.dataset import Dataset
from snowdome.data.reading import Reading


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


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add a flag for each option of `Reading`; the command gets those that were given as the dict `reading`."""
    declared = options_of(Reading)

    @functools.wraps(command)
    def gathering(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(_parameter(name)) for name in declared}
        # click gives an empty tuple for what may be given several times and is not
        chosen = {name: list(value) if declared[name].several else value for name, value in given.items()
                  if value is not None and value != ()}  # fmt: skip
        return command(*args, reading=chosen, **kwargs)

    for option in reversed(declared.values()):
        gathering = _flag(option)(gathering)
    return gathering


def _parameter(name: str) -> str:
    """What click calls the flag of an option: a layout may have an option of the same name."""
    return f"reading_{name}"


def flag_of(option: Option) -> str:
    """`--missing` of the option missing; `--column` of columns, of which each time one is named."""
    return f"--{(option.name.removesuffix('s') if option.several else option.name).replace('_', '-')}"


def _flag(option: Option) -> Callable[[Any], Any]:
    names = (flag_of(option), _parameter(option.name))
    words = option.help[:1].upper() + option.help[1:]
    if option.kind is bool:
        return click.option(*names, is_flag=True, default=None, help=f"{words}.")
    if option.several:
        return click.option(*names, type=option.kind, multiple=True, metavar="NAME",
                            help=f"{words}; may be given several times.")  # fmt: skip
    if option.default is not None:
        words += f" (default: {option.default})"
    if option.choices:
        return click.option(*names, type=click.Choice(option.choices), default=None, help=f"{words}.")
    metavar = "NAME" if option.kind is str else "N"
    return click.option(*names, type=option.kind, default=None, metavar=metavar, help=f"{words}.")


def opened(thing: str, data_dir: Path | None, reading: dict[str, Any]) -> Dataset:
    """The Dataset, as `snowdome.open` gives it with these options of `Reading`; its notes are told on stderr."""
    from snowdome.data.source import open_dataset

    control = Watched()
    try:
        dataset = open_dataset(thing, data_dir, control, **reading)
    finally:
        control.close()
    for note in dataset.notes:
        click.echo(printable(note), err=True)
    return dataset


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
        self._bar.update(self._task, completed=done if total else 1, total=total or 1, note=note)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.stop()


_Shown = TypeVar("_Shown", bound=Watched)


@contextlib.contextmanager
def interrupting(control: _Shown) -> Iterator[_Shown]:
    """Ctrl-C asks the run to stop at the end of its step; a second one interrupts at once."""

    def stop(*_: Any) -> None:
        if control.stopping:
            raise KeyboardInterrupt
        control.stopping = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield control
    finally:
        signal.signal(signal.SIGINT, before)
        control.close()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[note]}"),
               TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
    return Progress(*columns, console=Console(stderr=True))
