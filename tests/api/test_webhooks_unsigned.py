"""Webhooks that nobody signs: their address is the secret, and what they say is only a reason to look."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from powerup.forums.models import Forum
from powerup.inbox.models import Received
from powerup.sandbox.desk.store import Event, NewPost
from powerup.sandbox.tender.double import TenderDouble
from powerup.tickets.models import Message
from tests.api.world import World, build
from tests.cast import ADA


@pytest.fixture
def tender() -> Iterator[TenderDouble]:
    """A Tender, which signs nothing."""
    with TenderDouble() as double:
        yield double


@pytest.fixture
def world(sqlite_url: str, tender: TenderDouble) -> Iterator[World]:
    """With that Tender connected."""
    with build(sqlite_url, tender.url, *tender.servers()) as made:
        made.connect()
        assert made.as_(ADA).post("/api/v1/forums", tender.connection()).status_code == 201
        yield made


def hook(world: World, tender: TenderDouble, token: str) -> int:
    """Tender tells of a new comment at this address; the answer's status."""
    thread = tender.store.open_thread("Steps stop", NewPost("mei", "They stop after one minute."))
    message = tender.hook(Event.post_added, thread, tender.store.posts_of(thread.id)[-1], "")
    assert message is not None
    sent = {"Content-Type": "application/json", **message.headers}
    return world.app.test_client().post(f"/webhooks/forums/{token}", data=message.body, headers=sent).status_code


def test_at_the_secret_address_it_is_a_hint_and_the_thread_is_fetched_again(world: World, tender: TenderDouble) -> None:
    with world.services.database.read() as session:
        token = session.scalar(select(Forum.hook_token).where(Forum.kind == "tender"))
    assert hook(world, tender, str(token)) == 200
    world.receive()
    with world.services.database.read() as session:
        assert any("They stop after one minute." in text for text in session.scalars(select(Message.text)))


def test_at_any_other_address_it_is_nothing(world: World, tender: TenderDouble) -> None:
    assert hook(world, tender, "a-guess") == 404
    with world.services.database.read() as session:
        assert session.scalars(select(Received)).all() == []
