"""What commands share."""

import os
import threading
from collections.abc import Callable

from powerup import log
from powerup.db import migrate
from powerup.services import Services
from powerup.settings import Settings, load

ORPHANED_AFTER = 1.0
"""Seconds between two looks at whether the process that started us still lives."""


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


def end_with(parent: int | None, stop: Callable[[], None]) -> None:
    """Call `stop` once the process that started us is gone, so that nothing is left behind when it is killed."""
    if parent is None:
        return

    def watch() -> None:
        never = threading.Event()
        while os.getppid() == parent:
            never.wait(ORPHANED_AFTER)
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()
