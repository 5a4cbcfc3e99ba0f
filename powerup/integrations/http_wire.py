"""The wire below `http.py`: connections that a deadline can cut, and adapters that refuse private addresses.

requests' own timeouts run anew with every byte, so that a server that drips one byte a second holds a worker for hours.
Here a watch, armed before the first byte goes out, shuts the socket down when the whole request has taken too long.
"""

import contextlib
import ipaddress
import socket
import threading
import time
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self

import requests
import requests_hardened  # type: ignore[import-untyped]  # it ships no types
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress  # type: ignore[import-untyped]
from requests_hardened.ip_filter_adapter import IPFilterAdapter  # type: ignore[import-untyped]
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

REFUSED: type[Exception] = InvalidIPAddress
"""What a private address raises."""

_watch: ContextVar["Watch | None"] = ContextVar("closeloop_http_watch", default=None)


class Watch:
    """Cuts the connection in use at the deadline; says whether it did and whether anything had been sent."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.sent = False
        self.fired = False
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._before = _watch.set(self)
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        _watch.reset(self._before)

    @property
    def left(self) -> float:
        """Seconds until the deadline, never below a tenth of a second (0 would mean "no timeout" to a socket)."""
        return max(self.deadline - time.monotonic(), 0.1)

    @property
    def over(self) -> bool:
        """Whether the deadline has passed."""
        return self.fired or time.monotonic() >= self.deadline

    def use(self, sock: socket.socket | None) -> None:
        """From now on the deadline cuts this socket."""
        self._sock = sock
        if self.fired:
            self._cut()

    def _cut(self) -> None:
        self.fired = True
        if self._sock is not None:
            # Not SSLSocket.shutdown: that unwraps the object under the reading thread. The plain call just ends the stream.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class _Watched(HTTPConnection):
    """Tells the watch of its request which socket is in use and when the first byte leaves."""

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if watch := _watch.get():
            watch.sent = True
            watch.use(self.sock)
        super().send(data)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3 narrows http.client's type the same way
        response = super().getresponse()
        watch = _watch.get()
        if watch and watch.fired:
            # A cut stream looks like the end of the headers: half an answer must not pass for a whole one.
            response.close()
            self.close()
            raise TimeoutError("deadline passed while reading the headers")
        return response


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _PoolTLS(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


class GuardedAdapter(IPFilterAdapter):  # type: ignore[misc]  # untyped base
    """requests-hardened's filter (resolve once, refuse private ranges, connect to that very address), with named exceptions."""

    def __init__(self, *, is_https_proto: bool, private_hosts: frozenset[str]) -> None:
        self._private_hosts = private_hosts
        super().__init__(is_https_proto=is_https_proto)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}

    def build_connection_pool_key_attributes(self, request: requests.PreparedRequest, verify: Any, cert: Any = None) -> Any:
        host_params, _ = HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        host, port = str(host_params["host"]), host_params["port"] or (443 if self._is_https_proto else 80)
        if is_exempt(host, int(port), self._private_hosts):
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        attributes = super().build_connection_pool_key_attributes(request, verify, cert)
        _refuse_odd(str(attributes[0]["host"]))
        return attributes


def _refuse_odd(pinned: str) -> None:
    """Refuse what the library's ranges leave out: reserved, site-local and IPv4-compatible IPv6 addresses."""
    address = ipaddress.ip_address(pinned.strip("[]"))
    if address.is_reserved or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local):
        raise InvalidIPAddress(address)


def is_exempt(host: str, port: int, private_hosts: frozenset[str]) -> bool:
    """Whether `host` or `host:port` is listed exactly; an IPv6 address is listed in brackets when it has a port."""
    name = host.lower().strip("[]").rstrip(".")
    return not private_hosts.isdisjoint({name, f"[{name}]", f"{name}:{port}" if ":" not in name else f"[{name}]:{port}"})


def open_session(private_hosts: frozenset[str]) -> requests.Session:
    """A session that refuses private addresses, keeps no cookies, and believes nothing in the environment.

    `trust_env` is off deliberately: a proxy from the environment would resolve names itself, behind the address check,
    and ~/.netrc would add credentials that nobody configured here.
    """
    config = requests_hardened.Config(
        ip_filter_enable=True, ip_filter_allow_loopback_ips=False, never_redirect=True, default_timeout=(5.0, 15.0)
    )
    session: requests.Session = requests_hardened.HTTPSession(config)
    for prefix, tls in (("http://", False), ("https://", True)):
        # The filter lives in the adapter: mounting a plain HTTPAdapter (for retries, say) would silently remove it.
        session.mount(prefix, GuardedAdapter(is_https_proto=tls, private_hosts=private_hosts))
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
