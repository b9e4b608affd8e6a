"""The frame and the golden files, which the browser's tests read as well."""

import importlib.util
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snowdome.server import wire
from snowdome.session.protocol import Positions

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
INDEX: list[dict[str, Any]] = json.loads((GOLDEN / "frames.json").read_text())


@pytest.mark.parametrize("entry", [e for e in INDEX if "frame" in e], ids=lambda e: e["file"])
def test_golden_frames_hold_what_the_index_says(entry: dict[str, Any]) -> None:
    head, Y = wire.unpack_frame((GOLDEN / entry["file"]).read_bytes())
    wanted = entry["frame"]
    assert (head.run, head.step, head.n, head.dim) == tuple(wanted[k] for k in ("run", "step", "n", "dim"))
    assert (head.flags, head.phase) == (wanted["flags"], wanted["phase"])
    assert math.isnan(head.cost) if wanted["cost"] is None else head.cost == wanted["cost"]
    assert (list(head.lo), list(head.hi)) == (wanted["lo"], wanted["hi"])
    assert Y.shape == (head.n, head.dim)
    assert Y.ravel().tolist() == wanted["values"]


@pytest.mark.parametrize("entry", [e for e in INDEX if "bad" in e], ids=lambda e: e["file"])
def test_golden_junk_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack_frame((GOLDEN / entry["file"]).read_bytes())


def test_the_golden_files_are_what_their_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("golden_write", GOLDEN / "write.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for name, (data, _) in script.contents().items():
        assert (GOLDEN / name).read_bytes() == data
    assert (GOLDEN / "frames.json").read_text() == script.index()
    assert {path.name for path in GOLDEN.glob("*.bin")} == set(script.contents())


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 5),
    st.sampled_from([2, 3]),
    st.integers(0, 7),
    st.floats(allow_nan=False),
)
def test_what_is_packed_comes_back(run: int, step: int, n: int, dim: int, flags: int, cost: float) -> None:
    Y = np.arange(n * dim, dtype="<f4").reshape(n, dim)
    head = wire.FrameHead(run=run, step=step, n=n, dim=dim, flags=flags, phase=3, cost=cost, hi=(1.0, 2.0, 3.0))
    found, values = wire.unpack_frame(wire.pack_frame(head, Y.tobytes()))
    assert found == head
    assert values.tobytes() == Y.tobytes()


@given(st.binary(max_size=200))
def test_only_wire_error_escapes(data: bytes) -> None:
    for junk in (data, b"SNOW\x01\x00\x01\x00" + data):
        with pytest.raises(wire.WireError):
            wire.unpack_frame(junk)


def test_a_payload_that_does_not_fit_is_not_packed() -> None:
    with pytest.raises(wire.WireError, match="takes 16 bytes, not 15"):
        wire.pack_frame(wire.FrameHead(run=1, step=1, n=2, dim=2), bytes(15))


def test_a_frame_is_packed_once_for_all() -> None:
    values = np.zeros((2, 2), "<f4").tobytes()
    positions = Positions(1, 7, 9, 0, 0.5, 2, 2, (0.0,) * 3, (0.0,) * 3, True, False, True, values)
    first = wire.frame_bytes(positions)
    assert wire.frame_bytes(positions) is first
    assert wire.unpack_frame(first)[0].flags == wire.PAUSED | wire.LAST


def test_the_browser_types_are_up_to_date() -> None:
    script = ROOT / "scripts" / "wire_types.py"
    subprocess.run([sys.executable, script, "--check"], check=True, timeout=60)
