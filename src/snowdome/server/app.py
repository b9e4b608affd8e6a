"""The app: every route in one list, behind the one gate."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Collection
from http import HTTPStatus
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp

import snowdome
from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.server import static
from snowdome.server.answers import Json, read_rows, refused
from snowdome.server.classifiers import Classifiers
from snowdome.server.explorers import Explorers
from snowdome.server.gate import Gate, asked_with_token, code_asked
from snowdome.server.handwriting import Handwriting
from snowdome.server.keys import Keys
from snowdome.server.labels import Labels
from snowdome.server.lessons import Lessons
from snowdome.server.live import Live
from snowdome.server.maps import Maps
from snowdome.server.near import Near
from snowdome.server.static import Asset, file_answer
from snowdome.server.summaries import Summaries
from snowdome.server.tables import Tables
from snowdome.server.ways_in import Sources, WaysIn
from snowdome.server.wire import (
    MAX_IMAGES,
    NO_LABEL,
    DatasetRecord,
    MethodsRecord,
    SplitRecord,
    first_rows,
    frame_bytes,
)
from snowdome.session.host import Host, in_thread
from snowdome.session.maps.files import map_file
from snowdome.session.methods import method_records
from snowdome.session.run import Run
from snowdome.session.session import Session, UnknownRunError

IN_THREAD = 64  # images; fewer are taken at once
BYTES = "application/octet-stream"

log = logging.getLogger("snowdome.server")


class Rooms:
    """What the routes answer with."""

    def __init__(self, host: Host, keys: Keys, assets: dict[str, Asset], sources: Sources | None = None) -> None:
        self.host, self.keys, self.assets = host, keys, assets
        self._facts = Facts(host.session.dataset)
        self.live = Live(host)
        self.tables = Tables(host)
        self.near = Near(host)
        self.maps = Maps(host)
        self.ways_in = WaysIn(host, sources or Sources(), label_bytes)
        self.explorers = Explorers(host)
        self.handwriting = Handwriting(host)
        self.summaries = Summaries(host, self.ways_in)
        self.judged = Labels(host)
        self.lessons = Lessons(host, self.ways_in)
        self.classifiers = Classifiers(host)

    def routes(self) -> list[BaseRoute]:
        """All of them. The gate stands in front of each; only /healthz and /login need no token."""
        return [
            Route("/", self.index),
            Route("/enter.js", self.root_file),
            Route("/favicon.svg", self.root_file),
            Route("/assets/{name}", self.asset_file),
            Route("/healthz", self.health),
            Route("/login", self.login),
            Route("/api/dataset", self.dataset),
            Route("/api/labels", self.labels),
            Route("/api/images", self.images, methods=["POST"]),
            Route("/api/ids", self.ids, methods=["POST"]),
            Route("/api/session", self.state),
            Route("/api/methods", self.methods),
            Route("/api/runs/{run}/frame", self.frame),
            Route("/api/runs/{run}/points/{name}", self.points),
            Route("/api/runs/{run}/map/{ending}", self.map_file),
            *self.tables.routes(),
            *self.near.routes(),
            *self.maps.routes(),
            *self.ways_in.routes(),
            *self.explorers.routes(),
            *self.handwriting.routes(),
            *self.summaries.routes(),
            *self.judged.routes(),
            *self.lessons.routes(),
            *self.classifiers.routes(),
            WebSocketRoute("/api/live", self.live.talk),
        ]

    @property
    def facts(self) -> "Facts":
        """What is told of the data that are open now."""
        dataset = self.host.session.dataset
        if self._facts.dataset is not dataset:
            self._facts = Facts(dataset)
        return self._facts

    async def index(self, request: Request) -> Response:
        """The app; with the token in the address, a page that takes it out of there first."""
        if asked_with_token(request.scope, self.keys):
            return self._enter()
        page = self.assets.get("index.html")
        if page is None:
            return PlainTextResponse(static.NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
        return file_answer(page, request)

    async def login(self, request: Request) -> Response:
        """Let a browser in by a code that works once."""
        if not self.keys.use_code(code_asked(request.scope)):
            text = "This code was used before, or never given. Open the address that the terminal shows."
            return PlainTextResponse(text, HTTPStatus.FORBIDDEN)
        return self._enter()

    def _enter(self) -> Response:
        # Never a redirect: a Strict cookie is not sent on one that began elsewhere.
        return HTMLResponse(static.ENTER_PAGE, headers={"set-cookie": self.keys.cookie()})

    async def root_file(self, request: Request) -> Response:
        """A file that lies beside the page."""
        return self._file(request.scope["path"].removeprefix("/"), request)

    async def asset_file(self, request: Request) -> Response:
        """A file of the bundle, by its fixed name."""
        return self._file(f"assets/{request.path_params['name']}", request)

    def _file(self, name: str, request: Request) -> Response:
        file = self.assets.get(name)
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return file_answer(file, request)

    async def health(self, request: Request) -> Response:  # noqa: ARG002
        """Whether the server is there; says nothing else."""
        return PlainTextResponse("ok")

    async def dataset(self, request: Request) -> Response:  # noqa: ARG002
        """The facts of the data."""
        return Json(self.facts.record)

    async def labels(self, request: Request) -> Response:  # noqa: ARG002
        """The class of each row, u16 little endian."""
        return Response(self.facts.labels, media_type=BYTES)

    async def images(self, request: Request) -> Response:
        """The pixels of the rows whose u32 numbers are the body, a byte each, row after row."""
        dataset = self.host.session.dataset
        rows = await read_rows(request, len(dataset), MAX_IMAGES)
        if rows.size <= IN_THREAD:
            return Response(pixels(dataset, rows), media_type=BYTES)
        found = await asyncio.to_thread(pixels, dataset, rows)
        return Response(found, media_type=BYTES)

    async def ids(self, request: Request) -> Response:
        """The Dataset's own ids of the rows whose u32 numbers are the body, in their order."""
        dataset = self.host.session.dataset
        rows = await read_rows(request, len(dataset), MAX_IMAGES)
        return Json([dataset.id_of(int(row)) for row in rows])

    async def state(self, request: Request) -> Response:  # noqa: ARG002
        """All runs and their costs."""
        return Json(self.host.session.snapshot())

    async def methods(self, request: Request) -> Response:  # noqa: ARG002
        """Every kind of map there is, with its options."""
        return Json(MethodsRecord(methods=await asyncio.to_thread(method_records)))

    def _run(self, request: Request) -> Run:
        text = request.path_params["run"]
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            return self.host.session.run(int(text))
        except UnknownRunError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None

    async def points(self, request: Request) -> Response:
        """One value for each row of a run's map, f32 little endian: how far its place can be believed."""
        found = self._run(request).points.get(request.path_params["name"])
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "This run has no such values, or none yet.")
        return Response(found, media_type=BYTES)

    async def map_file(self, request: Request) -> Response:
        """The map of a run as a file: a table of its coordinates, or its picture."""
        run = self._run(request)
        ending = request.path_params["ending"]
        positions = await self.host.session.frame(run.record.id)
        if positions is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "This run has no map yet.")
        try:
            body = await in_thread(
                lambda: map_file(self.host.session.dataset, run.record, positions, run.points, ending)
            )
        except DataError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        name = f"map-{run.record.id}-{run.record.method}.{ending}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=static.MEDIA_TYPES.get(f".{ending}", BYTES), headers=headers)

    async def frame(self, request: Request) -> Response:
        """The newest frame of one run, nothing before there is one; with `first` of so many rows only."""
        first = request.query_params.get("first", "")
        positions = await self.host.session.frame(self._run(request).record.id)
        if positions is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        if first.isascii() and first.isdecimal() and len(first) < 10:
            positions = first_rows(positions, int(first))
        return Response(frame_bytes(positions), media_type=BYTES)


