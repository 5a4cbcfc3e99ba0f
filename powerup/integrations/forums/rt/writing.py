"""Replies, internal notes, owners, queues, states and tags: each can be sent twice and happens once.

Sources: `RT::REST2::Resource::Message` of 5.0.3 (201 with the new transaction in `Location`, the body only says "Correspondence added";
`If-Match` is always 412 there, so it guards changes of the ticket and no messages) and `RT::REST2::Resource::Ticket`. A change that RT
refuses is a 200 with its words, in the language of our account: so each is looked at afterwards, and the words are only passed on.
"""

import re
from collections.abc import Sequence

from powerup.integrations.errors import NotPermittedError, OvertakenError, RejectedError, VendorBrokenError
from powerup.integrations.forums.base import Draft, Feature, Posted
from powerup.integrations.forums.rt.markup import comment, from_markdown
from powerup.integrations.forums.rt.parts import newest_texts
from powerup.integrations.forums.rt.people import NOBODY
from powerup.integrations.forums.rt.reading import owner_of, queue_of, tags_of, ticket_answer, ticket_json
from powerup.integrations.forums.rt.site import VENDOR, Site, id_of
from powerup.integrations.forums.rt.transactions import public_since
from powerup.integrations.forums.rt.urls import message_url
from powerup.integrations.http import Answer, need

NEEDS_INTAKE = "Name the queue of new tickets in the forum's settings: then the other queues are teams, and moving a ticket assigns it."
NEEDS_FIELD = (
    "Request Tracker has no tags of its own. Name a custom field for tickets that takes several values in the forum's settings, "
    "and it is used for them."
)
_SETTLED = frozenset({"resolved", "rejected"})
_TRANSACTION = re.compile(r"/transaction/([1-9][0-9]{0,17})$")
_TAG_TRIES = 3


def post(site: Site, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Write the draft as HTML with its marker in a comment: as correspondence, or as a comment when it is internal."""
    own_id = id_of(ticket_json(site, thread_id))
    if look_first and (found := find(site, own_id, draft.marker)):
        return found
    if draft.after is not None:
        _refuse_overtaken(site, own_id, draft.after)
    fields = {"Content": from_markdown(draft.text, draft.marker), "ContentType": "text/html"}
    answer = site.post(f"/ticket/{own_id}/{'comment' if draft.internal else 'correspond'}", fields)
    written = _transaction_in(answer)
    if written:
        return Posted(written, message_url(site.base_url, own_id, written))
    # Older versions do not say which one it is.
    if found := find(site, own_id, draft.marker):
        return Posted(found.external_id, found.url)
    raise VendorBrokenError("Request Tracker says that it took the message, and it is not in the ticket.", http_status=answer.status)


def find(site: Site, thread_id: str, marker: str) -> Posted | None:
    """The message of our own with the marker among the newest ones; anybody may quote it."""
    wanted, mine = comment(marker), site.my_name().lower()
    for part in newest_texts(site, thread_id):
        if wanted in part.content and part.creator.lower() == mine:
            return Posted(part.transaction_id, message_url(site.base_url, thread_id, part.transaction_id), found_again=True)
    return None


def assign(site: Site, thread_id: str, *, person: str | None, team: str | None) -> None:
    """A person becomes the owner; a team's ticket is moved into its queue and owned by nobody; neither: back to where new tickets are."""
    if team and not site.intake:
        raise NotPermittedError(NEEDS_INTAKE, permanent=True, sent=False)
    ticket = ticket_json(site, thread_id)
    path = f"/ticket/{id_of(ticket)}"
    queue = team or (site.intake if not person else "")
    if queue and queue_of(ticket).lower() != queue.lower():
        words = site.put(path, {"Queue": queue})
        _ensure(queue_of(ticket_json(site, thread_id)), queue, words)
    owner = person or NOBODY
    if (owner_of(ticket) or NOBODY).lower() != owner.lower() or queue:
        # A move may have taken the owner away, or have kept one who is not wanted.
        words = site.put(path, {"Owner": owner})
        _ensure(owner_of(ticket_json(site, thread_id)) or NOBODY, owner, words)


def resolve(site: Site, thread_id: str) -> None:
    """Set the status to resolved; a rejected ticket is settled already."""
    ticket = ticket_json(site, thread_id)
    if need(ticket, "Status", str, vendor=VENDOR).lower() in _SETTLED:
        return
    words = site.put(f"/ticket/{id_of(ticket)}", {"Status": "resolved"})
    _ensure(need(ticket_json(site, thread_id), "Status", str, vendor=VENDOR), "resolved", words)


def tag(site: Site, thread_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove values of the custom field. They are written all at once, so only if the ticket did not change meanwhile (ETag)."""
    if not site.tag_field:
        raise NotPermittedError(NEEDS_FIELD, permanent=True, sent=False)
    for last in (False,) * (_TAG_TRIES - 1) + (True,):
        answer = ticket_answer(site, thread_id)
        ticket = need(answer.json(), "", dict, vendor=VENDOR)
        before = tags_of(site, ticket)
        wanted = _changed(before, add, remove)
        if wanted == list(before):
            return
        try:
            etag = answer.headers.get("etag", "")
            words = site.put(f"/ticket/{id_of(ticket)}", {"CustomFields": {site.tag_field: wanted}}, etag=etag)
        except RejectedError as error:
            if error.http_status == 412 and not last:
                continue
            raise
        break
    after = {name.lower() for name in tags_of(site, ticket_json(site, thread_id))}
    if after != {name.lower() for name in wanted}:
        hint = f"Does the field “{site.tag_field}” exist for this queue, take several values and these, and may our account change it?"
        raise RejectedError(f"Request Tracker did not take the tags{_said(words)} {hint}", permanent=True, http_status=200)


def unset(site: Site) -> dict[Feature, str]:
    """What the settings leave out, each with its mend."""
    missing: dict[Feature, str] = {}
    if not site.tag_field:
        missing[Feature.tag] = NEEDS_FIELD
    if not site.intake:
        missing[Feature.assign_team] = NEEDS_INTAKE
    return missing


def _refuse_overtaken(site: Site, thread_id: str, after: str) -> None:
    mine = site.my_name().lower()
    for row in public_since(site, thread_id, after):
        if row.creator.lower() != mine:
            raise OvertakenError("Somebody else has written in this ticket meanwhile. Read it again first.", permanent=True)


def _transaction_in(answer: Answer) -> str | None:
    found = _TRANSACTION.search(answer.headers.get("location", ""))
    return found[1] if answer.status == 201 and found else None


def _ensure(now: str, wanted: str, words: str) -> None:
    if now.lower() != wanted.lower():
        raise RejectedError(f"Request Tracker did not do this{_said(words)}", permanent=True, http_status=200)


def _changed(before: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> list[str]:
    gone = {name.lower() for name in remove}
    kept = [name for name in before if name.lower() not in gone]
    known = {name.lower() for name in kept}
    for name in add:
        if name.lower() not in known and name.lower() not in gone:
            kept.append(name)
            known.add(name.lower())
    return kept


def _said(words: str) -> str:
    return f": “{words}”" if words else "."
