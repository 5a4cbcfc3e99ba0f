"""`closeloop demo`: a local Trello, forum and Slack with Closeloop in the middle."""

from argparse import Namespace, _SubParsersAction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from powerup import log
from powerup.sandbox.demo import Demo, DemoError, DemoOptions
from powerup.sandbox.kinds import DEFAULT, KINDS


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="try it: needs no account and no network")
    parser.add_argument("--port", type=int, default=8900, help="first of four ports; 0 takes free ones (default: %(default)s)")
    parser.add_argument("--forum-kind", choices=KINDS, default=DEFAULT, help="what the local forum is (default: %(default)s)")
    parser.add_argument("--forum", metavar="URL", help="read a live public Discourse (read-only) instead of the local forum")
    parser.add_argument(
        "--trello-client",
        metavar="cdn|FILE",
        help="use Trello's own client library, from its CDN or from a file, instead of the local stand-in",
    )
    parser.add_argument("--data", type=Path, help="folder for the database and the logs (default: a fresh temporary one)")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Run until Ctrl-C."""
    if arguments.forum and urlsplit(arguments.forum).scheme not in ("http", "https"):
        raise DemoError(f"--forum takes a full address, such as https://{arguments.forum}")
    log.quiet()
    options = DemoOptions(
        first_port=arguments.port,
        forum_kind=arguments.forum_kind,
        live_forum=arguments.forum,
        trello_client=arguments.trello_client,
        folder=arguments.data,
    )
    return Demo(options).run()
