"""One key a thread: decide, be refused kindly, take it back."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from powerup.outbox.models import Delivery
from powerup.triage.models import Decision
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.cast import ADA, BEN


def cards(at_desk: Desk) -> list[str]:
    """Names of the open cards in the team's inbox."""
    store = at_desk.world.trello.store
    found = [card for card in store.cards_of(at_desk.world.board.id) if card.list_id == at_desk.inbox.id and not card.closed]
    return [card.name for card in found if card.id != at_desk.world.card.id]


def test_enter_assigns_and_exactly_one_card_is_made(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    answer = at_desk.decide(ticket, seconds=2.5, ranks={str(ticket): 1})
    (done,) = answer["done"]
    assert done["note"] is None and answer["refused"] == [] and at_desk.rows() == []
    assert at_desk.decide(ticket) == answer
    at_desk.world.deliver()
    assert cards(at_desk) == ["No heartbeat"]
    with at_desk.world.services.database.read() as session:
        decision = session.scalars(select(Decision)).one()
        assert (decision.seconds, decision.rank, decision.member_id) == (2.5, 1, BEN.trello_id)


def test_the_area_that_fits_best_is_taken_when_none_was_named(at_desk: Desk) -> None:
    ticket = at_desk.thread("A step stops", "It stops with a timeout, always the same timeout.")
    at_desk.assign(ticket)
    (past,) = of(at_desk.ben.get(f"/api/v1/triage/tickets/{ticket}"))["history"]
    assert past["area"]["name"] == "Timeouts"


def test_the_second_of_two_triagers_is_told_who_was_first_and_where(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    at_desk.decide(ticket)
    (refused,) = at_desk.decide(ticket, who=at_desk.ada, batch="batch-of-ada")["refused"]
    assert (refused["code"], refused["by_name"], refused["team"]["name"]) == ("already_assigned", "Ben Lindqvist", "Deployments")
    assert refused["detail"] == "Ben Lindqvist has already given this thread to Deployments." and refused["at"]


def test_one_that_is_refused_holds_up_no_other(at_desk: Desk) -> None:
    first, second = at_desk.thread("One"), at_desk.thread("Two")
    at_desk.decide(first)
    answer = at_desk.decide(second, first, 999_999, who=at_desk.ada, batch="batch-of-ada")
    assert [each["ticket_id"] for each in answer["done"]] == [second]
    assert [(each["ticket_id"], each["code"]) for each in answer["refused"]] == [(first, "already_assigned"), (999_999, "not_found")]


@pytest.mark.parametrize(
    "wanted",
    [
        {"kind": "assign"},
        {"kind": "assign", "team_id": None},
        {"kind": "link"},
        {"kind": "snooze"},
        {"kind": "snooze", "until": "tomorrow"},
        {"kind": "snooze", "until": "2020-01-01T00:00:00Z"},
        {"kind": "snooze", "until": "9999-01-01T00:00:00Z"},
        {"kind": "burn"},
        {"kind": "no_action", "ticket_ids": []},
        {"kind": "no_action", "ticket_ids": list(range(1, 102))},
        {"kind": "no_action", "batch": "short"},
        {"kind": "no_action", "batch": "with a space in it"},
        {"kind": "no_action", "seconds": -1},
        {"kind": "no_action", "ranks": {"1": 9}},
        {"kind": "no_action", "expected": "owned"},
        {"kind": "no_action", "colour": "red"},
    ],
    ids=str,
)
def test_nonsense_is_refused_whole(small_desk: Desk, wanted: dict[str, Any]) -> None:
    ticket = small_desk.thread()
    answer = small_desk.ben.post("/api/v1/triage/decisions", {"ticket_ids": [ticket], "batch": "batch-0001"} | wanted)
    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert small_desk.ids() == [ticket]


def test_an_owner_who_is_none_is_refused(small_desk: Desk) -> None:
    ticket = small_desk.thread()
    said = {"kind": "assign", "ticket_ids": [ticket], "batch": "batch-0001", "team_id": small_desk.team_id}
    for wanted, status in (({"team_id": 999}, 404), ({"area_id": 999}, 404), ({"member_id": "nobody"}, 422)):
        assert small_desk.ben.post("/api/v1/triage/decisions", said | wanted).status_code == status
    other = of(small_desk.ada.post("/api/v1/teams", {"name": "Other"}))["team"]["id"]
    answer = small_desk.ben.post("/api/v1/triage/decisions", said | {"team_id": other, "area_id": small_desk.agents_id})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "area_id")  # type: ignore[index]


def test_a_team_without_a_board_gets_the_thread_and_no_card_and_the_triager_hears_so(small_desk: Desk) -> None:
    other = of(small_desk.ada.post("/api/v1/teams", {"name": "Sales"}))["team"]["id"]
    (done,) = small_desk.decide(small_desk.thread(), team_id=other)["done"]
    assert done["note"] == "Sales has no board yet: no card is made."


def test_a_batch_id_that_was_used_for_something_else_is_refused(small_desk: Desk) -> None:
    ticket = small_desk.thread()
    small_desk.decide(ticket)
    (refused,) = small_desk.decide(ticket, kind="no_action")["refused"]
    assert refused["code"] == "conflict"


def test_assigning_to_a_person_puts_them_on_the_card(at_desk: Desk) -> None:
    at_desk.assign(at_desk.thread(), member_id=BEN.trello_id)
    at_desk.world.deliver()
    store = at_desk.world.trello.store
    (card,) = [card for card in store.cards_of(at_desk.world.board.id) if card.name == "No heartbeat"]
    assert BEN.trello_id in card.member_ids


def test_a_similar_problem_is_linked_to_the_card_that_stands_for_it(at_desk: Desk) -> None:
    first, second = at_desk.thread("Heartbeat lost"), at_desk.thread("Heartbeat lost as well")
    at_desk.assign(first, area_id=at_desk.agents_id)
    at_desk.world.deliver()
    card = of(at_desk.ben.get(f"/api/v1/triage/tickets/{second}"))["alike"][0]["card"]
    (done,) = at_desk.decide(second, kind="link", card_id=card["id"])["done"]
    at_desk.world.deliver()
    assert cards(at_desk) == ["Heartbeat lost"] and done["assignment_id"]
    panel = of(at_desk.ben.get(f"/api/v1/cards/{card['trello_id']}"))
    assert [link["ticket"]["id"] for link in panel["links"]] == [first, second]
    assert [each["area"]["name"] for each in panel["assignments"]] == ["Agents", "Agents"]


def test_a_thread_that_needs_nothing_leaves_and_can_be_found_again(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    at_desk.decide(ticket, kind="no_action")
    assert at_desk.ids() == [] and at_desk.ids(standing="no_action") == [ticket]
    refused = at_desk.decide(ticket, who=at_desk.ada, batch="batch-of-ada")["refused"]
    assert refused[0]["detail"] == "Ben Lindqvist has already marked it as no action."
    assert at_desk.decide(ticket, batch="batch-0002", expected="no_action")["done"]


def test_a_snoozed_thread_is_away_until_its_time(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    at_desk.decide(ticket, kind="snooze", until="2026-12-24T09:00:00+01:00")
    (row,) = at_desk.rows(standing="snoozed")
    assert at_desk.ids() == [] and (row["id"], row["snoozed_until"]) == (ticket, "2026-12-24T08:00:00.000Z")


@pytest.mark.parametrize("delivered", [False, True], ids=["before the card is made", "after the card was made"])
def test_undo_brings_the_thread_back_and_archives_the_card(at_desk: Desk, delivered: bool) -> None:
    ticket = at_desk.thread()
    at_desk.decide(ticket)
    if delivered:
        at_desk.world.deliver()
    answer = of(at_desk.ben.delete("/api/v1/triage/batches/batch-0001"))
    assert answer == {"undone": [ticket], "refused": []} and at_desk.ids() == [ticket]
    assert of(at_desk.ben.delete("/api/v1/triage/batches/batch-0001")) == answer
    at_desk.world.deliver()
    assert cards(at_desk) == []
    assert at_desk.decide(ticket, batch="batch-0002")["done"]
    at_desk.world.deliver()
    assert cards(at_desk) == ["No heartbeat"]


def test_everything_that_was_decided_at_once_is_undone_at_once(at_desk: Desk) -> None:
    ids = [at_desk.thread(f"Thread {number}") for number in range(3)]
    ways: list[tuple[str, dict[str, Any]]] = [("no_action", {}), ("snooze", {"until": "2026-12-24T09:00:00Z"})]
    for kind, more in ways:
        at_desk.decide(*ids, kind=kind, batch=f"batch-{kind}", **more)
        assert at_desk.ids() == []
        assert of(at_desk.ben.delete(f"/api/v1/triage/batches/batch-{kind}"))["undone"] == ids
        assert at_desk.ids() == ids


def test_another_ones_batch_cannot_be_undone(small_desk: Desk) -> None:
    small_desk.decide(small_desk.thread())
    assert small_desk.ada.delete("/api/v1/triage/batches/batch-0001").status_code == 404


def test_what_was_passed_on_since_is_not_undone_silently(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    assignment = at_desk.assign(ticket)
    of(at_desk.ada.post(f"/api/v1/assignments/{assignment}/hand-back", {"why": "Not ours"}))
    answer = of(at_desk.ben.delete(f"/api/v1/triage/batches/assign-{ticket:04}"))
    assert answer["undone"] == [] and "passed this thread on" in answer["refused"][0]["detail"]


def test_an_impact_is_set_on_many_and_only_changes_count(at_desk: Desk) -> None:
    ids = [at_desk.thread(f"Thread {number}") for number in range(2)]
    wanted = {"ticket_ids": ids, "impact": "high"}
    assert of(at_desk.ben.put("/api/v1/triage/impacts", wanted))["changed"] == ids
    assert of(at_desk.ben.put("/api/v1/triage/impacts", wanted))["changed"] == []
    assert at_desk.ben.put("/api/v1/triage/impacts", wanted | {"ticket_ids": [ids[0], 999]}).status_code == 404


def test_a_hundred_at_once_are_one_transaction(small_desk: Desk) -> None:
    ids = [small_desk.thread(f"Thread {number}") for number in range(8)]
    answer = small_desk.decide(*reversed(ids), seconds=16.0)
    assert [each["ticket_id"] for each in answer["done"]] == ids
    with small_desk.world.services.database.read() as session:
        assert {decision.seconds for decision in session.scalars(select(Decision))} == {2.0}
        assert _count(session, "trello_card") == 8


def test_seconds_and_ranks_may_be_left_out(small_desk: Desk) -> None:
    assert small_desk.decide(small_desk.thread(), who=small_desk.world.as_(ADA))["done"]


def _count(session: Session, kind: str) -> int:
    return session.scalar(select(func.count()).where(Delivery.kind == kind)) or 0
