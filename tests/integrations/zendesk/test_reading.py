"""Tickets as the documentation prints them, and what only Zendesk does: merges, identities, roles."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import ForumConfig, Role, ThreadState, Visibility
from powerup.integrations.forums.zendesk import Zendesk
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.desk.models import Thread
from powerup.sandbox.desk.store import NewPost
from powerup.sandbox.zendesk.double import ZendeskDouble
from tests.integrations.zendesk.samples import COMMENTS, TICKET

KEYS = {"email": "ada@northwind.example", "api_token": "t"}


def sampled(server: HTTPServer, answers: dict[str, Any]) -> Zendesk:
    for path, data in answers.items():
        server.expect_request(f"/api/v2{path}").respond_with_json(data)
    return Zendesk(
        ForumConfig(server.url_for("").rstrip("/"), KEYS), HttpPolicy(1, 2, (f"{server.host}:{server.port}",), retry_pause=0.001)
    )


def opened_by(desk: ZendeskDouble, username: str, text: str = "Text.", subject: str = "Question") -> Thread:
    return desk.store.open_thread(subject, NewPost(username, text))


def test_the_documented_ticket_is_read(httpserver: HTTPServer) -> None:
    user = {"id": 20978392, "name": "Johnny", "role": "end-user", "verified": False, "email": "johnny@example.com"}
    agent = {"id": 235323, "name": "Peter Admin", "alias": "Mr. Peter", "role": "agent"}
    answers = {
        "/tickets/35436.json": {"ticket": TICKET, "users": [user, agent], "groups": [{"id": 98738, "name": "Second level"}]},
        "/tickets/35436/comments.json": COMMENTS,
        "/users/show_many.json": {"users": []},
    }
    with sampled(httpserver, answers) as forum:
        thread = forum.read("35436")
    assert (thread.subject, thread.state, thread.tags) == ("Help, my printer is on fire!", ThreadState.open, ("enterprise", "other_tag"))
    assert (thread.assigned_person, thread.assigned_team) == ("Mr. Peter", "Second level")
    assert thread.url.endswith("/agent/tickets/35436")
    (message,) = thread.messages
    assert (message.external_id, message.html, message.visibility) == ("1274", "<p>Thanks for your help!</p>", Visibility.public)
    assert message.author.username == "deleted"
    (file,) = message.attachments
    assert (file.reference, file.name, file.size, file.shown_as) == ("498483", "crash.log", 2532, None)
    assert thread.customer.verified_email is None


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold"])
def test_a_ticket_that_anybody_works_on_is_open(httpserver: HTTPServer, status: str) -> None:
    answers = {"/tickets/5.json": {"ticket": {**TICKET, "id": 5, "status": status}}, "/tickets/5/comments.json": {"comments": []}}
    with sampled(httpserver, {**answers, "/users/show_many.json": {"users": []}}) as forum:
        assert forum.read("5").state is ThreadState.open


def test_a_ticket_marked_as_deleted_is_gone(httpserver: HTTPServer) -> None:
    with sampled(httpserver, {"/tickets/5.json": {"ticket": {**TICKET, "status": "deleted"}}}) as forum, pytest.raises(GoneError):
        forum.read("5")


def test_an_address_is_believed_only_when_it_is_the_verified_identity(desk: ZendeskDouble, forum: Zendesk) -> None:
    sneaky = desk.store.add_person("sneaky", email="boss@victim.example", email_verified=False)
    # One verified identity makes the user "verified"; that it is the address, nobody said.
    sneaky.extra["other_identity"] = "@sneaky"
    for name in ("sneaky", "mei"):
        expected = "mei@customers.example" if name == "mei" else None
        assert forum.read(str(opened_by(desk, name).id)).customer.verified_email == expected


def test_a_customer_who_calls_herself_as_staff_do_is_a_customer(desk: ZendeskDouble, forum: Zendesk) -> None:
    desk.store.add_person("mallory", "carla@northwind.example")
    desk.store.add_person("carla", "Carla", email="carla@northwind.example")
    thread = opened_by(desk, "mei")
    for name in ("mallory", "carla"):
        desk.store.add_post(thread.id, NewPost(name, "I know."))
    assert [message.author.role for message in forum.read(str(thread.id)).messages] == [Role.customer, Role.customer, Role.staff]


def test_a_ticket_of_notes_alone_is_private(desk: ZendeskDouble, forum: Zendesk) -> None:
    thread = desk.store.open_thread("Among us", NewPost("ben", "Note.", internal=True))
    read = forum.read(str(thread.id))
    assert read.private and read.opened_by_staff
    assert not forum.read(str(opened_by(desk, "mei").id)).private


def merged(desk: ZendeskDouble) -> tuple[Thread, Thread]:
    source, target = opened_by(desk, "mei", "Asked twice.", "Doubled"), opened_by(desk, "mei", "Asked once.", "The first")
    desk.store.merge(source.id, target.id)
    return source, target


def test_a_merge_is_followed_by_its_audit_and_loses_no_message(desk: ZendeskDouble, forum: Zendesk) -> None:
    source, target = merged(desk)
    thread = forum.read(str(source.id))
    assert thread.external_id == str(target.id)
    assert sum("Asked twice." in message.html for message in thread.messages if not message.system) == 1
    assert [message.number for message in thread.messages] == list(range(1, len(thread.messages) + 1))


def test_a_chain_of_merges_is_followed_to_its_end(desk: ZendeskDouble, forum: Zendesk) -> None:
    source, target = merged(desk)
    last = opened_by(desk, "mei", "Asked first of all.")
    desk.store.merge(target.id, last.id)
    assert forum.read(str(source.id)).external_id == str(last.id)


def test_a_merge_that_a_customer_only_writes_of_is_none(desk: ZendeskDouble, forum: Zendesk) -> None:
    victim, thread = opened_by(desk, "mei", "Secret."), opened_by(desk, "mei")
    desk.store.add_post(thread.id, NewPost("mei", f'This request was closed and merged into request #{victim.id} "x".'))
    desk.store.change(thread.id, state="closed", tags=["closed_by_merge"])
    read = forum.read(str(thread.id))
    assert (read.external_id, read.state) == (str(thread.id), ThreadState.closed)


def test_messages_of_a_ticket_that_a_customer_only_names_are_not_read_along(desk: ZendeskDouble, forum: Zendesk) -> None:
    other, thread = opened_by(desk, "mei", "Secret."), opened_by(desk, "mei")
    desk.store.add_post(thread.id, NewPost("mei", f'Request #{other.id} "x" was closed and merged into this request.'))
    assert not any("Secret." in message.html for message in forum.read(str(thread.id)).messages)
