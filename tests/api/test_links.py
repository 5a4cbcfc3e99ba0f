"""Linking threads to cards, and what bad input gets."""

from typing import Any

import pytest

from powerup.outbox.models import Delivery
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.discourse.store import NewPost, NewTopic
from tests.api.test_session import code
from tests.api.world import Client, World
from tests.cast import ADA, BEN, CLEO


def test_a_pasted_url_links_the_thread_and_attaches_its_address(world: World) -> None:
    topic = world.thread("Deploys stop after one minute")
    link = world.link(topic)
    assert link["ticket"]["subject"] == "Deploys stop after one minute"
    assert link["ticket"]["waiting_on"] == "us"
    assert link["created_by"] == BEN.trello_id
    world.deliver()
    attached = [each.url for each in world.trello.store.card(world.card.id).attachments]
    assert attached == [world.thread_url(topic)]


@pytest.mark.parametrize("form", ["{url}?u=mei", "{url}/1", "{url}#post_1", "  {url}  "])
def test_any_way_to_write_the_address_will_do(small: World, form: str) -> None:
    url = form.format(url=small.thread_url(small.thread()))
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/links", {"url": url})
    assert answer.status_code == 201


def test_linking_twice_says_so_and_changes_nothing(world: World) -> None:
    topic = world.thread()
    world.link(topic)
    again = world.as_(ADA).post(f"/api/v1/cards/{world.card.id}/links", {"url": world.thread_url(topic)})
    assert (again.status_code, code(again)) == (409, "already_linked")
    panel = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json
    assert panel is not None and len(panel["links"]) == 1


@pytest.mark.parametrize(
    "url", ["https://example.org/t/hello/1", "hello", "javascript:alert(1)", "", "http://[::1", "https://example.org/" + "a" * 1900]
)
def test_a_url_that_is_not_ours_names_the_forums_that_are(small: World, url: str) -> None:
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/links", {"url": url})
    assert (answer.status_code, code(answer)) == (422, "url_not_ours")
    assert "Help" in answer.json["detail"]  # type: ignore[index]


def test_a_deleted_thread_says_so(small: World) -> None:
    topic = small.thread()
    small.forum.store.delete_topic(topic.id)
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/links", {"url": small.thread_url(topic)})
    assert (answer.status_code, code(answer)) == (404, "thread_gone")
    assert answer.json["title"] == "It is not there any more"  # type: ignore[index]


@pytest.mark.parametrize(
    ("fault", "status"),
    [({"fail_every": 1, "status": 500}, 502), ({"delay_seconds": 5}, 504), ({"body": "html"}, 502), ({"body": "truncated"}, 502)],
    ids=str,
)
def test_a_forum_that_is_down_slow_or_talks_nonsense_is_named(small: World, fault: dict[str, Any], status: int) -> None:
    topic = small.thread()
    small.forum.faults.set(FaultPlan(**fault))
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/links", {"url": small.thread_url(topic)})
    assert (answer.status_code, code(answer)) == (status, "forum_unavailable")
    small.forum.faults.clear()
    panel = small.as_(BEN).get(f"/api/v1/cards/{small.card.id}").json
    assert panel is not None and panel["links"] == []


def test_a_card_of_another_board_is_not_found(world: World) -> None:
    answer = world.as_(BEN).get(f"/api/v1/cards/{world.foreign_card.id}")
    assert (answer.status_code, code(answer)) == (404, "card_elsewhere")
    linked = world.as_(BEN).post(f"/api/v1/cards/{world.foreign_card.id}/links", {"url": world.thread_url(world.thread())})
    assert code(linked) == "card_elsewhere"


@pytest.mark.parametrize("card", ["0" * 24, "abc", "..%2f..", "x" * 300])
def test_a_card_that_is_none_is_not_found(small: World, card: str) -> None:
    assert small.as_(BEN).get(f"/api/v1/cards/{card}").status_code == 404


def test_unlinking_takes_the_address_off_and_linking_again_puts_it_back(world: World) -> None:
    topic = world.thread()
    link = world.link(topic)
    world.deliver()
    assert world.as_(BEN).delete(f"/api/v1/cards/{world.card.id}/links/{link['id']}").status_code == 204
    assert world.as_(BEN).delete(f"/api/v1/cards/{world.card.id}/links/{link['id']}").status_code == 204
    world.deliver()
    assert world.trello.store.card(world.card.id).attachments == []
    world.link(topic)
    world.deliver()
    assert len(world.trello.store.card(world.card.id).attachments) == 1


