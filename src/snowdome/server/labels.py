"""The routes of the labels: what people decide about them, which of them to distrust, and what is taken home."""

import re
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TypeVar, get_args

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import SnowdomeError
from snowdome.server.answers import Json, read_body
from snowdome.server.near import whole
from snowdome.session.host import Host
from snowdome.session.labels.annotations import ConflictError
from snowdome.session.labels.annotations_file import AnnotationsError, NotSavedError
from snowdome.session.labels.labelling import Labelling
from snowdome.session.labels.messages import DecideRequest, RankRequest, StepRequest
from snowdome.session.query import QueryError
from snowdome.session.questions.take_home import FileKind

BYTES = "application/octet-stream"
MOST_WORDS = 64_000  # bytes of a request, beside its rows
ROW_BYTES = 9  # of a row number and its comma
MOST_PATCH = 64 << 20
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "npz": BYTES,
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown; charset=utf-8",
}

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Labels:
    """The labels of the data that are open, as people judge them."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/decisions", self.changes),
            Route("/api/decisions", self.decide, methods=["POST"]),
            Route("/api/decisions/preview", self.preview, methods=["POST"]),
            Route("/api/decisions/undo", self.undo, methods=["POST"]),
            Route("/api/decisions/redo", self.redo, methods=["POST"]),
            Route("/api/decisions/patch", self.take_in, methods=["PUT"]),
            Route("/api/decisions/files/{kind}", self.file),
            Route("/api/ranking", self.ranking),
            Route("/api/ranking", self.rank, methods=["POST"]),
            Route("/api/ranking", self.cancel, methods=["DELETE"]),
            Route("/api/ranking/rows", self.rows),
            Route("/api/ranking/details", self.details),
            Route("/api/ranking/evidence/{row}", self.evidence),
        ]

    def _labelling(self, request: Request) -> Labelling:
        """That of the open data; what it says to other processes is where this one is to be found."""
        labelling = self._host.session.labelling
        labelling.address = labelling.address or f"http://{request.headers['host']}"
        return labelling

    async def changes(self, request: Request) -> Response:
        """What became of the decisions `since` a step of the log; with `there`, only where anything was decided yet."""
        if "there" in request.query_params and not self._labelling(request).there:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        since = whole(request.query_params.get("since", "0"), 10**9)
        return await _told(self._labelling(request).changes(since))

    async def decide(self, request: Request) -> Response:
        """Decide about images."""
        asked = await self._read(request, DecideRequest)
        return await _told(self._labelling(request).decide(asked))

    async def preview(self, request: Request) -> Response:
        """What that would do."""
        asked = await self._read(request, DecideRequest)
        return await _told(self._labelling(request).preview(asked))

    async def undo(self, request: Request) -> Response:
        """Take a step back."""
        return await _told(self._labelling(request).undo(await self._read(request, StepRequest)))

    async def redo(self, request: Request) -> Response:
        """Bring a step back."""
        return await _told(self._labelling(request).redo(await self._read(request, StepRequest)))

    async def take_in(self, request: Request) -> Response:
        """Import the patch that is the body; `token` and `seen` are as for a decision."""
        token = request.query_params.get("token", "")
        seen = whole(request.query_params.get("seen", "0"), 10**9)
        patch = await read_body(request, MOST_PATCH)
        return await _told(self._labelling(request).take_in(patch, token, seen))

    async def file(self, request: Request) -> Response:
        """The decisions as a patch (json), the corrected data (csv, npz, parquet of a `split`), or the report (md)."""
        kind, split = request.path_params["kind"], request.query_params.get("split")
        labelling = self._labelling(request)
        if kind == "json":
            body = await _found(labelling.patch())
        elif kind in get_args(FileKind):
            body = await _found(labelling.file(kind, split))
        else:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is {', '.join(MEDIA_TYPES)}.")
        name = re.sub(r"[^a-z0-9]+", "-", self._host.session.dataset.name.lower()).strip("-")[:60] or "data"
        part = re.sub(r"[^a-z0-9]+", "-", f"-{split}".lower()) if split and kind == "parquet" else ""
        disposition = {"content-disposition": f'attachment; filename="{name}-labels{part}.{kind}"'}
        return Response(body, media_type=MEDIA_TYPES[kind], headers=disposition)

    async def ranking(self, request: Request) -> Response:
        """Where the ranking stands."""
        return Json(self._labelling(request).ranking)

    async def rank(self, request: Request) -> Response:
        """Begin one."""
        asked = await self._read(request, RankRequest)
        return Json(self._labelling(request).rank(asked))

    async def cancel(self, request: Request) -> Response:
        """Give up the one that is on its way."""
        labelling = self._labelling(request)
        labelling.cancel()
        return Json(labelling.ranking)

    async def rows(self, request: Request) -> Response:
        """The ranked images, worst first, as five columns one after the other: see `Ranked`."""
        ranked = self._labelling(request).ranked
        if ranked is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "The labels are not ranked yet.")
        return Response(ranked.rows, media_type=BYTES)

    async def details(self, request: Request) -> Response:
        """What else was found beside the ranking."""
        return await _told(self._labelling(request).details())

    async def evidence(self, request: Request) -> Response:
        """What speaks about the label of a row."""
        row = whole(request.path_params["row"], len(self._host.session.dataset) - 1)
        return await _told(self._labelling(request).evidence(row))

    async def _read(self, request: Request, kind: type[Asked]) -> Asked:
        most = MOST_WORDS + ROW_BYTES * len(self._host.session.dataset)
        try:
            return msgspec.json.decode(await read_body(request, most), type=kind)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"This is no such request: {error}.") from None


async def _told(work: Awaitable[msgspec.Struct]) -> Response:
    """The answer as JSON, or a conflict with what others decided."""
    try:
        return Json(await _found(work))
    except ConflictError as error:
        return Json(error.conflict, HTTPStatus.CONFLICT)


async def _found(work: Awaitable[Found]) -> Found:
    """What is found; an error in words: 503 where the same can be asked for again, 423 where nothing can be saved."""
    try:
        return await work
    except ConflictError:
        raise
    except (NotSavedError, QueryError) as error:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
    except AnnotationsError as error:
        raise HTTPException(HTTPStatus.LOCKED, str(error)) from None
    except SnowdomeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None
