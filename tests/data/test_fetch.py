"""Fetching, from mirrors on this machine that the tests start themselves: whole, cut off, wrong, missing, hostile."""

import dataclasses
import gzip
import hashlib
import http.server
import io
import re
import threading
import types
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snowdome.core.control import Control, Stopped
from snowdome.core.errors import DataError, MissingDataError
from snowdome.data import catalogue, connection, fetch
from snowdome.data.catalogue import ENTRIES, Entry
from snowdome.data.mirrors import SOURCES, Download, Source
from snowdome.data.source import open_dataset

FILES = ENTRIES["mnist"].files


class Mirror:
    """A server on loopback. What it answers can be changed file by file; what it was asked is kept."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[tuple[str, str | None]] = []
        self.most: int | None = None  # bytes that it sends before it hangs up
        self.ranges = True
        self.redirect: str | None = None
        self.hides = False  # the Content-Length
        mirror = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign] # a client that hangs up
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/set/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, to: http.server.BaseHTTPRequestHandler) -> None:
        name = to.path.rpartition("/")[2]
        asked = to.headers.get("Range")
        self.asked.append((name, asked))
        if self.redirect is not None and to.path.startswith("/set/"):
            to.send_response(302)
            to.send_header("Location", self.redirect + name)
            to.end_headers()
            return
        if name not in self.files:
            to.send_error(404)
            return
        content, begin = self.files[name], 0
        if asked and self.ranges:
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
            if begin >= len(content):
                to.send_error(416)
                return
            to.send_response(206)
            to.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        else:
            to.send_response(200)
        rest = content[begin:]
        if not self.hides:
            to.send_header("Content-Length", str(len(rest)))
        to.end_headers()
        to.wfile.write(rest[: self.most])


@pytest.fixture
def mirror(published: dict[str, bytes]) -> Iterator[Callable[..., Mirror]]:
    """Starts mirrors of the published files, or of those given."""
    started: list[Mirror] = []

    def start(files: dict[str, bytes] | None = None) -> Mirror:
        started.append(Mirror(published if files is None else files))
        return started[-1]

    yield start
    for one in started:
        one.server.shutdown()
        one.server.server_close()


@pytest.fixture
def published(as_idx: Any) -> dict[str, bytes]:
    """The four files of a made-up data set; images that do not shrink much, so that they come in several pieces."""
    draws = np.random.default_rng(0)
    files = {}
    for part, n in (("train", 400), ("t10k", 50)):
        images, labels = draws.integers(0, 256, (n, 28, 28)), np.arange(n) % 3
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(as_idx(images), 1, mtime=0)
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(as_idx(labels), 1, mtime=0)
    return files


@pytest.fixture
def known(published: dict[str, bytes], empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes "tiny" a known data set with these mirrors, and fetching allowed; the folder that its files go to."""
    monkeypatch.delenv("SNOWDOME_OFFLINE")
    monkeypatch.delenv("SNOWDOME_DATA", raising=False)
    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)

    def make(*mirrors: Mirror, digest: str = "sha256", exact: bool = True, **changes: Any) -> Path:
        files = tuple(
            Download(name, len(published[name]), (hashlib.new(digest, published[name]).hexdigest(),), exact)
            for name in FILES
        )
        entry = Entry("Tiny", "made up", ("a", "b", "c"), "public domain", (), FILES, "1 MB")
        source = Source("tiny", tuple(one.url for one in mirrors), files)
        monkeypatch.setitem(ENTRIES, "tiny", dataclasses.replace(entry, **changes))
        monkeypatch.setitem(SOURCES, "tiny", source)
        return empty_cache / "downloads" / "tiny"

    return make


class Watching(Control):
    """Keeps what it is told; stops after so many bytes."""

    def __init__(self, most: int | None = None) -> None:
        super().__init__()
        self.told: list[tuple[str, int, int]] = []
        self.most = most

    def report(self, stage: str, done: int, total: int) -> None:
        self.told.append((stage, done, total))
        self.stopping = self.most is not None and done >= self.most


def refused(sentence: str) -> Any:
    return pytest.raises(MissingDataError, match=sentence)


