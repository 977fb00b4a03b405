"""Fetch files of the old site over HTTP, from hosts that were named and from no place inside.

An export is somebody else's text: an address in it must not make the shop ask its own network.
A name is looked up once, every address it stands for must be public, and the connection goes to
that very address, so that a name which changes its mind in between gains nothing. Redirects are
followed by hand, each step under the same rules.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MOST_REDIRECTS = 3
SECONDS_TO_ANSWER = 10.0
SECONDS_IN_ALL = 60.0
PIECE = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
# Public by the letter, but each stands for an address of the older kind behind it.
_CARRIERS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32")]

Resolve = Callable[[str, int], list[str]]


class FetchRefused(ValueError):
    """A file was not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class _Target:
    parts: SplitResult
    host: str
    port: int
    address: str

    @property
    def path(self) -> str:
        asked = self.parts.path or "/"
        return f"{asked}?{self.parts.query}" if self.parts.query else asked


def resolve(host: str, port: int) -> list[str]:
    """Return every address that a name stands for."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchRefused(f"{host} is not known.") from error
    return [str(each[4][0]) for each in found]


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet."""
    try:
        known = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return is_public(str(known.ipv4_mapped))
        if any(known in net for net in _CARRIERS):
            return False
    return known.is_global and not known.is_multicast


@dataclass(frozen=True)
class Fetcher:
    """Fetches files from some hosts.

    :ivar hosts: names of hosts, all in small letters; nothing else is asked.
    """

    hosts: Collection[str]
    most_bytes: int
    resolve: Resolve = resolve
    is_allowed: Callable[[str], bool] = is_public
    ports: Collection[int] = (80, 443)

    def fetch(self, url: str) -> bytes:
        """Return the content of a file.

        :raises FetchRefused: if it may not be asked for, is not there, or is too large.
        """
        deadline = time.monotonic() + SECONDS_IN_ALL
        for _ in range(MOST_REDIRECTS + 1):
            target = self._target(url)
            try:
                content, moved_to = self._ask(target, deadline)
            except (OSError, http.client.HTTPException, ssl.SSLError) as error:
                raise FetchRefused(f"{target.host} did not answer well.") from error
            if not moved_to:
                return content
            url = urljoin(url, moved_to)
        raise FetchRefused("It leads on and on.")

    def _target(self, url: str) -> _Target:
        try:
            parts = urlsplit(quote(url.strip(), safe="/:?&=%#[]@!$'()*+,;~-._"))
            host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise FetchRefused("It is no address.") from error
        if parts.scheme not in _PORTS or parts.username or parts.password:
            raise FetchRefused("Only plain http and https addresses are fetched.")
        if host not in self.hosts:
            raise FetchRefused(f"{host or 'its host'} is not among the hosts to fetch from.")
        if port not in self.ports:
            raise FetchRefused(f"Port {port} is not one of the web.")
        addresses = self.resolve(host, port)
        if not addresses or not all(self.is_allowed(each) for each in addresses):
            raise FetchRefused(f"{host} does not stand in the public internet.")
        return _Target(parts, host, port, addresses[0])

    def _ask(self, target: _Target, deadline: float) -> tuple[bytes, str]:
        """Return the content, or where it has moved to."""
        connection = _connection(target)
        try:
            connection.request(
                "GET",
                target.path,
                headers={"Host": target.parts.netloc, "User-Agent": "Galea import"},
            )
            answer = connection.getresponse()
            if answer.status in _REDIRECTS and (moved_to := answer.getheader("Location")):
                return b"", moved_to
            if answer.status != http.client.OK:
                raise FetchRefused(f"{target.host} answered {answer.status}.")
            return self._read(answer, deadline), ""
        finally:
            connection.close()

    def _read(self, answer: http.client.HTTPResponse, deadline: float) -> bytes:
        content = bytearray()
        while piece := answer.read1(PIECE):
            content += piece
            if len(content) > self.most_bytes:
                raise FetchRefused(f"It is larger than {self.most_bytes // 2**20} MB.")
            if time.monotonic() > deadline:
                raise FetchRefused("It takes too long.")
        return bytes(content)


def _connection(target: _Target) -> http.client.HTTPConnection:
    """Connect to the address that was looked at, in the name of the host."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS_TO_ANSWER)
    plain = socket.create_connection((target.address, target.port), timeout=SECONDS_TO_ANSWER)
    if target.parts.scheme == "https":
        context = ssl.create_default_context()
        connection.sock = context.wrap_socket(plain, server_hostname=target.host)
    else:
        connection.sock = plain
    return connection
