"""Replies, notes and resolutions reach the forum once, whatever is lost on the way."""

from sqlalchemy import select

from powerup.forums.actions import remove
from powerup.forums.models import Forum
from powerup.inbox.models import Received
from powerup.links.actions import link
from powerup.outbox.models import Delivery
from powerup.resolutions.actions import Marking, resolve
from powerup.resolutions.models import Resolution
from powerup.resolutions.rules import Type
from powerup.sandbox.discourse.models import PostType
from powerup.sync import hooks
from powerup.tickets import queries as tickets
from tests.factories import BY_ADA
from tests.scene import Scene

TEXT = "Which version do you use? Please tell us."


def test_a_reply_is_posted_and_shows_on_the_card(scene: Scene) -> None:
    topic = scene.thread()
    ticket = scene.ticket(topic)
    done = scene.order("forum_reply", {"text": TEXT}, ticket_id=ticket.id)
    scene.deliver()
    post = scene.posts(topic)[-1]
    assert (post.username, post.type) == ("helper", PostType.regular)
    assert post.raw.startswith(TEXT)
    delivery = scene.delivery(done)
    assert delivery.state == "done" and delivery.outcome is not None
    assert delivery.outcome["external_id"] == str(post.id)
    assert hooks.run_one(scene.services, "test") is True
    with scene.services.database.read() as session:
        row = tickets.summary(session, ticket.workspace_id, ticket.id)
        assert (row.Ticket.message_count, row.Ticket.waiting_on) == (2, "customer")


def test_a_note_is_a_whisper(scene: Scene) -> None:
    topic = scene.thread()
    scene.order("forum_note", {"text": "Looks like the proxy again."}, ticket_id=scene.ticket(topic).id)
    scene.deliver()
    assert scene.posts(topic)[-1].type == PostType.whisper


def test_a_reply_whose_answer_was_lost_is_found_again(scene: Scene) -> None:
    scene.forum.store.options = scene.forum.store.options.model_copy(update={"unique_posts_minutes": 0})
    topic = scene.thread()
    lost = scene.order("forum_reply", {"text": TEXT}, ticket_id=scene.ticket(topic).id)
    scene.lose_next_answer(scene.forum)
    scene.deliver()
    waiting = scene.delivery(lost)
    assert (waiting.state, waiting.attempts) == ("pending", 1)
    assert waiting.reason
    scene.deliver(tries=2)
    assert (scene.delivery(lost).state, scene.delivery(lost).attempts) == ("done", 2)
    assert len(scene.posts(topic)) == 2


def test_a_forum_that_is_down_makes_it_wait_and_says_so(small: Scene) -> None:
    ticket = small.ticket()
    held = small.order("forum_reply", {"text": TEXT}, ticket_id=ticket.id)
    small.break_calls(small.forum, status=503, retry_after=400)
    small.deliver()
    delivery = small.delivery(held)
    assert delivery.state == "pending" and delivery.reason
    assert (delivery.next_attempt_at - delivery.created_at).total_seconds() >= 400
    small.forum.faults.clear()
    small.deliver(tries=2)
    assert small.delivery(held).state == "done"


def test_it_is_given_up_after_its_attempts(small: Scene) -> None:
    lost = small.order("forum_reply", {"text": TEXT}, ticket_id=small.ticket().id)
    small.break_calls(small.forum, body="html", status=502)
    small.deliver(tries=9)
    assert (small.delivery(lost).state, small.delivery(lost).attempts) == ("failed", 5)


def test_a_deleted_thread_is_a_permanent_failure(small: Scene) -> None:
    topic = small.thread()
    ticket = small.ticket(topic)
    small.forum.store.delete_topic(topic.id)
    lost = small.order("forum_reply", {"text": TEXT}, ticket_id=ticket.id)
    small.deliver()
    assert (small.delivery(lost).state, small.delivery(lost).attempts) == ("failed", 1)
    assert small.delivery(lost).reason