@pytest.mark.parametrize("digest", ["sha256", "md5"])
def test_fetched_by_its_name(mirror: Any, known: Any, published: dict[str, bytes], digest: str) -> None:
    one = mirror()
    folder = known(one, digest=digest)
    control = Watching()
    dataset = open_dataset("tiny", None, control)
    assert (dataset.name, len(dataset.train), len(dataset.test)) == ("Tiny", 400, 50)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == published
    assert oct(folder.stat().st_mode)[-2:] == "00"
    total = sum(map(len, published.values()))
    fetching = [told for told in control.told if told[0] == "fetching Tiny, 1 MB, public domain"]
    assert [done for _, done, _ in fetching] == sorted(done for _, done, _ in fetching)
    assert fetching[-1][1:] == (total, total)
    assert len(fetching) > 4
    open_dataset("tiny")
    assert len(one.asked) == 4, "the second time nothing is fetched"


def test_only_what_is_missing(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    one = mirror()
    folder = known(one)
    folder.mkdir(parents=True)
    (folder / FILES[0]).write_bytes(published[FILES[0]])
    open_dataset("tiny")
    assert [name for name, _ in one.asked] == list(FILES[1:])


def test_the_next_mirror_where_one_has_it_not(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    first, second = mirror({}), mirror()
    folder = known(first, second)
    open_dataset("tiny")
    assert len(first.asked) == len(second.asked) == 4
    assert {file.name for file in folder.iterdir()} == set(published)


def test_the_next_mirror_where_one_has_another_file(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    wrong = dict(published)
    wrong[FILES[1]] = wrong[FILES[1]][:-1] + b"\1"  # as long, and not the same
    first, second = mirror(wrong), mirror()
    folder = known(first, second)
    open_dataset("tiny")
    assert [name for name, _ in second.asked] == [FILES[1]]
    assert (folder / FILES[1]).read_bytes() == published[FILES[1]]


def test_a_wrong_file_is_not_kept(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    wrong = published[FILES[0]][:-1] + b"\1"
    folder = known(mirror(published | {FILES[0]: wrong}))
    with refused(
        r"^Tiny could not be fetched \(127\.0\.0\.1: is not the published one \(SHA-256 [0-9a-f]{16}…"
    ) as caught:
        open_dataset("tiny")
    sentence = str(caught.value)
    assert f"Put {', '.join(FILES)} into {folder}" in sentence
    assert not list(folder.iterdir())


def test_a_file_that_is_longer_is_left_at_its_size(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    one = mirror(published | {FILES[0]: published[FILES[0]] + b"\0" * 10_000_000})
    one.hides = True
    folder = known(one)
    control = Watching()
    with refused(r"is longer than the published [0-9,]+ bytes"):
        open_dataset("tiny", None, control)
    assert max(done for _, done, _ in control.told) <= len(published[FILES[0]])
    assert not list(folder.iterdir())


@pytest.mark.parametrize("exact", [True, False])
def test_cut_off_and_gone_on_with(mirror: Any, known: Any, published: dict[str, bytes], *, exact: bool) -> None:
    """The connection ends early each time; each new one asks for the rest."""
    one = mirror()
    one.most = len(published[FILES[0]]) // 3 + 1
    folder = known(one, exact=exact)
    open_dataset("tiny")
    asked = [part for name, part in one.asked if name == FILES[0]]
    assert asked == [None, f"bytes={one.most}-", f"bytes={2 * one.most}-"]
    assert (folder / FILES[0]).read_bytes() == published[FILES[0]]
    assert not list(folder.glob("*.part"))


def test_what_came_before_a_failure_is_gone_on_with(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    """By a new run, and from another mirror."""
    first, second = mirror(), mirror()
    first.most = 5000
    folder = known(first)
    with refused("the connection ended after 100,000 of [0-9,]+ bytes"):
        open_dataset("tiny")
    assert (folder / f"{FILES[0]}.part").read_bytes() == published[FILES[0]][:100_000]
    known(second)
    open_dataset("tiny")
    assert second.asked[0] == (FILES[0], "bytes=100000-")
    assert (folder / FILES[0]).read_bytes() == published[FILES[0]]


def test_another_page_in_the_place_of_the_file(mirror: Any, known: Any) -> None:
    """As a hotel's network gives to every address: nothing of it is kept."""
    folder = known(mirror(dict.fromkeys(FILES, b"<html>Please log in</html>")))
    with refused("has 26 bytes, not the published [0-9,]+"):
        open_dataset("tiny")
    assert not list(folder.iterdir())


def test_a_server_that_hides_the_length(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    one = mirror()
    one.hides = True
    for exact in (True, False):
        folder = known(one, exact=exact)
        fetch.fetch("tiny")
        for name in FILES:
            assert (folder / name).read_bytes() == published[name]
            (folder / name).unlink()


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
def test_a_part_that_is_wrong_is_thrown_away(
    mirror: Any, known: Any, published: dict[str, bytes], *, ranges: bool
) -> None:
    one = mirror()
    one.ranges = ranges
    folder = known(one)
    folder.mkdir(parents=True)
    (folder / f"{FILES[0]}.part").write_bytes(b"x" * 1000)
    (folder / f"{FILES[1]}.part").write_bytes(b"x" * (len(published[FILES[1]]) + 5))
    (folder / f"{FILES[2]}.part").write_bytes(published[FILES[2]])
    open_dataset("tiny")
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == published
    assert FILES[2] not in [name for name, _ in one.asked], "it was whole"


def test_stopped_and_run_again(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    one = mirror()
    folder = known(one)
    with pytest.raises(Stopped, match="fetching Tiny"):
        open_dataset("tiny", None, Watching(most=1))
    part = folder / f"{FILES[0]}.part"
    had = part.stat().st_size
    assert 0 < had <= len(published[FILES[0]])
    open_dataset("tiny")
    assert {file.name for file in folder.iterdir()} == set(published)


def test_two_at_once_fetch_it_once(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    """They would write into the same file; the second waits, and can be stopped."""
    one = mirror()
    folder = known(one)
    held, go_on, waiting = threading.Event(), threading.Event(), threading.Event()

    class Slow(Control):
        def report(self, stage: str, done: int, total: int) -> None:
            held.set()
            assert go_on.wait(10)

    class Waiting(Watching):
        def report(self, stage: str, done: int, total: int) -> None:
            super().report(stage, done, total)
            waiting.set()

    first = threading.Thread(target=fetch.fetch, args=("tiny", None, Slow()))
    first.start()
    assert held.wait(10)
    with pytest.raises(Stopped, match="waiting for another program"):
        fetch.fetch("tiny", None, Watching(most=0))
    second = Waiting()
    other = threading.Thread(target=fetch.fetch, args=("tiny", None, second))
    other.start()
    assert waiting.wait(10)
    go_on.set()
    first.join(10)
    other.join(10)
    assert {stage for stage, _, _ in second.told} == {"waiting for another program that fetches the same"}
    assert sorted(name for name, _ in one.asked) == sorted(FILES)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == published


def test_nobody_answers(mirror: Any, known: Any) -> None:
    one = mirror()
    folder = known(one)
    one.server.shutdown()
    one.server.server_close()
    with refused(
        rf"^Tiny could not be fetched \(127\.0\.0\.1: Connection refused\)\. Put .* into {re.escape(str(folder))}, "
    ):
        open_dataset("tiny")


def test_no_such_host(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As without a network: the name leads nowhere."""
    known()
    source = dataclasses.replace(SOURCES["tiny"], mirrors=("http://mirror.invalid/", "https://mirror.invalid/"))
    monkeypatch.setitem(SOURCES, "tiny", source)

    def nowhere(*_: Any, **__: Any) -> Any:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    with refused(r"\(mirror\.invalid: Name or service not known; mirror\.invalid: Name or service not known\)"):
        open_dataset("tiny")


@pytest.mark.parametrize("value", ["1", "yes"])
def test_switched_off(mirror: Any, known: Any, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    one = mirror()
    folder = known(one)
    monkeypatch.setenv("SNOWDOME_OFFLINE", value)
    with refused(rf"^Tiny is not on this machine, and fetching is switched off\. Put .* into {re.escape(str(folder))}"):
        open_dataset("tiny")
    assert not one.asked
    monkeypatch.setenv("SNOWDOME_OFFLINE", "0")
    open_dataset("tiny")


def test_a_redirect_within_the_mirror(mirror: Any, known: Any, published: dict[str, bytes]) -> None:
    one = mirror()
    one.redirect = "/elsewhere/"
    one.most = 100_000
    folder = known(one)
    open_dataset("tiny")
    assert {file.name for file in folder.iterdir()} == set(published)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/", "302"),
        ("ftp://127.0.0.1/", "redirects to something else than http or https"),
        ("http://169.254.169.254/latest/", "redirects to 169.254.169.254, which is no public address"),
        ("http://[::1]:9/", "redirects to ::1, which is no public address"),
        ("http://[::ffff:10.0.0.1]/", "no public address"),
        ("http://10.0.0.1/", "no public address"),
        ("http://localhost:{other}/set/", "localhost leads to 127.0.0.1, which is no public address"),
        ("http://127.0.0.1:{other}/set/", "redirects to 127.0.0.1, which is no public address"),
        ("http://127.0.0.1:99999/", "redirects to something else"),
    ],
)
def test_redirects_that_are_refused(mirror: Any, known: Any, target: str, words: str) -> None:
    """S-12: also to another server of this very machine, which is asked for nothing."""
    one, other = mirror(), mirror()
    one.redirect = target.format(other=other.server.server_address[1])
    folder = known(one)
    with refused("could not be fetched") as caught:
        open_dataset("tiny")
    assert words in str(caught.value)
    assert not other.asked
    assert not list(folder.iterdir())


def test_redirects_in_a_ring(mirror: Any, known: Any) -> None:
    one = mirror()
    one.redirect = "/set/"
    known(one)
    with refused("could not be fetched"):
        open_dataset("tiny")
    assert len(one.asked) < 20


def test_a_name_that_leads_home_is_found_out_when_the_connection_stands(
    mirror: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is looked at again at the time of the connection, so that it cannot change its address in between."""
    one = mirror()
    port = one.server.server_address[1]
    opened = connection.opener("http://somewhere.example/")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
    with pytest.raises(OSError, match=r"elsewhere\.example leads to 127\.0\.0\.1, which is no public address"):
        opened.open(f"http://elsewhere.example:{port}/set/{FILES[0]}", timeout=5)
    assert not one.asked


def test_only_http(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(OSError, match="unknown url type"):
        connection.opener("http://127.0.0.1/").open((tmp_path / "secret").as_uri())


def test_the_disk_is_full(mirror: Any, known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is not the mirror's fault, and no other mirror is asked."""
    one, second = mirror(), mirror()
    folder = known(one, second)
    folder.mkdir(parents=True)
    (folder / f"{FILES[0]}.part").mkdir()
    with pytest.raises(DataError, match=r"part cannot be written: Is a directory\. Make room"):
        open_dataset("tiny")
    assert not second.asked


def left(megabytes: float) -> Any:
    """Stands where the system tells how much room a disk has."""
    return lambda _: types.SimpleNamespace(free=int(megabytes * 1e6))


def test_no_room_for_the_download(
    mirror: Any, known: Any, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused before a byte is asked for, and what is there already is not counted."""
    one = mirror()
    folder = known(one)
    needed = sum(map(len, published.values()))
    monkeypatch.setattr(fetch.shutil, "disk_usage", left((needed - 1) / 1e6))
    with pytest.raises(DataError, match=r"^Tiny takes 1 MB more, but the disk of .*tiny has 0 MB left\. Make room"):
        open_dataset("tiny")
    assert not one.asked
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{FILES[0]}.part").write_bytes(published[FILES[0]][:2])
    assert len(open_dataset("tiny")) == 450


def test_no_room_for_emnist(monkeypatch: pytest.MonkeyPatch, known: Any) -> None:
    """562 MB."""
    monkeypatch.setattr(fetch.shutil, "disk_usage", left(300))
    with pytest.raises(DataError, match=r"^EMNIST letters takes 561 MB more, but the disk of .* has 300 MB left"):
        open_dataset("emnist-letters")


def test_files_put_there_by_hand_are_checked(known: Any, published: dict[str, bytes], tmp_path: Path) -> None:
    """Where no payload hash is known, the digests of the files tell."""
    known()
    (tmp_path / "tiny").mkdir()
    for name, content in published.items():
        (tmp_path / "tiny" / name).write_bytes(content)
    assert open_dataset("tiny", tmp_path).name == "Tiny"
    again = gzip.compress(gzip.decompress(published[FILES[3]]), 9, mtime=1)
    (tmp_path / "tiny" / FILES[3]).write_bytes(again)
    with pytest.raises(DataError, match=rf"^Tiny: {FILES[3]} (has|is not)"):
        open_dataset("tiny", tmp_path)


def letters(as_idx: Any, codes: Any) -> dict[str, bytes]:
    """The members of a made-up EMNIST: images that are stored column after column, labels from 1."""
    images = (np.arange(len(codes) * 12) % 251).reshape(len(codes), 4, 3)
    members = {}
    for half in ("train", "test"):
        stem = f"emnist-letters-{half}"
        members[f"{stem}-images-idx3-ubyte.gz"] = gzip.compress(as_idx(images.swapaxes(1, 2)), mtime=0)
        members[f"{stem}-labels-idx1-ubyte.gz"] = gzip.compress(as_idx(codes), mtime=0)
    return members


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in members.items():
            file.writestr(f"gzip/{name}", content)
        file.writestr("../../evil", b"evil")
    return packed.getvalue()


@pytest.fixture
def emnist(known: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes, Mirror], None]:
    """Pins another zip for EMNIST, at a mirror of this machine."""

    def pin(content: bytes, *mirrors: Mirror) -> None:
        file = Download("gzip.zip", len(content), (hashlib.sha256(content).hexdigest(),))
        source = dataclasses.replace(SOURCES["emnist-letters"], files=(file,), mirrors=tuple(m.url for m in mirrors))
        monkeypatch.setitem(SOURCES, "emnist-letters", source)

    return pin


def test_emnist(mirror: Any, emnist: Any, as_idx: Any, empty_cache: Path) -> None:
    """From one zip: upright, and the labels 1 to 26 are the letters; no name of the zip reaches the disk."""
    codes = np.array([1, 26, 2, 13, 1])
    content = zipped(letters(as_idx, codes))
    one = mirror({"gzip.zip": content})
    emnist(content, one)
    dataset = open_dataset("emnist-letters")
    assert dataset.y is not None
    assert [dataset.classes[code] for code in dataset.y] == ["A", "Z", "B", "M", "A"] * 2
    assert dataset.image_shape == (4, 3)
    assert np.array_equal(dataset.train.X.ravel(), np.arange(60) % 251)
    assert "images were transposed" in dataset.notes
    assert (len(dataset.classes), dataset.split_names) == (26, ("train", "test"))
    files = {str(file.relative_to(empty_cache / "downloads")) for file in (empty_cache / "downloads").rglob("*.[gz]*")}
    assert files == {"emnist/gzip.zip", *(f"emnist-letters/{name}" for name in ENTRIES["emnist-letters"].files)}
    assert open_dataset("emnist-letters").payload_hash == dataset.payload_hash
    assert len(one.asked) == 1


def test_emnist_put_there_by_hand(emnist: Any, as_idx: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped(letters(as_idx, np.array([1, 2])))
    emnist(content)
    monkeypatch.setenv("SNOWDOME_OFFLINE", "1")
    with refused(rf"switched off\. Put gzip\.zip into {re.escape(str(tmp_path / 'emnist'))}, or"):
        open_dataset("emnist-letters", tmp_path)
    (tmp_path / "emnist").mkdir()
    (tmp_path / "emnist" / "gzip.zip").write_bytes(content)
    assert len(open_dataset("emnist-letters", tmp_path)) == 4


def test_labels_that_are_not_of_the_set(mirror: Any, emnist: Any, as_idx: Any) -> None:
    content = zipped(letters(as_idx, np.array([0, 1])))
    emnist(content, mirror({"gzip.zip": content}))
    with pytest.raises(DataError, match="EMNIST letters: its labels are not from 1 to 26"):
        open_dataset("emnist-letters")


@pytest.mark.parametrize("kind", ["no zip", "a member too few", "a damaged member"])
def test_a_zip_that_is_not_whole(mirror: Any, emnist: Any, as_idx: Any, kind: str, empty_cache: Path) -> None:
    members = letters(as_idx, np.array([1, 2]))
    if kind == "a member too few":
        del members["emnist-letters-test-labels-idx1-ubyte.gz"]
    content = b"PK no zip" if kind == "no zip" else zipped(members)
    if kind == "a damaged member":
        content = content.replace(b"\x1f\x8b\x08", b"\x1f\x8b\x09")
    emnist(content, mirror({"gzip.zip": content}))
    with pytest.raises(DataError, match="is no whole zip of EMNIST"):
        open_dataset("emnist-letters")
    assert catalogue.find("emnist-letters") is None


def test_sets_that_have_no_mirror(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNOWDOME_OFFLINE")
    assert "tiny" not in SOURCES
    monkeypatch.setitem(ENTRIES, "tiny", Entry("Tiny", "made up", ("a",), "none", (), ("a-images-idx3-ubyte",)))
    with refused(r"^Tiny is not on this machine\. Put a-images-idx3-ubyte into"):
        fetch.fetch("tiny")
