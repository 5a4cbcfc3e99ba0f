"""A forum with a past, and turns at reading it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from powerup import clock
from powerup.forums import actions as forums
from powerup.forums import backfills
from powerup.forums.models import Backfill, Forum
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sync.engine import Syncer
from powerup.sync.history import Backfiller
from powerup.tickets.models import Ticket
from tests.factories import BY_ADA
from tests.scene import Scene

YEAR = timedelta(days=365)


def old_thread(scene: Scene, title: str, *, days: float, answered: bool = False) -> Topic:
    """A customer's thread of so many days ago; answered the same day, or never."""
    at = clock.now() - timedelta(days=days)
    topic = scene.forum.store.add_topic(NewTopic(title, NewPost("mei", "It stops after one minute, every time.", at=at)))
    if answered:
        scene.forum.store.add_post(topic.id, NewPost("helper", "A restart mends it, please try.", at=at + timedelta(minutes=30)))
    return topic


def with_past(scene: Scene, count: int) -> list[str]:
    """So many threads, a day between two, all answered; their titles, newest first."""
    titles = [f"Thread of {days} days ago" for days in range(1, count + 1)]
    for days, title in reversed(list(enumerate(titles, 1))):
        old_thread(scene, title, days=days, answered=True)
    return titles


def begin(scene: Scene, *, since: datetime | None = None) -> Backfill:
    """Ask for the forum's history, a year of it unless told otherwise."""
    with scene.services.database.write() as session:
        forum = session.get_one(Forum, scene.forum_row.id)
        return backfills.start(session, forum, since=since or clock.now() - YEAR, by=BY_ADA)


def poll(scene: Scene) -> None:
    """Everything that polling finds."""
    syncer = Syncer(scene.services, "poll")
    while syncer.run_one():
        continue


def go_on(scene: Scene, worker: str = "test", most: int = 500) -> int:
    """Take turns while there is something to do; how many. Nothing is waited for."""
    filler, turns = Backfiller(scene.services, worker, wait=lambda _: None), 0
    while turns < most and filler.run_one():
        turns += 1
    return turns


def backfill(scene: Scene) -> Backfill:
    """How it stands."""
    with scene.services.database.read() as session:
        return session.scalars(select(Backfill)).one()


def row(scene: Scene) -> Forum:
    """The forum as it stands."""
    with scene.services.database.read() as session:
        return session.get_one(Forum, scene.forum_row.id)


def due(scene: Scene) -> None:
    """Let the next poll come now."""
    with scene.services.database.write() as session:
        forums.sync_soon(session, scene.forum_row.id)


def next_poll_in(scene: Scene, **span: float) -> None:
    """No poll before then."""
    with scene.services.database.write() as session:
        session.get_one(Forum, scene.forum_row.id).next_sync_at = clock.now() + timedelta(**span)


def subjects(scene: Scene) -> list[str]:
    """What was recorded, in the order in which it was."""
    with scene.services.database.read() as session:
        return list(session.scalars(select(Ticket.subject).order_by(Ticket.id)))