def test_another_workspaces_thread_cannot_be_linked(world: World) -> None:
    link = world.link(world.thread())
    store = world.trello.store
    theirs = store.add_card(store.lists_of(world.elsewhere)[0], "Theirs", by=store.member(CLEO.trello_id))
    token = world.session(CLEO, world.elsewhere).json["token"]  # type: ignore[index]
    Client(world.app, token).put("/api/v1/boards/current/connection", {"trello_token": world.token(CLEO)})
    cleo = world.as_(CLEO, world.elsewhere)
    answer = cleo.post(f"/api/v1/cards/{theirs.id}/links", {"ticket_id": link["ticket"]["id"]})
    assert (answer.status_code, code(answer)) == (404, "not_found")
    assert cleo.get(f"/api/v1/tickets/{link['ticket']['id']}").status_code == 404


def test_the_thread_that_was_read_is_shown_safely(small: World) -> None:
    hostile = '<img src=x onerror=alert(1)><script>alert(1)</script><a href="javascript:alert(1)">x</a><iframe src="//evil"></iframe>Hello'
    topic = small.thread("Hostile", "Hello there, this is raw")
    small.forum.store.rows.posts[max(small.forum.store.rows.posts)].cooked = hostile
    html = small.link(topic)["ticket"]["messages"][0]["html"]
    for bad in ("<script", "onerror", "javascript:", "<iframe", "<img"):
        assert bad not in html
    assert "Hello" in html


def test_a_card_is_made_for_a_ticket_exactly_once(world: World) -> None:
    ticket = world.link(world.thread("Login loops"))["ticket"]
    board_lists = world.trello.store.lists_of(world.board)
    wanted = {"list_id": board_lists[0].id, "request_id": "make-a-card-1"}
    for _ in range(2):
        answer = world.as_(BEN).post(f"/api/v1/tickets/{ticket['id']}/cards", wanted)
        assert answer.status_code == 202
    world.deliver()
    made = [card for card in world.trello.store.cards_of(world.board.id) if card.name == "Login loops"]
    assert len(made) == 1
    panel = world.as_(BEN).get(f"/api/v1/cards/{made[0].id}").json
    assert panel is not None and [each["ticket"]["id"] for each in panel["links"]] == [ticket["id"]]


def test_nothing_is_half_written_when_linking_fails(small: World) -> None:
    small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/links", {"url": "https://example.org/"})
    with small.services.database.read() as session:
        assert session.query(Delivery).filter(Delivery.kind == "trello_attachment").count() == 0


def test_a_linked_thread_that_was_deleted_stays_readable(world: World) -> None:
    topic = world.thread("Soon gone", "This will be deleted, but not forgotten.")
    world.link(topic)
    world.forum.store.delete_topic(topic.id)
    world.receive()
    ticket = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json["links"][0]["ticket"]  # type: ignore[index]
    assert (ticket["state"], ticket["waiting_on"], len(ticket["messages"])) == ("deleted", None, 1)


def test_what_the_forum_keeps_private_is_not_written_on_the_card(world: World) -> None:
    world.forum.store.add_group("support", ["helper"])
    mail = NewTopic("My password leaked", NewPost("mei", "It is in the log."), archetype="private_message", allowed_groups=["support"])
    topic = world.forum.store.add_topic(mail)
    refused = world.as_(BEN).post(f"/api/v1/cards/{world.card.id}/links", {"url": world.thread_url(topic)})
    assert (refused.status_code, code(refused)) == (404, "thread_gone")
    keys = {"api_key": world.forum.api_key, "api_username": "helper", "inboxes": "support"}
    assert world.as_(ADA).patch("/api/v1/forums/1", world.forum_settings(credentials=keys)).status_code == 200
    ticket = world.link(topic)["ticket"]
    assert ticket["private"] and ticket["subject"] == "My password leaked"
    world.deliver()
    assert [each.name for each in world.trello.store.card(world.card.id).attachments] == ["Private customer thread"]
