"""Cards found by name, for linking a thread to one."""

from sqlalchemy import update

from powerup import clock
from powerup.cards.models import Card
from tests.api.desk import Desk, of


def found(at_desk: Desk, words: str) -> list[str]:
    """Names, in order."""
    return [card["name"] for card in of(at_desk.ben.get("/api/v1/triage/cards", query_string={"q": words}))["cards"]]


def test_open_cards_are_found_by_words_of_their_names_in_any_order(at_desk: Desk) -> None:
    topic = at_desk.world.thread("Linked before", "It was linked by hand.")
    at_desk.world.link(topic)
    assert found(at_desk, "upgrade TIME") == ["Timeouts after the upgrade"]
    assert found(at_desk, "100%") == [] and found(at_desk, "_") == [], "nothing in the question has a meaning beyond its letters"


def test_archived_cards_are_not_offered(at_desk: Desk) -> None:
    at_desk.world.link(at_desk.world.thread("Linked before", "It was linked by hand."))
    with at_desk.world.services.database.write() as session:
        session.execute(update(Card).values(closed_at=clock.now()))
    assert found(at_desk, "upgrade") == []
