"""The routes of the models: which kinds there are, training, keeping, and what a model thinks of the open data."""

import asyncio
import inspect
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from snowdome.core.errors import SnowdomeError
from snowdome.server.answers import Json, read_body
from snowdome.server.explorers import number_in
from snowdome.server.questions import RefusedError, answered, named_option
from snowdome.server.wire import KeepRequest
from snowdome.session.host import Host
from snowdome.session.models.judged import ModelFile
from snowdome.session.models.kinds import kinds_record
from snowdome.session.models.messages import KindsRecord, ModelsRecord, TrainRequest, Verdicts
from snowdome.session.models.models import Models, UnknownModelError
from snowdome.session.questions.model_explained import ModelExplained
from snowdome.session.questions.model_judged import ModelJudged
from snowdome.session.questions.model_occlusion import ModelOcclusion
from snowdome.session.questions.model_thresholds import ModelThresholds
from snowdome.session.questions.model_verdicts import ModelVerdicts
from snowdome.session.questions.model_weights import ModelWeights

BYTES = "application/octet-stream"
MOST_WORDS = 8000  # bytes of a request
MOST_ROWS = 256  # that are predicted at once
Asked = TypeVar("Asked")


class Classifiers:
    """Models of the data that are open."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._kinds: KindsRecord | None = None

    def routes(self) -> list[BaseRoute]:
        """All of them."""
        one = "/api/models/{model}"
        return [
            Route("/api/kinds", self.kinds),
            Route("/api/models", self.all, methods=["GET"]),
            Route("/api/models", self.train, methods=["POST"]),
            Route(one, self.delete, methods=["DELETE"]),
            *(Route(f"{one}/{verb}", act, methods=["POST"]) for verb, act in (
                ("stop", self.stop), ("restore", self.restore), ("keep", self.keep), ("curve", self.curve),
                ("predict", self.predict),
            )),
            Route(f"{one}/judged", self.judged),
            Route(f"{one}/verdicts", self.verdicts),
            Route(f"{one}/weights", self.weights),
            Route(f"{one}/thresholds/{{code}}", self.thresholds),
            Route(f"{one}/rows/{{row}}/explained", self.explained),
            Route(f"{one}/rows/{{row}}/occlusion", self.occlusion),
        ]  # fmt: skip

    @property
    def _models(self) -> Models:
        return self._host.session.models

    async def kinds(self, request: Request) -> Response:  # noqa: ARG002
        """Every kind of model there is, with its options, and those of the preparation and the rows."""
        if self._kinds is None:
            self._kinds = await asyncio.to_thread(kinds_record)
        return Json(self._kinds)

    async def all(self, request: Request) -> Response:  # noqa: ARG002
        """All models; those that are kept on disk are looked for again."""
        await self._models.refresh()
        return Json(ModelsRecord(models=self._models.records()))

    async def train(self, request: Request) -> Response:
        """Queue a model; 400 names the option at fault."""
        asked = await _body(request, TrainRequest, '{"kind": "sgd", "options": {…}, "preparation": {…}, "rows": {…}}')
        try:
            return Json(self._models.train(asked))
        except SnowdomeError as error:
            names = ("kind", "folds", *asked.options, *asked.preparation, *asked.rows)
            raise RefusedError(400, str(error), named_option(names, str(error))) from None

    async def stop(self, request: Request) -> Response:
        """End a training; what is over already stays as it is."""
        return await self._done(request, self._models.stop)

    async def curve(self, request: Request) -> Response:
        """Queue the learning curve of a model."""
        return await self._done(request, self._models.curve)

    async def delete(self, request: Request) -> Response:
        """Take a model away."""
        return await self._done(request, self._models.delete)

    async def restore(self, request: Request) -> Response:
        """Bring back one that was deleted."""
        return await self._done(request, self._models.restore)

    async def keep(self, request: Request) -> Response:
        """Keep a model on disk, under a name."""
        asked = await _body(request, KeepRequest, '{"name": "digits"}')
        return await self._done(request, lambda model: self._models.keep(model, asked.name))

    async def _done(self, request: Request, act: Any) -> Response:
        """All models after something was done to one of them."""
        try:
            doing = act(request.path_params["model"])
            if inspect.isawaitable(doing):
                await doing
        except UnknownModelError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        except SnowdomeError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None
        return Json(ModelsRecord(models=self._models.records()))

    async def predict(self, request: Request) -> Response:
        """What a model takes images for: a byte for each value, the data's range spread over 0 to 255, row after row.

        `newest` stands for the newest model.
        """
        data = self._host.session.dataset
        p = int(data.X.shape[1])
        body = await read_body(request, MOST_ROWS * p)
        if not body or len(body) % p:
            raise HTTPException(400, f"The body is rows of {p} bytes; got {len(body)}.")
        low, high = data.value_range
        values = low + np.frombuffer(body, np.uint8).reshape(-1, p).astype(np.float64) * ((high - low) / 255)
        model = request.path_params["model"]
        try:
            return Json(await self._models.predict(None if model == "newest" else model, values))
        except UnknownModelError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        except SnowdomeError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None

    async def judged(self, request: Request) -> Response:
        """How far a model can be believed."""
        return Json(await answered(request, self._host.session, ModelJudged(self._file(request))))

    async def verdicts(self, request: Request) -> Response:
        """What it thinks of each row that it was not trained on, column after column, little endian."""
        found: Verdicts = await answered(request, self._host.session, ModelVerdicts(self._file(request)))
        parts = (found.rows, found.confidence, found.given_confidence, found.fold, found.predicted, found.given)
        return Response(b"".join(parts), media_type=BYTES)

    async def weights(self, request: Request) -> Response:
        """How much each value speaks for each class, f32."""
        return Response(
            await answered(request, self._host.session, ModelWeights(self._file(request))), media_type=BYTES
        )

    async def thresholds(self, request: Request) -> Response:
        """The class of that code against the rest, for each threshold."""
        classes = self._host.session.dataset.classes
        label = classes[number_in(request, "code", len(classes))]
        return Json(await answered(request, self._host.session, ModelThresholds(self._file(request), label)))

    async def explained(self, request: Request) -> Response:
        """Why this class and not that one, of one row."""
        row, label, other = self._row(request)
        question = ModelExplained(self._file(request), row, label, other)
        return Json(await answered(request, self._host.session, question))

    async def occlusion(self, request: Request) -> Response:
        """What the first class loses against the second where the image is covered, f32."""
        row, label, other = self._row(request)
        question = ModelOcclusion(self._file(request), row, label, other)
        return Response(await answered(request, self._host.session, question), media_type=BYTES)

    def _row(self, request: Request) -> tuple[int, str, str]:
        """The row and the two classes that are asked about, "" where none is named."""
        data = self._host.session.dataset
        names = []
        for side in ("label", "other"):
            text = request.query_params.get(side, "")
            known = text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < len(data.classes)
            names.append(data.classes[int(text)] if known else "")
        return number_in(request, "row", len(data)), names[0], names[1]

    def _file(self, request: Request) -> ModelFile:
        try:
            return self._models.file(request.path_params["model"])
        except UnknownModelError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from None
        except SnowdomeError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None


async def _body(request: Request, kind: type[Asked], form: str) -> Asked:
    try:
        return msgspec.json.decode(await read_body(request, MOST_WORDS), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise HTTPException(400, f"The body is {form}.") from None
