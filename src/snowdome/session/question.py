"""Question, what can be asked about the open data in passing, and the desk at which it is answered.

A kind is one file in `questions`: a frozen struct derived from `Question`, whose fields say what is asked and whose
`answer` answers it. It crosses to the query process and back as msgpack; its answer is what `answer` is declared to
return, a struct or anything else that msgspec encodes.
"""

import threading
import typing
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar, cast

import msgspec

from snowdome.core.cache import Memo
from snowdome.core.control import Control
from snowdome.core.registry import Registry
from snowdome.data.dataset import Dataset

KEPT = 8  # answers in parts, of the last questions

Answer = TypeVar("Answer")
Value = TypeVar("Value")

questions = Registry("question", "snowdome.session.questions")


@dataclass
class Desk:
    """What questions are answered from: the data, what is kept about them on disk, and what was found lately."""

    dataset: Dataset
    memo: Memo
    _kept: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """What `compute` gave for an equal key lately, else what it gives now. May be called from any thread."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Value, self._kept[key])
        value = compute()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return value


class Question(msgspec.Struct, Generic[Answer], frozen=True):
    """One question. Its fields may be of any type that msgspec checks, bytes among them."""

    title: ClassVar[str]
    """What it is about, as the beginning of a sentence: "The neighbours"."""
    quick: ClassVar[bool] = False
    """Answered in well under 0.1 s: such questions do not wait for those that take long."""

    tells: ClassVar[bool] = False
    """Takes long: whoever asked is told how far it is, as often as `answer` reports it to its control."""

    @classmethod
    def warm(cls) -> None:
        """Load what its answers need, before the first is asked."""

    def answer(self, desk: Desk, control: Control) -> Answer:
        """The answer, in the query process.

        `control.check` between steps leaves where it is no longer wanted. A SnowdomeError reaches the one who asked.
        """
        raise NotImplementedError


def kind_of(question: Question[Any]) -> str:
    """The id of its kind."""
    return type(question).__module__.rpartition(".")[2]


def answer_type(kind: type[Question[Answer]]) -> type[Answer]:
    """What the answers of a kind are, as its `answer` declares it."""
    declared: type[Answer] = typing.get_type_hints(kind.answer)["return"]
    return declared
