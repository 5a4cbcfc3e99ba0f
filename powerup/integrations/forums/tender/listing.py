"""What changed, and what was long ago.

Source: https://help.tenderapp.com/kb/api/discussions: `/discussions`, or `/discussions/{state}`, 30 to a page; `sort=updated` goes by
`updated_at`, which assigning, resolving and notes move too (recorded); `since` knows days only. There is no finer question and no
webhook for anything but a comment, so changes are found by `sweep`. A deleted discussion leaves the listing: those are listed under
their own state, which is swept beside it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Page, ThreadStub
from powerup.integrations.forums.sweep import Fetch, Row, advance, fingerprint
from powerup.integrations.forums.tender.finding import Finder
from powerup.integrations.forums.tender.queues import queue_ids
from powerup.integrations.forums.tender.reading import stub_of
from powerup.integrations.forums.tender.site import Batch, Site
from powerup.integrations.forums.walk import walk

_VERSION = 1
_SAID = ("state", "title", "public", "hidden", "comments_count", "last_comment_id", "last_user_id", "updated_at", "redirection_id")
_STATES = frozenset({"new", "open", "assigned", "resolved", "pending", "deleted"})


def discussions(site: Site, page: int, *, state: str = "", since: datetime | None = None) -> Batch:
    """Page `page`, from 1, of the discussions in a state ("": all but the deleted), the most recently changed first."""
    if state and state not in _STATES:
        raise ValueError(f"no state of Tender's: {state}")
    params: dict[str, Any] = {"sort": "updated"}
    if since is not None:
        # Whole days of an unknown time zone; whoever asks looks at the times again.
        params["since"] = (since - timedelta(days=1)).date().isoformat()
    return site.page(f"/discussions/{state}" if state else "/discussions", "discussions", page, params)


def changed_since(site: Site, finder: Finder, cursor: Mapping[str, object] | None) -> Page:
    """The next threads to read, oldest change first; a cursor that is not ours begins anew."""
    kept: Mapping[str, Any] = cursor if cursor and cursor.get("v") == _VERSION else {}
    step = advance(kept.get("all"), _fetch(site, finder))
    gone = advance(kept.get("deleted"), _fetch(site, finder, state="deleted"))
    # What was deleted before we came was never ours.
    deleted = gone.out.values() if kept.get("deleted") else ()
    stubs = {row.id: row.stub for row in (*step.out.values(), *deleted)}
    state = {"v": _VERSION, "all": step.state, "deleted": gone.state}
    return Page(tuple(sorted(stubs.values(), key=_by_change)), state, step.more or gone.more)


def history(site: Site, finder: Finder, cursor: Mapping[str, object] | None, *, since: datetime) -> Page:
    """Threads changed since `since`, the most recently changed first."""
    totals: list[int] = []
    kept: Mapping[str, Any] = cursor if cursor and cursor.get("v") == _VERSION else {}
    step = walk(kept.get("walk"), _fetch(site, finder, since=since, totals=totals), since=since)
    stubs = tuple(row.stub for row in step.rows)
    return Page(stubs, {"v": _VERSION, "walk": step.state}, step.more, totals[0] if totals else None)


def _fetch(site: Site, finder: Finder, *, state: str = "", since: datetime | None = None, totals: list[int] | None = None) -> Fetch:
    def fetch(page: int) -> tuple[list[Row], bool]:
        try:
            batch = discussions(site, page + 1, state=state, since=since)
        except (GoneError, NotPermittedError):
            if state:
                # The account may not see discussions in this state.
                return [], False
            raise
        if totals is not None and batch.total is not None:
            totals.append(batch.total)
        return [_row(site, finder, item) for item in batch.rows], batch.has_more

    return fetch


def _row(site: Site, finder: Finder, item: dict[str, Any]) -> Row:
    stub = stub_of(site, finder, item)
    return Row(stub, stub.changed_at, False, fingerprint(*(item.get(name) for name in _SAID), sorted(queue_ids(item))))


def _by_change(stub: ThreadStub) -> datetime:
    return stub.changed_at
