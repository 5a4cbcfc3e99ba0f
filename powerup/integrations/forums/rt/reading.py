"""A whole thread: ticket, history, texts and files, in Closeloop's words."""

from collections.abc import Sequence
from html import escape

from powerup.integrations.errors import GoneError, NotPermittedError
from powerup.integrations.forums.base import Attachment, Message, Thread, ThreadState, ThreadStub, Visibility
from powerup.integrations.forums.files import file_name, inline_images
from powerup.integrations.forums.rt.markup import from_plain, portable
from powerup.integrations.forums.rt.parts import Part, parts_of
from powerup.integrations.forums.rt.people import NOBODY, SYSTEM, People
from powerup.integrations.forums.rt.query import TICKETS, quoted
from powerup.integrations.forums.rt.site import VENDOR, Json, Site, id_of, number
from powerup.integrations.forums.rt.transactions import Transaction, history
from powerup.integrations.forums.rt.urls import file_url, thread_url
from powerup.integrations.http import Answer, each, maybe, moment, need
from powerup.render.text import plain_text

_NAMES = {"fields[Queue]": "Name", "fields[Owner]": "Name"}
_STATES = {
    "new": ThreadState.open,
    "open": ThreadState.open,
    "stalled": ThreadState.open,
    "resolved": ThreadState.resolved,
    "rejected": ThreadState.closed,
    "deleted": ThreadState.deleted,
}
"""RT's own lifecycle; of a site's own statuses RT itself is asked whether they are inactive."""


def ticket_answer(site: Site, thread_id: str) -> Answer:
    """The ticket as RT gives it, with its ETag. A merged ticket's number brings the one that it was merged into.

    Raises GoneError when it was deleted, is hidden from us, or was never there.
    """
    try:
        return site.answer(f"/ticket/{number(thread_id)}", _NAMES)
    except NotPermittedError as error:
        why = "Request Tracker does not show us this ticket (any more)."
        raise GoneError(why, permanent=True, http_status=error.http_status) from None


def ticket_json(site: Site, thread_id: str) -> Json:
    """The same without its headers; raises GoneError for a deleted one too."""
    ticket = need(ticket_answer(site, thread_id).json(), "", dict, vendor=VENDOR)
    if need(ticket, "Status", str, vendor=VENDOR) == "deleted":
        raise GoneError("The ticket was deleted on Request Tracker.", permanent=True)
    return ticket


def stub_of(site: Site, ticket: Json) -> ThreadStub:
    """A ticket, or one row of a listing, as a stub. A listing tells no number of messages."""
    thread_id = id_of(ticket)
    return ThreadStub(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id),
        subject=_subject(ticket),
        created_at=moment(ticket, "Created", vendor=VENDOR),
        changed_at=moment(ticket, "LastUpdated", vendor=VENDOR),
        message_count=0,
    )


def owner_of(ticket: Json) -> str | None:
    """The owner's name; None for Nobody."""
    name = maybe(ticket, "Owner.Name", str, vendor=VENDOR) or id_of(ticket, "Owner.id")
    return None if name == NOBODY else name


def queue_of(ticket: Json) -> str:
    """The queue's name, or its number where its name is hidden from us."""
    return maybe(ticket, "Queue.Name", str, vendor=VENDOR) or id_of(ticket, "Queue.id")


def team_of(site: Site, ticket: Json) -> str | None:
    """The queue as a team: every queue but the one in which new tickets arrive, where that one is named in the settings."""
    queue = queue_of(ticket)
    return queue if site.intake and queue.lower() != site.intake.lower() else None


def tags_of(site: Site, ticket: Json) -> tuple[str, ...]:
    """The values of the custom field that the settings name."""
    if not site.tag_field or not maybe(ticket, "CustomFields", list, vendor=VENDOR):
        return ()
    fields = [one for one in each(ticket, "CustomFields", vendor=VENDOR) if str(one.get("name", "")).lower() == site.tag_field.lower()]
    return tuple(value for one in fields for value in need(one, "values", list, vendor=VENDOR) if isinstance(value, str))


