"""Options: fields of a dataclass, each declared once.

The check, the error sentence, the command line's flag, the form in the app and the reference row all come
from the one declaration.
"""

import dataclasses
import math
import numbers
import types
import typing
from typing import Any

from snowdome.core.errors import OptionError, did_you_mean


@dataclasses.dataclass(frozen=True)
class Option:
    """One declared option. `kind` is the plain type; None is allowed where `optional` is true."""

    name: str
    kind: type
    optional: bool
    default: Any
    help: str
    low: float | None = None
    high: float | None = None
    choices: tuple[Any, ...] = ()

    def allowed(self) -> str:
        """What may be given, in words."""
        if self.choices:
            words = "one of " + ", ".join(map(repr, self.choices))
        else:
            nouns = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
            words = nouns[self.kind]
            if self.low is not None and self.high is not None:
                words += f" from {self.low:g} to {self.high:g}"
            elif self.low is not None:
                words += f" of at least {self.low:g}"
            elif self.high is not None:
                words += f" of at most {self.high:g}"
        return words + (", or None" if self.optional else "")

    def admits(self, value: Any) -> bool:
        """Whether `value` may stand in this option."""
        if value is None:
            return self.optional
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
    choices: tuple[Any, ...] = (),
) -> Any:
    """Declare a dataclass field as an option: its default, its one-line help and its bounds (inclusive)."""
    declared = {"help": help, "low": low, "high": high, "choices": choices}
    return dataclasses.field(default=default, metadata={"option": declared})


def options_of(cls: type) -> dict[str, Option]:
    """The options of a class, by name, in the order of their declaration."""
    hints = typing.get_type_hints(cls)
    found = {}
    for field in dataclasses.fields(cls):
        declared = field.metadata.get("option")
        if declared is not None:
            kind, optional = _plain(hints[field.name])
            found[field.name] = Option(field.name, kind, optional, field.default, **declared)
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
