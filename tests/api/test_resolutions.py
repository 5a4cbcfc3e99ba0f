"""Marking how a card was resolved, and telling the customers."""

import threading

import pytest

from tests.api.test_session import code
from tests.api.world import World
from tests.cast import ADA, BEN

WANTED = {
    "type": "code_fix",
    "evidence_url": "https://github.com/northwind/deploy/pull/7",
    "note": "Pool size",
    "message": "Fixed in 4.2.1.",
}


def test_every_customer_is_told_and_the_loop_is_closed(world: World) -> None:
    topics = [world.thread("One thing fails"), world.thread("Another thing fails")]
    for topic in topics:
        world.link(topic)
    answer = world.as_(ADA).post(f"/api/v1/cards/{world.card.id}/resolution", WANTED)
    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["resolution"]["state"] == "marked" and answer.json["resolution"]["to_tell"] == 2
    world.deliver()
    for topic in topics:
        assert any("Fixed in 4.2.1." in raw for raw in world.posts(topic))
    told = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}/resolution").json
    assert told is not None
    assert (told["resolution"]["state"], told["resolution"]["told"]) == ("customers_told", 2)
    assert {each["state"] for each in told["deliveries"]} == {"done"}
    badge = world.as_(BEN).post("/api/v1/badges", {"cards": [world.card.id]}).json
    assert badge is not None
    assert badge["cards"][world.card.id]["resolution"] == {"type": "code_fix", "state": "customers_told"}
    comments = world.comments()
    assert len(comments) == 1 and "Code fix" in comments[0] and "pull/7" in comments[0]


def test_when_two_people_resolve_at_once_one_is_told_who_was_first(world: World) -> None:
    world.link(world.thread())
    clients = [world.as_(ADA), world.as_(BEN)]
    answers: list[tuple[int, str | None]] = []
    together = threading.Barrier(2)

    def mark(number: int) -> None:
        together.wait()
        answer = clients[number].post(f"/api/v1/cards/{world.card.id}/resolution", WANTED | {"request_id": f"request-{number}"})
        assert answer.json is not None
        answers.append((answer.status_code, answer.json.get("by")))

    threads = [threading.Thread(target=mark, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in answers) == [201, 409]
    assert next(by for status, by in answers if status == 409) in (ADA.trello_id, BEN.trello_id)


def test_the_same_request_again_is_the_same_resolution(small: World) -> None:
    small.link(small.thread())
    wanted = WANTED | {"request_id": "request-0001"}
    first, second = (small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/resolution", wanted) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["resolution"]["id"] == second.json["resolution"]["id"]  # type: ignore[index]


def test_changing_keeps_one_standing_and_withdrawing_stops_what_has_not_gone_out(world: World) -> None:
    topic = world.thread()
    world.link(topic)
    path = f"/api/v1/cards/{world.card.id}/resolution"
    world.as_(ADA).post(path, WANTED)
    changed = world.as_(BEN).patch(path, {"type": "docs", "message": "See the new page."})
    assert changed.json is not None and changed.json["resolution"]["type"] == "docs"
    assert world.as_(BEN).delete(path).status_code == 204
    assert code(world.as_(BEN).delete(path)) == "not_found"
    world.deliver()
    assert len(world.posts(topic)) == 1
    history = world.as_(BEN).get(f"/api/v1/cards/{world.card.id}").json
    assert history is not None
    verbs = [each["verb"] for each in history["history"] if each["verb"].startswith("resolution.")]
    assert verbs == ["resolution.withdrawn", "resolution.changed", "resolution.marked"]


@pytest.mark.parametrize("evidence", ["javascript:alert(1)", "not a url", "http://", "ftp://x/y", "https://a b"])
def test_evidence_that_is_no_web_address_changes_nothing(small: World, evidence: str) -> None:
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/resolution", WANTED | {"evidence_url": evidence})
    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert small.as_(BEN).get(f"/api/v1/cards/{small.card.id}/resolution").status_code == 404


@pytest.mark.parametrize("body", [{}, {"type": "magic"}, {"type": "docs", "extra": 1}, {"type": None}])
def test_a_resolution_that_is_none_names_the_field(small: World, body: dict[str, object]) -> None:
    answer = small.as_(BEN).post(f"/api/v1/cards/{small.card.id}/resolution", body)
    assert answer.status_code == 422
    assert answer.json is not None and answer.json["errors"]
