"""A server of raw bytes: for answers that no web framework would send."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Handler = Callable[[socket.socket, bytes], None]


@dataclass
class Wire:
    """Where it listens, and what came in."""

    url: str
    host: str
    requests: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test ends: a handler that dawdles waits on it."""

    def answer(self, *, status: str = "200 OK", headers: str = "", body: bytes = b"{}") -> bytes:
        """A whole answer; the connection is not kept."""
        return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n".encode() + body


@contextlib.contextmanager
def raw_server(handle: Callable[[Wire, socket.socket, bytes], None]) -> Iterator[Wire]:
    """Serve each connection with `handle(wire, socket, request)`, one request a connection, then close it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        wire = Wire(f"http://{host}", host)
        threads: list[threading.Thread] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while not wire.over.is_set():
                    conn, _ = listener.accept()
                    threads.append(threading.Thread(target=one, args=(conn,), daemon=True))
                    threads[-1].start()

        def one(conn: socket.socket) -> None:
            with conn, contextlib.suppress(OSError):
                data = b""
                while b"\r\n\r\n" not in data and (piece := conn.recv(65_536)):
                    data += piece
                if data:
                    wire.requests.append(data)
                    handle(wire, conn, data)

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield wire
        finally:
            wire.over.set()
            # Closing a listening socket does not wake accept(); a connection does.
            with contextlib.suppress(OSError), socket.create_connection(listener.getsockname(), timeout=1):
                pass
            for thread in [accepting, *threads]:
                thread.join(timeout=5)
