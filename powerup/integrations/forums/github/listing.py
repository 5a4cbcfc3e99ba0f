"""Incremental sync of a repository: its issues, its discussions, and edited comments.

The cursor is `{"v": 1, "lists": {"issues": state, "discussions": state}, "etag": …, "edits": {…}}`; the states are those of `sweep`.

* Issues: `GET /repos/…/issues?state=all&sort=updated&direction=desc`. Whatever happens to an issue moves its `updated_at`, so no page is
  looked at again; with a token and its ETag a quiet poll is a 304, free of charge. `since` is not used: it would hide what is written
  after GitHub's clock (or an Enterprise Server's) was set back, and it would make another address, so another ETag, of every poll.
  Pull requests are in the list and are passed by only at the end: they too say how far the list was read.
* Discussions: `repository.discussions(orderBy: UPDATED_AT DESC)`.
* Edited comments: `GET /repos/…/issues/comments?sort=updated`: whether an edit moves its issue's `updated_at` is documented nowhere.
  Without a token (60 questions an hour) this is left out.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from powerup import clock
from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.github import discussions, issues, queries
from powerup.integrations.forums.github.ids import ISSUE, Which
from powerup.integrations.forums.github.settings import Settings
from powerup.integrations.forums.sweep import OVERLAP, Fetch, Row, State, advance, fingerprint
from powerup.integrations.github import VENDOR, GitHub
from powerup.integrations.github.client import PER_PAGE
from powerup.integrations.http import each, maybe, moment, need

Json = dict[str, Any]

PULL = "pull-"
"""How the id of a row begins that is a pull request and goes no further than this package."""
_VERSION = 1
_MOST_EDITS = 20
_EDITS_KEPT = 300
_SECOND = timedelta(seconds=1)


def changed_since(client: GitHub, settings: Settings, cursor: Mapping[str, object] | None) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    kept: Json = dict(cursor) if cursor and _is_ours(cursor) else {"lists": {}, "etag": "", "edits": None}
    states, stubs, more = dict(kept["lists"]), dict[str, ThreadStub](), False
    recent = RecentIssues(client, states.get("issues"), kept.get("etag"))
    sources: dict[str, Fetch] = {}
    if settings.issues:
        sources["issues"] = recent.fetch
    if settings.discussions:
        sources["discussions"] = _discussions(client)
    # While one list is being worked through, the others wait: their heads are read at the next poll.
    busy = [name for name in sources if not states.get(name) or states[name]["sweep"]]
    for name in busy or sources:
        step = advance(states.get(name), sources[name])
        states[name], more = step.state, more or step.more
        stubs.update({row.id: row.stub for row in step.out.values() if not row.id.startswith(PULL)})
    edits = kept["edits"]
    if settings.issues and client.signed_in and not more:
        edits, touched = _edited(client, edits, set(stubs))
        stubs.update(touched)
    after = {"v": _VERSION, "lists": {name: states[name] for name in sources}, "etag": recent.etag, "edits": edits}
    return Page(tuple(sorted(stubs.values(), key=lambda stub: stub.changed_at)), after, more)


def _is_ours(cursor: Mapping[str, object]) -> bool:
    return cursor.get("v") == _VERSION and isinstance(cursor.get("lists"), dict) and {"etag", "edits"} <= cursor.keys()


class RecentIssues:
    """The newest issues page by page, asked in a way that costs little when nothing has happened."""

    def __init__(self, client: GitHub, state: State | None, etag: object) -> None:
        self._client = client
        self._deep = bool(state and state.get("sweep"))
        self.etag = etag if isinstance(etag, str) else ""
        """Of the first page as it was last read."""

    def fetch(self, page: int) -> tuple[list[Row], bool]:
        """For `sweep`: a page's rows, pull requests among them, and whether there are more."""
        if page > 0 and not self._deep:
            return [], False
        path = f"{self._client.repository.path}/issues"
        # Within a longer sweep the first page is read for its rows, changed or not.
        known = self.etag if page == 0 and not self._deep else ""
        listed = self._client.listed(path, listing_params(page), etag=known)
        if page == 0 and not listed.unchanged:
            self.etag = listed.etag
        return [row_of_issue(issue) for issue in listed.items], listed.next_url is not None


def listing_params(page: int) -> dict[str, object]:
    """All issues, the most recently updated first; pages are numbered from 0 here and from 1 there."""
    return {"state": "all", "sort": "updated", "direction": "desc", "per_page": PER_PAGE, "page": page + 1}


