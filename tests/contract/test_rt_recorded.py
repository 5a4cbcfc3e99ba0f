"""Recorded answers of a real Request Tracker 5.0.3 parse without loss, and the double answers in the same shapes.

The recordings are read when the folder is there (`shared/data` beside the checkout); they are not part of this project.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from pytest_httpserver import HTTPServer

from powerup.integrations.forums.base import ForumConfig, Role, ThreadState, Visibility
from powerup.integrations.forums.rt import Rt
from powerup.integrations.forums.rt.listing import fetch
from powerup.integrations.forums.rt.site import Site, said
from powerup.integrations.http import HttpPolicy
from powerup.render.text import plain_text
from powerup.sandbox.rt.double import RtDouble

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "forums" / "rt5"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers at {FOLDER}")


def recorded(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def config(httpserver: HTTPServer) -> ForumConfig:
    return ForumConfig(httpserver.url_for("").rstrip("/"), {"token": "1-14-abc", "intake": "Triage"})


@pytest.fixture
def policy(httpserver: HTTPServer) -> HttpPolicy:
    return HttpPolicy(1, 2, (f"{httpserver.host}:{httpserver.port}",), retry_pause=0.001)


@pytest.mark.parametrize("name", ["tickets_unassigned", "ok_tickets_unassigned"])
def test_every_recorded_listing_is_read(httpserver: HTTPServer, config: ForumConfig, policy: HttpPolicy, name: str) -> None:
    data = recorded(name)
    httpserver.expect_request("/REST/2.0/tickets").respond_with_json(data)
    with Site(config, policy) as site:
        rows, has_more = fetch(site, 0)
    assert [row.id for row in rows] == [item["id"] for item in data["items"]]
    assert [row.stub.subject for row in rows] == [item["Subject"] for item in data["items"]]
    assert all(row.active_at.tzinfo for row in rows)
    assert not has_more


@pytest.mark.parametrize(
    ("ticket", "history", "attachments", "state"),
    [
        ("ticket", "history", "attachments", ThreadState.open),
        ("ticket2_full", "ticket2_history", "ticket2_attachments", ThreadState.open),
    ],
)
def test_a_recorded_ticket_is_read_whole(
    httpserver: HTTPServer, config: ForumConfig, policy: HttpPolicy, ticket: str, history: str, attachments: str, state: ThreadState
) -> None:
    told, rows, parts = recorded(ticket), recorded(history)["items"], recorded(attachments)["items"]
    for row in rows:
        # The second history was recorded without its links.
        links = [{"ref": "attachment", "_url": part["_url"]} for part in parts if part["TransactionId"] == row["id"]]
        row.setdefault("_hyperlinks", links)
    number = told["id"]
    httpserver.expect_request(f"/REST/2.0/ticket/{number}").respond_with_json(told)
    httpserver.expect_request(f"/REST/2.0/ticket/{number}/history").respond_with_json({"items": rows})
    httpserver.expect_request(f"/REST/2.0/ticket/{number}/attachments").respond_with_json({"items": parts})
    for name in {row["Creator"]["id"] for row in rows} | {one["id"] for one in told["Requestor"]}:
        links = [{"ref": "self", "type": "user", "id": 14, "_url": ""}]
        user = {"Name": name, "RealName": None, "Privileged": int("@" not in name), "_hyperlinks": links}
        httpserver.expect_request(f"/REST/2.0/user/{name}").respond_with_json(user)
    with Rt(config, policy) as forum:
        thread = forum.read(str(number))
    assert (thread.external_id, thread.subject, thread.state) == (str(number), told["Subject"], state)
    assert (thread.customer.username, thread.customer.role) == (told["Requestor"][0]["id"], Role.customer)
    spoken = [message for message in thread.messages if not message.system]
    wanted = [row for row in rows if row["Type"] in ("Create", "Correspond", "Comment")]
    assert [message.external_id for message in spoken] == [row["id"] for row in wanted]
    assert [message.visibility is Visibility.internal for message in spoken] == [row["Type"] == "Comment" for row in wanted]
    by_transaction = {part["TransactionId"]: part["Content"] for part in parts if part["ContentType"].startswith("text/")}
    for message in spoken:
        first_line = by_transaction[message.external_id].removeprefix("<p>").splitlines()[0].removesuffix("</p>")
        assert plain_text(message.html).startswith(first_line)


@pytest.mark.parametrize("name", ["err_bad_status", "err_resolution_value", "assign_owner_again", "ok_move_and_assign", "ok_resolve"])
def test_recorded_words_are_passed_on(name: str) -> None:
    assert said(recorded(name)) == " ".join(recorded(name))


@pytest.mark.parametrize("name", ["ok_assign_owner_again", "owner_taken_by_other", "set_resolution_not_applied"])
def test_recorded_silence_is_silence(name: str) -> None:
    assert recorded(name) == []
    assert said(recorded(name)) == ""


# ---- the double answers in the same shapes


@pytest.fixture
def double() -> Iterator[RtDouble]:
    """As the recordings' site was: a ticket that was answered, commented, moved; `ada` sees everything."""
    with RtDouble(acting_as="ada") as made:
        made.denied.clear()
        made.store.add_team("Deployments")
        made.store.add_person("bob", "Bob", staff=True)
        asked(made, "POST", "/ticket", {"Queue": "Triage", "Subject": "x", "Content": "y", "Requestor": ["customer1@example.test"]})
        asked(made, "POST", "/ticket/11/correspond", {"Content": "Hi", "ContentType": "text/plain"})
        asked(made, "POST", "/ticket/11/comment", {"Content": "<p>internal</p>", "ContentType": "text/html"})
        asked(made, "PUT", "/ticket/11", {"Queue": "Deployments", "CustomFields": {"Tags": ["a"]}})
        yield made


