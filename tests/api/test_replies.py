"""Replies and internal notes from a card."""

import pytest
from sqlalchemy import select

from powerup.forums.models import Forum
from powerup.sandbox.discourse.models import Topic
from powerup.sandbox.discourse.store import NewPost
from powerup.sync.reading import read_thread
from tests.api.test_session import code
from tests.api.world import World
from tests.cast import ADA, BEN


def reply(world: World, ticket_id: int, text: str = "Please try 4.2.1.", **changes: object) -> object:
    """Send one from the card as Ben."""
    body = {"text": text, "internal": False, "card_id": world.card.id, "request_id": "request-0001", **changes}
    return world.as_(BEN).post(f"/api/v1/tickets/{ticket_id}/replies", body)


def test_a_reply_reaches_the_forum_once_however_often_it_is_sent(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    statuses = [getattr(reply(world, ticket), "status_code", 0) for _ in range(3)]
    assert statuses == [202, 200, 200]
    world.deliver()
    assert sum("Please try 4.2.1." in raw for raw in world.posts(topic)) == 1
    panel = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json
    assert panel is not None
    states = {each["kind"]: each["state"] for each in panel["deliveries"]}
    assert states == {"forum_reply": "done", "trello_attachment": "done"}


def test_an_internal_note_stays_internal(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    reply(world, ticket, "Customer runs an old agent.", internal=True)
    world.deliver()
    with world.forum.store.lock:
        last = max(world.forum.store.rows.posts.values(), key=lambda post: post.id)
    assert (last.type.name, "old agent" in last.raw) == ("whisper", True)


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 32_001], ids=["empty", "blank", "too long"])
def test_what_cannot_be_posted_is_refused_before_it_is_enqueued(small: World, text: str) -> None:
    ticket = small.link(small.thread())["ticket"]["id"]
    answer = reply(small, ticket, text)
    assert (getattr(answer, "status_code", 0), code(answer)) == (422, "invalid")


def test_a_forum_read_without_credentials_takes_no_reply_and_says_why(small: World) -> None:
    forum_id = small.as_(BEN).get("/api/v1/forums").json["forums"][0]["id"]  # type: ignore[index]
    changed = small.as_(ADA).patch(f"/api/v1/forums/{forum_id}", small.forum_settings(credentials={}))
    assert changed.status_code == 200, changed.json
    ticket = small.link(small.thread())["ticket"]
    assert "reply" not in ticket["features"] and ticket["missing"]["reply"]
    assert code(reply(small, ticket["id"])) == "not_supported"


def test_a_reply_to_a_thread_that_was_deleted_fails_visibly_and_for_good(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    reply(world, ticket)
    world.forum.store.delete_topic(topic.id)
    world.deliver()
    panel = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json
    assert panel is not None
    failed = next(each for each in panel["deliveries"] if each["kind"] == "forum_reply")
    assert failed["state"] == "failed" and failed["retryable"] and failed["attempts"] == 1
    assert failed["reason"]


def test_a_failed_reply_can_be_retried_when_the_forum_is_back(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    world.forum.store.delete_topic(topic.id)
    delivery = reply(world, ticket).json["delivery"]["id"]  # type: ignore[attr-defined]
    world.deliver()
    world.forum.store.recover_topic(topic.id)
    assert world.as_(BEN).post(f"/api/v1/deliveries/{delivery}/attempts").status_code == 202
    world.deliver()
    assert world.as_(BEN).get(f"/api/v1/deliveries/{delivery}").json["delivery"]["state"] == "done"  # type: ignore[index]
    assert code(world.as_(BEN).post(f"/api/v1/deliveries/{delivery}/attempts")) == "conflict"
    assert code(world.as_(BEN).delete(f"/api/v1/deliveries/{delivery}")) == "conflict"


def test_a_waiting_reply_can_be_taken_back(small: World) -> None:
    topic = small.thread()
    ticket = small.link(topic)["ticket"]["id"]
    delivery = reply(small, ticket).json["delivery"]["id"]  # type: ignore[attr-defined]
    assert small.as_(BEN).delete(f"/api/v1/deliveries/{delivery}").status_code == 204
    small.deliver()
    assert len(small.posts(topic)) == 1


def test_a_reply_that_waits_for_a_moderator_has_told_nobody_yet(small: World) -> None:
    small.link(small.thread())
    small.forum.store.options = small.forum.store.options.model_copy(update={"approval": True})
    small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/resolution", {"type": "docs", "message": "See the new page."})
    small.deliver()
    told = small.as_(BEN).get(f"/api/v1/cards/{small.card.id}/resolution").json
    assert told is not None
    assert (told["resolution"]["state"], told["resolution"]["told"], told["resolution"]["to_tell"]) == ("marked", 0, 1)
    assert next(each for each in told["deliveries"] if each["kind"] == "forum_reply")["awaiting_approval"]


def newest(world: World, ticket_id: int) -> int:
    """Id of the newest message that the card shows."""
    found = world.as_(BEN).get(f"/api/v1/tickets/{ticket_id}").json
    assert found is not None
    return int(found["messages"][-1]["id"])


def read_again(world: World, topic: Topic) -> None:
    """What a webhook or a poll brings about."""
    with world.services.database.read() as session:
        forum = session.scalars(select(Forum)).one()
    with world.services.forum(forum) as adapter:
        read_thread(world.services, adapter, forum, str(topic.id))


def test_a_reply_past_what_somebody_else_has_written_is_stopped_here(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    seen = newest(world, ticket)
    world.forum.store.add_post(topic.id, NewPost("mei", "I found it myself, never mind."))
    read_again(world, topic)
    refused = reply(world, ticket, seen=seen)
    assert (getattr(refused, "status_code", 0), code(refused)) == (409, "overtaken")
    assert getattr(reply(world, ticket, seen=newest(world, ticket)), "status_code", 0) == 202
    assert getattr(reply(world, ticket, seen=seen, internal=True, request_id="request-0002"), "status_code", 0) == 202


def test_what_we_have_not_heard_of_yet_stops_it_on_the_forum_until_somebody_says_so(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    seen = newest(world, ticket)
    world.forum.store.add_post(topic.id, NewPost("mei", "I found it myself, never mind."))
    made = reply(world, ticket, seen=seen)
    delivery = made.json["delivery"]["id"]  # type: ignore[attr-defined]
    world.deliver()
    failed = world.as_(BEN).get(f"/api/v1/deliveries/{delivery}").json["delivery"]  # type: ignore[index]
    assert (failed["state"], failed["retryable"]) == ("failed", True)
    assert len(world.posts(topic)) == 2
    world.as_(BEN).post(f"/api/v1/deliveries/{delivery}/attempts")
    world.deliver()
    assert len(world.posts(topic)) == 3


def test_a_message_of_another_thread_is_no_place_in_this_one(world: World) -> None:
    ticket = world.link(world.thread())["ticket"]["id"]
    other = world.link(world.thread("Another thread"))["ticket"]["id"]
    assert code(reply(world, ticket, seen=newest(world, other))) == "invalid"


def test_trying_a_waiting_reply_again_does_not_forget_what_its_writer_had_seen(world: World) -> None:
    topic = world.thread()
    ticket = world.link(topic)["ticket"]["id"]
    delivery = reply(world, ticket, seen=newest(world, ticket)).json["delivery"]["id"]  # type: ignore[attr-defined]
    assert world.as_(BEN).post(f"/api/v1/deliveries/{delivery}/attempts").status_code == 202
    world.forum.store.add_post(topic.id, NewPost("mei", "I found it myself, never mind."))
    world.deliver()
    assert len(world.posts(topic)) == 2
