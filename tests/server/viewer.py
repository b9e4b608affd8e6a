"""A tab without a screen: reads everything, draws nothing, acknowledges at once."""

import json
import socket
import time
from collections.abc import Callable
from typing import Any, Self

from websockets.sync.client import connect

from snowdome.server import wire


class Viewer:
    """One socket, and what came over it."""

    def __init__(self, port: int, token: str, *, acks: bool = True) -> None:
        self.acks = acks
        self.records: dict[int, dict[str, Any]] = {}
        self.costs: dict[int, list[int]] = {}
        self.frames: list[wire.FrameHead] = []
        self.notices: list[str] = []
        self.refusals: list[tuple[str, str]] = []
        self.openings: list[dict[str, Any]] = []
        self.kept: list[list[dict[str, Any]]] = []
        self.kinds: list[str] = []
        self.newest: bytes = b""
        headers = {"Authorization": f"Bearer {token}"}
        url = f"ws://127.0.0.1:{port}/api/live"
        self.socket = connect(url, additional_headers=headers, max_size=None, proxy=None).__enter__()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, kind: str, **fields: Any) -> None:
        """Send a message."""
        self.socket.send(json.dumps({"type": kind, **fields}))

    def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> None:
        """Read on until the condition holds."""
        limit = time.monotonic() + seconds
        while not condition():
            self.take(self.socket.recv(timeout=max(0.0, limit - time.monotonic())))

    def take(self, got: str | bytes) -> None:
        """Note one message."""
        if isinstance(got, bytes):
            head, _ = wire.unpack_frame(got)
            self.frames.append(head)
            self.kinds.append("frame")
            self.newest = got
            if self.acks:
                self.say("ack", run=head.run, step=head.step)
            return
        said = json.loads(got)
        self.kinds.append(said["type"])
        if said["type"] == "hello":
            self.records = {record["id"]: record for record in said["runs"]}
            for told in said["costs"]:
                self.costs[told["run"]] = told["steps"]
        if said["type"] == "run":
            self.records[said["run"]["id"]] = said["run"]
        if said["type"] == "costs":
            self.costs.setdefault(said["run"], []).extend(said["steps"])
        if said["type"] == "opening":
            self.openings.append({name: said[name] for name in ("name", "stage", "done", "total")})
        if said["type"] == "maps":
            self.kept.append(said["maps"])
        if said["type"] == "refused":
            self.refusals.append((said["option"], said["text"]))
        if said["type"] == "notice":
            self.notices.append(said["text"])

    def status(self, run: int) -> str:
        """How that run is, as far as this tab was told."""
        return str(self.records.get(run, {}).get("status", ""))

    def step(self, run: int) -> int:
        """How far that run is."""
        return int(self.records.get(run, {}).get("step", 0))

    def over(self, run: int) -> bool:
        """Whether that run is over."""
        return self.status(run) in ("done", "stopped", "failed")


class Mute:
    """A client that opens a socket and never reads from it."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        lines = [
            "GET /api/live HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {token}",
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def say(self, kind: str, **fields: Any) -> None:
        """Send a message of less than 126 bytes, masked with zeros."""
        text = json.dumps({"type": kind, **fields}).encode()
        assert len(text) < 126
        self.socket.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
