"""The double's JSON against Discourse's own OpenAPI document and recorded answers (skipped where they are not at hand)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from powerup.sandbox.discourse.hook_bodies import body_of
from powerup.sandbox.discourse.store import NewPost
from tests.sandbox.forum_site import Site

DATA = Path(__file__).parents[3] / "shared" / "data" / "forums" / "discourse"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="Discourse's recorded answers (../shared/data/forums/discourse) are not on this machine"
)

_VIEWERS_OWN = {"last_read_post_number", "unread_posts", "notification_level"}
"""Only there for a reader who has been there before; the double keeps no reading state."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def _schema(path: str, method: str = "get") -> Any:
    document = json.loads((DATA / "discourse_api_docs" / "openapi.json").read_text("utf-8"))
    return document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]


def _missing(schema: Any, value: Any, place: str = "") -> list[str]:
    """Places where `value` lacks what `schema` requires, or has another type."""
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds or []
    found = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}[
        type(value)
    ]
    # The document calls some numbers "string, or null" because its samples were null.
    if kinds and found not in (*kinds, "null") and not (found == "integer" and ("number" in kinds or "null" in kinds)):
        return [f"{place}: {found} instead of {kinds}"]
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        lacking = [f"{place}.{name}" for name in schema.get("required", []) if name not in value]
        return lacking + [
            line for name in properties if name in value for line in _missing(properties[name], value[name], f"{place}.{name}")
        ]
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [line for item in value for line in _missing(schema["items"], item, f"{place}[]")]
    return []


def test_a_thread_has_what_the_document_requires(site: Site) -> None:
    topic = site.topic(posts=2)
    site.ask("PUT", f"/t/-/{topic.id}.json", "ada", json={"tags": ["api"]})

    assert _missing(_schema("/t/{id}.json"), site.get(f"/t/{topic.id}.json", "ada")) == []


def test_a_list_has_every_documented_key(site: Site) -> None:
    site.topic(posts=2)
    body = site.get("/latest.json", "ada")

    assert _missing(_schema("/latest.json"), body) == []
    documented = _schema("/latest.json")["properties"]["topic_list"]["properties"]["topics"]["items"]["properties"]
    assert set(documented) - _VIEWERS_OWN <= set(body["topic_list"]["topics"][0])


@pytest.mark.parametrize(("path", "asked"), [("/posts.json", "/posts.json"), ("/posts/{id}.json", "/posts/{post}.json")])
def test_posts_have_what_the_document_requires(site: Site, path: str, asked: str) -> None:
    topic = site.topic(posts=1)

    assert _missing(_schema(path), site.get(asked.format(post=topic.post_ids[1]), "ada")) == []


def test_writing_answers_what_the_document_requires(site: Site) -> None:
    topic = site.topic()

    made = site.ask("POST", "/posts.json", "ada", json={"topic_id": topic.id, "raw": "A reply that is long enough."}).json()
    edited = site.ask("PUT", f"/posts/{made['id']}.json", "ada", json={"post": {"raw": "A reply that is different."}}).json()

    assert _missing(_schema("/posts.json", "post"), made) == []
    assert _missing(_schema("/posts/{id}.json", "put"), edited) == []


def test_search_has_what_the_document_requires(site: Site) -> None:
    site.topic()

    assert _missing(_schema("/search.json"), site.get("/search.json?q=step", "ada")) == []


def test_members_have_the_recorded_keys(site: Site) -> None:
    recorded = json.loads((DATA / "discourse_api_docs" / "groups__group_members_response.json").read_text("utf-8"))

    body = site.get("/groups/admins/members.json")

    assert set(recorded) == set(body)
    assert set(recorded["members"][0]) <= set(body["members"][0])


@pytest.mark.parametrize(
    ("sample", "event"),
    [
        ("topic-closed", "topic_closed_status_updated"),
        ("topic-edited", "topic_edited"),
        ("user-reply-created", "post_created"),
        ("staff-reply-created", "post_created"),
        ("post-edited", "post_edited"),
    ],
)
def test_webhook_bodies_have_the_recorded_keys(site: Site, sample: str, event: str) -> None:
    recorded = json.loads((DATA / "webhooks_forum-notifier" / f"{sample}.json").read_text("utf-8"))
    (kind,) = recorded
    topic = site.topic()
    post = site.store.add_post(topic.id, NewPost("ada", "An answer to your question.")) if kind == "post" else None

    body = body_of(site.store, kind, event, topic, post)

    # A date of birth's like, gone from newer versions.
    assert set(recorded[kind]) - {"user_cakedate"} - set(body) == set()


def test_a_solved_topic_has_the_recorded_answer(site: Site) -> None:
    recorded = json.loads((DATA / "discourse-solved_tests" / "topic_with_accepted_answer.json").read_text("utf-8"))
    topic = site.topic(posts=1)
    site.ask("POST", "/solution/accept.json", "ada", json={"id": topic.post_ids[1]})

    body = site.get(f"/t/{topic.id}.json", "ada")

    assert set(recorded["accepted_answer"]) <= set(body["accepted_answer"])
    marks = {"accepted_answer", "can_accept_answer", "can_unaccept_answer"}
    assert marks <= set(body["post_stream"]["posts"][0])


def test_an_assigned_topic_has_the_recorded_keys(site: Site) -> None:
    sample = DATA / "discourse-assign_tests" / "topics__group-topics-assigned__discourse.json"
    recorded = json.loads(sample.read_text("utf-8"))["topic_list"]["topics"][0]["assigned_to_user"]
    topic = site.topic()
    site.ask("PUT", "/assign/assign.json", "ada", json={"target_id": topic.id, "target_type": "Topic", "username": "ben"})

    (item,) = site.get("/topics/messages-assigned/ben.json", "ada")["topic_list"]["topics"]

    assert set(item["assigned_to_user"]) == set(recorded)
