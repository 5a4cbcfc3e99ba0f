"""Ports for servers of this machine."""

import random
import socket
from contextlib import ExitStack

_QUIET = range(20_000, 32_000)
"""Below the ports that a machine gives to outgoing connections: one of those may be taken again before its server is up."""


def free_ports(count: int, *, first: int) -> list[int]:
    """`count` free ports of 127.0.0.1: `first` and those after it where they are free, else any."""
    with ExitStack() as held:
        ports: list[int] = []
        for offset in range(count):
            holder = held.enter_context(socket.socket())
            ports.append(_bound(holder, first + offset if first else 0))
        return ports


def _bound(holder: socket.socket, wanted: int) -> int:
    """Bind to the wanted port, else to a random quiet one, else to whichever the system gives; which it is."""
    quiet = random.sample(_QUIET, 50)
    for port in (*((wanted,) if wanted else ()), *quiet, 0):
        try:
            holder.bind(("127.0.0.1", port))
        except OSError:
            continue
        return int(holder.getsockname()[1])
    raise OSError("no port of this machine is free")
