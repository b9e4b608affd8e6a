"""The gate: reliability.md S-02 to S-10, by their numbers."""

import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from snowdome.server.gate import SECURITY_HEADERS, other_hosts, own_hosts, same_origin
from snowdome.server.keys import Keys

HOST = "127.0.0.1:8642"
ORIGIN = f"http://{HOST}"


def addresses(door: Any) -> list[tuple[str, str, str]]:
    """(kind, method, path) of every route there is."""
    app = door.app.app
    assert isinstance(app, Starlette)
    found = []
    for route in app.routes:
        assert isinstance(route, Route | WebSocketRoute), "a kind of route that this test does not walk"
        path = re.sub(r"\{\w+\}", "1", route.path.replace("{name}", "app.js"))
        if isinstance(route, WebSocketRoute):
            found.append(("websocket", "GET", path))
        else:
            found += [("http", method, path) for method in sorted(route.methods or ())]
    return found


def test_s02_every_route_and_every_socket_needs_the_token(door: Any) -> None:
    walked = addresses(door)
    assert len(walked) > 12
    assert ("websocket", "GET", "/api/live") in walked
    own = {"sec-fetch-site": "same-origin", "origin": ORIGIN, "host": HOST}
    wrong = f"{door.keys.cookie_name}={door.keys.token[:-1]}x"
    for kind, method, path in walked:
        if path in ("/healthz", "/login"):
            continue
        for headers, allowed in ((own, (401,)), (own | {"cookie": wrong}, (403,))):
            answer = door(path, headers, method=method, kind=kind, token=False)
            assert answer.status in allowed, (kind, method, path, answer.status)
            assert not answer.all("location")
            assert not answer.all("set-cookie")
    assert {path for _, _, path in walked if door(path, own, token=False).status == 200} == {"/healthz"}


def test_s02_paths_that_there_are_not_need_it_too(door: Any) -> None:
    for path in ("/nothing", "/healthz/", "/healthz/x", "/login/", "/static/index.html", "/api", "/API/live", "//"):
        assert door(path, token=False).status == 401
        assert door(path).status == 404


@pytest.mark.parametrize("change", ["empty", "prefix", "longer", "case", "other", "twice"])
def test_s02_a_wrong_token_is_refused(door: Any, change: str) -> None:
    token = door.keys.token
    wrong = {
        "empty": "",
        "prefix": token[:-1],
        "longer": token + "A",
        "case": token.swapcase(),
        "other": Keys(8642).token,
        "twice": f"{token} {token}",
    }[change]
    for headers in ({"authorization": f"Bearer {wrong}"}, {"cookie": f"{door.keys.cookie_name}={wrong}"}):
        assert door("/api/session", headers).status == 403
        assert door("/api/live", headers, kind="websocket").status == 403
    assert door(f"/?token={wrong.replace(' ', '+')}", token=False).status in (401, 403)


def test_s02_the_token_has_256_bits_and_opens_in_three_ways(door: Any) -> None:
    assert len(door.keys.token) >= 43
    assert Keys(1).token != Keys(1).token
    assert door("/api/session").status == 200
    assert door("/api/session", {"cookie": f"a=b; {door.keys.cookie_name}={door.keys.token}"}).status == 200
    assert door(f"/?token={door.keys.token}", token=False).status == 200
    assert door(f"/api/session?token={door.keys.token}", token=False).status == 403  # a page's address alone
    assert door("/api/session", {"authorization": f"Basic {door.keys.token}"}).status == 401


def test_s03_the_token_in_an_address_becomes_a_cookie(door: Any) -> None:
    answer = door(f"/?token={door.keys.token}", token=False)
    (cookie,) = answer.all("set-cookie")
    assert cookie.split("; ")[0] == f"snowdome-8642={door.keys.token}"
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    assert not answer.all("location")
    assert b'<script src="enter.js">' in answer.body
    assert door.keys.token.encode() not in answer.body
    script = door("/enter.js", {"cookie": cookie.split(";")[0]})
    assert script.body.strip() == b'location.replace("./");'
    page = door("/", {"cookie": cookie.split(";")[0]})
    assert page.status == 200
    assert page.body.startswith(b"<!doctype html>")


