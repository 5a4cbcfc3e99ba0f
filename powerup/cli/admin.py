"""Small commands for whoever runs an installation: `migrate`, `key`, `manifest`."""

import json
from argparse import Namespace, _SubParsersAction
from typing import Any

from powerup.cli.common import open_services, settings_with_log
from powerup.crypto import new_key
from powerup.settings import ROOT


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the commands."""
    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(run=migrate)
    commands.add_parser("key", help="make a key for CLOSELOOP_ENCRYPTION_KEY").set_defaults(run=key)
    commands.add_parser("manifest", help="print what to enter in Trello's admin portal").set_defaults(run=manifest)


def migrate(_: Namespace) -> int:
    """Bring the database to the newest schema; `serve` and `worker` do so too when they start."""
    open_services(settings_with_log()).close()
    print("The database has the newest schema.")
    return 0


def key(_: Namespace) -> int:
    """Print a fresh key."""
    print(new_key())
    return 0


def manifest(_: Namespace) -> int:
    """Print name, icon, connector and capabilities as this installation has them."""
    settings = settings_with_log()
    content = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    print(f"Name:                  {content['name']}")
    print(f"Iframe connector URL:  {settings.base_url}/connector")
    print(f"Icon URL:              {settings.base_url}/{content['icon']['url'].removeprefix('./').lstrip('/')}")
    print(f"Allowed origin:        {settings.base_url}")
    print("Capabilities:          " + ", ".join(content["capabilities"]))
    return 0
