"""The routes of what a person drew or photographed: which digits it is taken for, what is like it, where it goes."""

import contextlib

import msgspec
import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import SnowdomeError
from snowdome.server.answers import Json, read_body
from snowdome.server.near import whole
from snowdome.server.questions import RefusedError, answered
from snowdome.session.host import Host
from snowdome.session.models.handwriting import HandwritingRecord, PhotoSeen, Seen, SeenRecord
from snowdome.session.questions.drawing import Drawing
from snowdome.session.questions.photo import Photo
from snowdome.session.questions.place import Place, Placed

MOST_SIDE = 512  # pixels of a drawing
PHOTO_MB = 32
MOST_RUN = 10**9

NOWHERE = Placed([], settled=False)


class Handwriting:
    """Ink among the data that are open."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[BaseRoute]:
        """Both."""
        return [
            Route("/api/drawing", self.drawing, methods=["POST"]),
            Route("/api/photo", self.photo, methods=["PUT"]),
        ]

    async def drawing(self, request: Request) -> Response:
        """What is seen in the ink that is the body, a byte for each pixel, `width` of them in a line.

        With `run` in the address also where it goes on the map of that run, and with `model` what that model says.
        """
        width = whole(request.query_params.get("width", ""), MOST_SIDE)
        ink = await read_body(request, MOST_SIDE * MOST_SIDE)
        seen = await answered(request, self._host.session, Drawing(ink, width))
        return Json(await self._told(request, [seen]))

    async def photo(self, request: Request) -> Response:
        """What is seen in each digit of the photo whose file is the body."""
        blob = await read_body(request, PHOTO_MB * 1_000_000)
        found = await answered(request, self._host.session, Photo(blob))
        return Json(await self._told(request, found.digits, found))

    async def _told(self, request: Request, digits: list[Seen], photo: PhotoSeen | None = None) -> HandwritingRecord:
        placed, unplaced = NOWHERE, ""
        try:
            placed = await self._placed(request, b"".join(seen.row for seen in digits))
        except RefusedError as error:  # what is seen is worth telling all the same
            unplaced = error.detail
        places = placed.places or [[] for _ in digits]
        model, shares = await self._judged(request, digits)
        told = zip(digits, shares, places, strict=True)
        return HandwritingRecord(
            digits=[_record(*digit) for digit in told],
            model=model,
            settled=placed.settled,
            unplaced=unplaced,
            width=photo.width if photo else 0,
            height=photo.height if photo else 0,
            boxes=photo.boxes if photo else [],
            notes=photo.notes if photo else [],
        )

    async def _judged(self, request: Request, digits: list[Seen]) -> tuple[str, list[list[float]]]:
        """The model of the address and the probabilities of each digit; "" and the votes of the nearest without one."""
        model = request.query_params.get("model", "")
        if model:
            rows = np.frombuffer(b"".join(seen.row for seen in digits), "<f4").reshape(len(digits), -1)
            with contextlib.suppress(SnowdomeError):  # it was deleted meanwhile, say
                return model, (await self._host.session.models.predict(model, rows)).probability
        return "", [seen.votes for seen in digits]

    async def _placed(self, request: Request, rows: bytes) -> Placed:
        """Where they go on the map of the run in the address; nowhere without one, or while it has no map."""
        text = request.query_params.get("run", "")
        run = self._host.session.runs.get(whole(text, MOST_RUN)) if text else None
        if run is None or run.newest is None:
            return NOWHERE
        record, Y = run.record, run.newest
        done = record.status == "done"
        asked = Place(rows, record.id, record.method, record.options, Y.dim, done)
        found = await answered(request, self._host.session, asked) if done else NOWHERE
        if not found.places:
            found = await answered(request, self._host.session, msgspec.structs.replace(asked, values=Y.values))
        return found


def _record(seen: Seen, shares: list[float], place: list[float]) -> SeenRecord:
    return SeenRecord(
        shades=list(seen.shades),
        label=shares.index(max(shares)) if shares else -1,
        shares=shares,
        rows=seen.rows,
        distances=seen.distances,
        place=place,
    )
