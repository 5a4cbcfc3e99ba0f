"""Reading back: the listing by cursor pages, newest first, and then what Zendesk has archived.

Sources: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets (`sort=-updated_at` with `page[size]`; a cursor
keeps its place whatever moves above it) and https://support.zendesk.com/hc/en-us/articles/4408887617050 (tickets are archived 120 days
after they were closed, and are then in no list). Archived ones are found by search, newest change first, at most 1,000 a query
(https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/): the query is then asked anew for what is older.

The cursor is `{"v": 1, "phase": "list", "after": …}`, `{…, "phase": "archive", "until": time, "page": n}`, or `{…, "phase": "done"}`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from powerup import clock
from powerup.integrations.forums.base import Page
from powerup.integrations.forums.sweep import Row
from powerup.integrations.forums.zendesk.listing import in_order, rows_of
from powerup.integrations.forums.zendesk.site import PAGE_SIZE, VENDOR, Json, Site
from powerup.integrations.http import each, maybe

_VERSION = 1
_ARCHIVED_AFTER = timedelta(days=100)
"""Less than the 120 days that it takes: a ticket may then come twice, and none is missed."""
_LAST_PAGE = 10


def history(site: Site, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """One page of tickets active since `since`; a cursor that is not ours begins anew."""
    kept: Json = dict(cursor) if cursor and cursor.get("v") == _VERSION else {}
    match kept.get("phase"):
        case "done":
            return Page((), kept, False)
        case "archive":
            return _archived(site, kept, since)
    return _listed(site, maybe(kept, "after", str) or "", since)


def _listed(site: Site, after: str, since: datetime) -> Page:
    params = {"sort": "-updated_at", "page[size]": str(PAGE_SIZE), "include": "comment_count"}
    data = site.get("/tickets.json", {**params, "page[after]": after} if after else params)
    rows = rows_of(site, each(data, "tickets", vendor=VENDOR))
    following = maybe(data, "meta.after_cursor", str, vendor=VENDOR) or ""
    # Only an order that was kept says that nothing younger follows.
    past = bool(rows) and in_order(rows) and rows[-1].active_at < since
    if maybe(data, "meta.has_more", bool, vendor=VENDOR) and following not in ("", after) and not past:
        return _page(rows, {"phase": "list", "after": following}, since)
    until = clock.now() - _ARCHIVED_AFTER
    if since < until:
        return _page(rows, {"phase": "archive", "until": clock.iso(until), "page": 1}, since)
    return _page(rows, {"phase": "done"}, since)


def _archived(site: Site, kept: Json, since: datetime) -> Page:
    until, page = clock.parse(kept["until"]), int(kept["page"])
    query = f"type:ticket status:closed updated>={_second(since)} updated<={_second(until)}"
    params = {"query": query, "sort_by": "updated_at", "sort_order": "desc", "page": str(page), "per_page": str(PAGE_SIZE)}
    data = site.get("/search.json", params)
    found = [item for item in each(data, "results", vendor=VENDOR) if item.get("result_type", "ticket") == "ticket"]
    rows = [row for row in rows_of(site, found) if row.active_at <= until]
    oldest = min((row.active_at for row in rows), default=until)
    if not maybe(data, "next_page", str, vendor=VENDOR) or not found:
        return _page(rows, {"phase": "done"}, since)
    if page < _LAST_PAGE:
        return _page(rows, {"phase": "archive", "until": clock.iso(until), "page": page + 1}, since)
    # A thousand of one and the same second: the rest of them is left out, for no query can part them.
    older = oldest if oldest < until else until - timedelta(seconds=1)
    return _page(rows, {"phase": "archive", "until": clock.iso(older), "page": 1}, since)


def _page(rows: list[Row], cursor: Json, since: datetime) -> Page:
    stubs = [row.stub for row in sorted(rows, key=lambda row: row.active_at, reverse=True) if row.active_at >= since]
    return Page(tuple(stubs), {"v": _VERSION, **cursor}, cursor["phase"] != "done")


def _second(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
