"""The socket: what happens goes out as it happens, and what people ask comes in."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import ClassVar

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from snowdome.core.errors import SnowdomeError
from snowdome.server import wire
from snowdome.server.answers import refusal
from snowdome.server.questions import named_option
from snowdome.session.columns import ColumnsVersion
from snowdome.session.feed import Event
from snowdome.session.host import Host
from snowdome.session.labels.messages import AnnotationState, RankingRecord
from snowdome.session.maps.messages import KeptMaps
from snowdome.session.messages import Costs, Notice, Opening, Refusal, RunRecord, Snapshot
from snowdome.session.models.messages import ModelsRecord

MOST_SOCKETS = 32
SEND_SECONDS = 5.0
MAX_MESSAGE = 1 << 20
JUNK = 1003
ABORT = "snowdome.abort"  # the server's own extension of a scope: drop the connection without a word

BULLETINS: dict[type[msgspec.Struct], Callable[..., wire.ServerMessage]] = {
    ColumnsVersion: wire.ColumnsChanged,
    AnnotationState: wire.AnnotationsChanged,
    RankingRecord: wire.RankingChanged,
    ModelsRecord: wire.ModelsChanged,
    KeptMaps: wire.MapsKept,
}

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(wire.ClientMessage).decode


class Seat:
    """Where one who watches sits: at the session that is open now."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.session = host.session
        self.feed = self.session.join()

    def move(self) -> bool:
        """Go over to another session where it has taken the place of this one; whether it has."""
        if self.session is self._host.session:
            return False
        self.leave()
        self.session = self._host.session
        self.feed = self.session.join()
        return True

    def leave(self) -> None:
        """Watch no longer."""
        self.session.leave(self.feed)


class Live:
    """The sockets of one app."""

    send_seconds: ClassVar[float] = SEND_SECONDS

    def __init__(self, host: Host) -> None:
        self._host = host
        self._open = 0

    async def talk(self, socket: WebSocket) -> None:
        """Serve one socket from its beginning to its end."""
        if self._open >= MOST_SOCKETS:
            answer = refusal(503, f"There are {MOST_SOCKETS} connections already; close a tab.")
            await answer(socket.scope, socket.receive, socket.send)
            return
        self._open += 1
        try:
            await socket.accept()
            seat = Seat(self._host)
            try:
                await self._both_ways(socket, seat)
            finally:
                seat.leave()
        finally:
            self._open -= 1

    async def _both_ways(self, socket: WebSocket, seat: Seat) -> None:
        tasks = {asyncio.create_task(self._tell(socket, seat)), asyncio.create_task(self._listen(socket, seat))}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            error = task.exception()
            if isinstance(error, TimeoutError):
                drop(socket)
            elif error is not None and not isinstance(error, WebSocketDisconnect):
                raise error

    async def _tell(self, socket: WebSocket, seat: Seat) -> None:
        """Send whatever is new; TimeoutError for a client that does not take it."""
        await self._send_text(socket, hello(seat.feed.hello()))
        while True:
            if seat.move():
                await self._send_text(socket, hello(seat.feed.hello()))
            feed = seat.feed
            for event in feed.events():
                await self._send_text(socket, message(event))
            while (positions := feed.frame()) is not None:
                async with asyncio.timeout(self.send_seconds):
                    await socket.send_bytes(wire.frame_bytes(positions))
            await feed.wake.wait()
            feed.wake.clear()

    async def _send_text(self, socket: WebSocket, said: wire.ServerMessage) -> None:
        async with asyncio.timeout(self.send_seconds):
            await socket.send_text(_encode(said).decode())

    async def _listen(self, socket: WebSocket, seat: Seat) -> None:
        """Do what the client asks, until it goes or sends what is no message."""
        while (got := await socket.receive())["type"] == "websocket.receive":
            try:
                asked = _decode(got.get("text") or "")
            except (msgspec.DecodeError, RecursionError):
                with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it may have gone by now
                    await socket.close(JUNK, "This is no message of snowdome's.")
                return
            try:
                self._do(asked, seat)
            except SnowdomeError as error:
                seat.feed.notices.append(answer_to(asked, error))
                seat.feed.wake.set()

    def _do(self, asked: wire.ClientMessage, seat: Seat) -> None:
        session, feed = seat.session, seat.feed
        match asked:
            case wire.Ack():
                feed.ack(asked.run, asked.step)
            case wire.Viewing():
                feed.view(asked.run)
            case wire.Start():
                session.start(asked.method, asked.seed, asked.options, waits=asked.waits)
                if not asked.waits:
                    feed.follow()
            case wire.Pause():
                session.pause(asked.run)
            case wire.Resume():
                session.resume(asked.run)
            case wire.Step():
                session.step(asked.run)
            case wire.Exaggerate():
                session.exaggerate(asked.run, asked.factor)
            case wire.Speed():
                session.speed(asked.run, asked.steps_per_second)
            case wire.Stop():
                session.stop(asked.run)


def hello(snapshot: Snapshot) -> wire.Hello:
    """The first message."""
    return wire.Hello(
        session=snapshot.session, runs=snapshot.runs, costs=snapshot.costs, unfinished=snapshot.unfinished
    )


def message(event: Event) -> wire.ServerMessage:
    """An event of the session as it goes over the wire."""
    match event:
        case RunRecord():
            return wire.RunChanged(run=event)
        case Costs():
            return wire.CostsAdded(run=event.run, steps=event.steps, costs=event.costs)
        case Opening():
            return wire.OpeningChanged(name=event.name, stage=event.stage, done=event.done, total=event.total)
        case Notice():
            return wire.NoticeGiven(level=event.level, text=event.text)
        case Refusal():
            return wire.StartRefused(option=event.option, text=event.text)
        case _:
            return BULLETINS[type(event)](**msgspec.structs.asdict(event))


def answer_to(asked: wire.ClientMessage, error: SnowdomeError) -> Notice | Refusal:
    """What the one who asked is told: for a run that was not begun with the option that the sentence names."""
    text = str(error)
    if isinstance(asked, wire.Start):
        return Refusal(option=named_option(("method", "seed", *asked.options), text), text=text)
    return Notice(level="error", text=text)


def drop(socket: WebSocket) -> None:
    """End a connection whose client takes nothing: a close message would only join what waits for it."""
    abort: dict[str, Callable[[], None]] = socket.scope.get("extensions", {}).get(ABORT, {})
    if "now" in abort:
        abort["now"]()