class Facts:
    """What is told of one Dataset, put together once."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.record = dataset_record(dataset)
        self.labels = label_bytes(dataset)


def pixels(dataset: Dataset, rows: NDArray[np.uint32]) -> bytes:
    """The values of those rows as bytes, the data's range spread over 0 to 255."""
    taken = dataset.X[rows.astype(np.intp)]
    low, high = dataset.value_range
    if taken.dtype == np.uint8 and (low, high) == (0, 255):
        return taken.tobytes()
    spread = (taken.astype(np.float64) - low) * (255.0 / ((high - low) or 1.0))
    return np.clip(np.rint(np.nan_to_num(spread)), 0, 255).astype(np.uint8).tobytes()


def label_bytes(dataset: Dataset) -> bytes:
    """The codes as u16, 65535 where there is no label."""
    if dataset.y is None:
        return np.full(len(dataset), NO_LABEL, "<u2").tobytes()
    if len(dataset.classes) > NO_LABEL:
        raise DataError(f"{dataset.name}: {len(dataset.classes)} classes; the app shows at most {NO_LABEL}.")
    return dataset.y.astype("<u2").tobytes()


def dataset_record(dataset: Dataset) -> DatasetRecord:
    """The facts of the data."""
    k = len(dataset.classes)
    counts = [0] * k if dataset.y is None else np.bincount(dataset.y, minlength=k).tolist()
    return DatasetRecord(
        name=dataset.name,
        n=len(dataset),
        p=int(dataset.X.shape[1]),
        has_ids=dataset.ids is not None,
        classes=list(dataset.classes),
        counts=counts,
        image_shape=dataset.image_shape,
        channels=dataset.channels,
        value_range=dataset.value_range,
        ink_is_high=dataset.ink_is_high,
        splits=[split_record(dataset, code, name) for code, name in enumerate(dataset.split_names)],
        licence=dataset.licence,
        source=dataset.source,
        notes=list(dataset.notes),
        payload_hash=dataset.payload_hash,
        version=snowdome.__version__,
    )


