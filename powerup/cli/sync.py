"""`closeloop sync`: read the forums now, and their history; a progress bar in the terminal."""

import os
import socket
import sys
import threading
import time
from argparse import ArgumentTypeError, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from powerup import clock, log
from powerup.cli.common import open_services
from powerup.events.actions import SYSTEM
from powerup.forums import actions as forums
from powerup.forums import backfills, queries
from powerup.forums.models import Backfill, Forum
from powerup.forums.progress import progress, words
from powerup.services import Services
from powerup.settings import load
from powerup.stopping import StopSignals
from powerup.sync.engine import Syncer
from powerup.sync.history import Backfiller

BAR = 24
"""Characters."""
TICK = 0.5
"""Seconds between two looks, and between two drawings of the bar in a terminal."""
LINE = 10.0
"""Seconds between two lines where the output is no terminal."""
STOPPED = 130


def add_to(commands: "_SubParsersAction[Any]") -> None:
    """Add the command."""
    parser = commands.add_parser("sync", help="read the forums now; with --since their history too")
    parser.add_argument("--forum", metavar="NAME|ID", help="this forum only (default: every one)")
    parser.add_argument("--since", type=day, metavar="DATE", help="read history back to this day, such as 2020-01-01")
    parser.add_argument("--detach", action="store_true", help="leave the work to the workers and end at once")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--status", action="store_true", help="say how far reading history has come, and end")
    instead.add_argument("--pause", action="store_true", help="pause reading history, and end")
    instead.add_argument("--resume", action="store_true", help="go on with a history that was paused or had failed")
    parser.set_defaults(run=run)


def day(text: str) -> datetime:
    """`2020`, `2020-03` or `2020-03-15`: the beginning of that day, UTC."""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ArgumentTypeError(f"“{text}” is no day; write it as 2020-01-31")


def run(arguments: Namespace) -> int:
    """Do what was asked; 0, 1 when a forum's history could not be read, 130 after Ctrl-C."""
    settings = load()
    log.quiet()
    services = open_services(settings)
    try:
        with services.database.read() as session:
            chosen = queries.of_installation(session, arguments.forum)
        if not chosen:
            print("No forum is connected yet.")
            return 0
        _prepare(services, chosen, arguments)
        if arguments.status or arguments.pause or arguments.detach:
            return _say(services, chosen)
        return _work(services, chosen)
    finally:
        services.close()


def _prepare(services: Services, chosen: Sequence[Forum], arguments: Namespace) -> None:
    with services.database.write() as session:
        for forum in chosen:
            known = backfills.of(session, forum.id)
            if arguments.since is not None:
                backfills.start(session, session.get_one(Forum, forum.id), since=arguments.since, by=SYSTEM)
            elif known is not None and arguments.pause and known.state == "running":
                backfills.pause(session, known, by=SYSTEM)
            elif known is not None and arguments.resume and known.state != "done":
                backfills.resume(session, known, by=SYSTEM)
            if not arguments.status and not arguments.pause:
                forums.sync_soon(session, forum.id)


def _say(services: Services, chosen: Sequence[Forum]) -> int:
    standing = _standing(services, chosen)
    with services.database.read() as session:
        rows = [session.get_one(Forum, forum.id) for forum in chosen]
    for row in rows:
        made = standing.get(row.id)
        print(f"{row.name}: {f'{made.state}, {words(made)}' if made else 'its history was never asked for'}")
        if row.state == "broken":
            print(f"{row.name}: cannot be read now. {row.sync_error}")
    return 1 if any(row.state == "broken" for row in rows) or any(each.state == "failed" for each in standing.values()) else 0


def _work(services: Services, chosen: Sequence[Forum]) -> int:
    """Poll and read history here, under the same leases as any worker; somebody else's work is only watched."""
    stop, ids = StopSignals(), [forum.id for forum in chosen]
    show = _Show(services, chosen)
    name = f"sync:{socket.gethostname()}:{os.getpid()}"

    def wait(seconds: float) -> None:
        show.tick()
        # A signal is noticed between two slices; a short pause needs none.
        (stop.wait if seconds > TICK else nap.wait)(seconds)

    nap = threading.Event()
    given: dict[str, Any] = {"stop": lambda: stop.asked, "wait": wait, "only": ids}
    syncer, filler = Syncer(services, name, **given), Backfiller(services, name, **given)
    while not stop.asked and _is_work_left(services, chosen):
        if not syncer.run_one() and not filler.run_one():
            stop.wait(TICK)
        show.tick()
    show.end()
    if stop.asked:
        print("Stopped. The same command, or a worker, goes on exactly here.")
        return STOPPED
    return _say(services, chosen)


def _is_work_left(services: Services, chosen: Sequence[Forum]) -> bool:
    """Whether history is still read, or a forum waits for its poll or is polled."""
    now = clock.now()
    with services.database.read() as session:
        rows = queries.of_installation(session)
    wanted = {forum.id for forum in chosen}
    polled = any(row.id in wanted and (row.lease_by or (row.next_sync_at and row.next_sync_at <= now)) for row in rows)
    return polled or any(each.state == "running" for each in _standing(services, chosen).values())


def _standing(services: Services, chosen: Sequence[Forum]) -> dict[int, Backfill]:
    with services.database.read() as session:
        found = [backfills.by_forum(session, workspace_id) for workspace_id in {forum.workspace_id for forum in chosen}]
    ids = {forum.id for forum in chosen}
    return {forum_id: each for part in found for forum_id, each in part.items() if forum_id in ids}


class _Show:
    """A line that is drawn over itself in a terminal, and a line now and then elsewhere."""

    def __init__(self, services: Services, chosen: Sequence[Forum], *, now: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._chosen = chosen
        self._now = now
        self._drawn_at = 0.0
        self._is_terminal = sys.stdout.isatty()

    def tick(self) -> None:
        """Draw, unless it was done a moment ago."""
        now = self._now()
        if now - self._drawn_at < (TICK if self._is_terminal else LINE):
            return
        self._drawn_at = now
        standing = _standing(self._services, self._chosen)
        running = [(forum, standing[forum.id]) for forum in self._chosen if forum.id in standing and standing[forum.id].state == "running"]
        for forum, made in running[:1] if self._is_terminal else running:
            line = f"{forum.name} {bar(progress(made).share)} {words(made)}"
            print(f"\r\033[K{line[: _columns() - 1]}" if self._is_terminal else line, end="" if self._is_terminal else "\n", flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal:
            print("\r\033[K", end="", flush=True)


def bar(share: float | None) -> str:
    """`[#####-------------------]`; empty while nothing is known."""
    full = round((share or 0.0) * BAR)
    return f"[{'#' * full}{'-' * (BAR - full)}]"


def _columns() -> int:
    try:
        return os.get_terminal_size().columns
    except OSError:
        return 100
