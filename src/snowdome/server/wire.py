"""What crosses the wire: the binary frame, the socket's messages, and the facts about the data.

The browser's types are generated from here (`scripts/wire_types.py`); the golden files of `tests/golden` hold
both sides to the same bytes.
"""

import struct
import weakref

import msgspec
import numpy as np
from numpy.typing import NDArray

from snowdome.core.errors import SnowdomeError
from snowdome.session.columns import ColumnsVersion
from snowdome.session.labels.messages import AnnotationState, RankingRecord
from snowdome.session.maps.messages import KeptMaps
from snowdome.session.messages import (
    Costs,
    MethodRecord,
    Notice,
    Opening,
    OptionRecord,
    OptionValue,
    Refusal,
    RunRecord,
    Snapshot,
    SummaryRecord,
)
from snowdome.session.models.messages import ModelsRecord
from snowdome.session.protocol import Positions

MAGIC = int.from_bytes(b"SNOW", "little")
VERSION = 1
KIND_POSITIONS = 1
HEAD_BYTES = 64
ENC_F32 = 0
PAUSED, DONE, LAST = 1, 2, 4
NO_LABEL = 65535
MAX_IMAGES = 4096

# magic, version, kind, run, step, n, dim, enc, flags, phase, (zero), cost, lo, hi
_HEAD = struct.Struct("<IHHIIIBBHH6sd3f3f")


class WireError(SnowdomeError, ValueError):
    """Bytes that are not a frame."""


class FrameHead(msgspec.Struct, kw_only=True, frozen=True):
    """The 64 bytes in front of the positions.

    `cost` is nan before the first one was computed. `lo` and `hi` (3,) bound the positions, zero in
    dimensions that there are not.
    """

    run: int
    step: int
    n: int
    dim: int
    flags: int = 0
    phase: int = 0
    cost: float = float("nan")
    lo: tuple[float, float, float] = (0.0, 0.0, 0.0)
    hi: tuple[float, float, float] = (0.0, 0.0, 0.0)


def pack_frame(head: FrameHead, values: bytes) -> bytes:
    """The frame's bytes; `values` are n · dim little-endian float32, row by row."""
    if len(values) != head.n * head.dim * 4:
        raise WireError(f"A frame of {head.n} × {head.dim} takes {head.n * head.dim * 4} bytes, not {len(values)}.")
    packed = _HEAD.pack(
        MAGIC,
        VERSION,
        KIND_POSITIONS,
        head.run,
        head.step,
        head.n,
        head.dim,
        ENC_F32,
        head.flags,
        head.phase,
        bytes(6),
        head.cost,
        *head.lo,
        *head.hi,
    )
    return packed + values


def unpack_frame(data: bytes) -> tuple[FrameHead, NDArray[np.float32]]:
    """The head and Y (n, dim) of a frame; WireError for anything that is not exactly one."""
    if len(data) < HEAD_BYTES:
        raise WireError(f"A frame has at least {HEAD_BYTES} bytes; got {len(data)}.")
    magic, version, kind, run, step, n, dim, enc, flags, phase, zero, cost, *bounds = _HEAD.unpack_from(data)
    for noun, got, allowed in (
        ("magic", magic, (MAGIC,)),
        ("version", version, (VERSION,)),
        ("kind", kind, (KIND_POSITIONS,)),
        ("dim", dim, (2, 3)),
        ("enc", enc, (ENC_F32,)),
        ("flags", flags, range(8)),
        ("zero", zero, (bytes(6),)),
    ):
        if got not in allowed:
            raise WireError(f"The frame's {noun} is {got!r}; allowed: {allowed!r}.")
    if len(data) != HEAD_BYTES + n * dim * 4:
        raise WireError(f"A frame of {n} × {dim} has {HEAD_BYTES + n * dim * 4} bytes; got {len(data)}.")
    head = FrameHead(
        run=run,
        step=step,
        n=n,
        dim=dim,
        flags=flags,
        phase=phase,
        cost=cost,
        lo=(bounds[0], bounds[1], bounds[2]),
        hi=(bounds[3], bounds[4], bounds[5]),
    )
    return head, np.frombuffer(data, "<f4", n * dim, HEAD_BYTES).reshape(n, dim)


def first_rows(positions: Positions, count: int) -> Positions:
    """The same positions of the first `count` rows only; `lo` and `hi` still bound those of all."""
    n = min(count, positions.n)
    return msgspec.structs.replace(positions, n=n, values=positions.values[: n * positions.dim * 4])


_packed: weakref.WeakKeyDictionary[Positions, bytes] = weakref.WeakKeyDictionary()


def frame_bytes(positions: Positions) -> bytes:
    """The frame of a run's newest positions, packed once for all who watch."""
    frame = _packed.get(positions)
    if frame is None:
        flags = PAUSED * positions.paused | DONE * positions.done | LAST * positions.last
        head = FrameHead(
            run=positions.run,
            step=positions.step,
            n=positions.n,
            dim=positions.dim,
            flags=flags,
            phase=positions.phase,
            cost=positions.cost,
            lo=positions.lo,
            hi=positions.hi,
        )
        frame = _packed[positions] = pack_frame(head, positions.values)
    return frame


class Hello(Snapshot, frozen=True, kw_only=True, tag_field="type", tag="hello"):
    """The first message of a connection, and the first of another session after that."""


class RunChanged(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="run"):
    """A run's newest record."""

    run: RunRecord


class CostsAdded(Costs, frozen=True, kw_only=True, tag_field="type", tag="costs"):
    """Costs that this client has not been told yet."""


class NoticeGiven(Notice, frozen=True, kw_only=True, tag_field="type", tag="notice"):
    """A sentence to show."""