def split_record(dataset: Dataset, code: int, name: str) -> SplitRecord:
    """One split; with its first row where its rows stand together."""
    rows = np.flatnonzero(dataset.split == code) if dataset.split is not None else np.zeros(0, np.intp)
    together = rows.size and rows[-1] - rows[0] + 1 == rows.size
    return SplitRecord(name=name, count=int(rows.size), start=int(rows[0]) if together else None)


async def on_http_error(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """A refusal as a record; Starlette's own one-word texts become a sentence."""
    if not isinstance(error, HTTPException):
        raise error
    plain = error.detail == HTTPStatus(error.status_code).phrase
    says = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    text = says.get(error.status_code, error.detail) if plain else error.detail
    answer = refused(error.status_code, text, option=getattr(error, "option", ""))
    answer.headers.update(error.headers or {})
    return answer


async def on_fault(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """A fault of the program: a number for the person, the details for the terminal."""
    number = secrets.token_hex(4)
    log.error("fault %s: %s", number, type(error).__name__)
    return refused(500, f"A fault of the program, number {number}; the terminal says more.", number)


def create_app(session: Session, keys: Keys, assets: dict[str, Asset], sources: Sources | None = None) -> Starlette:
    """The app without its gate. It opens the session when it starts, and closes the one that is open in the end."""
    host = Host(session)
    rooms = Rooms(host, keys, assets, sources)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        host.open()
        try:
            yield
        finally:
            await host.close()
            rooms.ways_in.close()

    handlers: dict[Any, Any] = {HTTPException: on_http_error, Exception: on_fault}
    app = Starlette(routes=rooms.routes(), exception_handlers=handlers, lifespan=lifespan)
    app.state.host = host
    app.router.redirect_slashes = False  # no answer of ours sends anybody anywhere
    return app


def guarded(app: ASGIApp, keys: Keys, own: Collection[str], others: Collection[str] = ()) -> Gate:
    """The app behind its gate."""
    return Gate(app, keys, own, others)
