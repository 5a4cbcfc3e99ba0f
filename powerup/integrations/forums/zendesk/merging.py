"""Which ticket a merged one lives on in.

Merging closes the merged ticket, gives it the tag `closed_by_merge` and a comment that names the other ("This request was closed and
merged into request #123 …", whose words the agent may change); no property of the ticket names it
(https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#merge-tickets-into-target-ticket). The other ticket's audit of
the merge has `via.source` with `rel: "merge"` and `from.ticket_ids` (`from.ticket_id` when it was one), as apps that read merges show;
the documentation's table of `via` objects was not at hand in full. Since anybody can write "merged into #123" in a ticket, what a comment
names is believed only when that audit names our ticket.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import ThreadState
from powerup.integrations.forums.zendesk.comments import audit_of, audits, is_public, newest_comments, text_of
from powerup.integrations.forums.zendesk.site import VENDOR, Json, Site
from powerup.integrations.forums.zendesk.tickets import state_of, tags_of
from powerup.integrations.http import maybe, need

_TAG = "closed_by_merge"
_NAMED = re.compile(r"#([1-9][0-9]{0,17})\b")
_NOTICE = re.compile(r"[^#]{0,40}#[1-9]")
"""How Zendesk's comment in the other ticket begins in English and languages like it: "Request #123 “Subject” was closed and …"."""
_LATEST = 5
"""A merged ticket takes no more comments: the one about the merge is the last or, with an automation's, nearly so."""
_MOST_ASKED = 3
_MOST_NOTICES = 5


def merged_into(site: Site, thread_id: str, ticket: Json) -> str | None:
    """The number of the ticket into which this one was merged; None when it was not, or that cannot be made sure of."""
    if state_of(ticket) is not ThreadState.closed or _TAG not in tags_of(ticket):
        return None
    for candidate in _named(site, thread_id)[:_MOST_ASKED]:
        if candidate != thread_id and _took_in(site, candidate, thread_id):
            return candidate
    return None


@dataclass(slots=True)
class TakenIn:
    """What merges brought into a ticket."""

    threads: list[str] = field(default_factory=list)
    notices: set[int] = field(default_factory=set)
    """Comments that only tell of a merge."""


def taken_in(site: Site, thread_id: str, comments: Sequence[Json]) -> TakenIn:
    """The tickets that were merged into this one, by its comments about it. An audit must confirm each, as above."""
    notices = [comment for comment in comments if is_merge(comment.get("via")) or _NOTICE.match(text_of(comment))]
    # Unless the agent chose otherwise they are internal; a customer's "#1" must not crowd them out.
    ours = [comment for comment in notices if not is_public(comment)][-_MOST_NOTICES:]
    theirs = [comment for comment in notices if is_public(comment)][-_MOST_ASKED:]
    found = TakenIn()
    for comment in [*ours, *theirs]:
        numbers = _linked(comment.get("via")) or _linked(audit_of(site, thread_id, comment).get("via"))
        if numbers:
            found.notices.add(need(comment, "id", int, vendor=VENDOR))
        found.threads += [number for number in numbers if number != thread_id and number not in found.threads]
    return found


def farewell(comments: Sequence[Json], thread_id: str) -> int | None:
    """The comment by which a merged ticket ends, if it names the other one: nothing that anybody said."""
    last = comments[-1] if comments else {}
    return need(last, "id", int, vendor=VENDOR) if thread_id in _NAMED.findall(text_of(last)) else None


def is_merge(via: object) -> bool:
    """Whether a `via` says that a merge wrote this."""
    return maybe(via, "source.rel", str, vendor=VENDOR) == "merge"


def _named(site: Site, thread_id: str) -> list[str]:
    """The tickets that the latest comments, or their audits, name."""
    found: list[str] = []
    latest = list(islice(newest_comments(site, thread_id, most_pages=1), _LATEST))
    for comment in latest:
        found += [*_linked(comment.get("via")), *_NAMED.findall(text_of(comment))]
    if not found and latest:
        # Somebody wrote a comment of their own instead of Zendesk's.
        found += _linked(audit_of(site, thread_id, latest[0]).get("via"))
    return list(dict.fromkeys(found))


def _took_in(site: Site, thread_id: str, merged_id: str) -> bool:
    try:
        return any(is_merge(audit.get("via")) and merged_id in _linked(audit.get("via")) for audit in audits(site, thread_id))
    except (GoneError, NotPermittedError):
        return False


def _linked(via: object) -> list[str]:
    """The tickets in a merge's `via.source`, on whichever side they stand."""
    if not is_merge(via):
        return []
    numbers: list[object] = []
    for side in ("from", "to"):
        numbers += [maybe(via, f"source.{side}.ticket_id", int, vendor=VENDOR)]
        numbers += maybe(via, f"source.{side}.ticket_ids", list, vendor=VENDOR) or []
    return [str(number) for number in numbers if isinstance(number, int | str) and str(number).isdigit()]
