"""Kinds of plug-ins: one file in one folder each, the file's name is the public id, and nothing is listed by hand."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from snowdome.core.errors import OptionError, did_you_mean
from snowdome.core.options import check_options, options_of, unknown_option


class Registry:
    """The members of one kind: the modules of one package."""

    def __init__(self, noun: str, package: str) -> None:
        self.noun = noun
        self.package = package

    def names(self) -> list[str]:
        """The ids, sorted. Nothing is imported but the package itself."""
        path = importlib.import_module(self.package).__path__
        return sorted(module.name for module in pkgutil.iter_modules(path))

    def module(self, name: str) -> ModuleType:
        """The member's module; OptionError where there is none of that name."""
        names = self.names()
        if name not in names:
            raise OptionError(
                f"There is no {self.noun} {name!r}. {did_you_mean(name, names)}There is: {', '.join(names)}."
            )
        return importlib.import_module(f"{self.package}.{name}")

    def member(self, name: str, base: type) -> Any:
        """The one public class of the member's module that derives from `base`."""
        module = self.module(name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, base) and thing.__module__ == module.__name__:
                return thing
        raise TypeError(f"{module.__name__} defines no {base.__name__}")

    def make(self, name: str, base: type, options: dict[str, Any]) -> Any:
        """The member of that id with those options; OptionError where either is not there or not allowed."""
        cls = self.member(name, base)
        allowed = options_of(cls)
        for option in options:
            if option not in allowed:
                raise unknown_option(cls.__name__, option, list(allowed))
        made = cls(**options)
        check_options(made)
        return made
