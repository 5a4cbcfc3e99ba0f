"""A TCP server with a thread for each connection, on a free port of this machine."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable

Talk = Callable[[socket.socket], None]


class LineServer:
    """Calls `talk` with each connection until `stop`."""

    def __init__(self, talk: Talk, name: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with outer._lock:
                    outer._open.add(self.request)
                # Whoever hangs up in the middle of a sentence is no news.
                with contextlib.suppress(OSError, EOFError, ValueError):
                    talk(self.request)
                with outer._lock:
                    outer._open.discard(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            block_on_close = False

        self._server = Server((host, port), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"sandbox-{name}:{self.port}", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def hang_up(self) -> None:
        """End every connection that is open."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self.hang_up()
        self._thread.join(timeout=5)
        self._server.server_close()
