"""The kept maps: told, shown, named, thrown away and brought back; and the edges that can be drawn on a map."""

import contextlib
from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import SnowdomeError
from snowdome.server.answers import Json, read_record
from snowdome.server.near import whole
from snowdome.server.questions import RefusedError, answered, named_option
from snowdome.session.host import Host
from snowdome.session.maps.messages import MapRequest, NameRequest, RunGiven
from snowdome.session.maps.store import DamagedMapError, UnknownMapError
from snowdome.session.questions.edges import Edges
from snowdome.session.session import Session

BYTES = "application/octet-stream"


class Maps:
    """The routes of the kept maps, by their ids."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/maps", self.listed),
            Route("/api/maps", self.ask, methods=["POST"]),
            Route("/api/maps/{id}", self.rename, methods=["PUT"]),
            Route("/api/maps/{id}", self.throw_away, methods=["DELETE"]),
            Route("/api/maps/{id}/back", self.bring_back, methods=["POST"]),
            Route("/api/maps/{id}/show", self.show, methods=["POST"]),
            Route("/api/maps/{id}/sketch", self.sketch),
            Route("/api/edges", self.edges),
        ]

    @property
    def _session(self) -> Session:
        return self._host.session

    async def listed(self, request: Request) -> Response:  # noqa: ARG002
        """All that are kept, the newest first."""
        return Json(self._session.shelf.listed)

    async def ask(self, request: Request) -> Response:
        """The map of exactly that: the kept one, or else a run that is begun."""
        asked = await read_record(request, MapRequest, '{"method": "…", "seed": 0, "options": {…}}')
        try:
            with kept_or_said():
                run = await self._session.reuse(asked.method, asked.seed, asked.options, waits=asked.waits)
        except SnowdomeError as error:
            named = named_option(("method", "seed", *asked.options), str(error))
            raise RefusedError(400, str(error), named) from None
        return Json(RunGiven(run=run.record.id))

    async def show(self, request: Request) -> Response:
        """A kept map as a run that is over."""
        with kept_or_said():
            run = await self._session.show(request.path_params["id"])
        return Json(RunGiven(run=run.record.id))

    async def rename(self, request: Request) -> Response:
        """Give it a name, or take it away by an empty one."""
        asked = await read_record(request, NameRequest, '{"name": "…"}')
        with kept_or_said():
            return Json(await self._session.shelf.rename(request.path_params["id"], asked.name))

    async def throw_away(self, request: Request) -> Response:
        """Put it into the bin, from where it can be brought back until the data are closed."""
        with kept_or_said():
            await self._session.shelf.throw_away(request.path_params["id"])
        return Response(status_code=204)

    async def bring_back(self, request: Request) -> Response:
        """Take it out of the bin."""
        with kept_or_said():
            return Json(await self._session.shelf.bring_back(request.path_params["id"]))

    async def sketch(self, request: Request) -> Response:
        """A small picture of it: a byte for each coordinate of some rows; see `MapStore.sketch`."""
        with kept_or_said():
            return Response(await self._session.shelf.sketch(request.path_params["id"]), media_type=BYTES)

    async def edges(self, request: Request) -> Response:
        """The three nearest of each row, u32 little endian, in `space` leading components, or in the raw values."""
        text = request.query_params.get("space", "")
        space = whole(text or "0", int(self._session.dataset.X.shape[1])) or None
        return Response(await answered(request, self._session, Edges(space)), media_type=BYTES)


@contextlib.contextmanager
def kept_or_said() -> Iterator[None]:
    """Say what became of a kept map: 404 where it is not there, 409 where it is damaged, 507 for a full disk."""
    try:
        yield
    except UnknownMapError as error:
        raise HTTPException(404, str(error)) from None
    except DamagedMapError as error:
        raise HTTPException(409, f"{error} It was set aside; make it again where it is wanted.") from None
    except OSError as error:
        raise HTTPException(507, f"Not saved: {error.strerror or type(error).__name__}.") from None
