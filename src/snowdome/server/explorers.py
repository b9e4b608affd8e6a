"""The routes of the explorers: columns and means of the data, its components, and the neighbours of the first rows."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.server.answers import Json
from snowdome.session.host import Host
from snowdome.session.query import QueryError
from snowdome.session.question import Answer, Question
from snowdome.session.questions.class_means import ClassMeans
from snowdome.session.questions.column import Column
from snowdome.session.questions.component_scores import ComponentScores
from snowdome.session.questions.first_neighbours import FirstNeighbours
from snowdome.session.questions.leading_components import LeadingComponents
from snowdome.session.spaces import MOST_COMPONENTS, row_bytes

BYTES = "application/octet-stream"


class Explorers:
    """What the cube, the explorer of components and the tour ask of the data."""

    def __init__(self, host: Host) -> None:
        self._host = host

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
        index = number_in(request, "index", int(self._dataset.X.shape[1]))
        return Response(await self._ask(Column(index)), media_type=BYTES)

    async def values(self, request: Request) -> Response:
        """The values of one row as they are in the data, f32."""
        dataset = self._dataset
        return Response(row_bytes(dataset, number_in(request, "row", len(dataset))), media_type=BYTES)

    async def means(self, request: Request) -> Response:  # noqa: ARG002
        """The mean row of each class, then that of all, f32."""
        return Response(await self._ask(ClassMeans()), media_type=BYTES)

    async def components(self, request: Request) -> Response:  # noqa: ARG002
        """How much each component explains."""
        return Json((await self._ask(LeadingComponents())).record)

    async def basis(self, request: Request) -> Response:  # noqa: ARG002
        """The mean row, then the components, f32."""
        return Response((await self._ask(LeadingComponents())).basis, media_type=BYTES)

    async def scores(self, request: Request) -> Response:
        """The score of every row in one component, f32."""
        component = number_in(request, "component", min(MOST_COMPONENTS, int(self._dataset.X.shape[1])))
        return Response(await self._ask(ComponentScores(component)), media_type=BYTES)

    async def neighbours(self, request: Request) -> Response:  # noqa: ARG002
        """The ten nearest of each of the first 1,000 rows, u16."""
        return Response(await self._ask(FirstNeighbours()), media_type=BYTES)

    async def _ask(self, question: Question[Answer]) -> Answer:
        """The answer of the query process; a refusal in words where the data have not what is asked about."""
        try:
            return await self._host.session.query(question)
        except QueryError as error:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
        except SnowdomeError as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None


def number_in(request: Request, name: str, count: int) -> int:
    """The number of that name in the address, from 0 to below `count`; 404 for anything else."""
    text = request.path_params[name]
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) < count:
        return int(text)
    raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no such number; there are {count:,}, counted from 0.")
