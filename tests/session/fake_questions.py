"""Questions that do what a test asks of them. As a program, this file is the query process that answers them."""

import os
import sys
import time
from typing import Any, ClassVar

import msgspec

from snowdome.core.control import Control
from snowdome.core.errors import DataError, OptionError
from snowdome.session import query_worker
from snowdome.session.question import Desk, Question


class Row(msgspec.Struct, frozen=True):
    """One row as bytes, its name, and how often the desk had to look."""

    values: bytes
    data: str
    looked: int


looks = 0


class Look(Question[Row], frozen=True):
    """One row of the data; what was found is kept."""

    title: ClassVar[str] = "The row"

    row: int

    def answer(self, desk: Desk, control: Control) -> Row:
        def look() -> Row:
            global looks  # noqa: PLW0603
            looks += 1
            return Row(desk.dataset.X[self.row].tobytes(), desk.dataset.name, looks)

        return desk.keep(self, look)


class Trouble(Question[int], frozen=True):
    """Tells that it begins, takes `seconds`, in steps between which it can be dropped unless it is deaf, and then goes
    wrong."""

    title: ClassVar[str] = "Trouble"
    tells: ClassVar[bool] = True

    fault: str = ""
    seconds: float = 0.0
    deaf: bool = False

    def answer(self, desk: Desk, control: Control) -> int:
        control.report("beginning", 0, 1)
        for done in range(100):
            time.sleep(self.seconds / 100)
            if not self.deaf:
                control.check("waiting", done, 100)
        if self.fault == "abort":
            os.abort()
        if self.fault == "print":
            os.write(1, b"stray")
        raised: dict[str, Exception] = {
            "option": OptionError("Trouble: option 'seconds' is not to my liking."),
            "data": type("OddDataError", (DataError,), {})("these data are odd."),
            "bug": ValueError(f"secret {__file__}"),
            "memory": MemoryError(),
        }
        if self.fault in raised:
            raise raised[self.fault]
        return os.getpid()


class Ping(Question[int], frozen=True):
    """Answered at once."""

    title: ClassVar[str] = "Ping"
    quick: ClassVar[bool] = True

    def answer(self, desk: Desk, control: Control) -> int:
        return len(desk.dataset)


class Long(Question[int], frozen=True):
    """Tells how far it is, more often than anybody would read."""

    title: ClassVar[str] = "The long one"
    tells: ClassVar[bool] = True

    def answer(self, desk: Desk, control: Control) -> int:
        for stage in ("first", "second"):
            for done in range(1000):
                control.check(stage, done, 1000)
        return 7


COMMAND = (sys.executable, __file__)
KINDS: list[type[Question[Any]]] = [Look, Trouble, Ping, Long]


def kind(name: str) -> type[Question[Any]]:
    """All are of this one module: the name of their kind is its name, and their fields tell them apart."""
    return next(cls for cls in KINDS if cls.__name__.lower() == name)


if __name__ == "__main__":
    if os.environ.get("FAKE_QUERIES") == "exit":
        sys.exit(3)
    query_worker.main(kind=kind, warm=lambda: None)
