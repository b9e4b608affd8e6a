"""The options of the layouts as flags of a command: found when they are first needed, listed nowhere by hand."""

from collections.abc import Iterable
from typing import Any

import click

from snowdome.core.errors import OptionError
from snowdome.core.options import Option, options_of
from snowdome.layout.base import Layout, layouts, make_layout

OWN = ("n_components", "random_state", "n_jobs")  # --dims, --seed and --threads
NONE: Any = object()  # what the word none becomes, since None means that a flag was not given


class MethodCommand(click.Command):
    """A command that also has each layout's options."""

    def get_params(self, context: click.Context) -> list[click.Parameter]:
        """The fixed parameters and one flag for each option of any layout."""
        return [*super().get_params(context), *_flags()]


def layout_of(method: str, dims: int, seed: int, threads: int | None, given: dict[str, Any]) -> Layout:
    """The layout with the flags that were given; OptionError for what it does not have or allow."""
    components = options_of(layouts.member(method, Layout)).get("n_components")
    if components is not None and not components.admits(dims):
        can = " or ".join(str(other) for other in (2, 3) if components.admits(other))
        raise OptionError(f"--dims got {dims}: {method} makes maps of {can} dimensions only. Choose another method.")
    chosen = {name: None if value is NONE else value for name, value in given.items() if value is not None}
    return make_layout(method, n_components=dims, random_state=seed, n_jobs=threads, **chosen)


def main_option(layout: Layout) -> str | None:
    """The name of the option that says most about a map: the one that is declared first, but for its length."""
    return next((name for name in options_of(type(layout)) if name not in (*OWN, "space", "preset", "steps")), None)


def _flags() -> list[click.Parameter]:
    owners: dict[str, dict[str, Option]] = {}
    for method in layouts.names():
        for name, option in options_of(layouts.member(method, Layout)).items():
            if name not in OWN:
                owners.setdefault(name, {})[method] = option
    return [_flag(name, declared) for name, declared in owners.items()]


def _flag(name: str, declared: dict[str, Option]) -> click.Option:
    return click.Option(
        [f"--{name.replace('_', '-')}"],
        type=_Value(declared.values()),
        default=None,
        metavar="|".join(dict.fromkeys(option.kind.__name__.upper() for option in declared.values())),
        help=_help(declared),
    )


def _help(declared: dict[str, Option]) -> str:
    """What it means, and for each layout its default; layouts that mean the same stand together."""
    says: dict[str, list[str]] = {}
    for method, option in declared.items():
        choices = ", ".join(str(choice) or "none" for choice in option.choices)
        words = option.help + (f" ({choices})" if choices else "")
        default = "none" if option.default in (None, "") else option.default
        says.setdefault(words, []).append(f"{method} {default}")
    return "; ".join(f"{words} [{', '.join(defaults)}]" for words, defaults in says.items())


class _Value(click.ParamType[Any]):
    """A value of one of the types that the layouts declare, or the word none. The layout itself checks its bounds."""

    name = "value"

    def __init__(self, declared: Iterable[Option]) -> None:
        options = list(declared)
        self._optional = any(option.optional for option in options)
        self._may_be_empty = any("" in option.choices for option in options)
        kinds = {option.kind for option in options}
        self._kinds = [kind for kind in (bool, int, float, str) if kind in kinds]

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """`none` means that the option is off, which the layout spells None."""
        if value == "none" and self._optional:
            return NONE
        if value == "none" and self._may_be_empty:
            return ""
        for kind in self._kinds[:-1]:
            try:
                return click.types.convert_type(kind).convert(value, param, context)
            except click.BadParameter:
                continue
        return click.types.convert_type(self._kinds[-1]).convert(value, param, context)
