"""`closeloop doctor`: what works, what does not, and how to mend it."""

import json
from argparse import Namespace, _SubParsersAction
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from powerup import log
from powerup.cli.common import open_services
from powerup.doctor.forum import forum
from powerup.doctor.installation import has_database, installation
from powerup.doctor.steps import Mark, Section, failed, is_well
from powerup.forums import queries
from powerup.settings import SettingsError, load

SIGNS = {Mark.ok: "ok", Mark.warning: "!", Mark.failed: "FAILED", Mark.skipped: "-"}
_WIDTH = 8


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("doctor", help="check the installation and its forums step by step, and say what to mend")
    parser.add_argument("--forum", metavar="NAME|ID", help="this forum only (default: every one)")
    parser.add_argument("--json", action="store_true", help="for programs: one JSON object")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Look, print; 0 when nothing failed, else 1."""
    sections = _sections(arguments.forum)
    if arguments.json:
        print(json.dumps({"ok": is_well(sections), "sections": [asdict(section) for section in sections]}, indent=2, ensure_ascii=False))
    else:
        _print(sections)
    return 0 if is_well(sections) else 1


def _sections(wanted: str | None) -> list[Section]:
    try:
        settings = load()
    except SettingsError as error:
        return [Section("Installation", [failed("settings", str(error))])]
    log.quiet()
    services = open_services(settings, upgrade=False)
    try:
        sections = [installation(services)]
        if has_database(sections[0]):
            with services.database.read() as session:
                rows = queries.of_installation(session, wanted)
            sections += [forum(services, row) for row in rows]
        return sections
    finally:
        services.close()


def _print(sections: Sequence[Section]) -> None:
    for section in sections:
        print(section.title)
        for step in section.steps:
            print(f"  {SIGNS[step.mark]:<{_WIDTH}}{step.says}")
            if step.mend:
                print(f"  {'':<{_WIDTH}}→ {step.mend}")
        print()
    steps = [step for section in sections for step in section.steps]
    broken, weak = (sum(step.mark is mark for step in steps) for mark in (Mark.failed, Mark.warning))
    print("All is well." if not broken and not weak else f"{broken} failed, {weak} to look at, of {len(steps)} steps.")
