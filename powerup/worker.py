"""The worker: carries deliveries out, works on webhooks, reads forums, until it is told to stop.

Two threads: replies and webhooks in one, reading forums and asking who is on a board in the other, so that a slow forum never
delays a reply. Any number of workers may run; leases keep them apart.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from powerup import clock
from powerup.deliveries import runner
from powerup.digests import actions as digests
from powerup.inbox import actions as inbox
from powerup.integrations.errors import IntegrationError
from powerup.log import logger
from powerup.outages import actions as outages
from powerup.outages import watch as bursts
from powerup.outbox import actions as outbox
from powerup.services import Services
from powerup.sync import hooks, members, ownership
from powerup.sync.engine import Syncer
from powerup.sync.history import Backfiller
from powerup.teams import queries as teams
from powerup.triage.waking import wake

log = logger("worker")

IDLE_SECONDS = 0.5
"""Pause when nothing is due."""
BROKEN_SECONDS = 5.0
"""Pause after our own failure (a database that is away, a bug): the log must not fill."""
CLOCK = timedelta(seconds=5)
"""Between two looks at what is due by the clock."""
AREAS = timedelta(seconds=60)
"""Between two looks at what new threads are about."""
EVER = datetime.min.replace(tzinfo=UTC)
HOUSEKEEPING = timedelta(hours=1)
KEPT = timedelta(days=30)
"""How long finished deliveries and hints stay."""

Task = Callable[[], bool]
"""Does one piece of work; says whether there was any."""


class Worker:
    """One worker process's work. `run` returns after `stop`, when what was in hand is finished."""

    def __init__(self, services: Services, name: str) -> None:
        self._services = services
        self._name = name
        self._stop = threading.Event()
        self._syncer = Syncer(services, name, stop=self._stop.is_set, wait=self._stop.wait)
        self._backfiller = Backfiller(services, name, stop=self._stop.is_set, wait=self._stop.wait)
        self._tidied_at = clock.now()
        self._done_at: dict[str, datetime] = {}

    def run(self) -> None:
        """Work until told to stop."""
        log.info("worker started", worker=self._name)
        loops = {
            "deliveries": (self.deliver, self.receive),
            "sync": (self.watch_clock, self.read_ownership, self.sync, self.check_members, self.watch_areas, self.tidy, self.backfill),
        }
        # Both apart from the calling thread: a signal handler that sets an event must not interrupt a wait for that event.
        threads = [threading.Thread(target=self._loop, args=(tasks,), name=f"{self._name}:{name}") for name, tasks in loops.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log.info("worker stopped", worker=self._name)

    def stop(self) -> None:
        """Finish what is in hand and end; from any thread, or a signal handler."""
        self._stop.set()

    def deliver(self) -> bool:
        """Carry out the next due delivery."""
        delivery = runner.claim(self._services, self._name)
        if delivery is None:
            return False
        try:
            runner.carry_out(self._services, delivery)
        except Exception:
            log.exception("delivery broke", delivery=delivery.id, kind=delivery.kind, attempts=delivery.attempts)
            runner.give_back(self._services, delivery, None)
        return True

    def receive(self) -> bool:
        """Work on the next due webhook."""
        item = hooks.claim(self._services, self._name)
        if item is None:
            return False
        try:
            hooks.carry_out(self._services, item)
        except Exception:
            log.exception("hint broke", item=item.id, source=item.source, attempts=item.attempts)
            hooks.give_back(self._services, item, None)
        return True

    def sync(self) -> bool:
        """Read a page of the next due forum."""
        forum = self._syncer.claim()
        if forum is None:
            return False
        try:
            self._syncer.read(forum)
        except Exception:
            log.exception("sync broke", forum=forum.id, kind=forum.kind)
            self._syncer.fail(forum, None)
        return True

    def backfill(self) -> bool:
        """A short turn at some forum's history, when no forum is due."""
        backfill = self._backfiller.claim()
        if backfill is None:
            return False
        try:
            self._backfiller.work_on(backfill)
        except Exception:
            log.exception("back-fill broke", forum=backfill.forum_id)
            self._backfiller.fail(backfill, None)
        return True

    def check_members(self) -> bool:
        """Ask Trello who is on the board that was asked about longest ago, when that is long ago."""
        try:
            return members.refresh_stale(self._services)
        except IntegrationError as error:
            log.warning("members not checked", status=error.http_status, reason=error.detail)
            return False

    def read_ownership(self) -> bool:
        """Read the Ownership board that is due: teams and areas are what it says."""
        return ownership.read_due(self._services)

    def watch_clock(self) -> bool:
        """What is due by the clock: snoozed threads wake, teams stand up, promises of news run out."""
        if not self._is_time("clock", CLOCK):
            return False
        max_attempts = self._services.settings.max_attempts
        with self._services.database.write() as session:
            woken = wake(session)
        with self._services.database.write() as session:
            sent = digests.send_due(session, max_attempts=max_attempts)
        with self._services.database.write() as session:
            reminded = outages.remind_due(session, max_attempts=max_attempts)
        if woken or sent or reminded:
            log.info("due by the clock", woken=woken, digests=sent, reminders=reminded)
        return False

    def watch_areas(self) -> bool:
        """What new threads are about, and whether there are far more of them than usual."""
        if not self._is_time("areas", AREAS):
            return False
        with self._services.database.read() as session:
            workspace_ids = teams.workspaces_with_areas(session)
        for workspace_id in workspace_ids:
            bursts.guess_areas(self._services.database, self._services.brains.of(workspace_id))
            with self._services.database.write() as session:
                proposed = bursts.watch(session, workspace_id)
            for each in proposed:
                log.info("outage proposed", workspace=workspace_id, area=each.area_id)
        return False

    def tidy(self) -> bool:
        """Once an hour, forget what finished long ago."""
        if clock.now() - self._tidied_at < HOUSEKEEPING:
            return False
        self._tidied_at = clock.now()
        before = self._tidied_at - KEPT
        with self._services.database.write() as session:
            gone = outbox.forget_finished(session, before=before) + inbox.forget_finished(session, before=before)
        log.info("tidied", removed=gone)
        return False

    def _is_time(self, what: str, every: timedelta) -> bool:
        """Whether so long has passed since it was time last."""
        now = clock.now()
        if now - self._done_at.get(what, EVER) < every:
            return False
        self._done_at[what] = now
        return True

    def _loop(self, tasks: Sequence[Task]) -> None:
        """Each task in turn, so that none starves another; a pause when none found anything."""
        while not self._stop.is_set():
            busy = False
            for task in tasks:
                if self._stop.is_set():
                    return
                busy = self._guarded(task) or busy
            if not busy:
                self._stop.wait(IDLE_SECONDS)

    def _guarded(self, task: Task) -> bool:
        """One failure never ends the loop: not even a database that is away for a while."""
        try:
            return task()
        except Exception:
            log.exception("worker task broke", task=getattr(task, "__name__", "?"))
            self._stop.wait(BROKEN_SECONDS)
            return False
