"""What all rooms of the server share: bodies within bounds, records as JSON, refusals for routes and sockets alike."""

import asyncio
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from snowdome.server.wire import ErrorRecord

BODY_SECONDS = 10.0
MOST_WORDS = 2000  # bytes of a body that is a record

Record = TypeVar("Record")

_encode = msgspec.json.Encoder().encode


class Json(Response):
    """A msgspec struct as JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the struct."""
        return _encode(content)


async def read_body(request: Request, most: int) -> bytes:
    """The body, refused as soon as it is longer than allowed or has not come in time."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise HTTPException(413, f"The body has more than {most} bytes.")
    except TimeoutError:
        raise HTTPException(408, "The body did not come in time.") from None
    return bytes(body)


async def read_record(request: Request, kind: type[Record], shape: str) -> Record:
    """The body as one of our messages; `shape` says what it looks like to those who sent another one."""
    try:
        return msgspec.json.decode(await read_body(request, MOST_WORDS), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise HTTPException(400, f"The body is {shape}.") from None


async def read_rows(request: Request, n: int, most: int) -> NDArray[np.uint32]:
    """The row numbers that are the body, u32 little endian: at most `most`, each below n."""
    body = await read_body(request, most * 4)
    if len(body) % 4:
        raise HTTPException(400, f"The body is row numbers of 4 bytes each; got {len(body)} bytes.")
    rows = np.frombuffer(body, "<u4")
    if rows.size and int(rows.max()) >= n:
        raise HTTPException(400, f"Row {int(rows.max())} is not there; the rows are 0 to {n - 1}.")
    return rows


def refused(status: int, text: str, number: str = "", option: str = "") -> Json:
    """An answer that says what went wrong. Nothing of the request is repeated in it."""
    name = HTTPStatus(status).phrase.lower().replace(" ", "-")
    return Json(ErrorRecord(id=number or name, text=text, option=option), status)


def refusal(status: int, text: str) -> ASGIApp:
    """The same as an app, for a route or for a socket that has not been accepted."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            person = not scope["path"].startswith("/api/")
            response = PlainTextResponse(text, status) if person else refused(status, text)
            await response(scope, receive, send)
        elif "websocket.http.response" in scope.get("extensions", {}):
            response = refused(status, text)
            start = {
                "type": "websocket.http.response.start",
                "status": status,
                "headers": response.raw_headers,
            }
            await send(start)
            await send({"type": "websocket.http.response.body", "body": response.body})
        else:
            await send({"type": "websocket.close", "code": 1008})

    return answer
