"""The routes of the summaries: which there are, what they answer, and the same as files."""

import asyncio
import re
from typing import get_args

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.data.dataset import Dataset
from snowdome.server.answers import Json, read_body
from snowdome.server.questions import answered
from snowdome.server.ways_in import WaysIn
from snowdome.server.wire import SummariesRecord, SummaryRequest
from snowdome.session.host import Host
from snowdome.session.messages import OptionValue
from snowdome.session.methods import summary_records
from snowdome.session.questions.summary import SummaryQuestion
from snowdome.session.questions.summary_file import Ending, SummaryFile

MOST_WORDS = 4000  # bytes of a request
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "png": "image/png",
    "svg": "image/svg+xml",
}


class Summaries:
    """Summaries of the data that are open."""

    def __init__(self, host: Host, ways_in: WaysIn) -> None:
        self._host, self._ways_in = host, ways_in

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        return [
            Route("/api/summaries", self.all),
            Route("/api/summaries/{summary}", self.one, methods=["POST"]),
            Route("/api/summaries/{summary}/{file}", self.file),
        ]

    async def all(self, request: Request) -> Response:  # noqa: ARG002
        """Every summary there is, with its options as they are for the data that are open."""
        return Json(SummariesRecord(summaries=await asyncio.to_thread(summary_records, self._host.session.dataset)))

    async def one(self, request: Request) -> Response:
        """The table and the chart of one."""
        try:
            asked = msgspec.json.decode(await read_body(request, MOST_WORDS), type=SummaryRequest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise HTTPException(400, 'The body is {"options": {…}, "dark": false, "rows": true}.') from None
        question = SummaryQuestion(
            summary=name_in(request),
            options=asked.options,
            dark=asked.dark,
            rows=asked.rows,
            shown=self._ways_in.shown,
        )
        answer = await answered(request, self._host.session, question, asked.options)
        return Response(answer, media_type="application/json")

    async def file(self, request: Request) -> Response:
        """The table as table.csv or table.parquet, the chart as chart.png or chart.svg."""
        kind, _, ending = request.path_params["file"].partition(".")
        if ending not in get_args(Ending) or (kind == "chart") != (ending in ("png", "svg")):
            raise HTTPException(404, "There is table.csv, table.parquet, chart.png and chart.svg.")
        try:
            options = msgspec.json.decode(request.query_params.get("options", "{}"), type=dict[str, OptionValue])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise HTTPException(400, "The options are JSON.") from None
        dataset, summary = self._host.session.dataset, name_in(request)
        dark = request.query_params.get("dark") == "true"
        question = SummaryFile(summary=summary, options=options, ending=ending, dark=dark)
        body = await answered(request, self._host.session, question, options)
        name = f"{slug(dataset)}-{summary}.{ending}"
        disposition = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=MEDIA_TYPES[ending], headers=disposition)


def name_in(request: Request) -> str:
    """The id of the summary in the address; 404 for what cannot be one."""
    name: str = request.path_params["summary"]
    if not re.fullmatch(r"[a-z][a-z_]{0,39}", name):
        raise HTTPException(404, "There is no such summary.")
    return name


def slug(dataset: Dataset) -> str:
    """The name of the data as the beginning of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", dataset.name.lower()).strip("-")[:60] or "data"
