"""The one gate in front of every route and socket: Host, then where the request comes from, then the token.

Pure ASGI around the whole app, so that no route can forget it. It looks at the scope's path and raw headers
alone, never at a URL put together from them. It also puts the security headers on every answer, its own included.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from snowdome.server.answers import refusal
from snowdome.server.keys import Keys

OPEN_PATHS = frozenset({"/healthz", "/login"})
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
READING = frozenset({"GET", "HEAD"})
SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        b"img-src 'self' blob: data:; connect-src 'self'; worker-src 'self' blob:; "
        b"base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)
DEFAULT_PORTS = {"http": 80, "https": 443}

FOREIGN_HOST = "This host is not served here. Open the address that the terminal shows."
NO_KEY = "This needs the token of this start. Open the address that the terminal shows."
NOT_THE_KEY = "The token is not the one of this start. Open the address that the terminal shows."


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """The request does not pass: the status and the sentence of the answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Gate:
    """Lets through what comes from this app's own pages, or from a program that has the token."""

    def __init__(self, app: ASGIApp, keys: Keys, own: Collection[str], others: Collection[str]) -> None:
        self.app = app
        self._keys = keys
        self._own, self._others = frozenset(own), frozenset(others)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then hand on; lifespan messages pass."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        try:
            self.check(scope)
        except Refused as refused:
            await refusal(refused.status, refused.text)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def check(self, scope: Scope) -> None:
        """Raise Refused where the request may not pass."""
        path = scope["path"]
        if not path.startswith("/"):
            raise Refused(400, "A path starts with a slash.")
        host = self._host(scope)
        self._source(scope, host)
        if path not in OPEN_PATHS or scope["type"] == "websocket":
            self._token(scope)

    def _host(self, scope: Scope) -> str:
        given = values(scope, b"host")
        if len(given) != 1 or not given[0]:
            raise Refused(400, "A request names one host.")
        host = given[0].lower()
        if host not in self._own and host not in self._others:
            raise Refused(403, FOREIGN_HOST)
        return host

    def _source(self, scope: Scope, host: str) -> None:
        socket = scope["type"] == "websocket"
        writes = not socket and scope["method"] not in READING
        if not (socket or writes or scope["path"].startswith("/api/")):
            return
        elsewhere = Refused(403, "This request comes from another site.")
        site, origin = values(scope, b"sec-fetch-site"), values(scope, b"origin")
        if any(value not in ("same-origin", "none") for value in site):
            raise elsewhere
        if any(not self._is_own(value, host) for value in origin) or len(origin) > 1:
            raise elsewhere
        if not origin and (socket or (writes and not site)) and not self._bearer(scope):
            raise elsewhere  # a browser would have said where it comes from

    def _is_own(self, origin: str, host: str) -> bool:
        """Whether an Origin is this very app at the Host that was asked for."""
        schemes = ("http", "https") if host in self._others else ("http",)
        return any(same_origin(origin, f"{scheme}://{host}") for scheme in schemes)

    def _bearer(self, scope: Scope) -> bool:
        return any(self._keys.admits(value) for value in _bearers(scope))

    def _token(self, scope: Scope) -> None:
        cookies, asked = values(scope, b"cookie"), _query(scope, "token")
        if any(self._keys.in_cookies(cookie) for cookie in cookies) or self._bearer(scope):
            return
        on_page = scope["type"] == "http" and scope["path"] == "/"
        if on_page and any(self._keys.admits(value) for value in asked):
            return
        given = _bearers(scope) or asked or any(self._keys.cookie_name in cookie for cookie in cookies)
        if given:
            raise Refused(403, NOT_THE_KEY)
        raise Refused(401, NO_KEY)


def values(scope: Scope, name: bytes) -> list[str]:
    """All values of a header, as they were sent."""
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key.lower() == name]


def _bearers(scope: Scope) -> list[str]:
    parts = [value.partition(" ") for value in values(scope, b"authorization")]
    return [token for scheme, _, token in parts if scheme.lower() == "bearer"]


def _query(scope: Scope, name: str) -> list[str]:
    try:
        return parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=20).get(name, [])
    except ValueError:
        return []


def asked_with_token(scope: Scope, keys: Keys) -> bool:
    """Whether the address of a page holds the right token, which must not stay there."""
    return any(keys.admits(value) for value in _query(scope, "token"))


def code_asked(scope: Scope) -> str:
    """The one-use code in the address, or nothing."""
    return next(iter(_query(scope, "code")), "")


def same_origin(one: str, other: str) -> bool:
    """Whether two origins are the same scheme, host and port; False for anything that is not an origin."""
    first, second = _origin(one), _origin(other)
    return first is not None and first == second


def _origin(text: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    plain = text == f"{parts.scheme}://{parts.netloc}" == text.lower() and "@" not in parts.netloc
    if not plain or parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, DEFAULT_PORTS[parts.scheme] if port is None else port


def own_hosts(host: str, port: int) -> set[str]:
    """The Host values of the server itself: loopback, and the address it was bound to by name."""
    names = set(LOOPBACK)
    if host not in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        names.add(f"[{host.lower()}]" if ":" in host else host.lower())
    return {f"{name}:{port}" for name in names} | (names if port == DEFAULT_PORTS["http"] else set())


def other_hosts(allowed: Collection[str], port: int) -> set[str]:
    """The Host values that a person allowed; one without a port stands for ours as well."""
    names = {name.strip().lower() for name in allowed}
    return names | {f"{name}:{port}" for name in names if ":" not in name.rpartition("]")[2]}


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start", "websocket.accept"):
            headers: list[Any] = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [header for header in SECURITY_HEADERS if header[0] not in present]
            if b"cache-control" not in present:
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return sending
