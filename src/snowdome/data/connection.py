"""Connections that lead where they were meant to: http and https to public addresses, checked at each redirect.

An address of the local network, of this machine or of a cloud's own services (169.254.169.254) is refused once the
connection stands and before anything is asked of it, so that a name cannot change its address in between. The mirror
itself and the proxies of the environment are trusted: a person chose them.
"""

import http.client
import ipaddress
import urllib.error
import urllib.request
from typing import IO, Any
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
Place = tuple[str, int]


def opener(url: str) -> urllib.request.OpenerDirector:
    """What opens this address, and follows it by http and https to public addresses alone."""
    proxies = urllib.request.getproxies()
    chosen = [url, *(address for kind, address in proxies.items() if kind in _PORTS)]
    trusted = {place for address in chosen if (place := _place(address)) is not None}
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(proxies),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(trusted),
        _Http(trusted),
        _Https(trusted),
    ):
        director.add_handler(handler)
    return director


def _place(url: str) -> Place | None:
    """Host and port of an address; None where it is none that can be connected to."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_global


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects after a look at where they lead."""

    max_redirections = 5

    def __init__(self, trusted: set[Place]) -> None:
        self._trusted = trusted

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The request to follow with; OSError where that may not be."""
        place = _place(newurl)
        if urlsplit(newurl).scheme not in _PORTS or place is None:
            raise urllib.error.URLError("redirects to something else than http or https")
        if place not in self._trusted and not _may_be_public(place[0]):
            raise urllib.error.URLError(f"redirects to {place[0]}, which is no public address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _may_be_public(host: str) -> bool:
    """Whether a host is a public address, or a name, whose address is looked at when the connection stands."""
    try:
        return _is_public(host)
    except ValueError:
        return True


class _Checked(http.client.HTTPConnection):
    """A connection that ends itself where it leads to an address that is not public."""

    trusted: frozenset[Place] | set[Place] = frozenset()

    def connect(self) -> None:
        """Connect, and see whom to."""
        super().connect()
        peer = self.sock.getpeername()[0]
        if (self.host.strip("[]").lower(), self.port) not in self.trusted and not _is_public(peer):
            self.close()
            raise OSError(f"{self.host} leads to {peer}, which is no public address")


class _CheckedTls(_Checked, http.client.HTTPSConnection):
    """The same with TLS: `connect` goes on to that of HTTPSConnection."""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, trusted: set[Place]) -> None:
        super().__init__()
        self._trusted = trusted

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open by a connection that looks where it leads."""
        return self.do_open(_connections(_Checked, self._trusted), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, trusted: set[Place]) -> None:
        super().__init__()
        self._trusted = trusted

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open by a connection that looks where it leads; certificates are verified."""
        return self.do_open(_connections(_CheckedTls, self._trusted), req)


def _connections(kind: type[_Checked], trusted: set[Place]) -> Any:
    return type(kind.__name__, (kind,), {"trusted": trusted})
