"""Recorded answers of real Tender sites parse without loss, and the local Tender answers in the same shapes.

The recordings are read when the folder is there (`shared/data` beside the checkout); they are not part of this project.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer

from powerup.integrations.forums.base import ForumConfig, HookKind, Role, ThreadState, Visibility
from powerup.integrations.forums.tender import Tender
from powerup.integrations.http import HttpPolicy
from powerup.sandbox.tender import numbers
from tests.contract.forum.case import Upload
from tests.contract.forum.tender import TenderCase

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "forums" / "tender"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers at {FOLDER}")

Json = dict[str, Any]


def recorded(name: str) -> Json:
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@pytest.fixture
def forum(httpserver: HTTPServer) -> Iterator[Tender]:
    credentials = {"api_token": "t", "site": "acme", "api_address": httpserver.url_for("").rstrip("/")}
    config = ForumConfig("http://support.acme.test", credentials)
    with Tender(config, HttpPolicy(1, 2, (f"{httpserver.host}:{httpserver.port}",), retry_pause=0.001)) as opened:
        yield opened


def serve(httpserver: HTTPServer, path: str, data: Json, **query: str) -> None:
    httpserver.expect_request(f"/acme{path}", query_string=query or None).respond_with_json(data)


# ---- recordings are read


def test_a_recorded_listing_is_read(httpserver: HTTPServer, forum: Tender) -> None:
    data = recorded("discussions_pending_page1")
    serve(httpserver, "/discussions", data)
    serve(httpserver, "/discussions/deleted", {"offset": 0, "per_page": 30, "total": 0, "discussions": []})
    (stub,) = forum.changed_since(None).stubs
    (row,) = data["discussions"]
    assert (stub.external_id, stub.subject, stub.message_count) == (str(row["number"]), row["title"], row["comments_count"])
    assert stub.url == "http://support.acme.test/discussions/problems/52064"
    assert stub.changed_at.isoformat() == "2016-02-03T09:32:17+00:00"
    assert forum.thread_id_of(row["html_href"]) == stub.external_id


@pytest.mark.parametrize("paged", [False, True])
def test_a_recorded_discussion_is_read_whole(httpserver: HTTPServer, forum: Tender, paged: bool) -> None:
    detail, comments, queues = recorded("discussion_detail_with_comments"), recorded("comments_page1"), recorded("queues_page")
    queues["named_queues"][0]["href"] = "https://api.tenderapp.com:443/acme/queues/24275"
    assert detail["comments"] == comments["comments"]
    serve(httpserver, "/discussions/15805962", {**detail, "comments": None} if paged else detail)
    serve(httpserver, "/discussions/15805962/comments", comments)
    serve(httpserver, "/queues", queues)
    thread = forum.read(forum.thread_id_of(f"{httpserver.url_for('/acme/discussions/15805962')}") or "")
    assert (thread.external_id, thread.subject, thread.state) == ("52064", detail["title"], ThreadState.open)
    assert (thread.private, thread.assigned_person, thread.assigned_team) == (True, None, "UI issues")
    assert (thread.customer.external_id, thread.customer.name, thread.customer.role) == ("3509857", "Vic Fenton", Role.customer)
    assert len(thread.messages) == comments["total"] == 11
    for message, row in zip(thread.messages, comments["comments"], strict=True):
        assert (message.number, message.author.name, message.html) == (row["number"], row["author_name"], row["formatted_body"])
        assert message.external_id == f"52064#{row['number']}"
        assert (message.visibility is Visibility.internal) is row["internal"]
        assert message.system is row["system_message"]
        assert (message.author.role is Role.staff) is row["user_is_supporter"]
        assert message.created_at.strftime("%Y-%m-%dT%H:%M:%SZ") == row["created_at"]
    assert detail["private_body"] not in repr(thread) and "192.0.2" not in repr(thread)


def test_the_recorded_count_counts_neither_notes_nor_system_lines() -> None:
    detail = recorded("discussion_detail_with_comments")
    said = [row for row in detail["comments"] if not row["internal"] and not row["system_message"]]
    assert detail["comments_count"] == len(said) == 6 < len(detail["comments"])


def test_a_recorded_webhook_names_its_discussion(forum: Tender) -> None:
    hook = forum.hook({}, (FOLDER / "webhook_comment_on_discussion.json").read_bytes())
    assert (hook.kind, hook.thread_id, hook.event_id) == (HookKind.thread, "2", "10309514#2")


def test_a_recorded_user_signs_in_or_up(httpserver: HTTPServer, forum: Tender) -> None:
    user = recorded("user")
    serve(httpserver, "/profile", user)
    serve(httpserver, "/discussions", recorded("discussions_pending_page1"))
    serve(httpserver, "/queues", recorded("queues_page"))
    check = forum.check()
    assert (check.acting_as, check.problems) == ("Mark Cole", ())
    assert forum.hook({}, json.dumps(user).encode()).kind is HookKind.ignored


# ---- the local Tender answers alike


@pytest.fixture
def case() -> Iterator[TenderCase]:
    with TenderCase() as made:
        thread_id = made.thread("Question", "Text.", file=Upload("a.txt", "text/plain", b"x"))
        made.reply(thread_id, "Try this.", author="ada")
        made.reply(thread_id, "For us.", author="ben", internal=True)
        made.store.change(int(thread_id), assigned_person="ben", assigned_team="support")
        yield made


Ask = Callable[[str], Json]


@pytest.fixture
def ask(case: TenderCase) -> Ask:
    headers = {"X-Tender-Auth": case.credentials()["api_token"], "Accept": "application/vnd.tender-v1+json"}
    return lambda path: dict(requests.get(case.double.api(path), headers=headers, timeout=5).json())


def same_shape(ours: Json, theirs: Json) -> None:
    """The same keys, and values of the same kind wherever both have one."""
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        if value is not None and ours[name] is not None:
            assert type(ours[name]) is type(value), name


DISCUSSION = f"/discussions/{numbers.DISCUSSION + 11}"


def test_a_listing_looks_like_the_recorded_one(ask: Ask) -> None:
    ours, theirs = ask("/discussions/pending?page=1"), recorded("discussions_pending_page1")
    ours, theirs = (ask("/discussions"), theirs) if not ours["discussions"] else (ours, theirs)
    same_shape(ours, theirs)
    same_shape(ours["discussions"][0], theirs["discussions"][0])
    assert all(isinstance(number, int) for number in ours["discussions"][0]["cached_queue_list"])


def test_a_discussion_looks_like_the_recorded_one(ask: Ask) -> None:
    ours, theirs = ask(DISCUSSION), recorded("discussion_detail_with_comments")
    same_shape(ours, theirs)
    for name in (name for name in theirs if name.endswith("_href")):
        assert ours[name].split("{")[1:] == theirs[name].split("{")[1:], name
    assert ours["comments_count"] == 2 < len(ours["comments"])
    assert ours["href"].rpartition("/")[2] != str(ours["number"])


def test_comments_look_like_the_recorded_ones(ask: Ask) -> None:
    ours, theirs = ask(f"{DISCUSSION}/comments"), recorded("comments_page1")
    same_shape(ours, theirs)
    for row in ours["comments"]:
        same_shape(row, theirs["comments"][0])
    assert "comments" not in ask(f"{DISCUSSION}/comments?page=2")


def test_queues_look_like_the_documented_ones(ask: Ask) -> None:
    ours, theirs = ask("/queues"), recorded("queues_page")
    same_shape(ours, theirs)
    for row in ours["named_queues"]:
        same_shape({**row, "user_id": None}, theirs["named_queues"][0])
    assert {type(row["user_id"]) for row in ours["named_queues"]} == {int, type(None)}
    assert ask("/queues?page=9")["named_queues"] == []


def test_people_and_categories_look_like_the_recorded_ones(ask: Ask) -> None:
    same_shape(ask("/profile"), recorded("user"))
    same_shape(ask("/categories")["categories"][0], recorded("category"))


def test_a_webhook_looks_like_the_recorded_one(case: TenderCase) -> None:
    theirs = recorded("webhook_comment_on_discussion")
    ours = json.loads(case.hook("11", "")[1])
    same_shape(ours, theirs)
    # The recording of 2013 is older than these; the one of 2016 has them.
    later = {"unacknowledge_href", "spawned_from_comment_id"}
    same_shape({name: value for name, value in ours["discussion"].items() if name not in later}, theirs["discussion"])
    same_shape(ours["user"], theirs["user"])
    same_shape(ours["category"], theirs["category"])
