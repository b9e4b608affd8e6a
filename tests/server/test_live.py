"""Sockets against a real server: frames, costs, control, and clients that behave badly."""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from snowdome.server import live, wire

LONG = {"steps": 10**6, "pace": 0.001}


def ask(server: Any, path: str) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(f"http://127.0.0.1:{server.port}{path}", headers=server.headers())


def test_hello_then_the_picture_then_the_map_that_forms(serving: Any, tab: Any, fakes: ModuleType) -> None:
    server = serving()
    server.until(lambda: server.session.run(2).record.status == "paused")
    with tab(server) as viewer:
        viewer.until(lambda: viewer.frames)
        assert viewer.kinds[:1] == ["hello"]
        assert "frame" in viewer.kinds[:3]
        first = viewer.frames[0]
        assert (first.run, first.n, first.flags) == (1, 40, wire.DONE | wire.LAST)
        assert np.isnan(first.cost)
        assert np.array_equal(wire.unpack_frame(viewer.newest)[1], fakes.dataset().X[:, :2])
        viewer.until(lambda: viewer.over(2) and viewer.frames[-1].flags & wire.LAST and viewer.frames[-1].run == 2)
        assert viewer.status(2) == "done"
        assert viewer.costs[2] == [10, 20, 30, 40, 50]
        last = viewer.frames[-1]
        assert (last.step, last.flags) == (50, wire.DONE | wire.LAST)
        assert ask(server, "/api/runs/2/frame").content == viewer.newest
        snapshot = ask(server, "/api/session").json()
        assert snapshot["costs"] == [
            {"run": 2, "steps": [10, 20, 30, 40, 50], "costs": [10.0, 5.0, 100 / 30, 2.5, 2.0]}
        ]


def test_at_most_two_frames_are_on_their_way(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server, acks=False) as viewer:
        viewer.say("start", method="tsne", seed=1, options=LONG)
        viewer.until(lambda: viewer.step(3) > 600)
        assert len(viewer.frames) <= 2
        run = server.session.run(3)
        shown = viewer.frames[-1]
        viewer.say("ack", run=shown.run, step=shown.step)
        viewer.until(lambda: len(viewer.frames) > 2 and viewer.frames[-1].step > 600)
        assert run.record.status == "running"


