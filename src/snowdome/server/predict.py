"""Models over HTTP, behind the gate, in the words of TensorFlow Serving's REST API.

POST /v1/models/NAME[/versions/N]:predict with {"instances": […]} answers {"predictions": […]}: for each instance the
probability of each class. GET /v1/models lists the models; /v1/models/NAME[/versions/N] and …/metadata describe one.
"""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from snowdome.core.errors import SnowdomeError
from snowdome.model.fitted import Model
from snowdome.model.kept import Card
from snowdome.server.answers import Json, read_body
from snowdome.server.gate import Gate, other_hosts, own_hosts
from snowdome.server.keys import Keys
from snowdome.server.serve import Place, Redact, Server, bind, config, is_any, is_loopback

MOST_BYTES = 32 << 20
"""Of the body of a question: some thousands of images of 28 × 28 as JSON."""

Models = Mapping[str, Mapping[int, tuple[Model, Card]]]  # by name and version


class Asked(msgspec.Struct):
    """The body of a question."""

    instances: list[Any]
    signature_name: str | None = None


class Answer(msgspec.Struct):
    """Its answer: probabilities in the order of `classes`, and the name of the class that is decided for."""

    predictions: list[list[float]]
    labels: list[str]
    classes: list[str]


class Trouble(msgspec.Struct):
    """Why there is none."""

    error: str


def create_app(models: Models) -> Starlette:
    """The app without its gate; every route is here."""
    rooms = Rooms(models)
    name, version = "/v1/models/{name}", "/v1/models/{name}/versions/{version}"
    routes = [
        Route("/healthz", health),
        Route("/v1/models", rooms.listed),
        *(Route(f"{path}:predict", rooms.predict, methods=["POST"]) for path in (version, name)),
        *(Route(f"{path}/metadata", rooms.metadata) for path in (version, name)),
        *(Route(path, rooms.status) for path in (version, name)),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _said, Exception: _fault})


async def health(_: Request) -> Response:
    """That it is there."""
    return PlainTextResponse("ok")


def _said(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    return Json(Trouble(str(error.detail)), error.status_code)


def _fault(_: Request, error: Exception) -> Response:
    logging.getLogger("snowdome.server").error("a prediction failed", exc_info=error)
    return Json(Trouble("Something went wrong here; the terminal says what."), HTTPStatus.INTERNAL_SERVER_ERROR)


class Rooms:
    """What the routes answer with."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._turn = asyncio.Lock()  # one question at a time has all threads

    async def listed(self, _: Request) -> Response:
        """All models with their versions."""
        return Json({"models": [{"name": name, "versions": sorted(there)} for name, there in self._models.items()]})

    async def status(self, request: Request) -> Response:
        """That a model is there, in the words of TensorFlow Serving."""
        versions = self._of(request)[1]
        ready = {"state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
        return Json({"model_version_status": [{"version": str(number), **ready} for number in versions]})

    async def metadata(self, request: Request) -> Response:
        """What a model's card says, and the form of the rows that it takes."""
        name, versions = self._of(request)
        model, card = self._models[name][versions[-1]]
        return Json({"model_spec": {"name": name, "version": str(card.version)}, "card": card, "takes": model.asked})

    async def predict(self, request: Request) -> Response:
        """The probabilities of each instance; 400 says what is wrong with them."""
        name, versions = self._of(request)
        model = self._models[name][versions[-1]][0]
        body = await read_body(request, MOST_BYTES)
        async with self._turn:
            return Json(await run_in_threadpool(_answer, model, body))

    def _of(self, request: Request) -> tuple[str, list[int]]:
        """The model that is asked for and its versions, or the one version; 404 where there is none."""
        name, version = request.path_params["name"], request.path_params.get("version")
        there = sorted(self._models.get(name, {}))
        if version is not None:
            there = [number for number in there if str(number) == version]
        if not there:
            raise HTTPException(404, "There is no such model here; GET /v1/models lists them.")
        return name, there


def _answer(model: Model, body: bytes) -> Answer:
    try:
        asked = msgspec.json.decode(body, type=Asked)
        predicted, proba = model.predict_both(asked.instances)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f'The body is no {{"instances": [...]}}: {error}') from None
    except SnowdomeError as error:
        raise HTTPException(400, str(error)) from None
    return Answer(proba.tolist(), [model.classes[code] for code in predicted], list(model.classes))


def serve_models(models: Models, place: Place, keys: Keys | None = None) -> None:
    """Answer questions to these models until Ctrl-C or SIGTERM; a busy port gives the next free one."""
    listener = bind(place.host, place.port)
    port = int(listener.getsockname()[1])
    keys = keys or Keys(port)
    gate = guarded(models, keys, place.host, port, place.allow_hosts)
    logging.getLogger("uvicorn.error").addFilter(Redact(keys))

    def welcome() -> None:
        for line in lines(models, place, port, keys, loopback=is_loopback(listener)):
            place.say(line)

    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(Server(config(gate), welcome).serve(sockets=[listener]))
    finally:
        listener.close()
    place.say("Closed.")


def guarded(models: Models, keys: Keys, host: str, port: int, allowed: Collection[str] = ()) -> Gate:
    """The app behind its gate."""
    return Gate(create_app(models), keys, own_hosts(host, port), other_hosts(allowed, port))


def lines(models: Models, place: Place, port: int, keys: Keys, *, loopback: bool) -> list[str]:
    """What the terminal says: the models, and how one is asked."""
    host = "127.0.0.1" if is_any(place.host) else place.host
    said = [f"snowdome serves {', '.join(f'{name} ({len(there)})' for name, there in models.items())}"]
    if place.port not in (0, port):
        said.append(f"Port {place.port} is busy; this is {port}.")
    name = next(iter(models))
    said.append(
        f"  curl -H 'Authorization: Bearer {keys.token}' -d '{{\"instances\": [[…]]}}' "
        f"http://{f'[{host}]' if ':' in host else host}:{port}/v1/models/{name}:predict"
    )
    if not loopback:
        said.append("Whoever has this token can ask, and nothing on the way is encrypted.")
    return [*said, "Ctrl+C to quit."]
