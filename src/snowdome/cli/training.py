"""What the commands that train share: which rows, how they are prepared, and how scores are told."""

import functools
from collections.abc import Callable
from typing import Any

import click

from snowdome.core.errors import OptionError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.model.compare import Trained
from snowdome.model.preparation import Preparation

SEED = ("random_state",)  # --seed


def rows_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what rows are trained on and how they are prepared; the command gets them as the dict `rows`."""
    declared = options_of(Preparation)

    @functools.wraps(command)
    def gathering(*args: Any, **kwargs: Any) -> Any:
        names = ("head", "test", "split_seed", "rare", "rare_share", "raw", *declared)
        return command(*args, rows={name: kwargs.pop(name) for name in names}, **kwargs)

    for option in reversed(declared.values()):
        kind = click.Choice(option.choices) if option.choices else option.kind
        words = option.help[:1].upper() + option.help[1:]
        gathering = click.option(f"--{option.name}", type=kind, default=None, help=f"{words}.")(gathering)
    for add in (
        click.option("--raw", is_flag=True, help="Values as they are (0–255), as --scale raw."),
        click.option("--split-seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, metavar="S",
                     help="Seed of the split that --test draws."),
        click.option("--test", metavar="SIZE", default=None,
                     help="Draw test rows anew: a share such as 0.2, or how many. Without it: the data set's own."),
        click.option("--rare", metavar="CLASS", default=None,
                     help="A class of which fewer rows are trained on; the test rows stay."),
        click.option("--rare-share", type=click.FloatRange(0, 1), default=0.1, show_default=True, metavar="SHARE",
                     help="Share of its training rows that stay."),
        click.option("--head", type=click.IntRange(2), default=None, metavar="N",
                     help="Only the first N training rows."),
    ):  # fmt: skip
        gathering = add(gathering)
    return gathering


def chosen_rows(dataset: Dataset, rows: dict[str, Any]) -> Dataset:
    """The rows that were asked for, with their split."""
    from snowdome.model.rows import Rows

    test = None if rows["test"] is None else _size(rows["test"])
    chosen = {name: rows[name] for name in ("split_seed", "head", "rare", "rare_share")}
    return Rows(test=test, **chosen).of(dataset)


def _size(text: str) -> float | int:
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise OptionError(f"--test got {text!r}; allowed: a share such as 0.2, or a whole number of rows.") from None


def preparation_of(rows: dict[str, Any]) -> Preparation:
    """The preparation that the flags ask for; OptionError where they contradict each other."""
    given = {name: rows[name] for name in options_of(Preparation) if rows[name] is not None}
    if rows["raw"]:
        if given.get("scale", "raw") != "raw":
            raise OptionError(f"--raw and --scale {given['scale']} contradict each other.")
        given["scale"] = "raw"
    return Preparation(**given)


def told(done: Trained) -> str:
    """One line: the accuracy, its interval, what it was computed on, seconds."""
    facts = done.facts()
    line = (
        f"{facts['kind']}: {facts['accuracy']:.4f} of {facts['n_test']:,} test rows right "
        f"({facts['accuracy_low']:.4f}–{facts['accuracy_high']:.4f} at 95 %), trained on {facts['n_train']:,} rows in "
        f"{facts['seconds']:.1f} s; {facts['preparation']}"
    )
    for noun, found in (("folds of the training rows", facts["cv"]), ("other seeds", facts["seeds"])):
        if found:
            line += f"\n{noun}: " + "  ".join(f"{value:.4f}" for value in found)
    return line
