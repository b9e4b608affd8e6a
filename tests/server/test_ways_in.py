"""Other data from within the app: the catalogue, files that are sent; reliability.md S-05, S-12 to S-15, F-01."""

import contextlib
import dataclasses
import io
import json
import os
import resource
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import numpy as np
import pytest

from snowdome.core import cache
from snowdome.core.control import Stopped
from snowdome.core.errors import DataError, MissingDataError
from snowdome.core.options import options_of
from snowdome.data.dataset import Dataset
from snowdome.data.reading import Reading
from snowdome.server import ways_in
from snowdome.server.ways_in import Sources, label_of
from snowdome.session import host

SENT = Dataset(
    np.arange(24, dtype=np.uint8).reshape(4, 6),
    np.array([0, 1, 1, 0]),
    ("cat", "dog"),
    (2, 1),
    3,
    name="?",
    notes=("2 files could not be read",),
)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What the readers were given: every file is the data above, but those that say they are broken."""
    seen: list[tuple[str, bytes]] = []

    def read(thing: Any, data_dir: Any = None, control: Any = None, **options: Any) -> Dataset:
        path = Path(thing)
        seen.append((str(thing), path.read_bytes() if path.exists() else b""))
        control.report("reading images", 1, 2)
        if b"broken" in seen[-1][1]:
            raise DataError(f"{path.name}: row 3 is broken in {path}; see {cache.folder()}/x. Mend it.")
        if b"bug" in seen[-1][1]:
            raise KeyError("a fault of the program")
        said = ", ".join(f"{name} is {value}" for name, value in options.items())
        notes = (*SENT.notes, said) if said else SENT.notes
        return dataclasses.replace(SENT, name=path.name, source=f"file {path.name}", notes=notes)

    monkeypatch.setattr(ways_in, "open_dataset", read)
    return seen


@pytest.fixture
def server(serving: Any) -> Any:
    """A server over the small data."""
    return serving()


def ask(server: Any, method: str, path: str, content: Any = None) -> httpx.Response:
    with httpx.Client(trust_env=False, timeout=20) as client:
        url = f"http://127.0.0.1:{server.port}{path}"
        return client.request(method, url, headers=server.headers(), content=content)


def left_over(cache: Path) -> list[Path]:
    home = cache / "uploads"
    return list(home.iterdir()) if home.is_dir() else []


def test_the_catalogue_says_what_is_here(door: Any) -> None:
    told = json.loads(door("/api/catalogue").body)
    found = {entry["key"]: entry for entry in told["entries"]}
    assert found["digits"]["here"] is True
    assert set(found["mnist"]) == {"key", "title", "about", "licence", "size", "here", "fetch_bytes"}
    assert found["digits"]["fetch_bytes"] == 0
    assert found["emnist-letters"]["fetch_bytes"] > 500_000_000
    declared = {option["name"]: option for option in told["reading"]}
    assert set(declared) == set(options_of(Reading))
    assert declared["missing"]["choices"] == ["stop", "drop", "zero"]
    assert (declared["size"]["kind"], declared["size"]["low"], declared["size"]["high"]) == ("whole", 1, 1024)
    assert told["read_with"] is None, "what was made in memory cannot be read again"
    assert told["most_bytes"] == 512_000_000
    assert "idx" in told["readers"]


def test_a_file_that_is_sent_takes_the_place_of_what_is_open(
    server: Any, tab: Any, reads: list[tuple[str, bytes]], cache: Path
) -> None:
    server.until(lambda: server.session.worker_pid)
    before = server.session.worker_pid
    with tab(server) as one, tab(server) as two:
        one.until(lambda: one.records)
        two.until(lambda: two.records)
        answer = ask(server, "PUT", "/api/upload?name=pets.zip", b"pixels")
        assert answer.status_code == 200
        assert answer.json()["session"] != server.session.id
        for viewer in (one, two):
            viewer.until(lambda viewer=viewer: viewer.kinds.count("hello") == 2)
            viewer.until(lambda viewer=viewer: viewer.frames and viewer.frames[-1].n == 4)
    facts = ask(server, "GET", "/api/dataset").json()
    assert (facts["name"], facts["n"], facts["classes"], facts["channels"]) == ("pets", 4, ["cat", "dog"], 3)
    assert (facts["source"], facts["notes"]) == ("file pets.zip", ["2 files could not be read"])
    assert ask(server, "POST", "/api/images", np.array([2], "<u4").tobytes()).content == bytes(range(12, 18))
    assert np.frombuffer(ask(server, "GET", "/api/labels").content, "<u2").tolist() == [0, 1, 1, 0]
    assert ask(server, "GET", "/api/session").json()["session"] == answer.json()["session"]
    ((path, content),) = reads
    assert content == b"pixels"
    assert "pets" not in path
    assert left_over(cache) == [Path(path)], "kept while it is open, so that it can be read again"
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


def test_the_tabs_are_told_how_far_it_is(server: Any, tab: Any, reads: list[tuple[str, bytes]]) -> None:
    with tab(server) as viewer:
        viewer.until(lambda: viewer.records)
        assert ask(server, "PUT", "/api/upload?name=x.npz", b"broken").status_code == 400
        viewer.until(lambda: viewer.openings[-1:] == [{"name": "", "stage": "", "done": 0, "total": 0}])
        assert {"name": "x.npz", "stage": "reading images", "done": 1, "total": 2} in viewer.openings
    assert len(reads) == 1


def test_s14_what_is_broken_is_said_in_words_and_the_old_data_stay(
    server: Any, reads: list[tuple[str, bytes]], cache: Path
) -> None:
    session = ask(server, "GET", "/api/session").json()["session"]
    answer = ask(server, "PUT", "/api/upload?name=pets.zip", b"broken")
    assert answer.status_code == 400
    assert answer.json()["text"] == "pets.zip: row 3 is broken in pets.zip; see $SNOWDOME_CACHE/x. Mend it."
    assert ask(server, "PUT", "/api/upload?name=pets.zip", b"").json()["text"].startswith("pets.zip is empty")
    fault = ask(server, "PUT", "/api/upload?name=pets.zip", b"bug")
    assert (fault.status_code, "number" in fault.json()["text"]) == (500, True)
    assert ask(server, "GET", "/api/session").json()["session"] == session
    assert ask(server, "GET", "/api/dataset").json()["name"] == "fake"
    assert left_over(cache) == []
    assert len(reads) == 2


def test_s12_only_keys_of_the_catalogue_are_opened(
    server: Any, reads: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("", "/etc/passwd", "../digits", "http://127.0.0.1/x.npz", "file:///etc/passwd", "digits/", "Digits"):
        answer = ask(server, "POST", "/api/open", json.dumps({"name": name}))
        assert answer.status_code == 404
        assert answer.json()["text"].startswith("There is no such data set. There is: digits")
    for body in (b"", b"digits", b'{"name": 1}', b'{"name": "digits", "path": "/"}', b"[" * 1500, b'{"name": "\xff"}'):
        assert ask(server, "POST", "/api/open", body).status_code == 400
    assert ask(server, "POST", "/api/open", b'"' + b"x" * 3000).status_code == 413
    assert reads == []
    assert ask(server, "POST", "/api/open", b'{"name": "digits"}').status_code == 200
    assert [name for name, _ in reads] == ["digits"]

    def missing(*_: Any, **__: Any) -> Dataset:
        raise MissingDataError(f"MNIST is not on this machine. Put it into {Path.home()}/downloads/mnist.")

    monkeypatch.setattr(ways_in, "open_dataset", missing)
    said = ask(server, "POST", "/api/open", b'{"name": "mnist"}').json()["text"]
    assert said == "MNIST is not on this machine. Put it into ~/downloads/mnist."


def test_what_is_open_is_read_again_in_another_way_and_nothing_stays(
    serving: Any, tab: Any, reads: list[tuple[str, bytes]], cache: Path
) -> None:
    server = serving()
    assert ask(server, "POST", "/api/again", b"{}").status_code == 409, "it was made in memory"
    path = "/api/upload?name=pets.csv&options=%7B%22label%22%3A%22kind%22%7D"
    assert ask(server, "PUT", path, b"pixels").status_code == 200
    assert ask(server, "GET", "/api/catalogue").json()["read_with"] == {"label": "kind"}
    assert ask(server, "GET", "/api/dataset").json()["notes"][-1] == "label is kind"
    first = ask(server, "GET", "/api/session").json()["session"]
    with tab(server) as viewer:
        viewer.until(lambda: viewer.records)
        assert ask(server, "POST", "/api/again", b'{"options": {"label": "size", "flip": true}}').status_code == 200
        viewer.until(lambda: viewer.kinds.count("hello") == 2)
    facts = ask(server, "GET", "/api/dataset").json()
    assert (facts["name"], facts["notes"][-1]) == ("pets", "label is size, flip is True")
    assert ask(server, "GET", "/api/session").json()["session"] != first
    assert [content for _, content in reads] == [b"pixels", b"pixels"]
    assert len(left_over(cache)) == 1
    for body in (b"", b"[]", b'{"options": []}', b'{"options": {"a": [1]}}', b'{"path": "/"}'):
        assert ask(server, "POST", "/api/again", body).status_code == 400
    for options in ("x", "[]", "%7B%22a%22%3A%5B1%5D%7D"):
        assert ask(server, "PUT", f"/api/upload?name=a&options={options}", b"x").status_code == 400
    left_over(cache)[0].unlink()
    assert ask(server, "PUT", "/api/upload?name=other", b"others").status_code == 200
    ((kept, content),) = [(path, path.read_bytes()) for path in left_over(cache)]
    assert content == b"others"
    server.close()
    assert not kept.exists(), "nothing stays when the app is closed"


def test_options_are_checked_and_applied_by_the_real_readers(serving: Any) -> None:
    server = serving()
    table = "kind,size,a,b\n" + "".join(f"{'xy'[i % 2]},{'uvw'[i % 3]},{i},{i * i}\n" for i in range(12))
    assert ask(server, "PUT", "/api/upload?name=t.csv&options=%7B%22label%22%3A%22kind%22%7D", table).status_code == 200
    assert ask(server, "GET", "/api/dataset").json()["classes"] == ["x", "y"]
    assert ask(server, "POST", "/api/again", b'{"options": {"label": "size"}}').status_code == 200
    facts = ask(server, "GET", "/api/dataset").json()
    assert (facts["classes"], facts["name"]) == (["u", "v", "w"], "t")
    for options, words in (
        ({"label": "colour"}, "colour"),
        ({"labl": "size"}, "labl"),
        ({"data_dir": "/etc"}, "data_dir"),
        ({"control": None}, "control"),
        ({"size": 0}, "from 1 to 1024"),
    ):
        answer = ask(server, "POST", "/api/again", json.dumps({"options": options}))
        assert answer.status_code == 400
        assert words in answer.json()["text"]
        assert "upload-" not in answer.text
    assert ask(server, "GET", "/api/dataset").json()["classes"] == ["u", "v", "w"]


def test_opening_is_cancelled_and_the_old_data_stay(
    server: Any, tab: Any, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    ends: list[str] = []

    def slow(thing: Any, data_dir: Any = None, control: Any = None, **_: Any) -> Dataset:
        try:
            for block in range(2000):
                control.check("reading images", block, 2000)
                time.sleep(0.01)
        except Stopped:
            ends.append(Path(thing).name)
            raise
        return SENT

    monkeypatch.setattr(ways_in, "open_dataset", slow)
    session = ask(server, "GET", "/api/session").json()["session"]
    assert ask(server, "DELETE", "/api/open").status_code == 409, "there is nothing to cancel"
    answers: list[httpx.Response] = []
    with tab(server) as viewer:
        viewer.until(lambda: viewer.records)
        for method, path, body in (
            ("POST", "/api/open", b'{"name": "mnist"}'),
            ("PUT", "/api/upload?name=a.zip", b"x"),
        ):
            ask_it = threading.Thread(
                target=lambda *asked: answers.append(ask(server, *asked)), args=(method, path, body)
            )
            ask_it.start()
            viewer.until(lambda: viewer.openings and viewer.openings[-1]["stage"] == "reading images")
            assert ask(server, "DELETE", "/api/open").status_code == 204
            ask_it.join(10)
            viewer.until(lambda: viewer.openings[-1]["name"] == "")
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json()["text"] == "Opening MNIST was cancelled."
    assert len(ends) == 2, "the readers themselves have ended"
    assert ask(server, "GET", "/api/session").json()["session"] == session
    assert ask(server, "GET", "/api/dataset").json()["name"] == "fake"
    assert left_over(cache) == []


def test_a_reader_that_does_not_notice_is_waited_for_no_longer(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, started = threading.Event(), threading.Event()

    def deaf(*_: Any, **__: Any) -> Dataset:
        started.set()
        assert go_on.wait(10)
        return SENT

    monkeypatch.setattr(ways_in, "open_dataset", deaf)
    monkeypatch.setattr(host, "PATIENCE_SECONDS", 0.1)
    answers: list[httpx.Response] = []
    ask_it = threading.Thread(target=lambda: answers.append(ask(server, "POST", "/api/open", b'{"name": "mnist"}')))
    ask_it.start()
    assert started.wait(10)
    assert ask(server, "DELETE", "/api/open").status_code == 204
    ask_it.join(5)
    assert [answer.status_code for answer in answers] == [409]
    go_on.set()
    time.sleep(0.1)
    assert ask(server, "GET", "/api/dataset").json()["name"] == "fake", "what it gave in the end is not shown"


def test_what_is_being_sent_is_cancelled(server: Any, reads: list[tuple[str, bytes]], cache: Path) -> None:
    piece = bytes(1 << 20)

    def body() -> Iterator[bytes]:
        yield piece
        server.until(lambda: left_over(cache))
        assert ask(server, "DELETE", "/api/open").status_code == 204
        for _ in range(30):
            yield piece

    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        assert ask(server, "PUT", "/api/upload?name=a", body()).status_code == 409
    server.until(lambda: left_over(cache) == [])
    assert reads == []


def test_one_thing_is_opened_at_a_time(server: Any, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    go_on, started = threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> Dataset:
        started.set()
        assert go_on.wait(10)
        return SENT

    monkeypatch.setattr(ways_in, "open_dataset", slow)
    first = threading.Thread(target=ask, args=(server, "POST", "/api/open", b'{"name": "mnist"}'))
    first.start()
    assert started.wait(10)
    for method, path, body in (("POST", "/api/open", b'{"name": "digits"}'), ("PUT", "/api/upload?name=a", b"x")):
        answer = ask(server, method, path, body)
        assert answer.status_code == 409
        assert answer.json()["text"] == "MNIST is being opened. Wait until it is there, then try again."
    assert left_over(cache) == []
    assert ask(server, "GET", "/api/dataset").json()["name"] == "fake", "what is open goes on meanwhile"
    go_on.set()
    first.join(10)
    assert ask(server, "GET", "/api/dataset").json()["n"] == 4


def endless(most: int) -> Iterator[bytes]:
    """A body with no length that goes on long after `most`."""
    for _ in range(4 * most // 65536 + 1):
        yield bytes(65536)


def test_s13_a_file_over_the_limit_is_refused_with_little_memory(
    running: Any, reads: list[tuple[str, bytes]], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sources, "most_bytes", 60_000_000)
    server = running()
    try:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with contextlib.suppress(httpx.WriteError, httpx.ReadError):  # it need not read on after it has answered
            assert ask(server, "PUT", "/api/upload?name=big", endless(60_000_000)).status_code == 413
        server.until(lambda: left_over(cache) == [])
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 16_000, "KiB; the client is in this process as well"
        with socket.create_connection(("127.0.0.1", server.port)) as connection:  # a length alone is enough
            head = f"PUT /api/upload?name=a HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 60000001\r\n"
            connection.sendall(f"{head}Authorization: Bearer {server.keys.token}\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 413")
        assert reads == []
    finally:
        server.close()


def test_a_file_that_stops_coming_leaves_nothing(
    server: Any, reads: list[tuple[str, bytes]], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = f"PUT /api/upload?name=a HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 100\r\n"
    request = f"{head}Authorization: Bearer {server.keys.token}\r\n\r\nabc".encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request)
        server.until(lambda: left_over(cache))
    server.until(lambda: left_over(cache) == [])  # it has gone
    monkeypatch.setattr(ways_in, "IDLE_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request)
        assert connection.recv(100).startswith(b"HTTP/1.1 408")
    assert left_over(cache) == []
    assert reads == []
    assert ask(server, "PUT", "/api/upload?name=a", b"x").status_code == 200, "the place is free again"


def test_s05_a_file_from_another_site_is_refused(door: Any, reads: list[tuple[str, bytes]]) -> None:
    cookie = {"cookie": f"{door.keys.cookie_name}={door.keys.token}"}
    for path, method in (("/api/upload?name=a", "PUT"), ("/api/open", "POST")):
        for source in ({}, {"sec-fetch-site": "same-site"}, {"origin": "http://127.0.0.1:9"}, {"origin": "null"}):
            assert door(path, cookie | source, method=method, body=[b"x"]).status == 403
    assert reads == []


def test_s15_what_is_sent_lies_where_its_owner_alone_reads_it(cache: Path) -> None:
    mask = os.umask(0)
    try:
        with ways_in.place_for_upload() as path:
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.exists(), "it is open now"
        old = path.with_name("upload-old")
        old.write_bytes(b"left by a program that was killed")
        os.utime(old, (time.time() - 2 * 86400,) * 2)
        with contextlib.suppress(DataError), ways_in.place_for_upload() as other:
            assert other != path
            assert path.exists()
            assert not old.exists()
            raise DataError("it cannot be read")
    finally:
        os.umask(mask)
    assert left_over(cache) == [path]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("pets.zip", "pets.zip"),
        ("Vögel 鳥.zip", "Vögel 鳥.zip"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\CON", "CON"),
        ("\\\\host\\share", "share"),
        ("a/b/", "dropped file"),
        ("", "dropped file"),
        ("..", "dropped file"),
        ("a\0b\r\nc\u202egpj.exe", "abcgpj.exe"),
        ("x" * 5000 + ".zip", "x" * 80),
    ],
)
def test_f01_a_name_is_a_label_and_nothing_else(name: str, label: str) -> None:
    got = label_of(name)
    assert len(got) <= 80
    assert got == label or (len(name) > 80 and got.startswith("xxx"))


def test_f01_no_name_reaches_the_disk(server: Any, reads: list[tuple[str, bytes]], cache: Path, tmp_path: Path) -> None:
    for name in ("../../../evil", "%2e%2e/evil", "/evil", "a%00b", "x%23/../y", "%F0%9F%90%88", "a&name=b"):
        assert ask(server, "PUT", f"/api/upload?name={name}", b"x").status_code == 200
    for path, _ in reads:
        assert Path(path).parent == cache / "uploads"
        assert Path(path).name.startswith("upload-")
    assert not list(tmp_path.rglob("*evil*"))


def test_a_real_file_is_read_by_the_real_readers(server: Any, tmp_path: Path, fakes: ModuleType) -> None:
    file = tmp_path / "small.npz"
    X = np.arange(5 * 64, dtype=np.uint8).reshape(5, 8, 8)
    np.savez(file, x_train=X, y_train=np.arange(5))
    answer = ask(server, "PUT", "/api/upload?name=small.npz", file.read_bytes())
    if answer.status_code == 200:
        facts = ask(server, "GET", "/api/dataset").json()
        assert (facts["n"], facts["name"], facts["image_shape"]) == (5, "small", [8, 8])
    nothing = ask(server, "PUT", "/api/upload?name=noise.bin", np.random.default_rng(0).bytes(3000))
    assert nothing.status_code == 400
    assert "noise.bin" in nothing.json()["text"]
    assert str(tmp_path) not in nothing.text
    assert fakes


def test_f11_images_are_served_as_pixels_and_never_as_the_file(server: Any) -> None:
    """A PNG that is a page as well, under a page's name: only its pixels come out, of a type that nothing runs."""
    from PIL import Image

    with io.BytesIO() as picture, io.BytesIO() as packed:
        Image.fromarray(np.full((8, 8), 200, np.uint8)).save(picture, "PNG")
        both = picture.getvalue() + b"<script>evil()</script>"
        with zipfile.ZipFile(packed, "w") as archive:
            for name in ("a/x.html", 'b/"q.png'):
                archive.writestr(name, both)
        answer = ask(server, "PUT", "/api/upload?name=pictures.zip", packed.getvalue())
    assert answer.status_code == 200, answer.text
    pixels = ask(server, "POST", "/api/images", np.arange(2, dtype="<u4").tobytes())
    assert pixels.content == bytes([200]) * 128
    assert pixels.headers["content-type"] == "application/octet-stream"
    for path in ("/api/dataset", "/api/session", "/api/labels"):
        other = ask(server, "GET", path)
        assert b"evil" not in other.content
        assert other.headers["x-content-type-options"] == "nosniff"
        assert not other.headers["content-type"].startswith("text/html")
    assert pixels.headers["x-content-type-options"] == "nosniff"
