"""Write the golden frames and frames.json, which says what each of them holds or why it is refused.

python tests/golden/write.py. Both test suites decode these files; a change here is a change of the wire.
"""

import json
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np

from snowdome.server import wire

HERE = Path(__file__).resolve().parent


def plane() -> bytes:
    """A run in the middle, two dimensions."""
    Y = np.array([[0.5, -1.25], [3.0, 4.0], [-2.0, 0.125]], "<f4")
    head = wire.FrameHead(
        run=2, step=430, n=3, dim=2, flags=0, phase=1, cost=2.8125, lo=(-2.0, -1.25, 0.0), hi=(3.0, 4.0, 0.0)
    )
    return wire.pack_frame(head, Y.tobytes())


def space() -> bytes:
    """The last frame of a run, three dimensions."""
    Y = np.arange(12, dtype="<f4").reshape(4, 3) / 4 - 1
    head = wire.FrameHead(
        run=70_000,
        step=750,
        n=4,
        dim=3,
        flags=wire.DONE | wire.LAST,
        phase=1,
        cost=0.1,
        lo=(-1.0, -0.75, -0.5),
        hi=(1.25, 1.5, 1.75),
    )
    return wire.pack_frame(head, Y.tobytes())


def paused_without_cost() -> bytes:
    """Held in front of the first step: no cost yet."""
    head = wire.FrameHead(run=1, step=0, n=1, dim=2, flags=wire.PAUSED, lo=(0.25, 0.5, 0.0), hi=(0.25, 0.5, 0.0))
    return wire.pack_frame(head, np.array([0.25, 0.5], "<f4").tobytes())


def empty() -> bytes:
    """No rows at all."""
    return wire.pack_frame(wire.FrameHead(run=1, step=0, n=0, dim=2), b"")


def put(frame: bytes, offset: int, form: str, value: Any) -> bytes:
    """The frame with one field overwritten."""
    changed = bytearray(frame)
    struct.pack_into(form, changed, offset, value)
    return bytes(changed)


def facts(frame: bytes) -> dict[str, Any]:
    """What a decoder has to find; a cost of nan is written as null."""
    head, Y = wire.unpack_frame(frame)
    cost = None if math.isnan(head.cost) else head.cost
    names = ("run", "step", "n", "dim", "flags", "phase")
    return {name: getattr(head, name) for name in names} | {
        "cost": cost,
        "lo": list(head.lo),
        "hi": list(head.hi),
        "values": Y.ravel().tolist(),
    }


def contents() -> dict[str, tuple[bytes, str]]:
    """Name → (bytes, why they are refused, or nothing where they are good)."""
    good = plane()
    return {
        "frame-2d.bin": (good, ""),
        "frame-3d.bin": (space(), ""),
        "frame-paused.bin": (paused_without_cost(), ""),
        "frame-empty.bin": (empty(), ""),
        "bad-nothing.bin": (b"", "shorter than the head"),
        "bad-head-cut.bin": (good[:63], "shorter than the head"),
        "bad-payload-cut.bin": (good[:-1], "length does not fit the head"),
        "bad-payload-long.bin": (good + b"\0", "length does not fit the head"),
        "bad-n-huge.bin": (put(good, 16, "<I", 2**32 - 1), "length does not fit the head"),
        "bad-magic.bin": (put(good, 0, "<I", 0x534E4F57), "magic"),
        "bad-version.bin": (put(good, 4, "<H", 2), "version"),
        "bad-kind.bin": (put(good, 6, "<H", 9), "kind"),
        "bad-dim.bin": (put(good, 20, "<B", 4), "dim"),
        "bad-enc.bin": (put(good, 21, "<B", 7), "enc"),
        "bad-flags.bin": (put(good, 22, "<H", 8), "unknown flag"),
        "bad-zero.bin": (put(good, 30, "<H", 1), "reserved bytes that are not zero"),
    }


def index() -> str:
    """The text of frames.json."""
    files = [
        {"file": name, "bad": why} if why else {"file": name, "frame": facts(data)}
        for name, (data, why) in contents().items()
    ]
    return json.dumps(files, indent=1) + "\n"


if __name__ == "__main__":
    for name, (data, _) in contents().items():
        (HERE / name).write_bytes(data)
    (HERE / "frames.json").write_text(index(), encoding="utf-8")
