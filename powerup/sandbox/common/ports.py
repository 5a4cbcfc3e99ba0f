"""Ports for servers of this machine."""

import socket
from contextlib import ExitStack


def free_ports(count: int, *, first: int) -> list[int]:
    """`count` free ports of 127.0.0.1: `first` and those after it where they are free, else any."""
    with ExitStack() as held:
        ports: list[int] = []
        for offset in range(count):
            wanted = first + offset if first else 0
            holder = held.enter_context(socket.socket())
            try:
                holder.bind(("127.0.0.1", wanted))
            except OSError:
                holder.bind(("127.0.0.1", 0))
            ports.append(holder.getsockname()[1])
        return ports
