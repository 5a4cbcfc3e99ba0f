"""A WSGI application on a real port, in threads of this process, for the demo and for tests."""

import logging
import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOG = logging.getLogger("closeloop.sandbox")
"""Quiet unless somebody asks for DEBUG: a demo's terminal and a test's output are no access logs."""


class _QuietHandler(WSGIRequestHandler):
    """Answers like werkzeug's handler and writes its access log at DEBUG, without the query (it can hold tokens)."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        LOG.debug("%s %s %s", getattr(self, "command", "?"), getattr(self, "path", "").partition("?")[0], code)

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            LOG.warning(message, *args)


class ThreadedServer:
    """Serves `app` on `host:port` while the context lasts; port 0 takes a free one.

    The port is bound when the object is made, so `url` is known before the first request is answered. A port that
    somebody else has is an OSError (werkzeug alone would end the process).
    """

    def __init__(self, app: "WSGIApplication", port: int = 0, host: str = "127.0.0.1") -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as bound:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, port))
            bound.listen(128)
            # werkzeug duplicates the descriptor, so ours may be closed.
            self._server = ThreadedWSGIServer(host, port, app, handler=_QuietHandler, fd=bound.fileno())
        self._thread: threading.Thread | None = None
        self.host = host
        self.port = int(self._server.port)
        self.url = f"http://{host}:{self.port}"

    def start(self) -> Self:
        """Begin to answer; returns itself."""
        if self._thread is None:
            # A short poll makes stop() quick: hundreds of tests start and stop servers.
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"sandbox:{self.port}", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port; harmless when called twice."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join(timeout=5)
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class Served:
    """A double that runs on a port of its own: `start(port)` and `stop()`, or `with double:` for a free port."""

    app: Flask

    def __init__(self) -> None:
        self._server: ThreadedServer | None = None

    @property
    def url(self) -> str:
        """Where it answers; only after start."""
        if self._server is None:
            raise RuntimeError("start the double first")
        return self._server.url

    def start(self, port: int = 0, host: str = "127.0.0.1") -> Self:
        """Begin to answer; returns itself."""
        if self._server is None:
            self._server = ThreadedServer(self.app, port, host)
            self._started(self._server.url)
            self._server.start()
        return self

    def stop(self) -> None:
        """Let waiting requests go and stop answering; a stopped double is not started again."""
        self._stopping()
        if self._server is not None:
            self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _started(self, url: str) -> None:
        """The address is known; nobody was answered yet."""

    def _stopping(self) -> None:
        """Release whatever waits."""
