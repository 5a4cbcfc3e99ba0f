"""Replies and notes: each can be sent twice and happens once, and none speaks over another.

Sources: https://developer.zendesk.com/documentation/ticketing/managing-tickets/creating-and-updating-tickets (a comment is written by
updating its ticket; the answer holds `audit` with the comment among its `events`; `safe_update` and `updated_stamp`: 409 `UpdateConflict`
when the ticket changed since; "custom metadata": up to 1 kilobyte goes with an update, and stands in `metadata.custom` of its audit) and
…/api-reference/ticketing/tickets/ticket_comments/ (`audit_id`, `metadata`).

The marker is such metadata (`closeloop`): no customer ever sees an audit. A comment's own `metadata` is the audit's, and where it has no
`custom` the audit itself is asked.
"""

from powerup.integrations.errors import IntegrationError, NotPermittedError, OvertakenError, VendorBrokenError
from powerup.integrations.forums.base import Draft, Posted
from powerup.integrations.forums.zendesk.comments import audit_of, is_public, newest_comments
from powerup.integrations.forums.zendesk.markup import html_of
from powerup.integrations.forums.zendesk.site import VENDOR, ConflictError, Json, Site, ticket_path
from powerup.integrations.forums.zendesk.tickets import ticket_json, update
from powerup.integrations.forums.zendesk.urls import thread_url
from powerup.integrations.http import maybe, need

MARK = "closeloop"
_TRIES = 3
_MOST_PAGES = 10
_MOST_AUDITS = 10
"""Of our own latest comments whose metadata is not at hand: an answer is lost minutes ago."""


def post(site: Site, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft as a public reply or an internal note."""
    if look_first and (found := find(site, thread_id, draft.marker)):
        return found
    comment = {"html_body": html_of(draft.text), "public": not draft.internal}
    fields: Json = {"comment": comment, "metadata": {MARK: draft.marker}}
    if draft.after is None:
        return _written(site, thread_id, draft, update(site, thread_id, fields, idempotent=False))
    for attempt in range(1, _TRIES + 1):
        # First the stamp, then the comments: whatever is said after this moment moves the stamp on.
        stamp = need(ticket_json(site, thread_id), "updated_at", str, vendor=VENDOR)
        _refuse_overtaken(site, thread_id, draft.after)
        try:
            data = update(site, thread_id, {**fields, "safe_update": True, "updated_stamp": stamp}, idempotent=False)
        except ConflictError:
            # Perhaps it was only a tag: look again at what was said.
            if attempt == _TRIES:
                raise
        else:
            return _written(site, thread_id, draft, data)
    raise AssertionError("the last attempt returns or raises")


def find(site: Site, thread_id: str, marker: str) -> Posted | None:
    """The comment with the marker among our own of the latest hundred."""
    mine, asked = site.my_id(), 0
    for comment in newest_comments(site, thread_id, most_pages=1):
        if comment.get("author_id") != mine:
            continue
        custom = maybe(comment, "metadata.custom", dict, vendor=VENDOR)
        if custom is None and asked < _MOST_AUDITS:
            asked += 1
            custom = maybe(audit_of(site, thread_id, comment), "metadata.custom", dict, vendor=VENDOR)
        if custom is not None and custom.get(MARK) == marker:
            return Posted(str(need(comment, "id", int, vendor=VENDOR)), thread_url(site.base_url, thread_id), found_again=True)
    return None


def _refuse_overtaken(site: Site, thread_id: str, after: str) -> None:
    mine = site.my_id()
    for comment in newest_comments(site, thread_id, most_pages=_MOST_PAGES):
        if str(comment.get("id")) == after:
            return
        if is_public(comment) and comment.get("author_id") != mine:
            why = "Somebody else wrote in this ticket meanwhile. Read it, then send again."
            raise OvertakenError(why, permanent=True, http_status=409)


def _written(site: Site, thread_id: str, draft: Draft, data: Json) -> Posted:
    """What came of it, by the audit in the answer. Zendesk turns a light agent's reply into a note without a word."""
    comment = next((event for event in _events(data) if event.get("type") == "Comment" and event.get("id") is not None), None)
    if comment is None:
        found = find(site, thread_id, draft.marker)
        if found is None:
            raise VendorBrokenError("Zendesk accepted the message and does not show it.")
        return found
    number = need(comment, "id", int, vendor=VENDOR)
    if draft.internal and is_public(comment):
        _take_back(site, thread_id, number)
    if not draft.internal and comment.get("public") is False:
        why = "Zendesk kept the reply as an internal note: our agent may not answer customers (a light agent). Give it another role."
        raise NotPermittedError(why, permanent=True)
    return Posted(str(number), thread_url(site.base_url, thread_id))


def _take_back(site: Site, thread_id: str, number: int) -> None:
    """A note that came out public is made private at once: it was not written for customers."""
    why = "Zendesk published an internal note instead of hiding it; it was made internal again, but an e-mail may be out."
    try:
        site.send("PUT", f"{ticket_path(thread_id)}/comments/{number}/make_private.json", {}, idempotent=True)
    except IntegrationError:
        why = "Zendesk published an internal note instead of hiding it, and we may not change that: make it internal there now."
    raise NotPermittedError(why, permanent=True)


def _events(data: Json) -> list[Json]:
    events = maybe(data, "audit.events", list, vendor=VENDOR) or []
    return [event for event in events if isinstance(event, dict)]
