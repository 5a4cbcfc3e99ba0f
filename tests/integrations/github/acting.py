"""Short ways to what only GitHub has."""

from datetime import datetime
from typing import Any

from powerup.sandbox.desk.models import Thread
from powerup.sandbox.desk.store import NewPost
from tests.contract.forum.github import GithubCase


def discussion(case: GithubCase, subject: str = "How do I?", text: str = "Like this?", *, author: str = "mei", **extra: Any) -> str:
    """A discussion; returns its id as the adapter knows it."""
    thread = case.store.open_thread(subject, NewPost(author, text), kind="discussion", **extra)
    return f"discussion-{thread.id}"


def pull_request(case: GithubCase, subject: str = "Fix it", *, at: datetime | None = None) -> Thread:
    """A pull request, which the issues' API shows among issues."""
    return case.store.open_thread(subject, NewPost("dave", "See the diff.", at), pull_request=True)


def answer(case: GithubCase, thread_id: str, text: str, *, author: str = "mei", **extra: Any) -> str:
    """A comment with what only GitHub knows of it, such as `parent`; returns its id as the adapter knows it."""
    return case.double.post_key(case.store.add_post(case.double.thread_id(thread_id), NewPost(author, text, extra=extra)))


def stored(case: GithubCase, thread_id: str) -> Thread:
    """The thread as the double holds it."""
    return case.store.threads[case.double.thread_id(thread_id)]


def questions(case: GithubCase, method: str = "", path: str = "", status: int | None = None) -> int:
    """How often the double was asked."""
    return case.double.faults.requests.count(method, path, status)
