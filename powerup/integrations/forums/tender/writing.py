"""Replies, internal comments, owners, and what takes a discussion off a list: each can be sent twice and happens once.

Sources: https://help.tenderapp.com/kb/api/discussions (actions are POSTs without a body, comments take `body`, `internal`, `skip_spam`)
and …/kb/api/comments. There is no key that makes a POST harmless when repeated, so our marker stands in the text as an HTML comment: a
recorded body with an unknown tag came out without it, so raw HTML is taken in and filtered, not shown. A plain-text mail that Tender
sends may still show the marker.
"""

from typing import Any

from powerup.integrations.errors import NotPermittedError, OvertakenError
from powerup.integrations.forums.base import Draft, Posted, ThreadState
from powerup.integrations.forums.tender.comments import is_public, is_system, latest, number_of
from powerup.integrations.forums.tender.finding import Finder
from powerup.integrations.forums.tender.queues import Queue, Queues, queue_ids
from powerup.integrations.forums.tender.reading import message_id, opened, state_of, url_of
from powerup.integrations.forums.tender.site import VENDOR, Site
from powerup.integrations.forums.tender.urls import last_segment
from powerup.integrations.http import maybe, need

Json = dict[str, Any]


def post(site: Site, finder: Finder, thread_id: str, draft: Draft, *, look_first: bool) -> Posted:
    """Read the discussion again, stop if somebody else has commented, else write."""
    api_id, discussion = opened(site, finder, thread_id)
    number = finder.learn(discussion)
    seen = _number_seen(number, draft.after)
    rows = latest(site, api_id, discussion, after=seen) if look_first or draft.after is not None else []
    if look_first and (found := _marked(site, rows, draft.marker)):
        return _posted(site, discussion, found, found_again=True)
    if seen is not None:
        _stop_if_overtaken(site, rows, seen)
    if draft.internal and not site.me().supporter:
        # Whoever is no supporter writes for everybody, whatever the request says.
        raise NotPermittedError("Only supporters can write internal comments on Tender, and our account is none.", permanent=True)
    body = f"{draft.text.rstrip()}\n\n<!-- {draft.marker} -->"
    # Without `skip_spam` a reply may wait for a moderator.
    written = site.send(f"/discussions/{api_id}/comments", {"body": body, "internal": draft.internal, "skip_spam": True})
    if maybe(written, "number", int, vendor=VENDOR) is None or "internal" not in written:
        # The answer to a comment is documented nowhere: where it is not the comment, the comment is looked for.
        _, discussion = opened(site, finder, f"id:{api_id}")
        if (found := _marked(site, latest(site, api_id, discussion, after=None), draft.marker)) is None:
            return Posted(f"pending:{draft.marker}", url_of(site, discussion), awaiting_approval=True)
        written = found
    if draft.internal and is_public(written):
        why = "Tender published an internal comment instead of hiding it: delete it on the site now."
        raise NotPermittedError(why, permanent=True)
    return _posted(site, discussion, written)


def assign(site: Site, finder: Finder, queues: Queues, thread_id: str, *, person: str | None, team: str | None) -> None:
    """Make the discussion be in this person's queue and in this team's, each or none; the two are apart, as Tender has them."""
    wanted = (queues.person(person) if person else None, queues.team(team) if team else None)
    api_id, discussion = opened(site, finder, thread_id)
    there = queues.of(discussion)
    for target, held in zip(wanted, ([q for q in there if q.user_id], [q for q in there if not q.user_id]), strict=True):
        # The old one first: two people in one slot would each think that it is the other's.
        for queue in held:
            if target is None or queue.id != target.id:
                _move(site, api_id, "unqueue", queue)
        if target is not None and target.id not in queue_ids(discussion):
            _move(site, api_id, "queue", target)


def resolve(site: Site, finder: Finder, thread_id: str) -> None:
    """Mark as resolved; one that is resolved already is left alone."""
    api_id, discussion = opened(site, finder, thread_id)
    if state_of(discussion) is not ThreadState.resolved:
        site.send(f"/discussions/{api_id}/resolve")


def unresolve(site: Site, finder: Finder, thread_id: str) -> None:
    """Open again; one that is open already is left alone."""
    api_id, discussion = opened(site, finder, thread_id)
    if state_of(discussion) is ThreadState.resolved:
        site.send(f"/discussions/{api_id}/unresolve")


def acknowledge(site: Site, finder: Finder, thread_id: str) -> None:
    """Take the discussion off the list of pending ones without a reply."""
    api_id, _ = opened(site, finder, thread_id)
    site.send(f"/discussions/{api_id}/acknowledge")


def _move(site: Site, api_id: str, action: str, queue: Queue) -> None:
    site.send(f"/discussions/{api_id}/{action}", params={"queue": queue.id})


def _number_seen(thread_number: str, after: str | None) -> int | None:
    """The comment's number in one of our message ids; 0, as if nothing had been seen, for one of another thread."""
    if after is None:
        return None
    thread, _, comment = after.partition("#")
    return int(comment) if thread == thread_number and comment.isascii() and comment.isdigit() else 0


def _stop_if_overtaken(site: Site, rows: list[Json], seen: int) -> None:
    """Compare comment numbers, for `comments_count` also changes when nothing was said and does not when a note was written."""
    newer = [row for row in rows if number_of(row) > seen and is_public(row) and not is_system(row)]
    if not all(_is_ours(site, row) for row in newer):
        raise OvertakenError("Someone else has commented on this discussion. Read it again before you reply.", permanent=True)


def _marked(site: Site, rows: list[Json], marker: str) -> Json | None:
    """Our own comment with the marker: others may quote it."""
    marked = (row for row in reversed(rows) if marker in (maybe(row, "body", str, vendor=VENDOR) or ""))
    return next((row for row in marked if _is_ours(site, row)), None)


def _is_ours(site: Site, row: Json) -> bool:
    author = last_segment(maybe(row, "user_href", str, vendor=VENDOR) or "")
    return author is not None and author == site.me().user_id


def _posted(site: Site, discussion: Json, row: Json, *, found_again: bool = False) -> Posted:
    number = str(need(discussion, "number", int, vendor=VENDOR))
    return Posted(message_id(number, number_of(row)), url_of(site, discussion), found_again=found_again)
