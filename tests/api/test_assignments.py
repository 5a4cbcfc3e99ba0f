"""From the back of a card: whose it is, pass it on, hand it back, take it."""

from typing import Any

from powerup.outbox.models import Delivery
from tests.api.desk import Desk, of
from tests.api.test_session import code
from tests.cast import ADA, BEN


def panel(at_desk: Desk, name: str) -> dict[str, Any]:
    store = at_desk.world.trello.store
    (card,) = [card for card in store.cards_of(at_desk.world.board.id) if card.name == name and not card.closed]
    return of(at_desk.ben.get(f"/api/v1/cards/{card.id}"))


def test_a_card_says_whose_it_is_and_how_hard_its_customer_is_hit(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    at_desk.assign(ticket, area_id=at_desk.agents_id)
    at_desk.world.deliver()
    shown = panel(at_desk, "No heartbeat")
    (assignment,) = shown["assignments"]
    assert (assignment["team"]["name"], assignment["area"]["name"], assignment["person"]) == ("Deployments", "Agents", None)
    assert assignment["by"]["name"] == "Ben Lindqvist" and assignment["ticket_id"] == ticket
    assert [team["members"][0]["name"] for team in shown["teams"]] == ["Ben Lindqvist"]
    linked = shown["links"][0]["ticket"]
    assert (linked["impact"], linked["due_kind"]) == ("normal", "first_answer") and linked["due_at"]


def test_a_badge_knows_impact_and_target(at_desk: Desk) -> None:
    ticket = at_desk.thread()
    at_desk.assign(ticket)
    at_desk.world.deliver()
    card = panel(at_desk, "No heartbeat")["card"]["id"]
    linked = of(at_desk.ben.get(f"/api/v1/tickets/{ticket}"))
    facts = of(at_desk.ben.post("/api/v1/badges", {"cards": [card]}))["cards"][card]
    assert (facts["impact"], facts["outage"], facts["due_kind"]) == ("normal", False, "first_answer")
    assert (facts["due_at"], facts["warn_at"]) == (linked["due_at"], linked["warn_at"])
    answer = of(at_desk.ben.put(f"/api/v1/tickets/{ticket}/impact", {"impact": "outage"}))["ticket"]
    facts = of(at_desk.ben.post("/api/v1/badges", {"cards": [card]}))["cards"][card]
    assert (facts["impact"], facts["outage"]) == ("outage", True)
    assert facts["due_at"] == answer["due_at"] < linked["due_at"]


def test_handing_back_puts_the_thread_near_the_top_and_says_why(at_desk: Desk) -> None:
    first, second = at_desk.thread("First"), at_desk.thread("Second")
    assignment = at_desk.assign(second)
    at_desk.world.deliver()
    card = panel(at_desk, "Second")["card"]["id"]
    answer = of(at_desk.ben.post(f"/api/v1/assignments/{assignment}/hand-back", {"why": " Not ours. "}))
    assert answer["ticket"]["id"] == second
    at_desk.world.deliver()
    rows = at_desk.rows()
    assert [row["id"] for row in rows] == [second, first]
    assert rows[0]["handed_back"] and rows[0]["handed_back_by"]["why"] == "Not ours."
    assert rows[0]["handed_back_by"]["team"]["name"] == "Deployments" and rows[1]["handed_back_by"] is None
    again = at_desk.ben.post(f"/api/v1/assignments/{assignment}/hand-back", {})
    assert (again.status_code, code(again)) == (409, "already_assigned")
    assert at_desk.world.trello.store.card(card).closed


def test_reassigning_moves_the_card_to_the_other_teams_inbox(at_desk: Desk) -> None:
    world = at_desk.world
    wanted = {"name": "Web", "board_trello_id": world.other_board.id, "member_ids": [ADA.trello_id]}
    other = of(at_desk.ada.post("/api/v1/teams", wanted), 201)["team"]["id"]
    assignment = at_desk.assign(at_desk.thread())
    world.deliver()
    made = of(at_desk.ben.put(f"/api/v1/assignments/{assignment}", {"team_id": other, "member_id": ADA.trello_id}))["assignment"]
    assert (made["team"]["name"], made["person"]["name"]) == ("Web", "Ada Okafor")
    world.deliver()
    (card,) = [card for card in world.trello.store.cards_of(world.other_board.id) if card.name == "No heartbeat"]
    assert ADA.trello_id in card.member_ids
    answer = at_desk.ben.put(f"/api/v1/assignments/{assignment}", {"team_id": at_desk.team_id})
    assert (answer.status_code, answer.json["team"]["name"]) == (409, "Web")  # type: ignore[index]


def test_a_person_takes_a_thread_and_the_next_is_told_who_has_it(at_desk: Desk) -> None:
    assignment = at_desk.assign(at_desk.thread())
    path = f"/api/v1/assignments/{assignment}/taker"
    for _ in range(2):
        assert of(at_desk.ben.put(path, {}))["assignment"]["person"]["name"] == "Ben Lindqvist"
    refused = at_desk.ada.put(path, {})
    assert (refused.status_code, code(refused)) == (409, "already_assigned")
    assert "Ben Lindqvist" in refused.json["detail"]  # type: ignore[index]


def test_what_is_not_there_is_not_found(small_desk: Desk) -> None:
    assignment = small_desk.assign(small_desk.thread())
    ben = small_desk.ben
    assert ben.put("/api/v1/assignments/999", {"team_id": small_desk.team_id}).status_code == 404
    assert ben.put(f"/api/v1/assignments/{assignment}", {"team_id": 999}).status_code == 404
    assert ben.put(f"/api/v1/assignments/{assignment}", {"team_id": small_desk.team_id, "member_id": "x"}).status_code == 422
    assert ben.post("/api/v1/assignments/999/hand-back", {}).status_code == 404
    assert ben.put("/api/v1/assignments/999/taker", {}).status_code == 404
    assert ben.put("/api/v1/tickets/999/impact", {"impact": "low"}).status_code == 404
    assert ben.put("/api/v1/tickets/1/impact", {"impact": "huge"}).status_code == 422
    with small_desk.world.services.database.read() as session:
        assert session.query(Delivery).filter(Delivery.kind == "trello_card").count() == 1


def test_a_person_taking_is_shown_on_the_card(at_desk: Desk) -> None:
    assignment = at_desk.assign(at_desk.thread())
    at_desk.world.deliver()
    of(at_desk.ben.put(f"/api/v1/assignments/{assignment}/taker", {}))
    at_desk.world.deliver()
    store = at_desk.world.trello.store
    assert [card.member_ids for card in store.cards_of(at_desk.world.board.id) if card.name == "No heartbeat"] == [[BEN.trello_id]]
