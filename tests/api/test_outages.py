"""Outage mode by the API: opened by anybody on the team, once; each step changes what it should and nothing else."""

from typing import Any

from tests.api.desk import Desk, of
from tests.api.test_session import code

REPLY = "Hello {name}, we see it."


def opened(at_desk: Desk, *ids: int) -> dict[str, object]:
    """An open outage of the area Agents."""
    said = {"area_id": at_desk.agents_id, "title": "Agents offline", "ticket_ids": list(ids), "reply": REPLY, "promise_minutes": 60}
    answer: dict[str, object] = of(at_desk.ben.post("/api/v1/outages", said))["outage"]
    return answer


def test_one_master_card_holds_every_customer_and_each_is_told_on_the_forum(at_desk: Desk) -> None:
    first, second = at_desk.thread("No heartbeat one"), at_desk.thread("No heartbeat two")
    outage = opened(at_desk, first, second)
    assert (outage["state"], outage["to_tell"], outage["told"]) == ("open", 2, 0)
    at_desk.world.deliver()
    at_desk.world.receive()
    at_desk.world.deliver()
    (again,) = of(at_desk.ada.get("/api/v1/outages"))["outages"]
    assert again["told"] == 2 and again["card"]["name"] == "Agents offline"
    store = at_desk.world.trello.store
    card = next(each for each in store.cards_of(at_desk.world.board.id) if each.id == again["card"]["trello_id"])
    assert len(card.attachments) == 2 and [label.name for label in card_labels(at_desk, card)] == ["impact: outage"]
    assert at_desk.ids() == []
    badge = of(at_desk.ben.post("/api/v1/badges", {"cards": [card.id]}))["cards"][card.id]
    assert badge["outage"] is True and badge["tickets"] == 2


def test_more_customers_join_and_news_and_the_all_clear_reach_all(at_desk: Desk) -> None:
    first, late = at_desk.thread("No heartbeat one"), at_desk.thread("No heartbeat three")
    number = opened(at_desk, first)["id"]
    joined = of(at_desk.ben.post(f"/api/v1/outages/{number}/tickets", {"ticket_ids": [late], "reply": REPLY}))["outage"]
    assert [ticket["id"] for ticket in joined["tickets"]] == [first, late]
    told = of(at_desk.ben.post(f"/api/v1/outages/{number}/updates", {"text": "Still on it."}))["outage"]
    assert told["to_tell"] == 4 and told["late"] is False
    over = of(at_desk.ben.put(f"/api/v1/outages/{number}", {"state": "over", "text": "It works again."}))["outage"]
    assert (over["state"], over["to_tell"], over["next_word_at"]) == ("over", 6, None)
    assert code(at_desk.ben.post(f"/api/v1/outages/{number}/updates", {"text": "More."})) == "conflict"
    assert code(at_desk.ben.put(f"/api/v1/outages/{number}", {"state": "dismissed"})) == "conflict"


def test_a_second_outage_of_the_area_and_one_without_threads_are_refused(at_desk: Desk) -> None:
    first, second = at_desk.thread("No heartbeat one"), at_desk.thread("No heartbeat two")
    opened(at_desk, first)
    said = {"area_id": at_desk.agents_id, "title": "Again", "ticket_ids": [second]}
    assert code(at_desk.ben.post("/api/v1/outages", said)) == "conflict"
    assert code(at_desk.ben.post("/api/v1/outages", said | {"ticket_ids": []})) == "invalid"
    assert code(at_desk.ben.post("/api/v1/outages", said | {"promise_minutes": 1})) == "invalid"
    assert at_desk.ids() == [second]


def card_labels(at_desk: Desk, card: Any) -> list[Any]:
    """A card's labels."""
    store = at_desk.world.trello.store
    return [store.label(label) if isinstance(label, str) else label for label in getattr(card, "label_ids", getattr(card, "labels", []))]
