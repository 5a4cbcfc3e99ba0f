"""Which threads to read: what changed on a site, and its history; from its latest list, group inboxes, and the newest posts for edits.

The cursor of changes is `{"v": 1, "lists": {"latest": state, "group:support": state}, "posts": {post id: version}}`; the states are
those of `sweep`. One call makes one step of each list. Edits and replies without a bump appear in no list's order: while all is quiet,
`/posts.json` (`PostsController#latest`, the 50 newest posts, each with its `version`) is compared with the versions seen before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from powerup import clock
from powerup.integrations.errors import GoneError, NotPermittedError, VendorBrokenError
from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.discourse.reading import stub_of, tags_of, topic_json
from powerup.integrations.forums.discourse.site import VENDOR, Site, segment
from powerup.integrations.forums.sweep import Fetch, Row, advance, fingerprint
from powerup.integrations.forums.walk import walk
from powerup.integrations.http import each, maybe, maybe_moment, moment, need

_VERSION = 1
_POSTS_KEPT = 150
_STATE_FIELDS = ("highest_post_number", "posts_count", "closed", "archived", "visible", "category_id", "has_accepted_answer")


def changed_since(site: Site, cursor: Mapping[str, object] | None, *, inboxes: Sequence[str] = ()) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    kept: dict[str, Any] = (
        dict(cursor) if cursor and cursor.get("v") == _VERSION and "lists" in cursor else {"v": _VERSION, "lists": {}, "posts": None}
    )
    states, stubs, more = dict(kept["lists"]), dict[str, ThreadStub](), False
    sources = _sources(site, inboxes)
    # While one list is being worked through, the others wait: their heads are read at the next poll.
    busy = [name for name in sources if not states.get(name) or states[name]["sweep"]]
    for name in busy or sources:
        fetch = sources[name]
        step = advance(states.get(name), fetch)
        states[name], more = step.state, more or step.more
        stubs.update({row.id: row.stub for row in step.out.values()})
    posts = kept["posts"]
    if not more:
        posts, touched = _newest_posts(site, posts, states["latest"], set(stubs))
        stubs.update(touched)
    # A list that was dropped from the settings is dropped from the cursor too.
    cursor = {"v": _VERSION, "lists": {name: states[name] for name in sources}, "posts": posts}
    return Page(tuple(sorted(stubs.values(), key=lambda stub: stub.changed_at)), cursor, more)


def history(site: Site, cursor: Mapping[str, object] | None, *, since: datetime, inboxes: Sequence[str] = ()) -> Page:
    """The next page of what is past, newest first; a cursor that is not ours begins anew.

    The cursor is `{"v": 1, "lists": {"latest": state, …}, "total": 812}`, the states those of `walk`. Each call goes a step back in
    the list that has come least far, so that they all end together.
    """
    kept: dict[str, Any] = dict(cursor) if cursor and cursor.get("v") == _VERSION and "total" in cursor else {}
    states: dict[str, Any] = dict(kept.get("lists") or {})
    total = kept["total"] if kept else _count(site)
    sources = _sources(site, inboxes)
    states = {name: state for name, state in states.items() if name in sources}
    waiting = [name for name in sources if not states.get(name, {}).get("done")]
    stubs: tuple[ThreadStub, ...] = ()
    if waiting:
        # An unread list has no ceiling yet and goes first.
        name = max(waiting, key=lambda name: states[name]["ceiling"] if name in states else "~")
        walked = walk(states.get(name), sources[name], since=since)
        states[name], stubs = walked.state, tuple(row.stub for row in walked.rows)
    more = any(not states.get(name, {}).get("done") for name in sources)
    return Page(stubs, {"v": _VERSION, "lists": states, "total": total}, more, total)


def _sources(site: Site, inboxes: Sequence[str]) -> dict[str, Fetch]:
    return {"latest": _latest(site), **{f"group:{name}": _inbox(site, name) for name in inboxes}}


def _count(site: Site) -> int | None:
    """How many topics the site says it has (`/about.json`; `topic_count` until 2024); None where it does not say."""
    try:
        stats = maybe(site.get("/about.json"), "about.stats", dict, vendor=VENDOR) or {}
    except (GoneError, NotPermittedError, VendorBrokenError):
        return None
    found = stats.get("topics_count", stats.get("topic_count"))
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**53 else None


def rows_of(site: Site, data: object) -> tuple[list[Row], bool]:
    """A `topic_list` answer as rows; whether a further page exists is said by `more_topics_url` alone."""
    topics = each(data, "topic_list.topics", vendor=VENDOR)
    has_more = bool(topics) and bool(maybe(data, "topic_list.more_topics_url", str, vendor=VENDOR))
    return [_row(site, topic) for topic in topics], has_more


def _row(site: Site, topic: dict[str, Any]) -> Row:
    stub = stub_of(site, topic)
    active = maybe_moment(topic, "bumped_at", vendor=VENDOR) or maybe_moment(topic, "last_posted_at", vendor=VENDOR) or stub.created_at
    owner = maybe(topic, "assigned_to_user.username", str, vendor=VENDOR), maybe(topic, "assigned_to_group.name", str, vendor=VENDOR)
    said = [active, stub.subject, sorted(tags_of(topic)), owner, maybe(topic, "last_posted_at", str, vendor=VENDOR)]
    floating = topic.get("pinned") is True or topic.get("pinned_globally") is True
    return Row(stub, active, floating, fingerprint(*said, *(topic.get(name) for name in _STATE_FIELDS)))


def _latest(site: Site) -> Fetch:
    # `order=activity` is bumped_at descending (TopicQuery::SORTABLE_MAPPING), whatever default the site chose.
    return lambda page: rows_of(site, site.get("/latest.json", {"order": "activity", "page": page}))


def _inbox(site: Site, group: str) -> Fetch:
    path = f"/topics/private-messages-group/{segment(site.username)}/{segment(group)}.json"

    def fetch(page: int) -> tuple[list[Row], bool]:
        try:
            return rows_of(site, site.get(path, {"page": page}))
        except GoneError as error:
            why = f"The group inbox “{group}” does not exist, or {site.username} may not read it."
            raise NotPermittedError(why, permanent=True, http_status=error.http_status) from None

    return fetch


def _newest_posts(
    site: Site, known: dict[str, int] | None, latest: dict[str, Any], given: set[str]
) -> tuple[dict[str, int] | None, dict[str, ThreadStub]]:
    """Threads with an edited post, or with a new one that did not bump them; at the first time none, only the versions."""
    try:
        posts = each(site.get("/posts.json"), "latest_posts", vendor=VENDOR)
    except (GoneError, NotPermittedError, VendorBrokenError):
        # A site may hide this list; then edits are seen when something else happens in their thread.
        return known, {}
    versions, threads = dict(known or {}), set[str]()
    for post in posts:
        number, version = str(need(post, "id", int, vendor=VENDOR)), maybe(post, "version", int, vendor=VENDOR) or 1
        thread_id = str(need(post, "topic_id", int, vendor=VENDOR))
        if known is not None and number not in known and not _is_covered(post, thread_id, latest):
            if moment(post, "created_at", vendor=VENDOR) >= clock.parse(latest["since"]):
                # Written after the list was read: if it bumps its thread, the next sweep brings it.
                continue
            threads.add(thread_id)
        if versions.get(number, version) != version:
            threads.add(thread_id)
        versions[number] = version
    newest = sorted(versions.items(), key=lambda item: int(item[0]), reverse=True)[:_POSTS_KEPT]
    return dict(newest), {thread: stub for thread in sorted(threads - given) if (stub := _stub(site, thread))}


def _is_covered(post: dict[str, Any], thread_id: str, latest: dict[str, Any]) -> bool:
    """Whether the thread was given out with this post in it."""
    seen = latest["seen"].get(thread_id)
    return bool(seen) and clock.parse(seen[1]) >= clock.parse(clock.iso(moment(post, "created_at", vendor=VENDOR)))


def _stub(site: Site, thread_id: str) -> ThreadStub | None:
    try:
        return stub_of(site, topic_json(site, thread_id))
    except GoneError:
        return None
