"""Recorded answers of a real NodeBB 4.11 parse without loss; test_nodebb_double.py holds the double against them.

The recordings are read when the folder is there (`shared/data` beside the checkout); they are not part of this project.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from powerup.integrations.errors import (
    CredentialsRefusedError,
    GoneError,
    IntegrationError,
    NotPermittedError,
    RejectedError,
)
from powerup.integrations.forums.base import Draft, ForumConfig, HookKind, HookRefusedError, Role, ThreadState
from powerup.integrations.forums.nodebb import NodeBB
from powerup.integrations.forums.nodebb.hooks import read_hook
from powerup.integrations.forums.nodebb.listing import rows_of
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import Site, refusal
from powerup.integrations.http import Answer, HttpPolicy

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "forums" / "nodebb"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers at {FOLDER}")

START = datetime(1970, 1, 1, tzinfo=UTC)


def recorded(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def index(name: str) -> list[dict[str, Any]]:
    return list(recorded(name)) if FOLDER.is_dir() else []


def moment(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


@pytest.fixture
def forum(httpserver: HTTPServer) -> Iterator[NodeBB]:
    config = ForumConfig(
        httpserver.url_for("").rstrip("/"), {"token": "a-token"}, frozenset({"alice-support"}), frozenset({"Support Team"})
    )
    httpserver.expect_request("/api/v3/groups/administrators/members").respond_with_json(recorded("group_members.json"))
    httpserver.expect_request("/api/v3/groups/support-team/members").respond_with_json(recorded("group_members.json"))
    httpserver.expect_request("/api/v3/groups/global-moderators/members").respond_with_json(recorded("err_missing_topic_v3.json"), 404)
    httpserver.expect_request("/api/v3/users/11").respond_with_json(recorded("v3_user.json"))
    with NodeBB(config, HttpPolicy(1, 2, (f"{httpserver.host}:{httpserver.port}",), retry_pause=0.001)) as opened:
        yield opened


# ---- reading

LISTINGS = [
    "recent.json",
    "recent_page2.json",
    "recent_new.json",
    "recent_tag.json",
    "recent_unreplied.json",
    "unread.json",
    "category.json",
]


@pytest.mark.parametrize("name", [*LISTINGS, "category.json"])
def test_every_recorded_listing_is_read(name: str) -> None:
    topics = recorded(name)["topics"]
    rows = rows_of(Site(ForumConfig("https://forum.example.org"), HttpPolicy(1, 1, ())), Scope(), {"topics": topics})
    assert [row.id for row in rows] == [str(topic["tid"]) for topic in topics]
    assert [row.stub.subject for row in rows] == [topic["titleRaw"] for topic in topics]
    assert [row.stub.url for row in rows] == [f"https://forum.example.org/topic/{topic['slug']}" for topic in topics]
    assert [row.active_at for row in rows] == [moment(topic["lastposttime"]) for topic in topics]
    assert [row.stub.created_at for row in rows] == [moment(topic["timestamp"]) for topic in topics]
    assert [row.stub.message_count for row in rows] == [topic["postcount"] for topic in topics]
    assert len({row.print for row in rows}) == len(rows)


def serve_topic(server: HTTPServer, *names: str) -> dict[str, Any]:
    """Answer each page with its recording; returns the first."""
    pages = [recorded(name) for name in names]
    for number, page in enumerate(pages, 1):
        query = {"page": str(number), "sort": "oldest_to_newest"}
        server.expect_request(f"/api/topic/{page['tid']}", query_string=query).respond_with_json(page)
    server.expect_request(f"/api/v3/users/{pages[0]['uid']}").respond_with_json(recorded("err_missing_topic_v3.json"), 404)
    return dict(pages[0], posts=[post for page in pages for post in page["posts"]])


@pytest.mark.parametrize(
    ("names", "state"),
    [
        (["topic.json"], ThreadState.open),
        (["topic_escapes.json"], ThreadState.open),
        (["topic_after_writes.json"], ThreadState.open),
        (["topic_locked.json"], ThreadState.closed),
        (["topic_deleted_as_admin.json"], ThreadState.deleted),
        (["topic_long_p1.json", "topic_long_p2.json", "topic_long_p3.json"], ThreadState.open),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_recorded_thread_is_read_whole(httpserver: HTTPServer, forum: NodeBB, names: list[str], state: ThreadState) -> None:
    topic = serve_topic(httpserver, *names)
    thread = forum.read(str(topic["tid"]))
    assert (thread.external_id, thread.subject, thread.state) == (str(topic["tid"]), topic["titleRaw"], state)
    assert thread.tags == tuple(tag["value"] for tag in topic["tags"])
    assert (thread.created_at, thread.customer.username) == (moment(topic["timestamp"]), topic["author"]["username"])
    assert len(thread.messages) == topic["postcount"]
    for message, post in zip(thread.messages, topic["posts"], strict=True):
        assert (message.external_id, message.number) == (str(post["pid"]), post["index"] + 1)
        assert (message.author.external_id, message.author.username) == (str(post["uid"]), post["user"]["username"])
        assert message.created_at == moment(post["timestamp"])
        assert message.edited_at == (moment(post["edited"]) if post["edited"] else None)
        assert words(message.html) == words(post["content"])
        assert message.author.role is (Role.staff if "-" in message.author.username else Role.customer)
    assert "REDACTED" not in repr(thread)


def test_a_recorded_refusal_to_show_a_deleted_thread_is_gone(httpserver: HTTPServer, forum: NodeBB) -> None:
    httpserver.expect_request("/api/topic/23").respond_with_json(recorded("topic_deleted_as_agent.json"), 403)
    httpserver.expect_request("/api/topic/99999").respond_with_json(recorded("err_missing_topic.json"), 404)
    for thread_id in ("23", "99999"):
        with pytest.raises(GoneError):
            forum.read(thread_id)


def test_a_recorded_search_is_read(httpserver: HTTPServer, forum: NodeBB) -> None:
    data = recorded("search_titles.json")
    httpserver.expect_request("/api/search").respond_with_json(data)
    found = forum.search("deployment", limit=9)
    assert [(stub.external_id, stub.subject) for stub in found] == [("2", data["posts"][0]["topic"]["titleRaw"])]


def test_the_recorded_site_is_checked(httpserver: HTTPServer, forum: NodeBB) -> None:
    for path, name in (("config", "config.json"), ("self", "self.json"), ("recent", "recent.json")):
        httpserver.expect_request(f"/api/{path}").respond_with_json(recorded(name))
    check = forum.check()
    assert (check.site_name, check.acting_as, check.problems) == ("NodeBB", "alice-support", ())


# ---- refusals


@pytest.mark.parametrize(
    ("name", "error", "reconnect"),
    [
        ("err_bad_token_read.json", CredentialsRefusedError, True),
        ("err_bad_token_write.json", NotPermittedError, False),
        ("err_no_auth_write.json", NotPermittedError, False),
        ("err_lock_not_mod.json", NotPermittedError, False),
        ("err_master_bad_uid.json", NotPermittedError, False),
        ("err_master_without_uid.json", CredentialsRefusedError, True),
        ("err_missing_topic.json", None, False),
        ("err_missing_topic_v3.json", None, False),
        ("err_reply_empty.json", RejectedError, False),
        ("err_reply_locked.json", RejectedError, False),
        ("err_reply_locked_master_customer.json", RejectedError, False),
        ("err_reply_missing_topic.json", None, False),
        ("err_reply_too_short.json", RejectedError, False),
        ("tags_put_not_mod.json", NotPermittedError, False),
    ],
)
def test_every_recorded_refusal_is_understood(name: str, error: type[IntegrationError] | None, reconnect: bool) -> None:
    """None: the common mapping makes GoneError of a 404."""
    status = next(entry["status"] for entry in index("INDEX.json") if entry["file"] == name)
    headers = {"content-type": "application/json; charset=utf-8"}
    found = refusal(Answer(status, headers, (FOLDER / name).read_bytes(), "https://forum.example.org/api/x"))
    assert type(found) is (error or type(None))
    assert found is None or (found.permanent and found.reconnect is reconnect)


# ---- writing


def test_recorded_writes_are_understood(httpserver: HTTPServer, forum: NodeBB) -> None:
    httpserver.expect_request("/api/v3/topics/2", "POST").respond_with_json(recorded("reply_created.json"))
    posted = forum.post("2", Draft("Hello there.", False, "m1"), look_first=False)
    assert (posted.external_id, posted.awaiting_approval) == ("92", False)
    assert forum.thread_id_of(posted.url) == "2"
    serve_topic(httpserver, "topic.json")
    httpserver.expect_request("/api/config").respond_with_json(recorded("config.json"))
    httpserver.expect_request("/api/v3/topics/2/lock", "PUT").respond_with_json(recorded("lock.json"))
    httpserver.expect_request("/api/v3/topics/2/tags", "PATCH").respond_with_json(recorded("tags_patch.json"))
    httpserver.expect_request("/api/v3/topics/2/tags", "PUT").respond_with_json(recorded("tags_put.json"))
    forum.resolve("2", message_id=None)
    forum.tag("2", add=["triaged"], remove=[])
    with pytest.raises(RejectedError, match="did not take the tag"):
        forum.tag("2", add=["resolution"], remove=["deploy"])
    with pytest.raises(RejectedError, match="longer than the 15"):
        forum.tag("2", add=["resolution-bugfix"], remove=[])


# ---- webhooks


@pytest.mark.parametrize("entry", index("WEBHOOK_INDEX.json"), ids=lambda entry: entry["file"])
def test_recorded_webhooks_verify_and_name_their_thread(entry: dict[str, Any]) -> None:
    body = (FOLDER / entry["file"]).read_bytes()
    headers = {name.lower(): value for name, value in entry["headers"].items()}
    hook = read_hook(entry["secret"], headers, body)
    assert (hook.kind, hook.thread_id) == (HookKind.thread, "26")
    assert hook == read_hook(entry["secret"], headers, body)
    assert "0000" not in repr(hook)
    with pytest.raises(HookRefusedError):
        read_hook(entry["secret"], headers, body + b" ")


def test_no_two_recorded_webhooks_are_taken_for_one() -> None:
    entries = index("WEBHOOK_INDEX.json")
    hooks = [
        read_hook(one["secret"], {key.lower(): value for key, value in one["headers"].items()}, (FOLDER / one["file"]).read_bytes())
        for one in entries
    ]
    assert len({hook.event_id for hook in hooks}) == len(entries)


# ---- helpers


def words(html: str) -> str:
    """The text of HTML."""
    reader = _Words()
    reader.feed(html)
    return "".join(reader.found)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)
