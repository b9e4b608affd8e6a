"""How a route asks the query process: who has gone away is waited for no longer, and errors become answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request

from snowdome.core.control import Stopped
from snowdome.core.errors import MissingPackageError, SnowdomeError
from snowdome.session.query import QueryError
from snowdome.session.question import Answer, Question
from snowdome.session.session import Session


class RefusedError(HTTPException):
    """A refusal of one option, or of none."""

    def __init__(self, status: int, text: str, option: str) -> None:
        super().__init__(status, text)
        self.option = option


async def answered(
    request: Request, session: Session, question: Question[Answer], options: Iterable[str] = ()
) -> Answer:
    """The answer to a question of that request, whose body was read; dropped where the client has gone.

    Refused by 400 for what the question's author could not know but the asker can mend, by 500 for our own faults;
    `options` are the names that the sentence may speak of.
    """
    try:
        async with _leaving(request) as gone:
            asking = asyncio.ensure_future(session.query(question))
            await asyncio.wait([asking, gone], return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                asking.cancel()
                raise HTTPException(503, "Nobody waits for this answer any more.")
            return asking.result()
    except Stopped:
        raise HTTPException(503, "The data are being closed.") from None
    except QueryError as error:
        raise HTTPException(500, str(error)) from None
    except MissingPackageError as error:
        raise HTTPException(501, str(error)) from None
    except SnowdomeError as error:
        raise RefusedError(400, str(error), named_option(options, str(error))) from None


def named_option(names: Iterable[str], text: str) -> str:
    """The option that a sentence speaks of, or none."""
    return next((name for name in names if repr(name) in text), "")


@contextlib.asynccontextmanager
async def _leaving(request: Request) -> AsyncIterator["asyncio.Task[None]"]:
    """A task that ends when the client goes away."""

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    gone = asyncio.create_task(watch())
    try:
        yield gone
    finally:
        gone.cancel()