def read(site: Site, people: People, thread_id: str) -> Thread:
    """The thread with every message that we may see, in order."""
    ticket = ticket_json(site, thread_id)
    own_id = id_of(ticket)
    rows = history(site, own_id)
    parts = parts_of(site, own_id, rows)
    opener = next((row.creator for row in rows if row.kind == "Create"), id_of(ticket, "Creator.id"))
    requestors = [id_of(one) for one in each(ticket, "Requestor", vendor=VENDOR)]
    customer = requestors[0] if requestors else opener
    told = [row for row in rows if row.is_message or _line(row)]
    messages = tuple(_message(site, people, row, place, parts.get(row.id, []), customer) for place, row in enumerate(told, 1))
    stub = stub_of(site, ticket)
    return Thread(
        external_id=own_id,
        url=stub.url,
        subject=stub.subject,
        state=_state_of(site, ticket),
        customer=people.author(customer, is_customer=True),
        created_at=stub.created_at,
        changed_at=stub.changed_at,
        messages=messages,
        assigned_person=owner_of(ticket),
        assigned_team=team_of(site, ticket),
        tags=tags_of(site, ticket),
        opened_by_staff=people.is_staff(people.user(opener)),
    )


def _state_of(site: Site, ticket: Json) -> ThreadState:
    status = need(ticket, "Status", str, vendor=VENDOR)
    known = _STATES.get(status.lower())
    if known:
        return known
    query = f"{TICKETS} AND id = {quoted(id_of(ticket))} AND Status = '__Inactive__'"
    return ThreadState.closed if site.rows("/tickets", {"query": query}) else ThreadState.open


def _message(site: Site, people: People, row: Transaction, place: int, parts: Sequence[Part], customer: str) -> Message:
    html, attachments = _content(site, parts) if row.is_message else (f"<p>{escape(_line(row))}</p>", ())
    author = people.author(row.creator, is_customer=row.creator == customer)
    return Message(
        external_id=row.id,
        number=place,
        author=author,
        visibility=Visibility.public if row.is_public else Visibility.internal,
        html=html,
        created_at=row.created_at,
        system=not row.is_message,
        attachments=attachments,
    )


def _content(site: Site, parts: Sequence[Part]) -> tuple[str, tuple[Attachment, ...]]:
    """What was written, and the files with it: pictures that the HTML shows, then the rest."""
    addresses = {part.id: file_url(site.base_url, part.transaction_id, part.id, file_name(part.name)) for part in parts}
    pictures = {part.content_id: addresses[part.id] for part in parts if part.content_id}
    html = _body(site, [part for part in parts if part.is_body and part.content.strip()], pictures)
    by_address = {address: part_id for part_id, address in addresses.items()}
    shown = inline_images(html, by_address.get)
    seen = {one.reference for one in shown}
    files = [part for part in parts if not part.is_container and not part.is_body and part.id not in seen]
    rest = tuple(Attachment(part.id, file_name(part.name), part.content_type or None, part.size) for part in files)
    return html, (*shown, *rest)


def _body(site: Site, bodies: Sequence[Part], pictures: dict[str, str]) -> str:
    """A mail says the same in plain text and in HTML; then the HTML counts, unless it is no more than a footer's."""
    rich = [part for part in bodies if part.content_type == "text/html"]
    plain = [part for part in bodies if part.content_type == "text/plain"]
    richer = "\n".join(portable(part.content, site.base_url, pictures) for part in rich)
    if rich and plain and sum(len(part.content) for part in plain) <= 3 * len(plain_text(richer)) + 40:
        return richer
    return "\n".join(portable(part.content, site.base_url, pictures) if part in rich else from_plain(part.content) for part in bodies)


def _line(row: Transaction) -> str:
    """What RT notes of what people did; "" for what it does by itself (a reply opens a new ticket) or is of no interest here."""
    if row.creator == SYSTEM:
        return ""
    if row.kind == "Status":
        return f"Status changed from {row.old} to {row.new}"
    if row.kind == "Set" and row.field == "Owner":
        return "The owner was changed"
    if row.kind == "Set" and row.field == "Queue":
        return "Moved to another queue"
    return ""


def _subject(ticket: Json) -> str:
    """A mail may come without a subject."""
    return maybe(ticket, "Subject", str, vendor=VENDOR) or "(no subject)"
