"""What is nearest to one row of the open data."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.server.answers import Json
from snowdome.server.wire import NearRecord
from snowdome.session.host import Host
from snowdome.space.distance import nearest_to

MOST = 100
USUAL = 12


class Near:
    """The route that answers with the neighbours of a row."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[BaseRoute]:
        """The one there is."""
        return [Route("/api/rows/{row}/near", self.near)]

    async def near(self, request: Request) -> Response:
        """The k rows whose values are nearest to that row's, by Euclidean distance, exactly."""
        dataset = self._host.session.dataset
        row = whole(request.path_params["row"], len(dataset) - 1)
        k = whole(request.query_params.get("k", str(USUAL)), MOST)
        rows, distances = await asyncio.to_thread(nearest_to, dataset.X, row, k)
        space = "raw values" if dataset.image_shape is None else "pixels"
        return Json(NearRecord(row=row, rows=rows.tolist(), distances=distances.tolist(), space=space))


def whole(text: str, most: int) -> int:
    """The whole number in a part of an address; 404 where it is none, or more than that."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise HTTPException(404, f"There is no {text[:12]!r} here; the whole numbers from 0 to {most} are.")
    return int(text)
