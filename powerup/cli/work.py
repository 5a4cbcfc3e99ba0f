"""`closeloop worker`: deliver what is due, read forums, work on webhooks."""

import os
import signal
import socket
from argparse import Namespace, _SubParsersAction
from typing import Any

from powerup.cli.common import end_with, open_services, settings_with_log
from powerup.worker import Worker


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("worker", help="deliver replies and cards, read the forums; several may run")
    parser.add_argument("--name", default=f"{socket.gethostname()}:{os.getpid()}", help="name in leases and logs")
    parser.add_argument("--parent", type=int, help="stop when this process is gone")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    services = open_services(settings_with_log())
    worker = Worker(services, arguments.name)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    end_with(arguments.parent, worker.stop)
    try:
        worker.run()
    finally:
        services.close()
    return 0
