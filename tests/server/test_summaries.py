"""The routes of the summaries, over a real server with its query process."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import polars as pl
import pytest
from PIL import Image
from starlette.exceptions import HTTPException

from snowdome.core.options import options_of
from snowdome.server.questions import answered
from snowdome.summary.asked import explore
from snowdome.summary.base import GROUPS, Summary, summaries


@pytest.fixture(scope="module")
def ask(running: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of one server, as a program with the token."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNOWDOME_CACHE", str(tmp_path_factory.mktemp("cache")))
        server = running()
        try:
            with server.client() as client:
                client.post("/api/summaries/range", json={})  # its process keeps the cache folder of now
                yield client
        finally:
            server.close()


def test_every_summary_is_listed_with_its_options_and_its_group(ask: httpx.Client) -> None:
    found = ask.get("/api/summaries").json()["summaries"]
    assert sorted(each["id"] for each in found) == summaries.names()
    for each in found:
        cls = summaries.member(each["id"], Summary)
        assert [option["name"] for option in each["options"]] == list(options_of(cls))
        assert each["title"] == cls.title
    order = [GROUPS.index(each["group"]) for each in found]
    assert order == sorted(order)


def test_a_table_and_its_chart(ask: httpx.Client, fakes: ModuleType) -> None:
    answer = ask.post("/api/summaries/atypical", json={"options": {"top": 2}})
    assert answer.status_code == 200
    found = answer.json()
    table = explore(fakes.dataset(), "atypical", top=2)
    assert found["table"]["rows"] == len(table)
    assert [column["name"] for column in found["table"]["columns"]] == table.columns
    assert found["table"]["values"] == [series.to_list() for series in table]
    assert [column["names"] for column in found["table"]["columns"]] == ["classes", "rows", "", ""]
    assert found["spec"]["title"]["text"] == found["title"] == "Least typical images"
    assert "40 images of fake" in found["caption"]
    assert found["problem"] == ""
    assert found["seconds"] > 0
    assert "snowdome.explore(ds, 'atypical', top=2)" in found["python"]
    dark = ask.post("/api/summaries/atypical", json={"options": {"top": 2}, "dark": True, "rows": False}).json()
    assert dark["table"] is None
    assert dark["spec"]["background"] != found["spec"]["background"]
    assert dark["seconds"] == found["seconds"], "the table is not made again"


def test_one_that_is_a_table_alone_has_no_chart(ask: httpx.Client) -> None:
    found = ask.post("/api/summaries/range", json={}).json()
    assert (found["spec"], found["problem"]) == (None, "")
    assert found["table"]["rows"] == 4


@pytest.mark.parametrize(
    ("summary", "options", "named", "says"),
    [
        ("atypical", {"top": 0}, "top", "option 'top' got 0; allowed: a whole number from 1 to 100000"),
        ("atypical", {"top": "<b>"}, "top", "option 'top' got '<b>'"),
        ("atypical", {"tops": 3}, "tops", "has no option 'tops'"),
        ("atypica", {}, "", "There is no summary 'atypica'"),
        ("gallery", {"of": "z"}, "", "There is no class 'z'. There is: a, b, c."),
        ("pair", {"first": "a", "second": "a"}, "", "'a' is named twice"),
    ],
)
def test_what_is_not_allowed_is_refused_with_the_option_and_the_sentence(
    ask: httpx.Client, summary: str, options: dict[str, Any], named: str, says: str
) -> None:
    for answer in (
        ask.post(f"/api/summaries/{summary}", json={"options": options}),
        ask.get(f"/api/summaries/{summary}/table.csv", params={"options": json.dumps(options)}),
    ):
        assert answer.status_code == 400
        assert answer.json().get("option", "") == named
        assert says in answer.json()["text"]


def test_files_open_again(ask: httpx.Client, fakes: ModuleType) -> None:
    table = explore(fakes.dataset(), "typical", top=3)
    options = {"options": '{"top": 3}'}
    csv = ask.get("/api/summaries/typical/table.csv", params=options)
    assert pl.read_csv(csv.content).equals(table)
    assert csv.headers["content-disposition"] == 'attachment; filename="fake-typical.csv"'
    assert csv.headers["content-type"].startswith("text/csv")
    parquet = ask.get("/api/summaries/typical/table.parquet", params=options)
    assert pl.read_parquet(io.BytesIO(parquet.content)).equals(table)
    sizes = []
    for dark in ("false", "true"):
        png = ask.get("/api/summaries/typical/chart.png", params={**options, "dark": dark})
        with Image.open(io.BytesIO(png.content)) as picture:
            sizes.append((picture.size, picture.getpixel((0, 0))))
    assert sizes[0][0] == sizes[1][0] > (100, 100)
    assert sizes[0][1] != sizes[1][1], "light and dark"
    assert ask.get("/api/summaries/typical/chart.svg", params=options).text.startswith("<svg")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/summaries/typical/chart.csv", 404),
        ("/api/summaries/typical/table.exe", 404),
        ("/api/summaries/..%2f..%2fetc/table.csv", 404),
        ("/api/summaries/base/table.csv", 400),
        ("/api/summaries/typical/table.csv?options=[1]", 400),
        ("/api/summaries/range/chart.png", 400),
    ],
)
def test_what_there_is_not_is_refused(ask: httpx.Client, path: str, status: int) -> None:
    answer = ask.get(path)
    assert answer.status_code == status
    assert answer.json()["text"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"option": {}}', b'{"options": {"top": []}}', b"\xff"])
def test_a_body_that_is_not_ours_is_refused(ask: httpx.Client, body: bytes) -> None:
    assert ask.post("/api/summaries/typical", content=body).status_code == 400


def test_who_goes_away_is_not_worked_for(fakes: ModuleType) -> None:
    """The question is dropped as soon as the connection is closed."""
    dropped: list[str] = []

    class Busy:
        async def query(self, question: Any) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                dropped.append(question)
                raise

    async def receive() -> dict[str, str]:
        await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def main() -> None:
        request: Any = SimpleNamespace(receive=receive)
        session: Any = Busy()
        question: Any = "why?"
        with pytest.raises(HTTPException):
            await answered(request, session, question)
        await asyncio.sleep(0)
        assert dropped == ["why?"]

    fakes.go(main())
