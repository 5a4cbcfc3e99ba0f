"""A ticket's history: RT's transactions, those that say something, newest first.

`/ticket/{id}/history` takes conditions as JSON and gives with `_hyperlinks` the attachments of each row. Rows that our account may not
see leave holes in pages (see `site`), so the end is the one thing that is certain: every ticket begins with its `Create`, and only a
ticket into which others were merged (`AddLink` of `MergedInto`) has older ones behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from powerup.integrations.errors import VendorBrokenError
from powerup.integrations.forums.rt.query import Condition, where
from powerup.integrations.forums.rt.site import PAGE, VENDOR, Json, Site, id_of
from powerup.integrations.http import each, maybe, moment, need

MESSAGES = ("Create", "Correspond", "Comment")
_LINES = ("Status", "Set", "AddLink")
_MOST_PAGES = 1_000
_MOST_EMPTY, _MOST_EMPTY_AT_END = 10, 2
"""Pages in a row that hold nothing for us: while the beginning is not reached, and where there need not be more."""
_FIELDS = "Type,Creator,Created,Field,OldValue,NewValue,_hyperlinks"
_ATTACHMENT = re.compile(r"/attachment/([1-9][0-9]{0,17})$")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row. `kind` is RT's type; `attachment_ids` are those of its message's parts."""

    id: str
    kind: str
    creator: str
    created_at: datetime
    field: str
    old: str
    new: str
    attachment_ids: tuple[str, ...]

    @property
    def is_message(self) -> bool:
        """Whether somebody wrote it."""
        return self.kind in MESSAGES

    @property
    def is_public(self) -> bool:
        """Whether the requestors get to read it."""
        return self.kind in ("Create", "Correspond")


def history(site: Site, thread_id: str) -> list[Transaction]:
    """Everything worth telling, oldest first; a merged ticket's in the order of time."""
    found = {row.id: row for row in _backwards(site, thread_id, MESSAGES + _LINES)}
    return sorted(found.values(), key=lambda row: (row.created_at, int(row.id)))


def public_since(site: Site, thread_id: str, after: str) -> Iterator[Transaction]:
    """Public messages newer than the one with the id `after`, newest first."""
    floor = int(after) if after.isascii() and after.isdigit() else 0
    for row in _backwards(site, thread_id, MESSAGES, floor=floor):
        if int(row.id) <= floor:
            return
        if row.is_public:
            yield row


def _backwards(site: Site, thread_id: str, kinds: tuple[str, ...], *, floor: int = 0) -> Iterator[Transaction]:
    """Rows newest first, page by page, down to the ticket's beginning."""
    oldest, page, merged, begun, empty = 0, 1, False, False, 0
    for _ in range(_MOST_PAGES):
        conditions: list[Condition] = [("Type", "IN", kinds)]
        if floor:
            conditions.append(("id", ">", floor))
        if oldest:
            conditions.append(("id", "<", oldest))
        params = {"query": where(*conditions), "fields": _FIELDS, "orderby": "id", "order": "DESC", "per_page": PAGE, "page": page}
        rows = [_row(item) for item in site.rows(f"/ticket/{thread_id}/history", params)]
        # The place is an id, not a number of pages: what is written meanwhile shifts no page.
        fresh = [row for row in rows if not oldest or int(row.id) < oldest]
        for row in fresh:
            merged = merged or row.field == "MergedInto"
            begun = begun or row.kind == "Create"
            if row.kind in kinds:
                yield row
        if begun and not merged:
            return
        if fresh:
            oldest, page, empty = min(int(row.id) for row in fresh), 1, 0
        else:
            page, empty = page + 1, empty + 1
            if empty == (_MOST_EMPTY_AT_END if begun or floor else _MOST_EMPTY):
                if not (begun or floor):
                    _refuse_holes(site, thread_id, kinds, oldest)
                return
    raise VendorBrokenError("Request Tracker's history of this ticket does not come to an end.")


def _refuse_holes(site: Site, thread_id: str, kinds: tuple[str, ...], oldest: int) -> None:
    """A ticket that shows no beginning may be read (imports can be odd), one of which we read only the end may not."""
    params = {"query": where(("Type", "IN", kinds)), "fields": "Type", "orderby": "id", "order": "ASC", "per_page": PAGE}
    if any(int(id_of(item)) < oldest for item in site.rows(f"/ticket/{thread_id}/history", params)):
        raise VendorBrokenError("Request Tracker's history of this ticket has a hole that is too large to be read over.")


def _row(item: Json) -> Transaction:
    number = id_of(item)
    if not (number.isascii() and number.isdigit()):
        raise VendorBrokenError("Request Tracker answered with a transaction whose id is no number.")
    links = each(item, "_hyperlinks", vendor=VENDOR) if maybe(item, "_hyperlinks", list, vendor=VENDOR) else []
    urls = [maybe(link, "_url", str, vendor=VENDOR) or "" for link in links if link.get("ref") == "attachment"]
    return Transaction(
        id=number,
        kind=need(item, "Type", str, vendor=VENDOR),
        creator=id_of(item, "Creator.id"),
        created_at=moment(item, "Created", vendor=VENDOR),
        field=_text(item, "Field"),
        old=_text(item, "OldValue"),
        new=_text(item, "NewValue"),
        attachment_ids=tuple(found[1] for url in urls if (found := _ATTACHMENT.search(url))),
    )


def _text(item: Json, name: str) -> str:
    """A value; numbers come as texts in one version and as numbers in another."""
    value = item.get(name)
    return str(value) if isinstance(value, (str, int)) else ""