class OpeningChanged(Opening, frozen=True, kw_only=True, tag_field="type", tag="opening"):
    """How far another data set is on its way in; with no name, that nothing is being opened any more."""


class MapsKept(KeptMaps, frozen=True, kw_only=True, tag_field="type", tag="maps"):
    """All maps that are kept, whenever there is another one, or one less, or one has another name."""


class StartRefused(Refusal, frozen=True, kw_only=True, tag_field="type", tag="refused"):
    """What this client asked to start was not begun: the option at fault, or none, and the sentence."""


class ColumnsChanged(ColumnsVersion, frozen=True, kw_only=True, tag_field="type", tag="columns"):
    """There are other columns, or other values; those with another version."""


class AnnotationsChanged(AnnotationState, frozen=True, kw_only=True, tag_field="type", tag="annotations"):
    """Where the annotations stand."""


class RankingChanged(RankingRecord, frozen=True, kw_only=True, tag_field="type", tag="ranking"):
    """Where the ranking stands."""


class ModelsChanged(ModelsRecord, frozen=True, kw_only=True, tag_field="type", tag="models"):
    """All models, where one of them is another than this client was told."""


Bulletin = ColumnsChanged | AnnotationsChanged | RankingChanged | ModelsChanged | MapsKept
ServerMessage = Hello | RunChanged | CostsAdded | NoticeGiven | OpeningChanged | StartRefused | Bulletin


class _Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """Base of what a client may send."""


class Ack(_Asked, frozen=True, tag="ack"):
    """That frame, and all sent before it, have been drawn."""

    run: int
    step: int


class Start(_Asked, frozen=True, tag="start"):
    """Stop what runs and start this. The tab follows the newest run from here on.

    With `waits` nothing is stopped: it begins when all that was asked for before is over, and the tab shows what it
    showed.
    """

    method: str
    seed: int
    options: dict[str, OptionValue] = {}
    waits: bool = False


class Pause(_Asked, frozen=True, tag="pause"):
    """Hold the run after its present step; its exact frame follows."""

    run: int


class Resume(_Asked, frozen=True, tag="resume"):
    """Go on."""

    run: int


class Step(_Asked, frozen=True, tag="step"):
    """Do one step, then hold."""

    run: int


class Exaggerate(_Asked, frozen=True, tag="exaggerate"):
    """Multiply the attraction by `factor` (1 to 100) from the next step on; null gives it back to the method."""

    run: int
    factor: float | None


class Speed(_Asked, frozen=True, tag="speed"):
    """Do no more steps a second than that (0.1 to 100), so that each is seen; null is as fast as it goes."""

    run: int
    steps_per_second: float | None


class Stop(_Asked, frozen=True, tag="stop"):
    """End the run; its map stays as it is."""

    run: int


class Viewing(_Asked, frozen=True, tag="viewing"):
    """This tab shows that run: only its frames are sent. The newest run means: whichever is the newest."""

    run: int


ClientMessage = Ack | Start | Pause | Resume | Step | Exaggerate | Speed | Stop | Viewing


class MethodsRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Every kind of map there is, by its id in the order of the alphabet."""

    methods: list[MethodRecord]


class SummariesRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Every summary there is, those of a group together."""

    summaries: list[SummaryRecord]


class SummaryRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Answer a summary with these options, its chart in the dark theme or the light one, with or without its table."""

    options: dict[str, OptionValue] = {}
    dark: bool = False
    rows: bool = True


class KeepRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Keep a model under this name."""

    name: str


class SplitRecord(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One split: its name, its rows' number, and the first of them where they stand together."""

    name: str
    count: int
    start: int | None = None


class DatasetRecord(msgspec.Struct, kw_only=True, frozen=True):
    """The facts of the open data: n rows of p values; `counts[c]` rows are of `classes[c]`.

    `has_ids`: the rows have ids of their own, beside their numbers.

    Images have `channels` values a pixel: 1 for grey, 3 for red, green and blue; `value_range` is the least and the
    greatest that a value can be. `notes` say what was done to them
    when they were read.
    """

    name: str
    n: int
    p: int
    has_ids: bool
    classes: list[str]
    counts: list[int]
    image_shape: tuple[int, int] | None
    channels: int
    value_range: tuple[float, float]
    ink_is_high: bool
    splits: list[SplitRecord]
    licence: str
    source: str
    notes: list[str]
    payload_hash: str
    version: str


class NearRecord(msgspec.Struct, kw_only=True, frozen=True):
    """The rows nearest to `row`, the nearest first, and how far they are in `space`."""

    row: int
    rows: list[int]
    distances: list[float]
    space: str


class EntryRecord(msgspec.Struct, kw_only=True, frozen=True):
    """One data set known by name. `here`: its files are on this machine, or came with the program; else
    `fetch_bytes` are fetched at most.
    """

    key: str
    title: str
    about: str
    licence: str
    size: str
    here: bool
    fetch_bytes: int


class CatalogueRecord(msgspec.Struct, kw_only=True, frozen=True):
    """The data sets known by name, the ids of the readers of files, and the most bytes that a file sent may have.

    `reading` are the ways in which anything can be read, and `read_with` those that the open data were read with; null
    where these cannot be read again.
    """

    entries: list[EntryRecord]
    readers: list[str]
    most_bytes: int
    reading: list[OptionRecord]
    read_with: dict[str, OptionValue] | None


class OpenRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Open a data set by its key in the catalogue, read with these options."""

    name: str
    options: dict[str, OptionValue] = {}


class AgainRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Read what is open once more, with these options and no others."""

    options: dict[str, OptionValue] = {}


class OpenedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Another data set is open: the id of its session."""

    session: str


class ErrorRecord(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The answer to a request that failed. `id` finds the details in the terminal, where there are any.

    `option` is the option at fault, or none.
    """

    id: str
    text: str
    option: str = ""
