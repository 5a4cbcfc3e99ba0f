"""What changed, and what came before: NodeBB's listings, most recently active first, 20 at a time unless our account chose otherwise.

`/api/recent` knows at most the 200 most recently active topics of the whole site (`recentMaxTopics` in src/topics/sorted.js), so it
serves to find changes, and history is read category by category (`/api/category/{cid}?sort=recently_replied`). When more changed than
`/api/recent` shows, since a poll that is long ago, the categories are read back to that time, too.

The cursor of changes is `{"v": 1, "recent": state of sweep, "gap": None or {"since", "walk"}}`, that of history
`{"v": 1, "lists": {category: state of walk}}`. Neither list says that an older message was edited; the newest one's text is in the
`teaser`. Unknown parameters are ignored by NodeBB, so what comes is looked at again here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from powerup import clock
from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Page
from powerup.integrations.forums.nodebb.reading import maybe_moment, page_count, stub_of, tags_of
from powerup.integrations.forums.nodebb.scope import Scope
from powerup.integrations.forums.nodebb.site import VENDOR, Json, Site, flag, ident, segment
from powerup.integrations.forums.sweep import OVERLAP, Fetch, Row, advance, fingerprint
from powerup.integrations.forums.walk import walk
from powerup.integrations.http import each, maybe

_VERSION = 1
_STATE_FIELDS = ("cid", "locked", "deleted", "mergeIntoTid", "isSolved", "solvedPid", "postcount")
_MOST_STEPS = 5
"""Categories that one call looks into while they hold nothing of interest."""
_FAR_FUTURE = "9999-12-31T23:59:59+00:00"


def changed_since(site: Site, scope: Scope, cursor: Mapping[str, object] | None) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    kept = cursor if cursor and cursor.get("v") == _VERSION else {}
    state: Any = kept.get("recent")
    gap: Any = kept.get("gap")
    if gap:
        return _fill(site, scope, state, gap)
    recent = _Recent(site, scope)
    step = advance(state, recent.fetch)
    if state is not None and not step.state["sweep"] and (since := recent.unseen_since(state)):
        gap = {"since": clock.iso(since), "walk": None}
    cursor = {"v": _VERSION, "recent": step.state, "gap": gap}
    stubs = sorted((row.stub for row in step.out.values()), key=lambda stub: stub.changed_at)
    return Page(tuple(stubs), cursor, bool(step.more or gap))


def history(site: Site, scope: Scope, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """The next page of that category whose threads are the most recently active of those not given out yet."""
    rows, state, more, total = _walk(site, scope, cursor, since)
    return Page(tuple(row.stub for row in rows), state, more, total)


def rows_of(site: Site, scope: Scope, data: object) -> list[Row]:
    """The `topics` of a listing as rows; topics that are to appear later do not exist yet."""
    return [_row(site, scope, topic) for topic in each(data, "topics", vendor=VENDOR) if _is_there(topic) and scope.holds(topic)]


def categories(site: Site) -> list[Json]:
    """Every category that our account may see, but for links and the pool of what other servers sent."""
    found = each(site.fetch("/categories"), "categories", vendor=VENDOR)
    return [one for one in found if not flag(one, "disabled") and not one.get("link") and ident(one, "cid") != "-1"]


class _Recent:
    """The site-wide listing, remembering whether it was read to an end that comes too early."""

    def __init__(self, site: Site, scope: Scope) -> None:
        self._site, self._scope = site, scope
        self._shown = 0
        self._oldest: datetime | None = None

    def fetch(self, page: int) -> tuple[list[Row], bool]:
        params = [("page", str(page + 1)), *(("cid", cid) for cid in sorted(self._scope.only))]
        data = self._site.read("/recent", params)
        rows, has_more = rows_of(self._site, self._scope, data), page + 1 < page_count(data)
        if not has_more:
            self._shown = maybe(data, "topicCount", int, vendor=VENDOR) or 0
            self._oldest = min((row.active_at for row in rows), default=None)
        return rows, has_more

    def unseen_since(self, before: Mapping[str, Any]) -> datetime | None:
        """From when on the categories must be read: where the list ended, not having reached what was known, though there is more."""
        sweep = before.get("sweep")
        until = clock.parse(sweep["until"]) if sweep else clock.parse(before["since"]) - OVERLAP
        if self._oldest is None or self._oldest < until:
            return None
        there = [one for one in categories(self._site) if self._scope.holds(one)]
        return until if sum(map(_size, there)) > self._shown else None


def _fill(site: Site, scope: Scope, state: Any, gap: Mapping[str, Any]) -> Page:
    """One step through the categories, leaving out what the sweep gave out as it is now."""
    rows, walked, more, _ = _walk(site, scope, gap["walk"], clock.parse(gap["since"]))
    fresh = [row.stub for row in rows if state["seen"].get(row.id, [""])[0] != row.print]
    cursor = {"v": _VERSION, "recent": state, "gap": {**gap, "walk": walked} if more else None}
    return Page(tuple(sorted(fresh, key=lambda stub: stub.changed_at)), cursor, more)


def _walk(
    site: Site, scope: Scope, cursor: Mapping[str, object] | None, since: datetime
) -> tuple[tuple[Row, ...], dict[str, Any], bool, int | None]:
    known = cursor if cursor and cursor.get("v") == _VERSION else {}
    lists: Any = known.get("lists")
    total: Any = known.get("total")
    if lists is None:
        there = [one for one in categories(site) if scope.holds(one) and _size(one)]
        lists, total = {ident(one, "cid"): None for one in there}, sum(map(_size, there))
    rows: tuple[Row, ...] = ()
    for _ in range(_MOST_STEPS):
        left = {cid: state for cid, state in lists.items() if not (state and state["done"])}
        if rows or not left:
            break
        # The one that was never asked, else the one that stands at the latest time.
        cid = max(left, key=lambda one: left[one]["ceiling"] if left[one] else _FAR_FUTURE)
        step = walk(left[cid], _category(site, scope, cid), since=since)
        lists, rows = {**lists, cid: step.state}, step.rows
    more = any(not (state and state["done"]) for state in lists.values())
    return rows, {"v": _VERSION, "lists": lists, "total": total}, more, total


def _category(site: Site, scope: Scope, cid: str) -> Fetch:
    def fetch(page: int) -> tuple[list[Row], bool]:
        try:
            data = site.read(f"/category/{segment(cid)}", {"page": page + 1, "sort": "recently_replied"})
        except (GoneError, NotPermittedError):
            # Removed or closed to us since the beginning, or the list became shorter than it was.
            return [], False
        return rows_of(site, scope, data), page + 1 < page_count(data)

    return fetch


def _row(site: Site, scope: Scope, topic: Json) -> Row:
    stub = stub_of(site, scope, topic)
    active = maybe_moment(topic, "lastposttime") or stub.created_at
    teaser = maybe(topic, "teaser", dict, vendor=VENDOR) or {}
    said = [active, stub.subject, sorted(tags_of(topic)), *(teaser.get(name) for name in ("pid", "timestamp", "content"))]
    return Row(stub, active, flag(topic, "pinned"), fingerprint(*said, *(topic.get(name) for name in _STATE_FIELDS)))


def _is_there(topic: Json) -> bool:
    return not flag(topic, "scheduled")


def _size(category: Json) -> int:
    return maybe(category, "topic_count", int, vendor=VENDOR) or 0