def test_two_tabs_share_the_run_and_closing_one_keeps_it(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as one:
        one.until(lambda: one.kinds)
        with tab(server) as other:
            other.until(lambda: other.kinds)
            one.say("start", method="tsne", seed=7, options=LONG)
            other.until(lambda: other.step(3) > 50)
            assert other.records[3]["seed"] == 7
            other.until(lambda: other.frames[-1].run == 3 and other.frames[-1].step > 50)
            other.say("pause", run=3)
            one.until(lambda: one.status(3) == "paused")
            one.until(lambda: one.frames[-1].flags & wire.PAUSED)
            assert one.frames[-1].step == one.step(3)
            other.say("resume", run=3)
        before = one.step(3)
        one.until(lambda: one.step(3) > before + 50)
    server.until(lambda: server.session.run(3).record.step > before + 300)
    assert server.session.run(3).record.status == "running"


def test_a_tab_can_look_at_an_older_run(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.over(2) and viewer.frames[-1].run == 2)
        viewer.say("viewing", run=1)
        viewer.until(lambda: viewer.frames[-1].run == 1)
        viewer.say("viewing", run=2)
        viewer.until(lambda: viewer.frames[-1].run == 2)
        viewer.say("viewing", run=77)
        viewer.until(lambda: viewer.notices)
        assert viewer.notices == ["There is no run 77, or it is no longer kept."]


def test_what_is_not_allowed_is_answered_in_words(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.over(1))
        for options in ({"perplex": 1}, {"pace": 0.1, "steps": -1}, {"steps": 10**400}):
            viewer.say("start", method="tsne", seed=0, options=options)
        viewer.say("pause", run=1)
        viewer.until(lambda: viewer.notices)
        assert [option for option, _ in viewer.refusals] == ["perplex", "steps", "steps"]
        assert "has no option 'perplex'" in viewer.refusals[0][1]
        assert "allowed" in viewer.refusals[1][1]
        assert viewer.notices == ["Run 1 is over; start it again."]


def test_the_exaggeration_and_the_speed_are_changed_while_it_runs_and_all_tabs_see_it(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer, tab(server) as other:
        viewer.say("start", method="tsne", seed=0, options={"steps": 10**6, "pace": 0.001})
        viewer.until(lambda: viewer.step(3) > 10)
        viewer.say("exaggerate", run=3, factor=4)
        other.until(lambda: other.records.get(3, {}).get("exaggeration") == 4.0)
        viewer.say("exaggerate", run=3, factor=1000)
        viewer.until(lambda: viewer.notices)
        assert viewer.notices == ["The exaggeration got 1000; allowed: 1 to 100."]
        viewer.say("speed", run=3, steps_per_second=3)
        other.until(lambda: other.records[3]["speed"] == 3.0)
        viewer.say("speed", run=3, steps_per_second=0)
        viewer.until(lambda: len(viewer.notices) == 2)
        assert viewer.notices[1] == "The speed got 0 steps a second; allowed: 0.1 to 100."
        viewer.say("stop", run=3)
        viewer.until(lambda: viewer.over(3))


def test_what_was_measured_of_a_map_is_told_and_its_values_for_each_row_are_there(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.records.get(2, {}).get("scores"))
        scores = viewer.records[2]["scores"]
        assert scores[0] == {"name": "rows", "value": 40.0, "of": "all 40 rows", "better": "high"}
        assert scores[1]["value"] is None
        assert viewer.records[2]["points"] == ["recall", "distortion"]
        recall = np.frombuffer(ask(server, "/api/runs/2/points/recall").content, "<f4")
        assert recall.tolist() == list(range(40))
        for path in ("2/points/nothing", "77/points/recall", "x/points/recall"):
            assert ask(server, f"/api/runs/{path}").status_code == 404


def test_j08_dropped_connections_lose_nothing(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.kinds)
        viewer.say("start", method="tsne", seed=0, options={"steps": 400, "pace": 0.001})
        viewer.until(lambda: 3 in viewer.records)
    for _ in range(5):
        dropped = tab(server)
        dropped.until(lambda dropped=dropped: len(dropped.frames) >= 2)
        dropped.socket.socket.shutdown(socket.SHUT_RDWR)
        dropped.socket.socket.close()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.over(3) and viewer.frames[-1].flags & wire.LAST)
        assert viewer.costs[3] == list(range(10, 401, 10))
        assert (viewer.frames[-1].run, viewer.frames[-1].step) == (3, 400)


def test_a_killed_worker_is_told_to_all_and_the_server_goes_on(serving: Any, tab: Any) -> None:
    server = serving()
    with tab(server) as viewer:
        viewer.until(lambda: viewer.kinds)
        viewer.say("start", method="tsne", seed=0, options=LONG)
        viewer.until(lambda: viewer.step(3) > 0)
        os.kill(server.session.worker_pid, signal.SIGKILL)
        viewer.until(lambda: viewer.over(3) and viewer.notices)
        assert viewer.status(3) == "failed"
        assert "SIGKILL" in viewer.notices[0]
        assert ask(server, "/api/dataset").status_code == 200
        viewer.say("start", method="tsne", seed=0)
        viewer.until(lambda: viewer.over(4))
        assert viewer.status(4) == "done"


@pytest.mark.parametrize(
    ("junk", "code"),
    [
        (b"\0\1\2", 1003),
        ("", 1003),
        ("{", 1003),
        ("[1]", 1003),
        ('{"type":"nothing"}', 1003),
        ('{"type":"ack","run":1}', 1003),
        ('{"type":"ack","run":"1","step":1}', 1003),
        ('{"type":"stop","run":1,"more":2}', 1003),
        ('{"type":"start","method":"tsne","seed":0,"options":{"a":[1]}}', 1003),
        ("[" * 100_000, 1003),
        ("x" * (live.MAX_MESSAGE + 1), 1009),
    ],
)
def test_j09_junk_closes_the_socket_and_nothing_else(junked: Any, tab: Any, junk: str | bytes, code: int) -> None:
    with tab(junked) as good, tab(junked) as bad:
        good.until(lambda: good.kinds)
        bad.until(lambda: bad.kinds)
        bad.socket.send(junk)
        with pytest.raises(ConnectionClosed) as closed:
            bad.until(lambda: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
        good.say("viewing", run=99)
        good.until(lambda: good.notices)


@pytest.fixture(scope="module")
def junked(fakes: ModuleType, tmp_path_factory: pytest.TempPathFactory, running: Any) -> Any:
    """One server for all the junk: it has to live through it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SNOWDOME_CACHE", str(tmp_path_factory.mktemp("cache")))
    server = running()
    yield server
    server.close()
    patch.undo()


def test_j09_at_most_32_sockets(serving: Any, tab: Any) -> None:
    server = serving()
    tabs = [tab(server) for _ in range(live.MOST_SOCKETS)]
    with pytest.raises(InvalidStatus) as refused:
        tab(server)
    assert refused.value.response.status_code == 503
    tabs.pop().socket.close()
    server.until(lambda: server.sockets() < live.MOST_SOCKETS)
    tabs.append(tab(server))
    for each in tabs:
        each.socket.close()


def test_s06_a_page_of_another_origin_gets_no_socket(junked: Any) -> None:
    server = junked
    cookie = f"{server.keys.cookie_name}={server.keys.token}"
    url = f"ws://127.0.0.1:{server.port}/api/live"
    for origin, status in (("https://evil.example", 403), (f"http://localhost:{server.port}", 403), (None, 403)):
        with pytest.raises(InvalidStatus) as refused:
            connect(url, origin=origin, additional_headers={"Cookie": cookie}, proxy=None)
        assert refused.value.response.status_code == status
        assert "nosniff" in refused.value.response.headers["x-content-type-options"]
    own = f"http://127.0.0.1:{server.port}"
    with connect(url, origin=own, additional_headers={"Cookie": cookie}, proxy=None) as opened:
        assert json.loads(opened.recv(timeout=10))["type"] == "hello"
        assert "sec-websocket-extensions" not in opened.response.headers  # no compression


@pytest.mark.parametrize(
    "request_line",
    ["GET @google.com HTTP/1.1\r\nHost: {host}", "GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}", "GET / HTTP/1.1"],
)
def test_s04_malformed_requests_on_the_wire(junked: Any, request_line: str) -> None:
    with socket.create_connection(("127.0.0.1", junked.port)) as raw:
        raw.sendall(request_line.format(host=f"127.0.0.1:{junked.port}").encode() + b"\r\n\r\n")
        assert raw.recv(1000).split()[1] == b"400"


def test_s13_slow_senders_do_not_keep_others_waiting(junked: Any) -> None:
    server = junked
    head = f"POST /api/images HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    slow = head + f"Authorization: Bearer {server.keys.token}\r\nContent-Length: 400\r\n\r\n12"
    raws = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    for number, raw in enumerate(raws):
        raw.sendall(slow.encode() if number % 2 else head.encode())
    times = []
    for _ in range(3):
        began = time.monotonic()
        assert ask(server, "/api/dataset").status_code == 200
        times.append(time.monotonic() - began)
    assert min(times) < 1.0
    for raw in raws:
        raw.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="polls as Linux does")
def test_j07_clients_that_never_read_cost_nobody_anything(
    tab: Any, mute: Any, monkeypatch: pytest.MonkeyPatch, program: Callable[..., Any]
) -> None:
    assert live.SEND_SECONDS == 5.0
    monkeypatch.setenv("FAKE_SEND_SECONDS", "0.3")
    server = program(70_000)
    process = psutil.Process(server.process.pid)
    with tab(server) as good:
        good.until(lambda: good.kinds)
        good.say("start", method="tsne", seed=0, options={"steps": 10**6, "pace": 0.002})
        good.until(lambda: sum(head.run == 3 for head in good.frames) > 20)
        before = process.memory_info().rss
        silent, acking = mute(server), mute(server)
        poll = select.poll()
        poll.register(acking.socket, 0)
        most = 0
        while not poll.poll(0):  # it acknowledges all that the good one gets, and reads nothing
            seen = len(good.frames)
            good.until(lambda seen=seen: len(good.frames) > seen)
            with contextlib.suppress(OSError):
                acking.say("ack", run=3, step=good.frames[-1].step)
            most = max(most, process.memory_info().rss - before)
        more = len(good.frames) + 20
        good.until(lambda: len(good.frames) > more)
        assert most < 20 << 20
        assert process.memory_info().rss - before < 20 << 20
        poll.unregister(acking.socket)
        poll.register(silent.socket, 0)
        assert not poll.poll(0)  # two frames and no more: that one costs nothing, and stays
        assert good.status(3) == "running"
    silent.socket.close()
    acking.socket.close()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(5) == 0
