"""Webhooks of the forum double: who hears what, signed how, and what happens when nobody listens."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request

from powerup.sandbox.common.server import ThreadedServer
from powerup.sandbox.discourse import workflow
from powerup.sandbox.discourse.hooks import signature
from tests.sandbox.forum_site import Site

SECRET = "a-secret-of-thirty-two-characters"


class Receiver:
    """Takes webhooks and answers `statuses`, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses) or [200]
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self._news = threading.Condition()
        app = Flask(__name__)
        app.add_url_rule("/hook", view_func=self._take, methods=["POST"])
        self.server = ThreadedServer(app)
        self.url = f"{self.server.url}/hook"

    def _take(self) -> tuple[str, int]:
        with self._news:
            self.heard.append(({name.lower(): value for name, value in request.headers}, request.get_data()))
            self._news.notify_all()
            return "", self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def wait(self, count: int) -> list[tuple[dict[str, str], Any]]:
        """The first `count` webhooks, headers and JSON."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.heard) >= count, 10), f"heard {len(self.heard)} of {count}"
            return [(headers, json.loads(body)) for headers, body in self.heard]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(hook_waits=(0.01, 0.02)) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    with made.server:
        yield made


def test_the_signature_is_discourses_own_vector() -> None:
    expected = "sha256=162f107f6b5022353274eb1a7197885cfd35744d8d08e5bcea025d309386b7d6"

    assert signature("my_lovely_secret_for_web_hook", b'{"ping":"OK"}') == expected


def test_a_new_topic_tells_topic_and_post_signed(site: Site, receiver: Receiver) -> None:
    site.ask("POST", "/sandbox/webhooks", json={"payload_url": receiver.url, "secret": SECRET})

    topic = site.topic("Witamy: zażółć gęślą jaźń")
    heard = receiver.wait(2)

    assert sorted(headers["x-discourse-event"] for headers, _body in heard) == ["post_created", "topic_created"]
    for (headers, _body), (_headers, raw) in zip(heard, receiver.heard, strict=True):
        assert headers["x-discourse-event-signature"] == signature(SECRET, raw)
        assert headers["x-discourse-instance"] == site.forum.url
        assert headers["x-discourse-event-type"] in json.loads(raw)
    assert len({headers["x-discourse-event-id"] for headers, _body in heard}) == 2
    bodies = {headers["x-discourse-event-type"]: body for headers, body in heard}
    assert bodies["topic"]["topic"]["id"] == bodies["post"]["post"]["topic_id"] == topic.id


def test_everything_staff_do_is_told(site: Site, receiver: Receiver) -> None:
    topic = site.topic(posts=1)
    site.ask("POST", "/sandbox/webhooks", json={"payload_url": receiver.url})
    post = site.store.rows.posts[topic.post_ids[1]]

    site.store.edit_post(post.id, "Other words than before.")
    workflow.accept(site.store, topic, post, "ada")
    workflow.assign(site.store, topic, "ada", user="ben", group=None)
    workflow.unassign(site.store, topic, "ada")
    workflow.set_status(site.store, topic, "closed", True, "ada")
    workflow.set_status(site.store, topic, "closed", False, "ada")
    site.store.delete_post(post.id)
    site.store.delete_topic(topic.id)

    # Assigning, unassigning, closing and reopening each leave a post that is told as well; deleting a topic takes its first post along.
    heard = receiver.wait(13)
    by_event: dict[str, list[Any]] = {}
    for headers, body in heard:
        assert "x-discourse-event-signature" not in headers
        by_event.setdefault(headers["x-discourse-event"], []).append(body)
    assert sorted(by_event) == [
        "accepted_solution",
        "assigned",
        "post_created",
        "post_destroyed",
        "post_edited",
        "topic_closed_status_updated",
        "topic_destroyed",
        "unassigned",
    ]
    assert [body["topic"]["closed"] for body in by_event["topic_closed_status_updated"]] == [True, False]
    assert by_event["accepted_solution"][0]["solved"]["id"] == post.id
    assert by_event["assigned"][0]["assign"]["assigned_to_username"] == "ben"
    assert by_event["unassigned"][0]["assign"]["unassigned_to_username"] == "ben"


def test_a_failed_webhook_comes_again_with_the_same_id(site: Site, receiver: Receiver) -> None:
    receiver.statuses = [500, 503, 200]
    site.ask("POST", "/sandbox/webhooks", json={"payload_url": receiver.url, "kinds": ["topic"]})

    site.topic()
    heard = receiver.wait(3)

    assert len({headers["x-discourse-event-id"] for headers, _body in heard}) == 1
    assert site.forum.hooks.settle()
    sent = site.get("/sandbox/webhooks")["sent"]
    assert [one["status"] for one in sent] == [500, 503, 200]


def test_a_receiver_that_is_gone_is_given_up(site: Site, receiver: Receiver) -> None:
    receiver.statuses = [404]
    site.ask("POST", "/sandbox/webhooks", json={"payload_url": receiver.url, "kinds": ["topic"]})

    for number in range(5):
        site.topic(f"Topic number {number}")
    receiver.wait(5)
    assert site.forum.hooks.settle()
    site.topic("Nobody hears of this one")

    assert site.forum.hooks.settle()
    assert len(receiver.heard) == 5
    assert site.get("/sandbox/webhooks")["webhooks"][0]["active"] is False


def test_ping_and_the_official_registration(site: Site, receiver: Receiver) -> None:
    values = {"web_hook": {"payload_url": receiver.url, "secret": SECRET}}

    made = site.ask("POST", "/admin/api/web_hooks.json", "ada", json=values).json()["web_hook"]
    refused = site.ask("POST", "/admin/api/web_hooks.json", "mei", json=values)
    site.ask("POST", f"/sandbox/webhooks/{made['id']}/pings")

    (headers, body) = receiver.wait(1)[0]
    assert (headers["x-discourse-event"], body) == ("ping", {"ping": "OK"})
    assert refused.status_code == 403
    assert "secret" not in made
    assert site.ask("DELETE", f"/sandbox/webhooks/{made['id']}").status_code == 204
    assert site.get("/sandbox/webhooks")["webhooks"] == []