def test_s03_a_code_opens_once_and_without_a_redirect(door: Any) -> None:
    code = door.keys.new_code()
    answer = door(f"/login?code={code}", token=False)
    assert answer.status == 200
    assert answer.all("set-cookie")
    assert not answer.all("location")
    for path in (f"/login?code={code}", "/login?code=", "/login", f"/login?code={door.keys.token}"):
        refused = door(path, token=False)
        assert refused.status == 403
        assert not refused.all("set-cookie")


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "evil.com:8642",
        "127.0.0.1.evil.com",
        "127.0.0.1.evil.com:8642",
        "localhost.evil.com:8642",
        "127.0.0.1@evil.com:8642",
        "a/?x=127.0.0.1:8642",
        "localhost.:8642",
        "localhost",
        "127.0.0.1",
        "127.0.0.1:8643",
        "127.0.0.1:08642",
        "127.0.0.1:8642, evil.com",
        "127.0.0.2:8642",
        "0.0.0.0:8642",
        "[::]:8642",
        "::1:8642",
        "other.example",
    ],
)
def test_s04_a_foreign_host_is_refused(door: Any, host: str) -> None:
    for path, kind in (("/", "http"), ("/healthz", "http"), ("/login", "http"), ("/api/live", "websocket")):
        assert door(path, {"host": host, "origin": f"http://{host}"}, kind=kind).status == 403


def test_s04_no_host_an_empty_one_or_two_are_refused(door: Any) -> None:
    for hosts in ([], [("host", "")], [("host", HOST), ("host", HOST)], [("host", HOST), ("Host", "evil.com")]):
        assert door("/healthz", hosts).status == 400
        assert door("/api/live", hosts, kind="websocket").status == 400
    assert door("@google.com").status == 400


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8642", "localhost:8642", "LOCALHOST:8642", "[::1]:8642", "lab.example", "lab.example:8642"],
)
def test_s04_our_own_hosts_are_served(door: Any, host: str) -> None:
    assert door("/", {"host": host}).status == 200
    assert door("/api/session", {"host": host}).status == 200


def test_s04_a_forwarded_host_changes_nothing(door: Any) -> None:
    forwarded = {"x-forwarded-host": HOST, "forwarded": f"host={HOST}", "host": "evil.com"}
    assert door("/", forwarded).status == 403