def row_of_issue(issue: Json) -> Row:
    """One issue or pull request of a listing."""
    stub = issues.stub_of(issue)
    if issue.get("pull_request") is not None:
        number = need(issue, "number", int, vendor=VENDOR)
        stub = ThreadStub(f"{PULL}{number}", stub.url, stub.subject, stub.created_at, stub.changed_at, stub.message_count)
    owners = [maybe(user, "login", str, vendor=VENDOR) for user in maybe(issue, "assignees", list, vendor=VENDOR) or []]
    text = maybe(issue, "body", str, vendor=VENDOR) or ""
    said = [stub.changed_at, stub.subject, stub.message_count, sorted(issues.labels_of(issue)), owners, text]
    return Row(stub, stub.changed_at, False, fingerprint(*said, *(issue.get(name) for name in ("state", "state_reason", "locked"))))


def _discussions(client: GitHub) -> Fetch:
    """Pages by number over a list that is paged by cursor: the cursors met on the way are remembered."""
    cursors: list[str | None] = [None]
    names = {"owner": client.repository.owner, "name": client.repository.name}

    def step(after: str | None) -> tuple[list[Row], str | None]:
        data = client.graphql(queries.DISCUSSIONS, {**names, "after": after})
        found = maybe(data, "repository.discussions", dict, vendor=VENDOR)
        if found is None:
            raise GoneError("GitHub shows no discussions of this repository.", permanent=True)
        more = maybe(found, "pageInfo.hasNextPage", bool, vendor=VENDOR) is True
        end = need(found, "pageInfo.endCursor", str, vendor=VENDOR) if more else None
        return [row_of_discussion(node) for node in each(found, "nodes", vendor=VENDOR)], end

    def fetch(page: int) -> tuple[list[Row], bool]:
        while len(cursors) <= page:
            _, end = step(cursors[-1])
            if end is None:
                return [], False
            cursors.append(end)
        rows, end = step(cursors[page])
        if end is not None and len(cursors) == page + 1:
            cursors.append(end)
        return rows, end is not None

    return fetch


def row_of_discussion(discussion: Json) -> Row:
    """One discussion of a listing."""
    stub = discussions.stub_of(discussion)
    answer = maybe(discussion, "answer.id", str, vendor=VENDOR)
    said = [stub.changed_at, stub.subject, stub.message_count, sorted(discussions.labels_of(discussion)), answer]
    return Row(stub, stub.changed_at, False, fingerprint(*said, *(discussion.get(name) for name in ("closed", "stateReason", "locked"))))


def _edited(client: GitHub, known: Json | None, given: set[str]) -> tuple[Json, dict[str, ThreadStub]]:
    """Issues with a comment that was edited since; at the first time none, only what there is.

    A new comment moves its issue, so only those with an `updated_at` after their `created_at` count. At most 20 issues are looked at in
    one poll; the others stay unknown and come with the next one.
    """
    params: Json = {"sort": "updated", "direction": "desc", "per_page": PER_PAGE}
    if known:
        params["since"] = (clock.parse(known["since"]) - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
    comments = client.listed(f"{client.repository.path}/issues/comments", params).items
    seen, stubs = dict(known["seen"]) if known else {}, dict[str, ThreadStub]()
    newest = clock.parse(known["since"]) if known else None
    for comment in comments:
        updated = moment(comment, "updated_at", vendor=VENDOR)
        newest = max(newest, updated) if newest else updated
        key, stamp = str(need(comment, "id", int, vendor=VENDOR)), clock.iso(updated)
        is_edit = updated - moment(comment, "created_at", vendor=VENDOR) >= _SECOND
        if known and is_edit and seen.get(key) != stamp and "/pull/" not in need(comment, "html_url", str, vendor=VENDOR):
            number = need(comment, "issue_url", str, vendor=VENDOR).rsplit("/", 1)[-1]
            if len(stubs) >= _MOST_EDITS:
                continue
            if number.isdigit() and Which(ISSUE, int(number)).thread_id not in given | stubs.keys():
                stubs.update(_stub(client, int(number)))
        seen[key] = stamp
    kept = dict(sorted(seen.items(), key=lambda item: item[1], reverse=True)[:_EDITS_KEPT])
    return {"since": clock.iso(newest or clock.parse("2000-01-01T00:00:00Z")), "seen": kept}, stubs


def _stub(client: GitHub, number: int) -> dict[str, ThreadStub]:
    try:
        stub = issues.stub_of(issues.issue_json(client, number))
    except GoneError:
        return {}
    return {stub.external_id: stub}
