"""What we do on Trello happens once, and is said in plain words when it cannot."""

from typing import Any

import pytest
from sqlalchemy import select

from powerup.deliveries import slack_alert, trello_comment
from powerup.events.models import Event
from powerup.links import queries as links
from powerup.links.actions import link
from powerup.outbox.models import Delivery
from powerup.outbox.rules import reference
from powerup.sandbox.common.faults import FaultPlan
from powerup.sandbox.trello import By
from powerup.sandbox.trello.store.models import Card as TrelloCard
from powerup.workspaces.actions import disconnect_board
from powerup.workspaces.models import Board, TrelloAccount
from tests.cast import ADA
from tests.factories import BY_ADA
from tests.scene import Scene, connect_slack

NEWS = {"type": "code_fix", "words": "Code fix", "evidence_url": "https://git.test/pull/7", "note": "Raised the limit."}


def comments(scene: Scene, card: TrelloCard) -> list[str]:
    with scene.trello.store.lock:
        actions = scene.trello.store.shelves.card_actions[card.id]
        return [action.data["text"] for action in actions if action.type == "commentCard"]


def make_card(scene: Scene, **payload: Any) -> tuple[int, int]:
    """Order a card for a new ticket; ids of delivery and ticket."""
    ticket = scene.ticket()
    wanted = {"list_id": scene.inbox.id, "name": "A new card", "board_id": scene.board.id} | payload
    return scene.order("trello_card", wanted, ticket_id=ticket.id), ticket.id


def test_a_comment_says_how_it_was_resolved(scene: Scene) -> None:
    there = scene.trello_card()
    done = scene.order("trello_comment", NEWS, card_id=scene.card(there).id)
    scene.deliver()
    (text,) = comments(scene, there)
    assert "Code fix" in text and "https://git.test/pull/7" in text and "Raised the limit." in text
    assert reference(scene.delivery(done).marker) in text


def test_a_comment_whose_answer_was_lost_is_found_again(scene: Scene) -> None:
    there = scene.trello_card()
    lost = scene.order("trello_comment", NEWS, card_id=scene.card(there).id)
    scene.lose_next_answer(scene.trello)
    scene.deliver(tries=2)
    assert (scene.delivery(lost).state, scene.delivery(lost).attempts) == ("done", 2)
    assert len(comments(scene, there)) == 1


def test_a_long_note_never_cuts_off_the_mark() -> None:
    text = trello_comment.words({**NEWS, "note": "x" * 40_000}, "Closeloop abc")
    assert len(text) < 16_384 and text.endswith("_Closeloop abc_")


def test_an_address_is_attached_once_whatever_is_lost(scene: Scene) -> None:
    there = scene.trello_card()
    ticket = scene.ticket()
    about = {"card_id": scene.card(there).id, "ticket_id": ticket.id}
    for _ in range(2):
        scene.order("trello_attachment", {"url": ticket.url, "name": ticket.subject}, lane="c", **about)
    scene.lose_next_answer(scene.trello)
    scene.deliver(tries=3)
    assert [attachment.url for attachment in there.attachments] == [ticket.url]


def test_an_address_in_another_spelling_is_the_same_thread(small: Scene) -> None:
    there, topic = small.trello_card(), small.thread()
    small.trello.store.attach(there, f"{small.forum.url}/t/{topic.id}/1?u=mei", By(ADA.trello_id))
    ticket = small.ticket(topic)
    about = {"card_id": small.card(there).id, "ticket_id": ticket.id}
    small.order("trello_attachment", {"url": ticket.url, "name": ticket.subject}, **about)
    small.deliver()
    assert len(there.attachments) == 1


def test_taking_an_address_off_is_done_when_it_is_gone(scene: Scene) -> None:
    there, ticket = scene.trello_card(), scene.ticket()
    other = scene.trello.store.attach(there, f"{ticket.url}0", By(ADA.trello_id))
    scene.trello.store.attach(there, ticket.url, By(ADA.trello_id))
    about = {"card_id": scene.card(there).id, "ticket_id": ticket.id}
    ids = [scene.order("trello_detachment", {"url": ticket.url}, lane="c", **about) for _ in range(2)]
    scene.lose_next_answer(scene.trello, method="DELETE")
    scene.deliver(tries=3)
    assert {scene.delivery(each).state for each in ids} == {"done"}
    assert there.attachments == [other]
    scene.trello.store.delete_card(there, By(ADA.trello_id))
    gone = scene.order("trello_detachment", {"url": ticket.url}, **about)
    scene.deliver()
    assert scene.delivery(gone).state == "done"


def test_a_card_stands_on_top_and_says_what_was_ordered(scene: Scene) -> None:
    old, _ = make_card(scene, name="An old card")
    scene.deliver()
    new, _ = make_card(scene, name="An outage", desc="Outage: [agents] offline")
    scene.deliver()
    cards = {card.name: card for card in scene.cards_in_inbox()}
    there = cards["An outage"]
    assert there.pos < cards["An old card"].pos
    assert "agents" in there.desc and "It stops after one minute" not in there.desc and reference(scene.delivery(new).marker) in there.desc
    assert scene.delivery(old).state == scene.delivery(new).state == "done"


