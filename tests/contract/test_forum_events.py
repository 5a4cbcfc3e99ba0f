"""Every forum: what webhooks and polls bring into our own records, in whatever order and however often, is what the forum holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from powerup.forums.actions import ForumSettings, Found, add
from powerup.forums.models import Forum as ForumRow
from powerup.inbox.actions import store
from powerup.integrations.forums.base import Feature, Forum, HookKind
from powerup.sync import hooks
from powerup.sync.reading import read_thread
from powerup.tickets.models import Message, Ticket
from tests.contract.forum.asking import recently
from tests.contract.forum.case import HOOK_SECRET, Act, ForumCase
from tests.contract.forum.cases import for_kinds_that
from tests.factories import BY_ADA
from tests.scene import Scene, connected

Event = tuple[Mapping[str, str], bytes]


@dataclass
class Desk:
    """An installation with the case's forum connected."""

    scene: Scene
    row: ForumRow
    adapter: Forum

    def receive(self, event: Event) -> bool:
        """Take a webhook as the endpoint does; False when it was known."""
        hook = self.adapter.hook(*event)
        assert hook.kind is HookKind.thread
        with self.scene.services.database.write() as session:
            hint = {"thread": hook.thread_id}
            return store(session, self.row.workspace_id, source=f"forum:{self.row.id}", event_id=hook.event_id, hint=hint)

    def work(self) -> None:
        """Work on all hints."""
        while hooks.run_one(self.scene.services, "test"):
            pass

    def tickets(self) -> dict[str, list[str]]:
        """Every ticket of this forum: its thread's id -> the ids of its messages that are there, in order."""
        with self.scene.services.database.read() as session:
            found = session.scalars(select(Ticket).where(Ticket.forum_id == self.row.id))
            return {ticket.external_id: [message.external_id for message in _messages(session, ticket)] for ticket in found}


def _messages(session: Session, ticket: Ticket) -> list[Message]:
    wanted = select(Message).where(Message.ticket_id == ticket.id, Message.deleted_at.is_(None)).order_by(Message.number)
    return list(session.scalars(wanted))


@pytest.fixture
def desk(case: ForumCase, sqlite_url: str) -> Iterator[Desk]:
    with connected(sqlite_url, private_hosts=("127.0.0.1",)) as scene:
        config = case.config(case.credentials())
        wanted = ForumSettings(case.kind, "Under test", config.base_url, case.credentials(), HOOK_SECRET, ("Carla",), ("support",))
        with scene.services.database.write() as session:
            found = Found(sorted(Feature), {}, "ada")
            row = add(session, scene.board.workspace_id, wanted, found, by=BY_ADA, sealer=scene.services.sealer)
        with scene.services.forum(row) as adapter:
            yield Desk(scene, row, adapter)


@for_kinds_that(Act.hook)
def test_events_out_of_order_and_doubled_leave_what_the_forum_holds(case: ForumCase, desk: Desk) -> None:
    thread_id = case.thread("Question", "First.")
    events = [case.hook(thread_id, HOOK_SECRET)]
    for text in ("Second.", "Third."):
        case.reply(thread_id, text)
        events.append(case.hook(thread_id, HOOK_SECRET))
    opened, second, third = events
    assert desk.receive(third)
    desk.work()
    assert desk.receive(opened)
    assert not desk.receive(third)
    assert desk.receive(second)
    desk.work()
    assert not desk.receive(opened)
    desk.work()
    expected = [message.external_id for message in desk.adapter.read(thread_id).messages]
    assert desk.tickets() == {thread_id: expected}
    assert len(expected) == 3


@for_kinds_that(Act.hook)
def test_a_late_event_of_an_older_state_takes_nothing_back(case: ForumCase, desk: Desk) -> None:
    thread_id = case.thread("Question", "First.")
    old = case.hook(thread_id, HOOK_SECRET)
    case.reply(thread_id, "Second.")
    read_thread(desk.scene.services, desk.adapter, desk.row, thread_id)
    before = desk.tickets()
    assert len(before[thread_id]) == 2
    assert desk.receive(old)
    desk.work()
    assert desk.tickets() == before


@for_kinds_that(Act.hook, Act.delete)
def test_an_event_about_a_thread_that_is_gone_by_now_breaks_nothing(case: ForumCase, desk: Desk) -> None:
    thread_id, other = case.thread("Question", "First."), case.thread("Other", "Text.")
    event, good = case.hook(thread_id, HOOK_SECRET), case.hook(other, HOOK_SECRET)
    case.delete(thread_id)
    assert desk.receive(event)
    assert desk.receive(good)
    desk.work()
    assert list(desk.tickets()) in ([other], [thread_id, other])


def test_a_thread_read_twice_is_one_ticket_with_each_message_once(case: ForumCase, desk: Desk) -> None:
    thread_id = case.thread("Question", "First.")
    case.replies(thread_id, 3, start=desk.adapter.read(thread_id).created_at)
    for _ in range(2):
        read_thread(desk.scene.services, desk.adapter, desk.row, thread_id)
    messages = desk.tickets()[thread_id]
    assert len(messages) == len(set(messages)) == 4


@for_kinds_that(Act.edit, Act.delete_message)
def test_what_is_edited_and_deleted_there_is_edited_and_deleted_here(case: ForumCase, desk: Desk) -> None:
    thread_id = case.thread("Question", "First.")
    kept, gone = (case.reply(thread_id, text, at=recently(hours=1)) for text in ("Second.", "Third."))
    read_thread(desk.scene.services, desk.adapter, desk.row, thread_id)
    case.edit(kept, "Second, better.")
    case.delete_message(gone)
    read_thread(desk.scene.services, desk.adapter, desk.row, thread_id)
    assert gone not in desk.tickets()[thread_id]
    with desk.scene.services.database.read() as session:
        message = session.scalars(select(Message).where(Message.external_id == kept)).one()
        assert "better" in message.html
        assert message.edited_at is not None


@for_kinds_that(Act.merge)
def test_a_merge_leaves_one_ticket_that_holds_all(case: ForumCase, desk: Desk) -> None:
    source, target = case.thread("Doubled", "Asked twice."), case.thread("The first", "Asked once.")
    for thread_id in (source, target):
        read_thread(desk.scene.services, desk.adapter, desk.row, thread_id)
    case.merge(source, target)
    merged = read_thread(desk.scene.services, desk.adapter, desk.row, source)
    assert merged.external_id == target
    read_thread(desk.scene.services, desk.adapter, desk.row, target)
    messages = desk.tickets()[target]
    assert len(messages) == len(set(messages)) >= 2
