"""The options of a kind's members as flags of a command: found when they are first needed, listed nowhere by hand."""

from collections.abc import Iterable
from typing import Any

import click

from snowdome.core.options import Option, options_of
from snowdome.core.registry import Registry

NONE: Any = object()  # what the word none becomes, since None means that a flag was not given


class MemberCommand(click.Command):
    """A command that also has the options of each member of a kind, but for those in `without`."""

    def __init__(
        self, *args: Any, registry: Registry, base: type, without: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._registry, self._base, self._without = registry, base, without

    def get_params(self, context: click.Context) -> list[click.Parameter]:
        """The fixed parameters and one flag for each option of any member."""
        owners: dict[str, dict[str, Option]] = {}
        for member in self._registry.names():
            for name, option in options_of(self._registry.member(member, self._base)).items():
                if name not in self._without:
                    owners.setdefault(name, {})[member] = option
        return [*super().get_params(context), *(_flag(name, declared) for name, declared in owners.items())]


def given_options(flags: dict[str, Any]) -> dict[str, Any]:
    """The options whose flags were given, by name."""
    return {name: None if value is NONE else value for name, value in flags.items() if value is not None}


def _flag(name: str, declared: dict[str, Option]) -> click.Option:
    flag = [f"--{name.replace('_', '-')}"]
    if all(option.kind is bool for option in declared.values()):
        return click.Option(flag, is_flag=True, default=None, help=_help(declared))
    return click.Option(
        flag,
        type=_Value(declared.values()),
        default=None,
        metavar="|".join(dict.fromkeys(option.kind.__name__.upper() for option in declared.values())),
        help=_help(declared),
    )


def _help(declared: dict[str, Option]) -> str:
    """What it means, and for each member its default; members that mean the same stand together."""
    says: dict[str, list[str]] = {}
    for member, option in declared.items():
        choices = ", ".join(str(choice) or "none" for choice in option.choices)
        words = option.help + (f" ({choices})" if choices else "")
        default = option.preset() if option.default_of else option.default
        default = "none" if default in (None, "") else default
        says.setdefault(words, []).append(f"{member} {default}")
    return "; ".join(f"{words} [{', '.join(defaults)}]" for words, defaults in says.items())


class _Value(click.ParamType[Any]):
    """A value of one of the types that the members declare, or the word none. The member itself checks its bounds."""

    name = "value"

    def __init__(self, declared: Iterable[Option]) -> None:
        options = list(declared)
        self._optional = any(option.optional for option in options)
        self._may_be_empty = any("" in option.choices for option in options)
        kinds = {option.kind for option in options}
        self._kinds = [kind for kind in (bool, int, float, str) if kind in kinds]

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """`none` means that the option is off, which the member spells None."""
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
