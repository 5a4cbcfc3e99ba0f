"""`closeloop serve`: the web server (gunicorn), alone or with a worker beside it."""

import os
import signal
import sys
from argparse import Namespace, _SubParsersAction
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

from api import create_app
from powerup import log
from powerup.cli.common import end_with, open_services, settings_with_log
from powerup.cli.supervise import Supervisor
from powerup.services import Services
from powerup.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="answer Trello, browsers and webhooks")
    parser.add_argument("--bind", default="127.0.0.1:8080", help="address and port (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="web processes (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each (default: %(default)s)")
    parser.add_argument("--with-worker", action="store_true", help="run a worker beside the web server, for a small installation")
    parser.add_argument("--parent", type=int, help="stop when this process is gone")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = settings_with_log()
    open_services(settings).close()
    # A signal to ourselves is what ends both a supervisor and gunicorn in good order.
    end_with(arguments.parent, lambda: os.kill(os.getpid(), signal.SIGTERM))
    if arguments.with_worker:
        return Supervisor(_commands(arguments)).run()
    _Server(settings, arguments).run()
    return 0


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn with our application; each process opens its own database connections after the fork."""

    def __init__(self, settings: Settings, arguments: Namespace) -> None:
        self._settings, self._arguments = settings, arguments
        super().__init__()

    def load_config(self) -> None:
        """Our few options in gunicorn's words."""
        options = {
            "bind": self._arguments.bind,
            "workers": self._arguments.processes,
            "worker_class": "gthread",
            "threads": self._arguments.threads,
            "timeout": 60,
            "graceful_timeout": 20,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """The application, in each process anew."""
        log.configure(self._settings)
        return create_app(Services.from_settings(self._settings))


def _commands(arguments: Namespace) -> dict[str, list[str]]:
    base = [sys.executable, "-m", "powerup.cli"]
    web = ["serve", "--bind", arguments.bind, "--processes", str(arguments.processes), "--threads", str(arguments.threads)]
    with_us = ["--parent", str(os.getpid())]
    return {"web": [*base, *web, *with_us], "worker": [*base, "worker", *with_us]}
