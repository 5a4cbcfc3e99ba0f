"""Badges: a whole board in one request."""

import pytest

from tests.api.world import World
from tests.cast import ADA, BEN


def badges(world: World, cards: list[str]) -> dict[str, object]:
    """What Ben's board is told."""
    answer = world.as_(BEN).post("/api/v1/badges", {"cards": cards})
    assert answer.status_code == 200, answer.json
    assert answer.json is not None
    found: dict[str, object] = answer.json["cards"]
    return found


def test_a_card_says_how_many_threads_wait_on_whom_since_when(world: World) -> None:
    first, second = world.thread("The first thread"), world.thread("The second thread")
    for topic in (first, second):
        world.link(topic)
    fact = badges(world, [world.card.id, "0" * 24])
    assert list(fact) == [world.card.id]
    shown = fact[world.card.id]
    assert isinstance(shown, dict)
    assert shown["tickets"] == 2 and shown["waiting_on"] == "us" and shown["resolution"] is None
    earliest = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json["links"][0]["ticket"]["waiting_since"]  # type: ignore[index]
    assert shown["waiting_since"] == earliest
    assert shown["pending"] == 2
    world.deliver()
    shown = badges(world, [world.card.id])[world.card.id]
    assert isinstance(shown, dict) and shown["pending"] == 0


def test_another_boards_cards_are_absent(world: World) -> None:
    topic = world.thread()
    answer = world.as_(ADA, world.other_board).post(f"/api/v1/cards/{world.foreign_card.id}/links", {"url": world.thread_url(topic)})
    assert answer.status_code == 201
    assert badges(world, [world.foreign_card.id]) == {}


@pytest.mark.parametrize("cards", [["x"], ["0" * 23], ["0" * 24] * 1_001, [None], "all"], ids=["word", "short", "too many", "null", "text"])
def test_what_is_no_list_of_cards_is_refused(small: World, cards: object) -> None:
    assert small.as_(BEN).post("/api/v1/badges", {"cards": cards}).status_code == 422


def test_a_thousand_cards_are_one_request(small: World) -> None:
    assert badges(small, [f"{number:024x}" for number in range(1_000)]) == {}


def test_a_resolved_card_says_so_even_after_its_last_thread_was_unlinked(small: World) -> None:
    link = small.link(small.thread())
    small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/resolution", {"type": "docs"})
    small.as_(BEN).delete(f"/api/v1/cards/{small.card.id}/links/{link['id']}")
    shown = badges(small, [small.card.id])[small.card.id]
    assert isinstance(shown, dict)
    assert (shown["tickets"], shown["resolution"]) == (0, {"type": "docs", "state": "marked"})
