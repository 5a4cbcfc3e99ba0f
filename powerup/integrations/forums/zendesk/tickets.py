"""A ticket as Zendesk gives it, and what a listing says of it.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/. `status` is `new`, `open`, `pending`, `hold`, `solved`,
`closed`, and in the incremental export also `deleted`; a ticket that was deleted is a 404. Times are given to the second.
"""

from powerup.integrations.errors import GoneError, NotPermittedError, RejectedError
from powerup.integrations.forums.base import ThreadState, ThreadStub
from powerup.integrations.forums.zendesk.site import VENDOR, InvalidChangeError, Json, Site, ticket_path
from powerup.integrations.forums.zendesk.urls import thread_url
from powerup.integrations.http import maybe, moment, need

_STATES = {"solved": ThreadState.resolved, "closed": ThreadState.closed, "deleted": ThreadState.deleted}
_LONGEST_SUBJECT = 250


def ticket_answer(site: Site, thread_id: str, include: str = "") -> Json:
    """The answer that holds a ticket as `ticket`; raises GoneError when it is deleted, hidden from us, or was never there."""
    try:
        data = site.get(f"{ticket_path(thread_id)}.json", {"include": include} if include else None)
    except NotPermittedError as error:
        raise GoneError(error.detail, permanent=True, http_status=error.http_status) from None
    if state_of(need(data, "ticket", dict, vendor=VENDOR)) is ThreadState.deleted:
        raise GoneError("This ticket was deleted in Zendesk.", permanent=True, http_status=404)
    return data


def ticket_json(site: Site, thread_id: str) -> Json:
    """The ticket alone; raises GoneError."""
    return need(ticket_answer(site, thread_id), "ticket", dict, vendor=VENDOR)


def update(site: Site, thread_id: str, fields: Json, *, idempotent: bool) -> Json:
    """Change a ticket; returns the answer with `ticket` and `audit`. A closed ticket can no longer be changed, and that is said."""
    try:
        return site.send("PUT", f"{ticket_path(thread_id)}.json", {"ticket": fields}, idempotent=idempotent)
    except InvalidChangeError as error:
        if is_closed_refusal(error):
            raise closed() from None
        raise


def is_closed_refusal(error: InvalidChangeError) -> bool:
    """Whether the refusal is `{"status": [{"description": "Status: closed prevents ticket update"}]}`."""
    return "status" in error.fields and "closed" in error.detail


def closed() -> RejectedError:
    """Closed is more than solved: the ticket is kept as it is for ever."""
    why = "This ticket is closed in Zendesk, and closed tickets can never be changed again. Open a follow-up ticket there to answer."
    return RejectedError(why, permanent=True, http_status=422)


def state_of(ticket: Json) -> ThreadState:
    """Solved tickets are resolved and can be opened again; closed ones are closed for good."""
    return _STATES.get(need(ticket, "status", str, vendor=VENDOR).lower(), ThreadState.open)


def tags_of(ticket: Json) -> tuple[str, ...]:
    """The ticket's tags."""
    return tuple(tag for tag in maybe(ticket, "tags", list, vendor=VENDOR) or [] if isinstance(tag, str))


def subject_of(ticket: Json) -> str:
    """The subject; chats and calls may have none and then begin with their description."""
    for name in ("subject", "raw_subject", "description"):
        text = " ".join((maybe(ticket, name, str, vendor=VENDOR) or "").split())
        if text:
            return text[:_LONGEST_SUBJECT]
    return f"Ticket #{need(ticket, 'id', int, vendor=VENDOR)}"


def stub_of(site: Site, ticket: Json) -> ThreadStub:
    """A ticket of a listing as a stub; `comment_count` is there when it was asked for."""
    thread_id = str(need(ticket, "id", int, vendor=VENDOR))
    return ThreadStub(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id),
        subject=subject_of(ticket),
        created_at=moment(ticket, "created_at", vendor=VENDOR),
        changed_at=moment(ticket, "updated_at", vendor=VENDOR),
        message_count=maybe(ticket, "comment_count", int, vendor=VENDOR) or 1,
    )
