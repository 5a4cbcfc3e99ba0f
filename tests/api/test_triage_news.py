"""Two triagers at once: what each hears of the other."""

from typing import Any

import time_machine

from powerup import clock
from powerup.inbox.actions import store
from tests.api.desk import Desk, of
from tests.api.world import Client, World
from tests.cast import ADA, BEN


def news(who: Client, since: int | None = None, ticket_id: int | None = None) -> dict[str, Any]:
    return of(who.post("/api/v1/triage/news", {"ticket_id": ticket_id, "since": since}))


def test_a_page_begins_with_now(at_desk: Desk) -> None:
    at_desk.thread()
    first = news(at_desk.ben)
    assert (first["count"], first["arrived"], first["left"], first["reload"]) == (1, [], [], False)
    assert first["outages"] == [] and first["present"] == []


def test_a_new_thread_arrives_and_one_that_was_assigned_leaves(at_desk: Desk) -> None:
    cursor = news(at_desk.ada)["cursor"]
    ticket = at_desk.thread()
    assert ticket in news(at_desk.ada, cursor)["arrived"]
    at_desk.decide(ticket)
    heard = news(at_desk.ada, cursor)
    (left,) = heard["left"]
    assert (left["ticket_id"], left["what"], left["team"]["name"], left["by"]["name"]) == (ticket, "assign", "Deployments", "Ben Lindqvist")
    assert heard["arrived"] == [] and heard["count"] == 0


def test_each_way_to_leave_is_named_and_undo_brings_back(at_desk: Desk) -> None:
    ids = [at_desk.thread(f"Thread {number}") for number in range(2)]
    cursor = news(at_desk.ada)["cursor"]
    at_desk.decide(ids[0], kind="no_action", batch="batch-no-action")
    at_desk.decide(ids[1], kind="snooze", until="2026-12-24T00:00:00Z", batch="batch-snooze")
    assert {each["ticket_id"]: each["what"] for each in news(at_desk.ada, cursor)["left"]} == {ids[0]: "no_action", ids[1]: "snooze"}
    of(at_desk.ben.delete("/api/v1/triage/batches/batch-no-action"))
    heard = news(at_desk.ada, cursor)
    assert heard["arrived"][:1] == [ids[0]] and [each["ticket_id"] for each in heard["left"]] == [ids[1]]


def test_a_link_is_told_as_a_link(at_desk: Desk) -> None:
    ticket, other = at_desk.thread(), at_desk.thread("Other")
    at_desk.assign(ticket)
    at_desk.world.deliver()
    cursor = news(at_desk.ada)["cursor"]
    card = of(at_desk.ben.get(f"/api/v1/triage/tickets/{other}"))["alike"]
    card_id = card[0]["card"]["id"] if card else 2
    at_desk.decide(other, kind="link", card_id=card_id)
    assert [each["what"] for each in news(at_desk.ada, cursor)["left"] if each["ticket_id"] == other] == ["link"]


def test_an_assignment_whose_card_is_linked_at_once_is_told_as_an_assignment(at_desk: Desk) -> None:
    cursor = news(at_desk.ada)["cursor"]
    ticket = at_desk.thread()
    at_desk.decide(ticket)
    at_desk.world.deliver()
    heard = news(at_desk.ada, cursor)
    (left,) = heard["left"]
    assert (left["what"], left["team"]["name"]) == ("assign", "Deployments")


def test_an_impact_that_another_sets_is_a_change(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    with time_machine.travel(clock.now().timestamp() + 30, tick=True):
        cursor = news(at_desk.ada)["cursor"]
        of(at_desk.ben.put("/api/v1/triage/impacts", {"ticket_ids": [ticket], "impact": "high"}))
        assert news(at_desk.ada, cursor)["changed"] == [ticket]


def test_a_thread_that_the_forum_settles_leaves(at_desk: Desk) -> None:
    world = at_desk.world
    topic = world.thread()
    ticket = of(at_desk.ben.post("/api/v1/ticket-lookups", {"url": world.thread_url(topic)}))["ticket"]["id"]
    with time_machine.travel(clock.now().timestamp() + 30, tick=True):
        cursor = news(at_desk.ada)["cursor"]
        world.forum.store.delete_topic(topic.id)
        with world.services.database.write() as session:
            store(session, 1, source="forum:1", event_id="gone", hint={"thread": str(topic.id)})
        world.receive()
        (left,) = news(at_desk.ada, cursor)["left"]
        assert (left["ticket_id"], left["what"], left["by"]) == (ticket, "settled", None)


def test_each_sees_what_the_other_has_open_until_they_stop_saying_so(at_desk: Desk) -> None:
    ticket, other = at_desk.thread(), at_desk.thread("Other")
    news(at_desk.ben, ticket_id=ticket)
    (there,) = news(at_desk.ada)["present"]
    assert (there["ticket_id"], there["person"]["name"]) == (ticket, "Ben Lindqvist")
    assert news(at_desk.ben)["present"] == []
    news(at_desk.ben, ticket_id=other)
    assert [each["ticket_id"] for each in news(at_desk.ada)["present"]] == [other]
    with time_machine.travel(clock.now().timestamp() + 21, tick=True):
        assert news(at_desk.ada)["present"] == []
    news(at_desk.ben, ticket_id=None)
    assert news(at_desk.ada)["present"] == []


def test_whoever_comes_to_triage_gets_a_name_for_the_others(at_desk: Desk) -> None:
    news(at_desk.ada)
    ticket = at_desk.thread()
    at_desk.decide(ticket, who=at_desk.ada)
    (refused,) = at_desk.decide(ticket, batch="batch-of-ben")["refused"]
    assert refused["by_name"] == "Ada Okafor"


def test_the_cursor_waits_for_transactions_that_may_still_commit(at_desk: Desk) -> None:
    cursor = news(at_desk.ada)["cursor"]
    ticket = at_desk.thread()
    first = news(at_desk.ada, cursor)
    assert first["cursor"] == cursor and ticket in news(at_desk.ada, first["cursor"])["arrived"]
    with time_machine.travel(clock.now().timestamp() + 6, tick=True):
        later = news(at_desk.ada, cursor)
        assert later["cursor"] > cursor and news(at_desk.ada, later["cursor"])["arrived"] == []


def test_a_thread_whose_snooze_ends_arrives(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    until = clock.now().timestamp() + 100
    at_desk.decide(ticket, kind="snooze", until=clock.iso(clock.now().fromtimestamp(until).astimezone()))
    with time_machine.travel(until + 60, tick=True):
        assert at_desk.ids() == [ticket]
        cursor = news(at_desk.ada)["cursor"]
    with time_machine.travel(until + 5, tick=True):
        assert news(at_desk.ada, cursor)["arrived"] == [ticket]


def test_a_foreign_thread_cannot_be_open_here(small: World) -> None:
    answer = small.as_(BEN).post("/api/v1/triage/news", {"ticket_id": 999, "since": None})
    assert answer.status_code == 404
    assert small.as_(ADA).post("/api/v1/triage/news", {"ticket_id": None, "since": -1}).status_code == 422