def test_a_text_that_the_forum_refuses_is_a_permanent_failure_with_its_reason(small: Scene) -> None:
    lost = small.order("forum_reply", {"text": "ok"}, ticket_id=small.ticket().id)
    small.deliver()
    delivery = small.delivery(lost)
    assert delivery.state == "failed" and "too short" in (delivery.reason or "")


def test_a_forum_that_was_removed_gets_nothing(small: Scene) -> None:
    ticket = small.ticket()
    lost = small.order("forum_reply", {"text": TEXT}, ticket_id=ticket.id)
    with small.services.database.write() as session:
        remove(session, session.get_one(Forum, ticket.forum_id), by=BY_ADA)
    small.deliver()
    assert small.delivery(lost).state == "failed"
    assert "no longer connected" in (small.delivery(lost).reason or "")


def test_a_post_that_waits_for_a_moderator_says_so(small: Scene) -> None:
    small.forum.store.options = small.forum.store.options.model_copy(update={"approval": True})
    held = small.order("forum_reply", {"text": TEXT}, ticket_id=small.ticket().id)
    small.deliver()
    delivery = small.delivery(held)
    assert delivery.state == "done" and delivery.outcome is not None and delivery.outcome["awaiting_approval"] is True


def test_replies_to_one_thread_go_out_in_order(small: Scene) -> None:
    topic = small.thread()
    ticket = small.ticket(topic)
    for number in range(5):
        small.order("forum_reply", {"text": f"Answer number {number} to your question."}, ticket_id=ticket.id, lane="t")
    small.break_calls(small.forum, fail_every=3, status=500)
    small.deliver(tries=8)
    assert [post.raw[:15] for post in small.posts(topic)[1:]] == [f"Answer number {number}" for number in range(5)]


def test_a_resolution_answers_the_customer_and_solves_the_thread_with_that_answer(scene: Scene) -> None:
    topic = scene.thread()
    ticket, card = scene.ticket(topic), scene.card()
    with scene.services.database.write() as session:
        link(session, card, ticket, by=BY_ADA, max_attempts=5, attach=False)
        marking = Marking(Type.code_fix, "https://git.test/pull/7", "Raised the limit.", "It is fixed in version 4.2.", "request-1")
        made, _ = resolve(session, card, marking, by=BY_ADA, max_attempts=5)
    scene.deliver()
    post = scene.posts(topic)[1]
    assert post.raw.startswith("It is fixed in version 4.2.")
    assert scene.forum.store.rows.topics[topic.id].accepted_post_id == post.id
    with scene.services.database.read() as session:
        assert session.get_one(Resolution, made.id).state == "customers_told"
        assert not session.scalars(select(Delivery).where(Delivery.state != "done")).all()


def test_a_thread_is_not_closed_while_its_customer_was_not_told(small: Scene) -> None:
    topic = small.thread()
    ticket, card = small.ticket(topic), small.card()
    with small.services.database.write() as session:
        link(session, card, ticket, by=BY_ADA, max_attempts=5, attach=False)
        resolve(session, card, Marking(Type.docs, None, None, "no", None), by=BY_ADA, max_attempts=5)
    small.deliver()
    with small.services.database.read() as session:
        states = {row.kind: (row.state, row.reason) for row in session.scalars(select(Delivery))}
    assert states["forum_reply"][0] == states["forum_resolve"][0] == "failed"
    assert "has not got the message" in (states["forum_resolve"][1] or "")
    assert small.forum.store.rows.topics[topic.id].closed is False


def test_one_reading_answers_all_hints_about_a_thread(small: Scene) -> None:
    ticket = small.ticket()
    for _ in range(3):
        small.order("forum_note", {"text": f"A note for the team, the {_}th."}, ticket_id=ticket.id)
    small.deliver()
    assert hooks.run_one(small.services, "test") is True
    assert hooks.run_one(small.services, "test") is False
    with small.services.database.read() as session:
        assert {row.state for row in session.scalars(select(Received))} == {"done"}