def asked(double: RtDouble, method: str, path: str, body: Any = None, *, token: str = "", **headers: str) -> requests.Response:
    given = {"Authorization": f"token {token or double.token('ada')}", **headers}
    return requests.request(method, f"{double.url}/REST/2.0{path}", json=body, headers=given, timeout=5)


def shape(value: Any) -> Any:
    """Names and kinds of values, without the values: what may be null may be anything."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def one_of(data: Any, kind: str) -> Any:
    return next(item for item in data["items"] if item["Type"] == kind)


QUERY = quote("Owner = 'Nobody'")
TICKETS = "&fields=Subject,Status,Owner,Queue,Created,LastUpdated,Requestors&fields[Queue]=Name&fields[Owner]=Name"
HISTORY = "Type,Creator,Created,Description,Content,Field,OldValue,NewValue,_hyperlinks"


def test_the_doubles_listings_have_the_recorded_shape(double: RtDouble) -> None:
    given, wanted = asked(double, "GET", f"/tickets?query={QUERY}{TICKETS}").json(), recorded("ok_tickets_unassigned")
    assert shape(given["items"][0]) == shape(wanted["items"][0])
    assert given.keys() - {"next_page"} == wanted.keys() - {"next_page"}
    bare = asked(double, "GET", f"/tickets?query={QUERY}").json()["items"][0]
    assert shape(bare) == shape(recorded("tickets_page2")["items"][0])


def test_the_doubles_tickets_have_the_recorded_shape(double: RtDouble) -> None:
    answer, wanted = asked(double, "GET", "/ticket/11"), recorded("ticket")
    given = answer.json()
    assert given.keys() == wanted.keys()
    for name in wanted.keys() - {"CustomFields", "_hyperlinks"}:
        assert shape(given[name]) == shape(wanted[name]), name
    assert shape(given["CustomFields"]) == shape(recorded("ticket2_full")["CustomFields"])
    assert {link["ref"] for link in given["_hyperlinks"]} == {link["ref"] for link in wanted["_hyperlinks"]}
    assert answer.headers["ETag"].strip('"').isdigit()


@pytest.mark.parametrize("kind", ["Create", "Correspond", "EmailRecord", "Status", "Comment", "Set"])
def test_the_doubles_history_has_the_recorded_shape(double: RtDouble, kind: str) -> None:
    given = one_of(asked(double, "GET", f"/ticket/11/history?fields={HISTORY}&per_page=100").json(), kind)
    wanted = one_of(recorded("history"), kind)
    assert given.keys() == wanted.keys()
    for name in wanted.keys() - {"_hyperlinks"}:
        assert shape(given[name]) == shape(wanted[name]), name
    assert [link["ref"] for link in given["_hyperlinks"]] == [link["ref"] for link in wanted["_hyperlinks"]]


def test_the_doubles_attachments_have_the_recorded_shape(double: RtDouble) -> None:
    fields = "Subject,ContentType,Content,TransactionId,Creator,Created"
    given = asked(double, "GET", f"/ticket/11/attachments?fields={fields}").json()
    assert shape(given["items"][0]) == shape(recorded("attachments")["items"][0])
    number = given["items"][0]["id"]
    assert shape(asked(double, "GET", f"/attachment/{number}").json()) == shape(recorded("attachment"))
    transaction = given["items"][0]["TransactionId"]
    assert shape(asked(double, "GET", f"/transaction/{transaction}").json()) == shape(recorded("transaction_create"))


def test_the_doubles_queues_have_the_recorded_shape(double: RtDouble) -> None:
    given = asked(double, "GET", "/queues/all?fields=Name,Description").json()
    assert shape(given["items"][0]) == shape(recorded("queues")["items"][0])


def test_the_double_says_the_same_of_what_is_done(double: RtDouble) -> None:
    assert shape(asked(double, "POST", "/ticket", {"Queue": "Triage", "Subject": "x", "Content": "y"}).json()) == shape(
        recorded("ticket_created")
    )
    for kind, name in (("correspond", "ok_correspond"), ("comment", "ok_comment")):
        answer = asked(double, "POST", f"/ticket/11/{kind}", {"Content": "x", "ContentType": "text/plain"})
        assert (answer.status_code, answer.json()) == (201, recorded(name))
        assert answer.headers["Location"].startswith("/REST/2.0/transaction/")
    again = recorded("ok_assign_owner_again")
    assert asked(double, "PUT", "/ticket/11", {"Owner": "bob"}).json() == ["Ticket 11: Owner changed from Nobody to bob"]
    assert asked(double, "PUT", "/ticket/11", {"Owner": "bob"}).json() == again == []
    refused = asked(double, "PUT", "/ticket/11", {"Owner": "customer1@example.test"})
    assert (refused.status_code, refused.json()) == (200, [recorded("assign_owner_again")[0].replace("Ticket 1:", "Ticket 11:")])
    bogus = asked(double, "PUT", "/ticket/11", {"Status": "bogus"})
    assert (bogus.status_code, bogus.json()) == (200, [recorded("err_bad_status")[0].replace("Ticket 1:", "Ticket 11:")])
    done = asked(double, "PUT", "/ticket/11", {"Status": "resolved"}).json()
    assert done == [recorded("ok_resolve")[0].replace("Ticket 2:", "Ticket 11:")]


def test_the_double_refuses_as_recorded(double: RtDouble) -> None:
    cases = (
        (asked(double, "GET", "/ticket/99999"), 404, "err_missing"),
        (asked(double, "GET", f"/tickets?query={quote('Owner =')}"), 400, "err_bad_query"),
        (asked(double, "GET", "/ticket/11", token="1-14-wrong"), 401, "err_bad_token"),
        (asked(double, "PUT", "/ticket/11", {"Status": "open"}, **{"If-Match": '"1"'}), 412, "err_if_match_stale"),
    )
    for answer, status, name in cases:
        assert (answer.status_code, answer.json().keys()) == (status, recorded(name).keys()), name
        # Whose query it was stands in the text of one of them.
        assert name == "err_bad_query" or answer.json() == recorded(name)
    assert cases[1][0].json()["message"].startswith("Incomplete query, last element")
