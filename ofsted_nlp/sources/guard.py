"""Where the client may connect to: named hosts over HTTPS, and only at public addresses, checked as it connects."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from ofsted_nlp.errors import RefusedError, UsageError

Resolver = Callable[[str, int], list[str]]
"""A function from host name and port to IP addresses."""

CONNECTIONS = 8
ENCODINGS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 47}
"""Content encodings that are understood, with zlib's window bits."""


def check_url(url: str, hosts: Iterable[str], *, allow_loopback: bool = False) -> None:
    """Refuse an address that may not be asked.

    Args:
        url: the address.
        hosts: host names that may be asked; each stands for itself alone, not for its subdomains.
        allow_loopback: whether this machine itself may be asked, in plain HTTP too and on any port.

    Raises:
        RefusedError: it is not HTTPS, carries a password, names another port or another host, or a private address.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        raise RefusedError(f"{url} is not a web address.", code="bad_url") from None
    if parts.username is not None or not host or parts.scheme not in ("http", "https"):
        raise RefusedError(f"{url} is not a plain web address and is not asked.", code="bad_url")
    literal = _as_address(host)
    if literal is not None and not is_allowed(literal, allow_loopback=allow_loopback):
        raise RefusedError(f"{url} leads to the private address {host} and is not asked.", code="private_address")
    if host not in {name.lower() for name in hosts}:
        allowed = ", ".join(sorted(hosts))
        raise RefusedError(f"{url} is on another site and is not asked; only {allowed} are.", code="other_host")
    if not allow_loopback and (parts.scheme != "https" or port not in (None, 443)):
        raise RefusedError(f"{url} is not HTTPS on its usual port and is not asked.", code="not_https")


def is_allowed(address: str | ipaddress.IPv4Address | ipaddress.IPv6Address, *, allow_loopback: bool = False) -> bool:
    """Whether an IP address is public, or this machine's own where that is allowed."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_allowed(inner, allow_loopback=allow_loopback)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_allowed(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF), allow_loopback=allow_loopback)
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


class PublicBackend(httpcore.NetworkBackend):
    """Connects to public addresses only.

    A name is resolved once and the connection goes to the very address that was checked, so that a name server
    which answers differently the second time gains nothing.
    """

    def __init__(self, *, allow_loopback: bool = False, resolver: Resolver = resolve) -> None:
        self._inner = httpcore.SyncBackend()
        self._allow_loopback = allow_loopback
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first public address of the host that answers."""
        try:
            addresses = self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} is not known ({error.strerror or error})") from error
        public = [item for item in addresses if is_allowed(item, allow_loopback=self._allow_loopback)]
        if not public:
            raise RefusedError(
                f"{host} leads to {', '.join(addresses) or 'no address'}, which is not public, and is not asked.",
                code="private_address",
            )
        for address in public[:-1]:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._inner.connect_tcp(public[-1], port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class GuardedTransport(httpx.BaseTransport):
    """Sends requests from a guarded pool, or through the proxy that the system or ``HTTPS_PROXY`` names.

    A proxy connects on our behalf, so behind one only the host names are checked.
    """

    def __init__(self, *, allow_loopback: bool = False, resolver: Resolver = resolve) -> None:
        self._context = _system_certificates()
        self._allow_loopback = allow_loopback
        self._direct = _pool_transport(self._context, PublicBackend(allow_loopback=allow_loopback, resolver=resolver))
        self._proxies = {
            scheme: self._through(scheme, url)
            for scheme, url in urllib.request.getproxies().items()
            if scheme in ("http", "https", "all")
        }

    def _through(self, scheme: str, url: str) -> httpx.HTTPTransport:
        try:
            given = url if "://" in url else f"http://{url}"
            return httpx.HTTPTransport(verify=self._context, proxy=httpx.Proxy(given), trust_env=False)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            names = f"{scheme.upper()}_PROXY"  # the address itself may hold a password
            raise UsageError(
                f"The proxy for {scheme} is not one that can be used ({type(error).__name__}). Set {names} to an "
                "address such as http://proxy.council.gov.uk:8080."
            ) from error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body that comes back is checked for being whole."""
        host = request.url.host
        literal = _as_address(host)
        own = self._allow_loopback and literal is not None and ipaddress.ip_address(literal).is_loopback
        proxy = self._proxies.get(request.url.scheme) or self._proxies.get("all")
        direct = proxy is None or own or urllib.request.proxy_bypass(host)
        response = (self._direct if direct or proxy is None else proxy).handle_request(request)
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ENCODINGS:
            response.close()
            raise httpx.DecodingError(f"the answer is packed as {encoding!r}, which was not asked for")
        if ENCODINGS[encoding] and request.method == "GET" and isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _WholeStream(response.stream, ENCODINGS[encoding])
        return response

    def close(self) -> None:
        """Close all connections."""
        self._direct.close()
        for proxy in self._proxies.values():
            proxy.close()


class _WholeStream(httpx.SyncByteStream):
    """Passes a packed body on, and fails where its packing ends too soon, before a cache could keep it."""

    def __init__(self, stream: httpx.SyncByteStream, bits: int) -> None:
        self._stream = stream
        self._bits = bits

    def __iter__(self) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(self._bits)
        empty = True
        for chunk in self._stream:
            data = chunk
            while data and not unpacker.eof:
                empty = False
                try:
                    unpacker.decompress(data, 1 << 20)
                except zlib.error as error:
                    raise httpx.DecodingError(f"the packing of the answer is damaged ({error})") from error
                data = unpacker.unconsumed_tail
            yield chunk
        if not empty and not unpacker.eof:
            raise httpx.RemoteProtocolError("the answer ended before it was whole")

    def close(self) -> None:
        self._stream.close()


def _pool_transport(context: ssl.SSLContext, backend: httpcore.NetworkBackend) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    if not isinstance(getattr(transport, "_pool", None), httpcore.ConnectionPool):
        raise RuntimeError("This release of httpx keeps its connections elsewhere; addresses could not be checked.")
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context,
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=15,
        network_backend=backend,
    )
    return transport


def _system_certificates() -> ssl.SSLContext:
    """The certificates that the system trusts, a council's own among them."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _as_address(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        return None