def test_a_card_is_made_once_and_linked(scene: Scene) -> None:
    done, ticket_id = make_card(scene)
    scene.lose_next_answer(scene.trello, path="/1/cards")
    scene.deliver(tries=2)
    (card,) = scene.cards_in_inbox()
    delivery = scene.delivery(done)
    assert (delivery.state, delivery.attempts) == ("done", 2)
    assert card.name == "A new card" and reference(delivery.marker) in card.desc
    row = scene.known_card(card.id)
    assert row is not None
    with scene.services.database.read() as session:
        (linked,) = links.of_card(session, scene.board.workspace_id, row.id)
        assert (linked.Ticket.id, linked.Link.made_by) == (ticket_id, ADA.trello_id)
        assert [attachment.url for attachment in card.attachments] == [linked.Ticket.url]
        assert not session.scalars(select(Delivery).where(Delivery.kind == "trello_attachment")).all()


def test_a_card_that_an_automation_moved_at_once_is_not_made_again(small: Scene) -> None:
    lost, _ = make_card(small)
    small.lose_next_answer(small.trello, path="/1/cards")
    small.deliver()
    elsewhere = small.trello.store.add_list(small.trello_board, "Doing")
    small.trello.store.move_card(small.cards_in_inbox()[0], elsewhere, By(ADA.trello_id))
    small.deliver(tries=2)
    assert small.delivery(lost).state == "done"
    assert small.cards_in_inbox() == []


def test_a_card_that_trellos_webhook_linked_first_is_linked_once(small: Scene) -> None:
    done, ticket_id = make_card(small)
    small.lose_next_answer(small.trello, path="/1/cards")
    small.deliver()
    card = small.card(small.cards_in_inbox()[0])
    with small.services.database.write() as session:
        link(session, card, small_ticket(small, ticket_id), by=BY_ADA, max_attempts=5, attach=False)
    small.deliver(tries=2)
    assert small.delivery(done).state == "done"


def small_ticket(scene: Scene, ticket_id: int) -> Any:
    """The ticket's row."""
    from_database = scene.services.database
    with from_database.read() as session:
        return session.get_one(type(scene.ticket()), ticket_id)


def test_a_list_that_is_gone_is_a_permanent_failure(small: Scene) -> None:
    lost, _ = make_card(small, list_id="f" * 24)
    small.deliver()
    assert (small.delivery(lost).state, small.delivery(lost).attempts) == ("failed", 1)
    with small.services.database.read() as session:
        assert "delivery.failed" in session.scalars(select(Event.verb)).all()


def test_a_token_that_trello_refuses_marks_the_account_and_says_connect_again(scene: Scene) -> None:
    card = scene.card()
    scene.trello.store.revoke(scene.trello_token)
    ids = [scene.order("trello_comment", NEWS, card_id=card.id, lane=lane) for lane in "ab"]
    scene.deliver()
    for each in ids:
        delivery = scene.delivery(each)
        assert delivery.state == "failed" and "onnect" in (delivery.reason or "")
    with scene.services.database.read() as session:
        account = session.scalars(select(TrelloAccount)).one()
        assert (account.state, account.sealed_token) == ("refused", None)
    assert scene.trello.faults.requests.count("POST") == 1


def test_a_disconnected_board_gets_nothing(small: Scene) -> None:
    card = small.card()
    lost = small.order("trello_comment", NEWS, card_id=card.id)
    with small.services.database.write() as session:
        disconnect_board(session, session.get_one(Board, small.board.id), by=BY_ADA)
    small.deliver()
    assert "no longer connected" in (small.delivery(lost).reason or "")
    assert small.trello.faults.requests.count() == 0


def test_a_rate_limit_is_waited_out(small: Scene) -> None:
    held = small.order("trello_comment", NEWS, card_id=small.card().id)
    small.trello.faults.set(FaultPlan(fail_every=1, status=429))
    small.deliver()
    delivery = small.delivery(held)
    assert delivery.state == "pending"
    assert (delivery.next_attempt_at - delivery.created_at).total_seconds() >= 10


@pytest.mark.parametrize("what", ["active", "gone"])
def test_slack_is_told_or_its_refusal_is_shown(small: Scene, what: str) -> None:
    connect_slack(small)
    small.slack.state = what
    card = small.card(small.trello_card("Timeouts <after> the *upgrade*"))
    told = small.order("slack_alert", {"what": "resolved", **NEWS}, card_id=card.id)
    small.deliver()
    delivery = small.delivery(told)
    if what == "gone":
        assert delivery.state == "failed" and "Slack" in (delivery.reason or "")
    else:
        assert delivery.state == "done", delivery.reason
        assert "Code fix" in small.slack.messages[0]["text"]


def test_slack_without_a_channel_is_a_failure_in_words(small: Scene) -> None:
    lost = small.order("slack_alert", {"what": "resolved", **NEWS}, card_id=small.card().id)
    small.deliver()
    assert small.delivery(lost).reason == "Slack is no longer connected."


def test_slacks_words_leave_out_what_there_is_not(small: Scene) -> None:
    card = small.card()
    alert = slack_alert.words({"words": "Docs", "evidence_url": None, "note": None}, card)
    assert alert.lines == [] and alert.links == [("Open card", card.url)]


def test_an_unknown_kind_breaks_nothing_else(small: Scene) -> None:
    strange = small.order("trello_dance", {})
    with pytest.raises(KeyError):
        small.deliver()
    assert small.delivery(strange).state == "running"