def test_s04_the_hosts_that_are_ours() -> None:
    assert own_hosts("0.0.0.0", 80) == {
        *("127.0.0.1:80", "[::1]:80", "localhost:80"),
        *("127.0.0.1", "[::1]", "localhost"),
    }
    assert "192.168.1.5:8642" in own_hosts("192.168.1.5", 8642)
    assert "[fe80::1]:8642" in own_hosts("fe80::1", 8642)
    assert other_hosts(["Hub.example:443", "[::2]"], 8642) == {"hub.example:443", "[::2]", "[::2]:8642"}


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"sec-fetch-site": "same-origin", "origin": ORIGIN}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
        ({"sec-fetch-site": "same-origin", "origin": "http://evil.com"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"sec-fetch-site": "Same-Origin"}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": "http://evil.com"}, False),
        ({"origin": f"https://{HOST}"}, False),
        ({"origin": "http://127.0.0.1"}, False),
        ({"origin": "http://127.0.0.1:notaport"}, False),
        ({"origin": "http://127.0.0.1:99999"}, False),
        ({"origin": "http://["}, False),
        ({"origin": "not-a-url"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": f"{ORIGIN}/"}, False),
        ({"origin": f"http://evil@{HOST}"}, False),
    ],
)
def test_s05_writes_from_elsewhere_are_refused(door: Any, headers: dict[str, str], passes: bool) -> None:  # noqa: FBT001
    cookie = {"cookie": f"{door.keys.cookie_name}={door.keys.token}"}
    bearer = {"authorization": f"Bearer {door.keys.token}"}
    for key in (cookie, bearer, cookie | bearer):  # no way of having the token goes around this
        assert door("/api/images", headers | key, method="POST").status == (200 if passes else 403)
        if headers.get("origin") != "":
            assert door("/api/session", headers | key).status == (200 if passes else 403)


def test_s05_a_browser_says_where_a_write_comes_from(door: Any) -> None:
    cookie = {"cookie": f"{door.keys.cookie_name}={door.keys.token}"}
    assert door("/api/images", cookie, method="POST").status == 403
    assert door("/api/session", cookie).status == 200  # reading on a plain-http host: neither header is sent
    assert door("/api/images", method="POST").status == 200  # a program with the token
    assert door("/api/images", {"origin": ORIGIN, "authorization": "Basic x"}, method="POST").status == 401
    two = [("host", HOST), ("origin", ORIGIN), ("origin", ORIGIN), ("cookie", cookie["cookie"])]
    assert door("/api/images", two, method="POST").status == 403


def test_s05_default_ports_are_the_same_origin() -> None:
    assert same_origin("http://h:80", "http://h")
    assert same_origin("https://h", "https://h:443")
    for other in ("http://h:8080", "https://h", "http://h.", "http://hh", "h", "http://", "http://h:notaport", "null"):
        assert not same_origin("http://h", other)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.com",
        f"http://{HOST}.evil.com",
        f"{ORIGIN}.evil.com",
        "http://127.0.0.1:86420",
        "http://127.0.0.1:9999",
        "http://127.0.0.1",
        "http://localhost:8642",
        f"http://x.{HOST}",
        f"http://x{HOST}",
        f"https://{HOST}",
        f"ws://{HOST}",
        f"HTTP://{HOST}",
        "null",
        "",
        "file://",
        f"{ORIGIN}/",
        f"{ORIGIN} http://evil.com",
    ],
)
def test_s06_a_socket_from_elsewhere_is_refused_before_it_opens(door: Any, origin: str) -> None:
    for key in (
        {"cookie": f"{door.keys.cookie_name}={door.keys.token}"},
        {"authorization": f"Bearer {door.keys.token}"},
    ):
        assert door("/api/live", key | {"origin": origin}, kind="websocket").status == 403


def test_s06_a_socket_of_our_own_page_or_of_a_program_opens(door: Any) -> None:
    cookie = {"cookie": f"{door.keys.cookie_name}={door.keys.token}"}
    assert door("/api/live", cookie | {"origin": ORIGIN}, kind="websocket").status == 101
    assert door("/api/live", cookie, kind="websocket").status == 403  # a browser says its Origin
    assert door("/api/live", kind="websocket").status == 101
    assert door("/api/live", {"origin": ORIGIN}, kind="websocket", token=False).status == 401
    same_site = cookie | {"origin": ORIGIN, "sec-fetch-site": "same-site"}
    assert door("/api/live", same_site, kind="websocket").status == 403
    hub = {"host": "lab.example", "origin": "https://lab.example"}
    assert door("/api/live", cookie | hub, kind="websocket").status == 101


def test_s07_and_s08_every_answer_has_the_security_headers(door: Any) -> None:
    wanted = {name.decode(): value.decode() for name, value in SECURITY_HEADERS}
    assert wanted["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
    for token in (True, False):
        for kind, method, path in [*addresses(door), ("http", "GET", "/nothing"), ("http", "DELETE", "/")]:
            answer = door(path, method=method, kind=kind, token=token)
            for name, value in wanted.items():
                assert answer.all(name) == [value], (path, name)
            assert len(answer.all("cache-control")) == 1
            if path.startswith("/api/"):
                assert answer.all("cache-control") == ["no-store"]
            assert not [name for name, _ in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["//evil.com", "/\\evil.com", "/%5Cevil.com", "https:evil.com", "/login/", "/assets", "/assets/"]
)
def test_s09_nobody_is_sent_anywhere(door: Any, path: str) -> None:
    answer = door(path)
    assert answer.status in (400, 404)
    assert not answer.all("location")
    assert b"evil" not in answer.body


def test_s10_pages_work_under_a_prefix(door: Any) -> None:
    answer = door(f"/?token={door.keys.token}", token=False)
    assert "path=" not in answer.all("set-cookie")[0].lower()  # so it belongs to the folder of the page
    assert b'"/' not in answer.body
    assert b"'/" not in answer.body
