"""Incremental sync, history and search: issues, the most recently changed first.

Everything that is done to an issue moves its `activity` (whole seconds), its messages' numbers stand in its row, and so does every
property that we show: two changes within one second are told apart by the fingerprint. What is *not* listed: a message that was retired by
itself, or edited through the REST interface (no page of Roundup does either); the next change of the issue brings it.

Rows are asked for with `@verbose=0`: bare numbers, so that an issue of 5,000 messages is a row of 50 KB and not of half a megabyte.
"""

from collections.abc import Mapping
from datetime import datetime

from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.roundup.reading import FIELDS, stub_of
from powerup.integrations.forums.roundup.site import VENDOR, Json, Site, ident, idents, maybe_ident
from powerup.integrations.forums.sweep import Row, advance, fingerprint
from powerup.integrations.forums.walk import walk
from powerup.integrations.http import each, maybe

LISTED = 100
"""Issues to a page."""
_VERSION = 1
_MOST_WORDS = 8
_MOST_MESSAGES = 200
_NEWEST = [("@fields", ",".join(FIELDS)), ("@verbose", "0"), ("@sort", "-activity,-id")]


def changed_since(site: Site, cursor: Mapping[str, object] | None) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    state = cursor.get("list") if cursor and cursor.get("v") == _VERSION else None
    step = advance(dict(state) if isinstance(state, Mapping) else None, lambda page: fetch(site, page))
    stubs = sorted((row.stub for row in step.out.values()), key=lambda stub: (stub.changed_at, int(stub.external_id)))
    return Page(tuple(stubs), {"v": _VERSION, "list": step.state}, step.more)


def history(site: Site, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """Threads active since `since`, newest first; a cursor that is not ours begins anew."""
    state = cursor.get("walk") if cursor and cursor.get("v") == _VERSION else None
    total: list[int] = []
    step = walk(state if isinstance(state, Mapping) else None, lambda page: fetch(site, page, total), since=since)
    return Page(tuple(row.stub for row in step.rows), {"v": _VERSION, "walk": step.state}, step.more, total[-1] if total else None)


def search(site: Site, query: str, *, limit: int) -> list[ThreadStub]:
    """Issues with all words in the title; then those with all in one message's `summary`, which is its first lines.

    The REST interface has no full-text search: `@search_text` is ignored, and a filter by `content` finds nothing (seen on 2.6.0).
    """
    words = query.split()[:_MOST_WORDS]
    if not words or limit < 1:
        return []
    size = ("@page_size", str(min(limit, LISTED)))
    rows = site.rows("/issue", [*(("title", word) for word in words), *_NEWEST, size])
    if len(rows) < limit:
        params = [*(("summary", word) for word in words), ("@sort", "-id"), ("@page_size", str(_MOST_MESSAGES))]
        messages = [ident(row, "id") for row in site.rows("/msg", params)]
        if messages:
            rows += site.rows("/issue", [("messages", ",".join(messages)), *_NEWEST, size])
    found = {stub.external_id: stub for stub in (stub_of(site, row) for row in rows)}
    return list(found.values())[:limit]


def fetch(site: Site, page: int, total: list[int] | None = None) -> tuple[list[Row], bool]:
    """One page of issues, from 0, and whether there is another; `total` is told how many there are in all, where Roundup counts them."""
    data = site.get("/issue", [*_NEWEST, ("@page_size", str(LISTED)), ("@page_index", str(page + 1))])
    count = maybe(data, "@total_size", int, vendor=VENDOR)
    if total is not None and count is not None and count >= 0:
        total.append(count)
    return [_row(site, issue) for issue in each(data, "collection", vendor=VENDOR)], bool(maybe(data, "@links.next", list, vendor=VENDOR))


def _row(site: Site, issue: Json) -> Row:
    stub = stub_of(site, issue)
    links = [maybe_ident(issue, name) for name in ("status", "assignedto")]
    lists = [idents(issue, name) for name in ("messages", "keyword", "files")]
    return Row(stub, stub.changed_at, False, fingerprint(stub.changed_at, stub.subject, links, lists))
