"""What commands share."""

from argparse import Action
from typing import TypeAlias

from powerup import log
from powerup.db import migrate
from powerup.services import Services
from powerup.settings import Settings, load

Commands: TypeAlias = "Action"
"""What `add_subparsers` gives; argparse does not export its class."""


def settings_with_log() -> Settings:
    """Settings from the environment, with the log set up as they say."""
    settings = load()
    log.configure(settings)
    return settings


def open_services(settings: Settings, *, upgrade: bool = True) -> Services:
    """Services on a database that has the newest schema."""
    services = Services.from_settings(settings)
    if upgrade:
        migrate.upgrade(services.database)
    return services
