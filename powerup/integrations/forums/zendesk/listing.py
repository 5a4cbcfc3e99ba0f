"""What changed: the incremental export for admins, a listing for other agents. And what was: `history`.

Sources: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ (for admins only; `start_time` or
`cursor`, then `after_cursor` and `end_of_stream`; 10 requests a minute; deleted tickets have the status `deleted`),
…/documentation/ticketing/managing-tickets/using-the-incremental-export-api (what changed within the last minute is left out and comes
later; `start_time` is compared with `generated_timestamp`, which moves with every change) and …/tickets/tickets/#list-tickets
(`sort=-updated_at` with cursor pages, `sort_by=updated_at&sort_order=desc` with numbered ones, of which there are 100; each ignores the
other's parameter).

The cursor is `{"v": 1, "mode": "export", "cursor"?: …, "since": time, "floor": time, "seen": {id: [print, generated]}}`, or
`{"v": 1, "mode": "list", "state": …}` with a state of `sweep`. The export may give out a ticket twice: `seen` knows what the last ones
said, and `floor` where history begins.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from powerup import clock
from powerup.integrations.errors import NotPermittedError, RejectedError, VendorBrokenError
from powerup.integrations.forums.base import Page
from powerup.integrations.forums.sweep import OVERLAP, Row, advance, fingerprint
from powerup.integrations.forums.zendesk.site import PAGE_SIZE, VENDOR, Json, Site
from powerup.integrations.forums.zendesk.tickets import stub_of
from powerup.integrations.http import each, maybe, need

_VERSION = 1
_KEPT = 400
_LAST_PAGE = 100
"""Numbered pages end at 10,000 tickets (https://developer.zendesk.com/api-reference/introduction/pagination/#using-offset-pagination)."""
_DISORDER = timedelta(minutes=5)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_COUNT = "comment_count"


def changed_since(site: Site, cursor: Mapping[str, object] | None) -> Page:
    """The next tickets to read, oldest change first; a cursor that is not ours begins anew."""
    kept: Json = dict(cursor) if cursor and cursor.get("v") == _VERSION else {}
    match kept.get("mode"):
        case "export":
            try:
                return _exported(site, kept)
            except NotPermittedError:
                # No admin any more: the listing is read down to where the export was.
                return _listed(site, {"since": kept["since"], "seen": {}, "sweep": None, "turn": 0})
        case "list":
            return _listed(site, kept.get("state"))
    return _begun(site)


def rows_of(site: Site, tickets: Sequence[Json]) -> list[Row]:
    """Tickets of a listing as rows."""
    return [Row(stub := stub_of(site, ticket), stub.changed_at, False, _print(ticket)) for ticket in tickets]


def _begun(site: Site) -> Page:
    """The newest page, and a cursor that begins a little before its newest ticket: by Zendesk's own clock, not by ours."""
    step = advance(None, lambda page: _numbered(site, page))
    stubs = tuple(sorted((row.stub for row in step.out.values()), key=lambda stub: stub.changed_at))
    if site.me().get("role") != "admin":
        return Page(stubs, {"v": _VERSION, "mode": "list", "state": step.state}, step.more)
    start = stubs[-1].changed_at - OVERLAP if stubs else _LONG_AGO + timedelta(seconds=1)
    cursor = {
        "v": _VERSION,
        "mode": "export",
        "since": clock.iso(start),
        "floor": step.state["floor"],
        "seen": {row.id: [row.print, None] for row in step.out.values()},
    }
    return Page(stubs, cursor, step.more)


def _exported(site: Site, kept: Json) -> Page:
    data = _next(site, kept)
    seen, floor, out = dict(kept["seen"]), clock.parse(kept["floor"]), dict[str, Row]()
    tickets = each(data, "tickets", vendor=VENDOR)
    for ticket, row in zip(tickets, rows_of(site, tickets), strict=True):
        generated, known = maybe(ticket, "generated_timestamp", int, vendor=VENDOR), seen.pop(row.id, None)
        if known is None and row.active_at < floor:
            continue  # history: the export looks at more than a ticket's last update
        if known is None or known[0] != row.print or (known[1] is not None and known[1] != generated):
            out[row.id] = row
        seen[row.id] = [row.print, generated]
    after = maybe(data, "after_cursor", str, vendor=VENDOR) or kept.get("cursor")
    ended = need(data, "end_of_stream", bool, vendor=VENDOR) or (not tickets and after == kept.get("cursor"))
    since = max([clock.parse(kept["since"]), *(row.active_at - OVERLAP for row in out.values())])
    cursor = {**kept, "cursor": after, "since": clock.iso(since), "seen": dict(list(seen.items())[-_KEPT:])}
    return Page(tuple(sorted((row.stub for row in out.values()), key=lambda stub: stub.changed_at)), cursor, not ended)


def _next(site: Site, kept: Json) -> Json:
    """The next answer of the export. A place that Zendesk does not understand any more is found again by time."""
    places = [{"start_time": str(int(at.timestamp()))} for at in (clock.parse(kept["since"]), _earlier(kept))]
    if kept.get("cursor"):
        places.insert(0, {"cursor": str(kept["cursor"])})
    for place in places:
        try:
            return site.get("/incremental/tickets/cursor.json", {**place, "per_page": str(PAGE_SIZE), "include": _COUNT})
        except RejectedError as error:
            refusal = error
    raise refusal


def _earlier(kept: Json) -> datetime:
    """An hour before, by the clock that says the earlier time: one of the two was set back."""
    return min(clock.parse(kept["since"]), clock.now()) - timedelta(hours=1)


def _listed(site: Site, state: Any) -> Page:
    step = advance(state, lambda page: _numbered(site, page))
    stubs = tuple(sorted((row.stub for row in step.out.values()), key=lambda stub: stub.changed_at))
    return Page(stubs, {"v": _VERSION, "mode": "list", "state": step.state}, step.more)


def _numbered(site: Site, page: int) -> tuple[list[Row], bool]:
    """A page of the listing, the most recently changed first, and whether there are more."""
    params = {"sort_by": "updated_at", "sort_order": "desc", "page": str(page + 1), "per_page": str(PAGE_SIZE), "include": _COUNT}
    data = site.get("/tickets.json", params)
    rows = rows_of(site, each(data, "tickets", vendor=VENDOR))
    if not in_order(rows):
        raise VendorBrokenError(f"{VENDOR} lists tickets in another order than it was asked for.")
    return rows, bool(maybe(data, "next_page", str, vendor=VENDOR)) and page + 1 < _LAST_PAGE


def in_order(rows: Sequence[Row]) -> bool:
    """Whether rows come the most recently changed first; a little disorder among what changes just now is none."""
    return all(later.active_at <= earlier.active_at + _DISORDER for earlier, later in pairwise(rows))


def _print(ticket: Json) -> str:
    names = ("updated_at", "status", "assignee_id", "group_id", "subject", "requester_id", _COUNT)
    return fingerprint(*(ticket.get(name) for name in names), sorted(str(tag) for tag in ticket.get("tags") or ()))
