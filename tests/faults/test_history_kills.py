"""Kill workers with -9 while they read a forum's past from a forum that loses one answer in ten: every thread is recorded, once.

What the cursor claims is read or stands on the list beside it, at every moment.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from powerup import clock
from powerup.events.models import Event
from powerup.forums.models import Backfill, Forum
from powerup.sandbox.common.faults import FaultPlan
from powerup.tickets.models import Message, Ticket
from tests.faults.workers import kill, nursery
from tests.helpers import wait_for
from tests.scene import Scene, connected
from tests.sync.past import backfill, begin, row, with_past

THREADS = 200
KILLS = 10
WORKERS = 2


def test_kills_and_lost_answers_leave_no_thread_out_and_record_none_twice(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    quick: dict[str, Any] = {"lease_seconds": 30, "connect_timeout": 1.0, "read_timeout": 5.0, "poll_seconds": 3600}
    began, pick = time.monotonic(), random.Random(5)
    with connected(database_url, **quick) as scene:
        titles = with_past(scene, THREADS)
        begin(scene, since=clock.now() - timedelta(days=400))
        scene.forum.faults.set(FaultPlan(lose_answer_every=10))
        with nursery(scene.services.settings, tmp_path / "workers.log") as workers:
            alive = [(name, workers.start(name)) for name in (f"worker-{number}" for number in range(WORKERS))]
            interrupted = 0
            for number in range(KILLS):
                goal = recorded(scene) + pick.randint(3, THREADS // KILLS - 5)
                wait_for(partial(has_recorded, scene, goal), 60, f"{goal} threads; the workers said:\n{workers.log[-2000:]}")
                name, process_id = alive.pop(0)
                kill(process_id)
                interrupted += let_lease_run_out(scene, name)
                check_books(scene)
                fresh = f"worker-{number + WORKERS}"
                alive.append((fresh, workers.start(fresh)))
            wait_for(lambda: backfill(scene).state == "done", 120, f"the end; the workers said:\n{workers.log[-2000:]}")
        lost = scene.forum.faults.requests.count(status=0)
        check_tickets(scene, titles)
        read = backfill(scene).read
    report = {"kills": KILLS, "killed while reading": interrupted, "answers lost": lost, "read by back-fill": read}
    for title, value in (report | {"seconds": round(time.monotonic() - began, 1)}).items():
        record_property(title, value)
    print(report)
    assert lost > 10 and interrupted >= KILLS / 4


def recorded(scene: Scene) -> int:
    """How many threads we have."""
    with scene.services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0


def has_recorded(scene: Scene, goal: int) -> bool:
    """Whether we have so many."""
    return recorded(scene) >= goal


def let_lease_run_out(scene: Scene, worker: str) -> bool:
    """As if time had passed since it died; whether it held one."""
    held = 0
    with scene.services.database.write() as session:
        for table in (Forum, Backfill):
            mine = update(table).where(table.lease_by.startswith(f"{worker}:")).values(lease_until=clock.now())
            held += session.execute(mine.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    return bool(held)


def check_books(scene: Scene) -> None:
    """At any moment: what was listed is dealt with or on the list, and what is on a list is not counted as read."""
    with scene.services.database.read() as session:
        # One statement, one moment: another worker goes on meanwhile.
        columns = Backfill.found, Backfill.read, Backfill.skipped, Backfill.todo
        found, read, skipped, todo = session.execute(select(*columns)).one()
    assert found == read + skipped + len(todo or ())
    assert len({thread_id for thread_id, _ in todo or ()}) == len(todo or ())


def check_tickets(scene: Scene, titles: list[str]) -> None:
    """Everything is there, and was new once."""
    with scene.services.database.read() as session:
        subjects = session.scalars(select(Ticket.subject)).all()
        messages = session.scalar(select(func.count()).select_from(Message))
        news = session.scalars(select(Event.ticket_id).where(Event.verb == "ticket.found")).all()
    assert sorted(subjects) == sorted(titles)
    assert messages == 2 * THREADS
    assert len(news) == len(set(news)) == THREADS
    done, forum = backfill(scene), row(scene)
    assert (done.found, done.read + done.skipped, done.error, done.lease_by) == (THREADS, THREADS, None, None)
    assert (forum.todo, forum.lease_by, forum.state) == (None, None, "working")
