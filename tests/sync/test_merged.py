"""A thread that the forum merged into another: one ticket goes, its cards follow the other; nothing is lost on the way."""

from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import select

from powerup.events.models import Event
from powerup.integrations.forums.base import Forum as Adapter
from powerup.links import actions as links
from powerup.links import queries
from powerup.sync.reading import read_thread
from powerup.sync.todo import LeaseLostError
from powerup.threads import Thread
from powerup.tickets.models import Ticket
from tests.factories import BY_ADA, thread
from tests.scene import Scene


class Shelf:
    """A forum of which one may say what it answers."""

    def __init__(self, threads: dict[str, Thread]) -> None:
        self.threads = threads

    def read(self, thread_id: str) -> Thread:
        """The thread, or the one into which it was merged."""
        return self.threads[thread_id]


def read(scene: Scene, shelf: Shelf, thread_id: str, **more: Any) -> Ticket:
    return read_thread(scene.services, cast(Adapter, shelf), scene.forum_row, thread_id, **more)


def ticket(scene: Scene, external_id: str) -> Ticket:
    with scene.services.database.read() as session:
        return session.scalars(select(Ticket).where(Ticket.external_id == external_id)).one()


def verbs(scene: Scene, about: Ticket) -> list[str]:
    with scene.services.database.read() as session:
        return list(session.scalars(select(Event.verb).where(Event.ticket_id == about.id).order_by(Event.id)))


def test_its_cards_are_linked_to_the_other_thread_once(scene: Scene) -> None:
    shelf = Shelf({"1": thread("1"), "2": replace(thread("2"), subject="The same, told before")})
    old, card = read(scene, shelf, "1"), scene.card()
    with scene.services.database.write() as session:
        links.link(session, card, old, by=BY_ADA, max_attempts=3)
    shelf.threads["1"] = shelf.threads["2"]
    for _ in range(2):
        assert read(scene, shelf, "1").external_id == "2"
    gone, kept = ticket(scene, "1"), ticket(scene, "2")
    assert (gone.state, gone.triage, kept.state, kept.triage) == ("deleted", "settled", "open", "owned")
    with scene.services.database.read() as session:
        assert [each.id for each in queries.cards_of(session, kept.workspace_id, kept.id)] == [card.id]
    assert verbs(scene, gone).count("ticket.merged") == 1
    assert verbs(scene, kept).count("link.made") == 1


def test_one_that_we_never_knew_is_read_as_the_other(small: Scene) -> None:
    shelf = Shelf({"1": thread("2"), "2": thread("2")})
    assert read(small, shelf, "1").external_id == "2"
    with small.services.database.read() as session:
        assert session.scalars(select(Ticket.external_id)).all() == ["2"]


def test_what_else_belongs_to_the_reading_fails_with_it(small: Scene) -> None:
    def lost(*_: object) -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        read(small, Shelf({"1": thread("1")}), "1", also=lost)
    with small.services.database.read() as session:
        assert session.scalars(select(Ticket)).all() == []
