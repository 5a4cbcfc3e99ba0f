"""Several forums in one workspace: each works by its own rules, and one customer on two of them is one person."""

from collections.abc import Iterator
from typing import Any

import pytest

from powerup.sandbox.desk.double import DeskDouble
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.nodebb.double import NodeBBDouble
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.api.test_session import code
from tests.api.world import World, build
from tests.cast import ADA, BEN


@pytest.fixture
def desks() -> Iterator[tuple[DeskDouble, DeskDouble]]:
    """A Zendesk and a NodeBB."""
    with ZendeskDouble() as zendesk, NodeBBDouble() as nodebb:
        yield zendesk, nodebb


@pytest.fixture
def three(database_url: str, desks: tuple[DeskDouble, DeskDouble]) -> Iterator[World]:
    """A Discourse, a Zendesk and a NodeBB, all connected."""
    hosts = [url for desk in desks for url in (desk.url, *desk.servers())]
    with build(database_url, *hosts) as world:
        world.connect()
        for desk in desks:
            answer = world.as_(ADA).post("/api/v1/forums", {**desk.connection(), "webhook_secret": "a secret of the tests"})
            assert answer.status_code == 201, answer.json
        yield world


def thread(desk: DeskDouble, subject: str, email: str, *, verified: bool = True) -> str:
    """Mei asks there, under a name of her own on each; the thread's address."""
    username = f"mei-{desk.kind}"
    desk.store.add_person(username, "Mei Tanaka", email=email, email_verified=verified)
    made = desk.store.open_thread(subject, NewPost(username, "It stops after one minute."))
    return desk.address_of(made.id, "https://closeloop.test")


def linked(world: World, url: str) -> dict[str, Any]:
    answer = world.as_(BEN).post(f"/api/v1/cards/{world.card.id}/links", {"url": url})
    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    return dict(answer.json["link"]["ticket"])


def test_one_customer_on_two_forums_is_shown_with_both_histories(three: World, desks: tuple[DeskDouble, DeskDouble]) -> None:
    zendesk, nodebb = desks
    first = linked(three, thread(zendesk, "Steps stop", "mei@example.org"))
    second = linked(three, thread(nodebb, "Steps stop again", "MEI@example.org"))
    assert [other["id"] for other in second["customer_threads"]] == [first["id"]]
    (other,) = second["customer_threads"]
    assert (other["forum"]["kind"], other["card_url"] is not None) == ("zendesk", True)
    shown = three.as_(BEN).get(f"/api/v1/triage/tickets/{first['id']}").json
    assert shown is not None
    assert [each["id"] for each in shown["customer_threads"]] == [second["id"]]
    assert shown["row"]["earlier_threads"] == 1


@pytest.mark.parametrize(("email", "verified"), [("mei@example.org", False), ("mei@elsewhere.org", True)])
def test_the_same_name_is_not_the_same_person(three: World, desks: tuple[DeskDouble, DeskDouble], email: str, verified: bool) -> None:
    zendesk, nodebb = desks
    linked(three, thread(zendesk, "Steps stop", "mei@example.org"))
    assert linked(three, thread(nodebb, "Steps stop again", email, verified=verified))["customer_threads"] == []


def test_each_forum_says_what_it_cannot_do(three: World, desks: tuple[DeskDouble, DeskDouble]) -> None:
    zendesk, nodebb = desks
    there = linked(three, thread(zendesk, "Steps stop", "mei@example.org"))
    here = linked(three, thread(nodebb, "Steps stop again", "mei@example.org"))
    assert "internal_note" in there["features"] and "internal_note" not in here["features"]
    assert here["missing"]["internal_note"]
    note = {"text": "Only for us.", "internal": True, "request_id": "request-0009"}
    refused = three.as_(BEN).post(f"/api/v1/tickets/{here['id']}/replies", note)
    assert (code(refused), refused.json and refused.json["detail"]) == ("not_supported", here["missing"]["internal_note"])


def test_one_card_tells_customers_on_all_of_them(three: World, desks: tuple[DeskDouble, DeskDouble]) -> None:
    for desk in desks:
        linked(three, thread(desk, f"Steps stop on {desk.label}", "mei@example.org"))
    three.link(three.thread())
    body = {"type": "code_fix", "message": "It is fixed in 4.2.2.", "request_id": "request-0010"}
    answer = three.as_(BEN).post(f"/api/v1/cards/{three.card.id}/resolution", body)
    assert answer.status_code == 201, answer.json
    three.deliver()
    for desk in desks:
        texts = [post.html for post in desk.store.posts.values()]
        assert sum("It is fixed in 4.2.2." in html for html in texts) == 1, desk.kind
        assert {each.state for each in desk.store.threads.values()} <= {"resolved", "closed"}, desk.kind
    panel = three.as_(BEN).get(f"/api/v1/cards/{three.card.id}").json
    assert panel is not None
    assert (panel["resolution"]["told"], panel["resolution"]["to_tell"]) == (3, 3)
