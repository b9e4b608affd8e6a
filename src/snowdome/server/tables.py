"""Columns of the open data, where an id is found, ink by class, and the selection as a file."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import DataError, SnowdomeError
from snowdome.data.dataset import Dataset
from snowdome.server.answers import Json, read_rows
from snowdome.session.columns import ColumnsRecord, ColumnValues, cells, column_records, column_values, own_cells
from snowdome.session.exports import MOST_ROWS, TABLES, export
from snowdome.session.host import Host
from snowdome.session.ink import ink_counts
from snowdome.session.models.columns import SAYS, columns_of, split_id
from snowdome.session.query import QueryError
from snowdome.session.questions.model_column import ModelColumn

BYTES = "application/octet-stream"
MOST_FOUND = 20
MOST_TEXT = 400  # characters of an id that is looked for

Found = TypeVar("Found")


class Tables:
    """The routes for what is known of the rows beside their values. What was computed of the open data is kept."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._of: Dataset | None = None
        self._kept: dict[str, asyncio.Task[Any]] = {}

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/table", self.columns),
            Route("/api/table/{id}", self.values),
            Route("/api/table/{id}/names", self.names),
            Route("/api/find", self.find),
            Route("/api/ink", self.ink),
            Route("/api/export/{kind}", self.export, methods=["POST"]),
        ]

    @property
    def _dataset(self) -> Dataset:
        return self._host.session.dataset

    async def columns(self, request: Request) -> Response:  # noqa: ARG002
        """Every column there is: of the data, what was found out in the session, and what models say of the rows."""
        own = column_records(self._dataset).columns
        said = columns_of(self._host.session.models.records())
        return Json(ColumnsRecord(columns=[*own, *self._host.session.columns.records, *said]))

    async def values(self, request: Request) -> Response:
        """The values of a column, 4 bytes a row."""
        return Response((await self._column(request)).values, media_type=BYTES)

    async def names(self, request: Request) -> Response:
        """The names that the codes of a column of texts stand for."""
        return Json((await self._column(request)).names)

    async def find(self, request: Request) -> Response:
        """The rows whose own id holds the text, those where it is all of it first; at most twenty."""
        text = request.query_params.get("text", "")[:MOST_TEXT]
        if self._dataset.ids is None or text == "":
            return Json([])
        return Json(await asyncio.to_thread(found_ids, await self._values("id"), text))

    async def ink(self, request: Request) -> Response:  # noqa: ARG002
        """How many rows of each class have ink at each pixel, u32 little endian, class by class."""
        dataset = self._dataset
        return Response(await self._once("ink", lambda: ink_counts(dataset).astype("<u4").tobytes()), media_type=BYTES)

    async def export(self, request: Request) -> Response:
        """The rows whose u32 numbers are the body as a file."""
        dataset, kind = self._dataset, request.path_params["kind"]
        rows = (await read_rows(request, len(dataset), MOST_ROWS)).astype(np.intp)
        model = request.query_params.get("model", "")
        said = {what: await self._said(what, model) for what in SAYS} if model and kind in TABLES else {}
        own = await asyncio.to_thread(own_cells, dataset, rows) if kind in TABLES else {}
        made = self._host.session.columns.cells(rows)
        made = {f"{name} (of the data)" if name in made else name: of for name, of in own.items()} | made
        made |= {f"{what} by {model}": cells(values, rows) for what, values in said.items()}
        try:
            return Response(await asyncio.to_thread(export, dataset, rows, kind, made), media_type=BYTES)
        except DataError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None

    async def _column(self, request: Request) -> ColumnValues:
        name = request.path_params["id"]
        made = self._host.session.columns.values(name)
        if made is not None:
            return made
        if (of_model := split_id(name)) is not None:
            return await self._said(*of_model)
        if name not in [column.id for column in column_records(self._dataset).columns]:
            raise HTTPException(HTTPStatus.NOT_FOUND, "These data have no such column.")
        return await self._values(name)

    async def _said(self, what: str, model: str) -> ColumnValues:
        """A column of what a model says."""
        session = self._host.session
        try:
            return await session.query(ModelColumn(session.models.file(model), what))
        except QueryError as error:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
        except SnowdomeError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None

    async def _values(self, name: str) -> ColumnValues:
        dataset = self._dataset
        return await self._once(f"column {name}", lambda: column_values(dataset, name))

    async def _once(self, key: str, compute: Callable[[], Found]) -> Found:
        """What is computed in a thread the first time, for all who ask meanwhile and later. A failure is not kept."""
        if self._of is not self._dataset:
            self._of, self._kept = self._dataset, {}
        if key not in self._kept:
            self._kept[key] = asyncio.create_task(asyncio.to_thread(compute))
        kept, task = self._kept, self._kept[key]
        try:
            found: Found = await asyncio.shield(task)
        except DataError as error:
            kept.pop(key, None)
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None
        except Exception:
            kept.pop(key, None)
            raise
        return found


def found_ids(ids: ColumnValues, text: str) -> list[dict[str, Any]]:
    """Rows and ids, {"row", "id"}, of the ids that hold the text in any case: the whole ones first, then in order."""
    wanted = text.lower()
    held = [code for code, name in enumerate(ids.names) if wanted in name.lower()]
    held.sort(key=lambda code: (ids.names[code].lower() != wanted, code))
    some = np.array(held[:MOST_FOUND], np.uint32)
    codes = np.frombuffer(ids.values, "<u4")
    rows = np.flatnonzero(np.isin(codes, some)) if len(some) else np.zeros(0, np.intp)
    place = {int(code): at for at, code in enumerate(some)}
    ordered = sorted((place[int(codes[row])], int(row)) for row in rows)
    return [{"row": row, "id": ids.names[int(some[at])]} for at, row in ordered[:MOST_FOUND]]
