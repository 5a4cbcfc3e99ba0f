"""Webhooks: the documented examples, both content types, and what is none of ours."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from powerup.integrations.forums.base import ForumConfig, Hook, HookKind, HookRefusedError, HookUnreadableError
from powerup.integrations.forums.github import GitHubForum
from powerup.integrations.http import HttpPolicy
from tests.contract.forum.github import GithubCase
from tests.integrations.github.acting import pull_request

SECRET = "a-hook-secret"


def read(event: str, payload: Any, *, repository: str = "Codertocat/Hello-World", form: bool = False, **more: str) -> Hook:
    """The adapter's reading of a payload, signed as GitHub signs it."""
    text = json.dumps(payload)
    body = urlencode({"payload": text}).encode() if form else text.encode()
    headers = {
        "x-github-event": event,
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "content-type": "application/x-www-form-urlencoded" if form else "application/json",
        "x-hub-signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
        **more,
    }
    config = ForumConfig(f"https://github.com/{repository}", {"threads": "both"}, hook_secret=SECRET)
    with GitHubForum(config, HttpPolicy(1.0, 1.0, ())) as forum:
        return forum.hook(headers, body)


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize(
    ("event", "thread_id"),
    [("issues", "issue-1"), ("issue_comment", "issue-1"), ("discussion", "discussion-4"), ("discussion_comment", "discussion-4")],
)
def test_the_documented_examples_name_their_thread(samples: Any, event: str, thread_id: str, form: bool) -> None:
    hook = read(event, samples["events"][event], form=form)
    assert (hook.kind, hook.thread_id) == (HookKind.thread, thread_id)
    assert hook.event_id == f"{event}:72d3162e-cc78-11e3-81ab-4c9367dc0958"


def test_a_ping_is_one(samples: Any) -> None:
    assert read("ping", samples["events"]["ping"], repository="o/r").kind is HookKind.ping


def test_an_issue_that_leaves_is_read_again(samples: Any) -> None:
    hook = read("issues", samples["events"]["transferred"], repository="octo-org/octo-repo")
    assert (hook.kind, hook.thread_id) == (HookKind.thread, "issue-1")


def test_labels_as_such_other_repositories_and_other_events_are_ignored(samples: Any) -> None:
    events = samples["events"]
    assert read("label", events["label"]).kind is HookKind.ignored
    assert read("issues", events["issues"], repository="Codertocat/other").kind is HookKind.ignored
    assert read("push", {**events["issues"], "ref": "refs/heads/main"}).kind is HookKind.ignored
    assert read("issues", events["issues"], repository="codertocat/hello-world").kind is HookKind.thread


@pytest.mark.parametrize("issue", [None, "1", {"number": "1"}, {"number": True}, {"number": -1}, {}, {"number": 1, "pull_request": {}}])
def test_an_odd_subject_is_ignored(samples: Any, issue: object) -> None:
    assert read("issue_comment", {**samples["events"]["issue_comment"], "issue": issue}).kind is HookKind.ignored


def test_a_comment_on_a_pull_request_is_ignored(case: GithubCase, forum: GitHubForum) -> None:
    thread = pull_request(case)
    headers, body = case.hook(f"issue-{thread.id}", SECRET)
    assert forum.hook(headers, body).kind is HookKind.ignored


@pytest.mark.parametrize("form", [False, True])
def test_the_doubles_webhooks_are_read_in_both_content_types(case: GithubCase, forum: GitHubForum, form: bool) -> None:
    case.double.sends_forms = form
    thread_id = case.thread("Über", "Text & mehr = 100 %")
    headers, body = case.hook(thread_id, SECRET)
    assert forum.hook(headers, body).thread_id == thread_id
    with pytest.raises(HookRefusedError):
        forum.hook(headers, body + b" ")


def test_the_old_signature_alone_is_no_signature(case: GithubCase, forum: GitHubForum) -> None:
    headers, body = case.hook(case.thread("One", "Text."), SECRET)
    with pytest.raises(HookRefusedError):
        forum.hook({name: value for name, value in headers.items() if name != "x-hub-signature-256"}, body)


@pytest.mark.parametrize("body", [b"payload=", b"other=%7B%7D", b"payload=%5B%5D", b"\xff"])
def test_a_form_without_its_payload_is_not_understood(forum: GitHubForum, body: bytes) -> None:
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-github-event": "issues", "content-type": "application/x-www-form-urlencoded", "x-hub-signature-256": signature}
    with pytest.raises(HookUnreadableError):
        forum.hook(headers, body)
