"""The `closeloop` command. `docs/cli.md` describes each part (a test compares)."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from powerup import __version__
from powerup.cli import admin, demo, evaluate, serve, work
from powerup.errors import CloseloopError
from powerup.settings import SettingsError


def build_parser() -> ArgumentParser:
    """The parser with every command."""
    parser = ArgumentParser(
        prog="closeloop",
        description="From a customer's thread to a card, and back to the customer when the cause is fixed.",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"closeloop {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for part in (demo, serve, work, evaluate, admin):
        part.add_to(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command; returns its exit status. Problems that a person can mend are one message, not a traceback."""
    arguments = build_parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (SettingsError, CloseloopError) as error:
        print(f"closeloop: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status
