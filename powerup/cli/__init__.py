"""The `closeloop` command. `docs/cli.md` describes each part (a test compares)."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from importlib import import_module

from powerup import __version__
from powerup.errors import CloseloopError
from powerup.settings import SettingsError

PARTS = ("demo", "serve", "work", "sync", "doctor", "evaluate", "admin")
"""Modules of this package, each with commands of its own."""
ALONE = {"demo": "demo", "serve": "serve", "worker": "work", "sync": "sync", "doctor": "doctor", "eval": "evaluate"}
"""Commands for which one module is enough: a worker need not wait for the web server and the sandbox to be read in."""


def build_parser(command: str | None = None) -> ArgumentParser:
    """The parser with every command; with this one only, where that is known to be wanted."""
    parser = ArgumentParser(
        prog="closeloop",
        description="From a customer's thread to a card, and back to the customer when the cause is fixed.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"closeloop {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in (ALONE[command],) if command in ALONE else PARTS:
        import_module(f"powerup.cli.{name}").add_to(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns its exit status. Problems that a person can mend are one message, not a traceback."""
    given = sys.argv[1:] if argv is None else argv
    arguments = build_parser(given[0] if given else None).parse_args(given)
    try:
        status: int = arguments.run(arguments)
    except (SettingsError, CloseloopError) as error:
        print(f"closeloop: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status
