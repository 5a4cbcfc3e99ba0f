"""What the suite asks of every adapter in the same way: reading to the end, every call once, and a stranger's server that remembers."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, request

from powerup import clock
from powerup.integrations.forums.base import Draft, Forum, Page, ThreadStub
from powerup.integrations.forums.registry import adapter_of
from powerup.sandbox.common.server import ThreadedServer
from tests.contract.forum.case import ForumCase

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MOST_STEPS = 400


def recently(**ago: float) -> datetime:
    """A whole second, so long ago."""
    return clock.now().replace(microsecond=0) - timedelta(**ago)


def everything(forum: Forum, cursor: Mapping[str, Any] | None = None) -> tuple[list[str], Mapping[str, Any]]:
    """All that is new since the cursor, as one poll reads it; the cursor goes through a database between two pages."""
    found: list[str] = []
    for _ in range(MOST_STEPS):
        page = forum.changed_since(cursor)
        found += [stub.external_id for stub in page.stubs]
        cursor = json.loads(json.dumps(page.cursor))
        if not page.more:
            assert cursor is not None
            return found, cursor
    raise AssertionError("the reading does not come to an end")


def past(forum: Forum, *, since: datetime = LONG_AGO, meanwhile: Callable[[int], None] = lambda step: None) -> list[ThreadStub]:
    """All history, newest first; `meanwhile` is called between two steps."""
    return [stub for page in steps_back(forum, since=since, meanwhile=meanwhile) for stub in page.stubs]


def steps_back(forum: Forum, *, since: datetime = LONG_AGO, meanwhile: Callable[[int], None] = lambda step: None) -> list[Page]:
    """The pages of history."""
    cursor: Mapping[str, Any] | None = None
    pages: list[Page] = []
    for step in range(MOST_STEPS):
        page = forum.history(cursor, since=since)
        pages.append(page)
        if not page.more:
            return pages
        cursor = json.loads(json.dumps(page.cursor))
        meanwhile(step)
    raise AssertionError("the reading back does not come to an end")


def calls(thread_id: str) -> dict[str, Callable[[Forum], object]]:
    """Every call that reads or writes a forum, by name; those that a kind cannot do refuse by themselves."""
    return {
        "read": lambda forum: forum.read(thread_id),
        "changed_since": lambda forum: forum.changed_since(None),
        "history": lambda forum: forum.history(None, since=LONG_AGO),
        "search": lambda forum: forum.search("word", limit=3),
        "post": lambda forum: forum.post(thread_id, Draft("Answer.", False, "closeloop:d-90"), look_first=False),
        "post after a look": lambda forum: forum.post(thread_id, Draft("Answer.", False, "closeloop:d-91"), look_first=True),
        "note": lambda forum: forum.post(thread_id, Draft("Note.", True, "closeloop:d-92"), look_first=False),
        "assign": lambda forum: forum.assign(thread_id, person="ben", team=None),
        "resolve": lambda forum: forum.resolve(thread_id, message_id=None),
        "acknowledge": lambda forum: forum.acknowledge(thread_id),
        "tag": lambda forum: forum.tag(thread_id, add=["billing"], remove=[]),
    }


def secrets_of(case: ForumCase, credentials: Mapping[str, str] | None = None) -> set[str]:
    """What may never be seen outside: the secret fields of Ada's credentials and of those given."""
    secret = {field.name for field in adapter_of(case.kind).credential_fields if field.secret}
    both = [*case.credentials().items(), *(credentials or {}).items()]
    return {value for name, value in both if name in secret and value}


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another host: its address, and all that it is sent (line, headers and body of each request)."""
    seen: list[str] = []
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def remember(path: str) -> str:
        seen.append(f"{request.method} {request.url}\n{request.headers}\n{request.get_data(as_text=True)}")
        return "{}"

    with ThreadedServer(app) as server:
        yield server.url, seen
