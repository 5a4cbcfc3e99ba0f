"""Recorded answers of real Discourse sites parse without loss.

The recordings are read when the folder is there (`shared/data` beside the checkout); they are not part of this project.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.forums.base import ForumConfig, HookKind, Role, ThreadState, Visibility
from powerup.integrations.forums.discourse import Discourse
from powerup.integrations.forums.discourse.hooks import read_hook
from powerup.integrations.forums.discourse.listing import rows_of
from powerup.integrations.forums.discourse.reading import stub_of, tags_of
from powerup.integrations.forums.discourse.site import Site
from powerup.integrations.http import HttpPolicy

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "forums" / "discourse"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers at {FOLDER}")


def recorded(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def files(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob(pattern)) if FOLDER.is_dir() else []


def a_site() -> Site:
    return Site(ForumConfig("https://forum.example.org"), HttpPolicy(1, 1, ()))


@pytest.fixture
def forum(httpserver: HTTPServer) -> Discourse:
    config = ForumConfig(httpserver.url_for("").rstrip("/"), {}, frozenset(), frozenset())
    return Discourse(config, HttpPolicy(1, 2, (f"{httpserver.host}:{httpserver.port}",), retry_pause=0.001))


LISTINGS = [name for name in files("**/*.json") if "openapi" not in name and "topic_list" in Path(FOLDER, name).read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", LISTINGS)
def test_every_recorded_listing_is_read(name: str) -> None:
    data = recorded(name)
    topics = data["topic_list"].get("topics")
    if topics is None:
        with pytest.raises(VendorBrokenError, match=r"topic_list\.topics"):
            rows_of(a_site(), data)
        return
    rows, has_more = rows_of(a_site(), data)
    assert [row.id for row in rows] == [str(topic["id"]) for topic in topics]
    assert [row.stub.subject for row in rows] == [topic["title"] for topic in topics]
    assert has_more == bool(topics and data["topic_list"].get("more_topics_url"))
    assert all(row.active_at.tzinfo for row in rows)


@pytest.mark.parametrize(
    ("name", "state", "messages"),
    [
        ("discourse_api_docs/topics__topic_response.json", ThreadState.open, 1),
        ("discourse-solved_tests/topic_with_accepted_answer.json", ThreadState.resolved, 2),
    ],
)
def test_a_recorded_thread_is_read_whole(httpserver: HTTPServer, forum: Discourse, name: str, state: ThreadState, messages: int) -> None:
    topic = recorded(name)
    httpserver.expect_request(f"/t/{topic['id']}.json").respond_with_json(topic)
    httpserver.expect_request(f"/t/{topic['id']}/posts.json").respond_with_json({"post_stream": {"posts": []}})
    with forum:
        thread = forum.read(str(topic["id"]))
    assert (thread.state, len(thread.messages), thread.subject) == (state, messages, topic["title"])
    for message, post in zip(thread.messages, topic["post_stream"]["posts"], strict=True):
        assert (message.external_id, message.number, message.author.username) == (str(post["id"]), post["post_number"], post["username"])
        assert message.visibility is Visibility.public
        assert message.author.name
        assert message.author.avatar_url is None or message.author.avatar_url.startswith("http")
    assert thread.customer.username == topic["details"]["created_by"]["username"]


def test_a_thread_of_2013_is_read(httpserver: HTTPServer, forum: Discourse) -> None:
    """Its posts name no `user_id` in places, and post numbers have gaps."""
    topic = recorded("discourse_api_gem/topic.json")
    httpserver.expect_request("/t/57.json").respond_with_json(topic)
    with forum:
        thread = forum.read("57")
    assert [message.number for message in thread.messages] == [post["post_number"] for post in topic["post_stream"]["posts"]]
    assert thread.messages[0].author.role is Role.customer
    assert thread.messages[0].edited_at is not None


def test_a_recorded_search_is_read(httpserver: HTTPServer, forum: Discourse) -> None:
    data = recorded("discourse_api_docs/search__query_response.json")
    httpserver.expect_request("/search.json", query_string="q=test").respond_with_json(data)
    with forum:
        assert [stub.external_id for stub in forum.search("test", limit=9)] == [str(topic["id"]) for topic in data["topics"]]


@pytest.mark.parametrize("name", files("webhooks_forum-notifier/*.json"))
def test_recorded_webhooks_name_their_thread(name: str, sign: Callable[[bytes], str]) -> None:
    body = (FOLDER / name).read_bytes()
    data = json.loads(body)
    kind = "topic" if "topic" in data else "post"
    # Closing is recorded under a name that is on no list of events.
    event = "topic_closed_status_updated" if "closed" in name or "reopen" in name else f"{kind}_created"
    headers = {"x-discourse-event-type": kind, "x-discourse-event": event, "x-discourse-event-signature": sign(body)}
    hook = read_hook("secret", headers, body)
    assert hook.kind is HookKind.thread
    assert hook.thread_id == str(data[kind]["id"] if kind == "topic" else data[kind]["topic_id"])


def test_tags_are_read_in_both_shapes() -> None:
    assert tags_of({"tags": ["a", "b"]}) == ("a", "b")
    assert tags_of({"tags": [{"id": 1, "name": "a", "slug": "a"}]}) == ("a",)
    assert tags_of({}) == tags_of({"tags": None}) == ()


def test_a_topic_without_last_posted_at_is_read() -> None:
    topic = recorded("discourse_api_docs/topics__topic_response.json")
    assert topic["last_posted_at"] is None
    assert stub_of(a_site(), topic).changed_at == stub_of(a_site(), topic).created_at
