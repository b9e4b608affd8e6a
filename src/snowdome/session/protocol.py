"""What a session and its processes say to each other over their pipes: msgpack with the length in front."""

import struct
from typing import IO, Literal

import msgspec

from snowdome.session.messages import OptionValue, ScoreRecord
from snowdome.session.models.messages import CurvePoint, FactsRecord, TrainRequest

_LENGTH = struct.Struct("<I")


class Open(msgspec.Struct, tag=True, frozen=True):
    """Map the data of that payload hash and load the kernels, before anything is asked."""

    data: str


class Begin(msgspec.Struct, tag=True, frozen=True):
    """Run a layout. `held`: prepare, and wait in front of the first step for `release`."""

    run: int
    data: str
    method: str
    options: dict[str, OptionValue]
    held: bool = False


Verb = Literal["pause", "resume", "step", "stop", "release", "frame", "exaggerate", "speed"]


class Tell(msgspec.Struct, tag=True, frozen=True):
    """Control of the run that is on. `frame`: one more frame is wanted, the next there is.

    `value` is the factor of `exaggerate`, where None is the method's own, and the most steps a second of `speed`, where
    None is as fast as it goes.
    """

    run: int
    verb: Verb
    value: float | None = None


class Ready(msgspec.Struct, tag=True, frozen=True):
    """The worker is warm, or says what kept it from becoming so."""

    problem: str = ""


class Stage(msgspec.Struct, tag=True, frozen=True):
    """The preparation is at `done` of `total` of the named stage."""

    run: int
    stage: str
    done: int
    total: int


class Progress(msgspec.Struct, tag=True, frozen=True):
    """Where the run is, and every cost since the last time."""

    run: int
    status: Literal["preparing", "running", "paused"]
    step: int
    steps: int
    phase: int
    rate: float | None
    cost_steps: list[int]
    costs: list[float]


class Positions(msgspec.Struct, tag=True, frozen=True, eq=False, weakref=True):
    """One frame: `values` are n · dim little-endian float32, rows in the order of the Dataset.

    `done`: all steps were done. `last`: nothing comes after it.
    """

    run: int
    step: int
    steps: int
    phase: int
    cost: float
    n: int
    dim: int
    lo: tuple[float, float, float]
    hi: tuple[float, float, float]
    paused: bool
    done: bool
    last: bool
    values: bytes


class Ended(msgspec.Struct, tag=True, frozen=True):
    """The run is over."""

    run: int
    status: Literal["done", "stopped", "failed"]
    message: str


class Noted(msgspec.Struct, tag=True, frozen=True):
    """What of the run was not done as asked, in sentences; all of them so far."""

    run: int
    notes: list[str]


class Measuring(msgspec.Struct, tag=True, frozen=True):
    """The quality of a run that is over is being measured: it is at `done` of `total` of the named stage."""

    run: int
    stage: str
    done: int
    total: int


class Measured(msgspec.Struct, tag=True, frozen=True, eq=False):
    """How good the map of a run that is over is. Each of `points` is n little-endian float32.

    `problem` says why there is nothing, where there is nothing.
    """

    run: int
    scores: list[ScoreRecord]
    points: dict[str, bytes]
    problem: str = ""


class Ask(msgspec.Struct, tag=True, frozen=True):
    """Answer a question: its kind, and its fields as msgpack."""

    id: int
    kind: str
    fields: bytes


class Drop(msgspec.Struct, tag=True, frozen=True):
    """The answer to that question is not wanted any more."""

    id: int


class Reached(msgspec.Struct, tag=True, frozen=True):
    """The answering of a question that tells is at `done` of `total` of the named stage."""

    id: int
    stage: str
    done: int
    total: int


class Answered(msgspec.Struct, tag=True, frozen=True, eq=False):
    """The answer to a question, as msgpack."""

    id: int
    answer: bytes


class Unanswered(msgspec.Struct, tag=True, frozen=True):
    """Why there is no answer: the name of an error of `core.errors`, or none for a fault, and the sentence."""

    id: int
    error: str
    text: str


class Fit(msgspec.Struct, tag=True, frozen=True):
    """Train a model of the data of that payload hash and write it into `folder`; or make its learning curve."""

    model: str
    data: str
    asked: TrainRequest
    folder: str
    curve: bool = False


class Fitting(msgspec.Struct, tag=True, frozen=True):
    """The training is at `done` of `total` of the named stage."""

    model: str
    stage: str
    done: int
    total: int


class Fitted(msgspec.Struct, tag=True, frozen=True, eq=False):
    """A model was trained, or its learning curve made; `problem` says why not, where there is neither."""

    model: str
    facts: FactsRecord | None = None
    notes: list[str] = []
    weights: bool = False
    curve: list[CurvePoint] = []
    problem: str = ""


Command = Open | Begin | Tell
QueryCommand = Open | Ask | Drop
QueryReport = Ready | Reached | Answered | Unanswered
Report = Ready | Stage | Progress | Positions | Ended | Noted | Measuring | Measured
FitReport = Fitting | Fitted

encode = msgspec.msgpack.Encoder().encode
decode_command = msgspec.msgpack.Decoder(Command).decode
decode_report = msgspec.msgpack.Decoder(Report).decode
decode_query_command = msgspec.msgpack.Decoder(QueryCommand).decode
decode_query_report = msgspec.msgpack.Decoder(QueryReport).decode
decode_fit = msgspec.msgpack.Decoder(Fit).decode
decode_fit_report = msgspec.msgpack.Decoder(FitReport).decode


def write(pipe: IO[bytes], message: Command | Report | QueryCommand | QueryReport | Fit | FitReport) -> None:
    """Write one message and flush."""
    body = encode(message)
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes | None:
    """The next message's bytes, or None where the other side has closed or died in the middle of one."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None
