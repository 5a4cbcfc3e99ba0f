"""Request ids sent again: by accident, for something else, or twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.world import World
from tests.cast import ADA, BEN

KEY = "request-0001"


def said(text: str = "We look into it.", **changes: Any) -> dict[str, Any]:
    """A reply."""
    return {"text": text, "request_id": KEY, **changes}


def test_a_request_id_of_another_thread_person_or_kind_is_a_conflict_and_not_a_lost_reply(world: World) -> None:
    for number in (1, 2):
        world.link(world.thread(f"My step fails in run {number}", f"It stops after {number} minutes, every time."))
    ben, ada = world.as_(BEN), world.as_(ADA)
    assert ben.post("/api/v1/tickets/1/replies", said()).status_code == 202
    assert ben.post("/api/v1/tickets/1/replies", said()).status_code == 200
    for answer in (
        ben.post("/api/v1/tickets/2/replies", said()),
        ben.post("/api/v1/tickets/1/replies", said(internal=True)),
        ada.post("/api/v1/tickets/1/replies", said()),
        ben.post("/api/v1/tickets/1/cards", {"list_id": world.card.list_id, "request_id": KEY}),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "conflict")


def test_a_change_of_a_resolution_that_is_sent_again_tells_nobody_twice(world: World) -> None:
    topic = world.thread()
    world.link(topic)
    ben, path = world.as_(BEN), f"/api/v1/cards/{world.card.id}/resolution"
    assert ben.post(path, {"type": "docs", "request_id": "request-0000"}).status_code == 201
    change = {"type": "code_fix", "message": "It is fixed in the new version.", "request_id": KEY}
    for _ in range(2):
        assert ben.patch(path, change).status_code == 200
        world.deliver()
    assert sum("It is fixed" in post for post in world.posts(topic)) == 1
    # The same id with other words is another change: what was typed is not thrown away.
    other = ben.patch(path, change | {"message": "It is fixed since Monday."}).get_json()
    assert other["resolution"]["message"] == "It is fixed since Monday."


@pytest.mark.parametrize("what", ["reply", "card", "connect", "link"])
def test_what_comes_twice_at_the_same_moment_is_no_failure(world: World, what: str) -> None:
    world.link(world.thread())
    url = world.thread_url(world.thread("Another one fails", "It also stops, but only on Mondays."))
    clients = [world.as_(BEN) for _ in range(4)]
    if what == "connect":
        clients = [world.as_(ADA) for _ in range(4)]
    token = world.token(ADA)

    def send(number: int) -> int:
        client = clients[number]
        match what:
            case "reply":
                return client.post("/api/v1/tickets/1/replies", said()).status_code
            case "card":
                return client.post("/api/v1/tickets/1/cards", {"list_id": world.card.list_id, "request_id": KEY}).status_code
            case "link":
                return client.post(f"/api/v1/cards/{world.card.id}/links", {"url": url}).status_code
        return client._client.put(
            "/api/v1/boards/current/connection", json={"trello_token": token}, headers={"Authorization": f"Bearer {client._token}"}
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(4)))
    assert statuses[0] in (200, 201, 202), statuses
    assert set(statuses) <= {200, 201, 202, 409}, statuses
