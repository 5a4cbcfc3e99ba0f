"""Incremental sync and history of a site: its tickets, the most recently changed first.

Everything that happens to a ticket moves its `LastUpdated`, which has whole seconds and, in a query, the time zone of the account that
asks. So nothing is asked by date: tickets are listed newest first (equal times by number) and compared here, by `sweep` and `walk`.

Two changes of a ticket within one second look like one in that list. For them RT's own log is read after it: `/transactions`, whose ids
grow with every change, from the newest one seen before.

The cursor is `{"v": 1, "list": state of sweep, "given": tickets given out in the present sweep, "log": newest transaction seen}`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from powerup.integrations.errors import GoneError
from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.rt.query import TICKETS, where
from powerup.integrations.forums.rt.reading import owner_of, queue_of, stub_of, ticket_json
from powerup.integrations.forums.rt.site import PAGE, VENDOR, Json, Site, id_of
from powerup.integrations.forums.sweep import Row, Step, advance, fingerprint
from powerup.integrations.forums.walk import walk
from powerup.integrations.http import each, maybe, need

LISTED = PAGE
"""Tickets to a page."""
_VERSION = 1
_MOST_LOG_PAGES = 5
_LOGGED = ("Create", "Correspond", "Comment", "Status", "Set", "SetWatcher", "AddWatcher", "DelWatcher", "AddLink", "CustomField")
_FIELDS = [
    ("fields", "Subject,Status,Owner,Queue,Created,LastUpdated"),
    ("fields[Queue]", "Name"),
    ("fields[Owner]", "Name"),
    ("orderby", "LastUpdated"),
    ("order", "DESC"),
    ("orderby", "id"),
    ("order", "DESC"),
]


def changed_since(site: Site, cursor: Mapping[str, object] | None) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    kept: dict[str, Any] = dict(cursor) if cursor and cursor.get("v") == _VERSION and cursor.get("list") else {}
    # At the beginning the log's end is asked for before the list is read, so that nothing falls between the two.
    log = kept["log"] if kept else _end_of_log(site)
    step = advance(kept.get("list"), lambda page: fetch(site, page))
    given = {*kept.get("given", ()), *step.out}
    if not step.more and kept:
        log = _read_log(site, step, given, log)
    stubs = sorted((row.stub for row in step.out.values()), key=lambda stub: (stub.changed_at, int(stub.external_id)))
    after = {"v": _VERSION, "list": step.state, "given": sorted(given) if step.more else [], "log": log}
    return Page(tuple(stubs), after, step.more)


def history(site: Site, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """Threads active since `since`, newest first; a cursor that is not ours begins anew."""
    state = cursor.get("walk") if cursor and cursor.get("v") == _VERSION else None
    total: list[int] = []
    step = walk(state if isinstance(state, Mapping) else None, lambda page: fetch(site, page, total), since=since)
    return Page(tuple(row.stub for row in step.rows), {"v": _VERSION, "walk": step.state}, step.more, total[-1] if total else None)


def search(site: Site, query: str, *, limit: int) -> list[ThreadStub]:
    """Threads that match a query in TicketSQL, the most recently changed first: RT knows no better order."""
    params = [("query", query), *_FIELDS, ("per_page", str(max(1, min(limit, LISTED))))]
    return [stub_of(site, ticket) for ticket in site.rows("/tickets", params)][:limit]


def fetch(site: Site, page: int, total: list[int] | None = None) -> tuple[list[Row], bool]:
    """One page of tickets, from 0, and whether there is another; `total` is told how many there are in all, where RT says so."""
    params = [("query", TICKETS), *_FIELDS, ("per_page", str(LISTED)), ("page", str(page + 1))]
    data = site.get("/tickets", params)
    tickets = each(data, "items", vendor=VENDOR)
    known = maybe(data, "total", int, vendor=VENDOR)
    if total is not None and known is not None:
        total.append(known)
    # Without a total our account's pages may have holes (`UseSQLForACLChecks` is off): only an empty one is the last.
    has_more = bool(tickets) if known is None else (page + 1) * LISTED < known
    return [_row(site, ticket) for ticket in tickets], has_more


def _row(site: Site, ticket: Json) -> Row:
    stub = stub_of(site, ticket)
    said = (stub.changed_at, stub.subject, need(ticket, "Status", str, vendor=VENDOR), owner_of(ticket), queue_of(ticket))
    return Row(stub, stub.changed_at, False, fingerprint(*said))


def _end_of_log(site: Site) -> int:
    params = {"query": where(("ObjectType", "=", "RT::Ticket")), "orderby": "id", "order": "DESC", "per_page": LISTED}
    return max((int(id_of(row)) for row in site.rows("/transactions", params)), default=0)


def _read_log(site: Site, step: Step, given: set[str], log: int) -> int:
    """Give out tickets with something in the log that the list did not show; returns the newest transaction seen."""
    touched: dict[str, None] = {}
    page = 1
    for _ in range(_MOST_LOG_PAGES):
        conditions = (("ObjectType", "=", "RT::Ticket"), ("Type", "IN", _LOGGED), ("id", ">", log))
        params = {"query": where(*conditions), "fields": "ObjectId", "orderby": "id", "order": "ASC", "per_page": LISTED, "page": page}
        rows = [row for row in site.rows("/transactions", params) if int(id_of(row)) > log]
        touched.update(dict.fromkeys(id_of(row, "ObjectId") for row in rows))
        if len(rows) < LISTED:
            break
        log, page = max(int(id_of(row)) for row in rows), 1
    log = max([log, *(int(id_of(row)) for row in rows)])
    for thread_id in [one for one in touched if one not in given]:
        try:
            row = _row(site, ticket_json(site, thread_id))
        except GoneError:
            continue
        if row.id not in given:
            step.out[row.id] = row
            step.state["seen"][row.id] = [row.print, step.state["seen"].get(row.id, ["", "", 0])[1] or row.active_at.isoformat(), 0]
            given.add(row.id)
    return log
