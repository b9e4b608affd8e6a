"""The routes of the explorers: columns and means of the data, its components, and the neighbours of the first rows."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import DataError
from snowdome.data.dataset import Dataset
from snowdome.server.answers import Json
from snowdome.session import spaces
from snowdome.session.host import Host, in_thread
from snowdome.session.spaces import Space

BYTES = "application/octet-stream"

Found = TypeVar("Found")


class Once(Generic[Found]):
    """What is found about the open data once, in a thread, however many ask; again where other data are open."""

    def __init__(self, find: Callable[[Dataset], Found]) -> None:
        self._find = find
        self._of: Dataset | None = None
        self._task: asyncio.Task[Found] | None = None

    async def of(self, dataset: Dataset) -> Found:
        """What is found about this Dataset. Who asked and went away does not end the search for the others."""
        failed = self._task is not None and self._task.done() and (self._task.cancelled() or self._task.exception())
        if self._task is None or self._of is not dataset or failed:
            self._of = dataset
            self._task = asyncio.create_task(in_thread(lambda: self._find(dataset)))
        return await asyncio.shield(self._task)


class Explorers:
    """What the cube, the explorer of components and the tour ask of the data."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._means = Once(spaces.mean_bytes)
        self._space: Once[Space] = Once(lambda dataset: spaces.space_of(spaces.leading(dataset)))
        self._neighbours = Once(spaces.first_neighbours)

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/columns/{index}", self.column),
            Route("/api/rows/{row}/values", self.values),
            Route("/api/means", self.means),
            Route("/api/components", self.components),
            Route("/api/components/basis", self.basis),
            Route("/api/components/{component}/scores", self.scores),
            Route("/api/first/neighbours", self.neighbours),
        ]

    @property
    def _dataset(self) -> Dataset:
        return self._host.session.dataset

    async def column(self, request: Request) -> Response:
        """One value of every row: u8 where the data are bytes, else f32 little endian."""
        dataset = self._dataset
        index = number_in(request, "index", int(dataset.X.shape[1]))
        return Response(await in_thread(lambda: spaces.column_bytes(dataset, index)), media_type=BYTES)

    async def values(self, request: Request) -> Response:
        """The values of one row as they are in the data, f32."""
        dataset = self._dataset
        return Response(spaces.row_bytes(dataset, number_in(request, "row", len(dataset))), media_type=BYTES)

    async def means(self, request: Request) -> Response:  # noqa: ARG002
        """The mean row of each class, then that of all, f32."""
        return Response(await self._means.of(self._dataset), media_type=BYTES)

    async def components(self, request: Request) -> Response:  # noqa: ARG002
        """How much each component explains."""
        return Json((await self._found()).record)

    async def basis(self, request: Request) -> Response:  # noqa: ARG002
        """The mean row, then the components, f32."""
        return Response((await self._found()).basis, media_type=BYTES)

    async def scores(self, request: Request) -> Response:
        """The score of every row in one component, f32."""
        space = await self._found()
        component = number_in(request, "component", space.record.count)
        return Response(await in_thread(lambda: spaces.score_bytes(space, component)), media_type=BYTES)

    async def neighbours(self, request: Request) -> Response:  # noqa: ARG002
        """The ten nearest of each of the first 1,000 rows, u16."""
        return Response(await self._neighbours.of(self._dataset), media_type=BYTES)

    async def _found(self) -> Space:
        try:
            return await self._space.of(self._dataset)
        except DataError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None


def number_in(request: Request, name: str, count: int) -> int:
    """The number of that name in the address, from 0 to below `count`; 404 for anything else."""
    text = request.path_params[name]
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) < count:
        return int(text)
    raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no such number; there are {count:,}, counted from 0.")
