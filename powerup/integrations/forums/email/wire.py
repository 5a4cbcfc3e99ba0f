"""Connections to mail servers: the same policy as for HTTP. Private addresses are refused, certificates verified, time is limited.

The name is resolved once and every answer judged; the connection goes to an address that was judged, so that a name which
changes its answer between two questions gains nothing.
"""

import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from typing import Protocol

import certifi

from powerup.integrations.errors import AddressRefusedError, RejectedError, UnreachableError, VendorTimeoutError
from powerup.integrations.forums.email.settings import Server
from powerup.integrations.http import HttpPolicy
from powerup.integrations.http_wire import Watch, is_exempt

_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "5f00::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "3fff::/20",
    )
)
"""Ranges that Python calls global in some versions and that may lead inside (relays, translators, shared address space)."""


class Closable(Protocol):
    """A socket or what is around one."""

    def close(self) -> object: ...


def tls() -> ssl.SSLContext:
    """Certificates are verified against the machine's own list (so an organisation's own authority works) and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def connect(server: Server, policy: HttpPolicy, watch: Watch, *, who: str) -> socket.socket:
    """A plain connection to the server, which `watch` cuts at its deadline; raises AddressRefusedError or UnreachableError."""
    exempt = is_exempt(server.host, server.port, frozenset(host.lower() for host in policy.private_hosts))
    if server.security == "plain" and not exempt:
        why = "Without encryption we only speak to servers listed in CLOSELOOP_PRIVATE_HOSTS: the password would be read on the way."
        raise RejectedError(why, permanent=True, sent=False)
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnreachableError(f"{who} cannot be reached: its name is not known. Is it right?", sent=False) from None
    open_ones = [one for one in found if exempt or is_public(str(one[4][0]))]
    if not open_ones:
        why = f"{server.host} is a private address, which is not called. CLOSELOOP_PRIVATE_HOSTS can list exceptions."
        raise AddressRefusedError(why, permanent=True, sent=False)
    for family, kind, protocol, _, address in open_ones[:4]:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(min(policy.connect_timeout, watch.left))
            watch.use(sock)
            sock.connect(address)
        except OSError:
            sock.close()
            if watch.over:
                break
            continue
        sock.settimeout(watch.left)
        return sock
    raise UnreachableError(f"{who} cannot be reached: there is no connection. Are address and port right?", sent=False)


@contextlib.contextmanager
def closing_on_failure(thing: Closable) -> Iterator[None]:
    """Close it if what is done with it fails."""
    try:
        yield
    except BaseException:
        thing.close()
        raise


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet, and nothing that leads inside by another name."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local or any(address in network for network in _NEVER if network.version == 6):
            return False
        address = address.ipv4_mapped or address
    odd = address.is_multicast or address.is_reserved or any(address in network for network in _NEVER if network.version == address.version)
    return address.is_global and not odd


@contextlib.contextmanager
def within(seconds: float, sock: socket.socket | None, *, who: str) -> Iterator[Watch]:
    """A deadline over everything inside. What the sockets raise becomes one of our errors; `watch.sent` says whether to worry."""
    with Watch(seconds) as watch:
        watch.sent = sock is not None
        watch.use(sock)
        if sock is not None:
            sock.settimeout(watch.left)
        try:
            yield watch
        except ssl.SSLCertVerificationError:
            raise UnreachableError(f"{who} cannot be reached: its certificate is not accepted.", sent=False) from None
        except (OSError, EOFError, ValueError) as error:
            if watch.over or isinstance(error, TimeoutError):
                raise VendorTimeoutError(f"{who} took too long to answer.", sent=watch.sent) from None
            if isinstance(error, ssl.SSLError) and not watch.sent:
                why = f"{who} cannot be reached: it does not speak TLS here. Are port and encryption right?"
                raise UnreachableError(why, sent=False) from None
            raise UnreachableError(f"{who} broke the connection off.", sent=watch.sent) from None
