"""Lists, search and long threads."""

from datetime import timedelta

import pytest

from powerup import clock
from powerup.sandbox.discourse.store import NewPost, NewTopic
from powerup.sync.engine import Syncer
from tests.api.world import World
from tests.cast import BEN


def read_forum(world: World) -> None:
    """Read the forum until nothing is due."""
    syncer = Syncer(world.services, "test")
    while syncer.run_one():
        pass


def test_tickets_come_newest_first_and_page_by_page_none_missing(world: World) -> None:
    for number in range(7):
        at = clock.now() - timedelta(hours=7 - number)
        world.forum.store.add_topic(NewTopic(f"Thread number {number}", NewPost("mei", "It stops, every time.", at=at)))
    read_forum(world)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = world.as_(BEN).get("/api/v1/tickets", query_string={"limit": 3, **({"cursor": cursor} if cursor else {})}).json
        assert page is not None
        seen += [each["subject"] for each in page["tickets"]]
        cursor = page["next_cursor"]
    assert seen == [f"Thread number {number}" for number in reversed(range(7))]


@pytest.mark.parametrize("words", ["pool timeout", "POOL", "pool tim", '"pool', "pool OR *", "po'ol"])
def test_search_finds_words_and_survives_any_text(world: World, words: str) -> None:
    world.thread("Steps stop after the upgrade", "The connection pool has a timeout, it seems to me.")
    world.thread("Something else entirely", "The colours are wrong on the page.")
    read_forum(world)
    found = world.as_(BEN).get("/api/v1/tickets", query_string={"q": words})
    assert found.status_code == 200
    assert found.json is not None
    subjects = [each["subject"] for each in found.json["tickets"]]
    assert subjects in (["Steps stop after the upgrade"], [])
    if words in ("pool timeout", "POOL", "pool tim"):
        assert subjects


def test_a_long_thread_is_shown_from_its_end_and_read_back_to_its_beginning(world: World) -> None:
    topic = world.thread("A long story")
    for number in range(2, 71):
        world.forum.store.add_post(topic.id, NewPost("mei", f"This is message number {number} of the story."))
    ticket = world.link(topic)["ticket"]
    assert ticket["message_count"] == 70 and len(ticket["messages"]) == 30 and ticket["messages_earlier"] == 40
    numbers = [each["number"] for each in ticket["messages"]]
    before = ticket["messages_before"]
    while before is not None:
        page = world.as_(BEN).get(f"/api/v1/tickets/{ticket['id']}", query_string={"before": before}).json
        assert page is not None
        numbers = [each["number"] for each in page["messages"]] + numbers
        before = page["messages_before"]
    assert numbers == list(range(1, 71))


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": "x"}, {"cursor": "nonsense"}, {"surprise": 1}, {"forum_id": "x"}])
def test_a_question_that_is_none_is_refused(small: World, query: dict[str, object]) -> None:
    assert small.as_(BEN).get("/api/v1/tickets", query_string=query).status_code == 422


def test_previews_say_what_is_ours_without_asking_the_forum(world: World) -> None:
    known, unknown = world.thread("A known thread"), world.thread("An unknown thread")
    world.link(known)
    asked = world.forum.faults.requests.count()
    urls = [world.thread_url(known), world.thread_url(unknown), "https://example.org/"]
    answer = world.as_(BEN).post("/api/v1/previews", {"urls": urls}).json
    assert answer is not None
    assert [answer["previews"][url]["ours"] for url in urls] == [True, True, False]
    assert [bool(answer["previews"][url]["ticket"]) for url in urls] == [True, False, False]
    assert world.forum.faults.requests.count() == asked
