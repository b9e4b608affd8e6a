"""Options: fields of a dataclass, each declared once.

The check, the error sentence, the command line's flag, the form in the app and the reference row all come
from the one declaration.
"""

import dataclasses
import math
import numbers
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from snowdome.core.errors import OptionError, did_you_mean

Thing = TypeVar("Thing")


@dataclasses.dataclass(frozen=True)
class OfData:
    """What depends on the data that are asked about: an option's default, or its choices.

    Attributes:
        make: what it is for those data; None where they have no such thing.
        says: what it is, in words.
    """

    make: Callable[[Any], Any]
    says: str


@dataclasses.dataclass(frozen=True)
class Option:
    """One declared option. `kind` is the plain type; None is allowed where `optional` is true.

    Where `several` is true, it is a tuple or list of values of that kind.

    Where the default depends on the data, None stands for it, and `default_of` makes it.
    """

    name: str
    kind: type
    optional: bool
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()
    default_of: OfData | None = None
    choices_of: OfData | None = None
    several: bool = False

    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            words = "one of " + ", ".join(map(repr, self.choices))
        elif self.choices_of:
            words = self.choices_of.says
        else:
            nouns = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
            words = nouns[self.kind]
            if self.low is not None and self.high is not None:
                words += f" from {self.low:g} to {self.high:g}"
            elif self.low is not None:
                words += f" of at least {self.low:g}"
            elif self.high is not None:
                words += f" of at most {self.high:g}"
        return ("a list, each value " if self.several else "") + words + (", or None" if self.optional else "")

    def preset(self) -> str:
        """The default, in words."""
        return self.default_of.says if self.default_of else repr(self.default)

    def of(self, data: Any) -> "Option":
        """The same option as it is for these data: its default and its choices are made for them."""
        made: dict[str, Any] = {}
        if self.default_of and (default := self.default_of.make(data)) is not None:
            made |= {"default": default, "optional": False}
        if self.choices_of:
            made["choices"] = tuple(self.choices_of.make(data) or ())
        return dataclasses.replace(self, **made, default_of=None, choices_of=None)

    def admits(self, value: Any) -> bool:
        """Whether `value` may stand in this option."""
        if value is None:
            return self.optional
        if self.several:
            one = dataclasses.replace(self, several=False)
            return isinstance(value, (tuple, list)) and all(one.admits(each) for each in value)
        if self.choices:
            return value in self.choices
        if self.kind in (bool, str):
            return isinstance(value, self.kind)
        return self._admits_number(value)

    def _admits_number(self, value: Any) -> bool:
        whole, real = (isinstance(value, kind) for kind in (numbers.Integral, numbers.Real))
        if isinstance(value, bool) or not real or (self.kind is int and not whole) or not _finite(value):
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def option(
    default: Any,
    help: str,  # noqa: A002
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[Any, ...] | OfData = (),
) -> Any:
    """Declare a dataclass field as an option: its default, its one-line help and its bounds (inclusive).

    A default or choices that are OfData are made for the data: such a default is None until `fitted` makes it.
    """
    declared: dict[str, Any] = {"help": help, "low": low, "high": high}
    declared |= {"choices_of" if isinstance(choices, OfData) else "choices": choices}
    if isinstance(default, OfData):
        declared, default = declared | {"default_of": default}, None
    return dataclasses.field(default=default, metadata={"option": declared})


def fitted(thing: Thing, data: Any) -> Thing:
    """The same `thing`, a dataclass, with the defaults that depend on the data made for these."""
    made = {
        name: option.default_of.make(data)
        for name, option in options_of(type(thing)).items()
        if option.default_of and getattr(thing, name) is None
    }
    return dataclasses.replace(thing, **made) if made else thing  # type: ignore[type-var]


def options_of(cls: type) -> dict[str, Option]:
    """The options of a class, by name, in the order of their declaration."""
    hints = typing.get_type_hints(cls)
    found = {}
    for field in dataclasses.fields(cls):
        declared = field.metadata.get("option")
        if declared is not None:
            kind, optional = _plain(hints[field.name])
            several = typing.get_origin(kind) is tuple
            kind = typing.get_args(kind)[0] if several else kind
            found[field.name] = Option(field.name, kind, optional, field.default, **declared, several=several)
    return found


def check_options(thing: Any) -> None:
    """Raise OptionError for the first option of `thing` whose value is not allowed."""
    owner = type(thing).__name__
    for name, declared in options_of(type(thing)).items():
        value = getattr(thing, name)
        if not declared.admits(value):
            raise OptionError(f"{owner}: option {name!r} got {value!r}; allowed: {declared.allowed()}.")


def unknown_option(owner: str, name: str, allowed: list[str]) -> OptionError:
    """The error for an option that `owner` does not have."""
    return OptionError(f"{owner} has no option {name!r}. {did_you_mean(name, allowed)}It has: {', '.join(allowed)}.")


def _finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number or a fraction beyond every float
        return False


def _plain(hint: Any) -> tuple[type, bool]:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
        return parts[0], len(parts) < len(typing.get_args(hint))
    return hint, False
