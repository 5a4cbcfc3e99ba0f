"""A whole thread: issue, messages and files, in Closeloop's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from powerup.integrations.errors import GoneError, RejectedError, TooLargeError
from powerup.integrations.forums.base import Attachment, Message, Thread, ThreadState, ThreadStub, Visibility, batches
from powerup.integrations.forums.files import file_name
from powerup.integrations.forums.roundup.people import People
from powerup.integrations.forums.roundup.site import VENDOR, Json, Site, date, ident, idents, maybe_ident, number, numbered
from powerup.integrations.forums.roundup.urls import thread_url
from powerup.integrations.http import each, maybe, need

FIELDS = ("title", "status", "assignedto", "keyword", "messages", "files", "activity", "creation", "creator")
"""Of an issue: what any tracker made from the template "classic" has."""
BATCH = 100
"""Messages asked for at once; their numbers make an address of 1,000 characters."""
_MESSAGE = [("@fields", "author,creator,creation,date,content,files"), ("@verbose", "3")]
_STATES = {
    "resolved": ThreadState.resolved,
    "done-cbb": ThreadState.resolved,
    "done": ThreadState.resolved,
    "closed": ThreadState.closed,
    "rejected": ThreadState.closed,
}
"""Names of statuses (templates "classic" and "devel", and common ones). "done-cbb" is "done, could be better"."""


def issue_json(site: Site, thread_id: str, *, verbose: int = 0) -> Json:
    """The issue as a row; raises GoneError when it was retired, is hidden from us, or was never there."""
    params = [*numbered([number(thread_id)]), ("@fields", ",".join(FIELDS)), ("@verbose", str(verbose))]
    # A filter may be ignored: look what came back.
    for row in site.rows("/issue", params):
        if ident(row, "id") == thread_id:
            return row
    raise GoneError("Roundup has no such issue, or does not show it to our account (any more).", permanent=True)


def stub_of(site: Site, issue: Json) -> ThreadStub:
    """A row of a listing as a stub."""
    thread_id = ident(issue, "id")
    return ThreadStub(
        external_id=thread_id,
        url=thread_url(site.base_url, thread_id),
        subject=maybe(issue, "title", str, vendor=VENDOR) or "(no title)",
        created_at=date(issue, "creation"),
        changed_at=date(issue, "activity"),
        message_count=len(idents(issue, "messages")),
    )


def state_of(site: Site, status: str | None) -> ThreadState:
    """What a status's name means; a name that says nothing is open."""
    name = (status or "").lower()
    return ThreadState.resolved if name == site.resolved.lower() else _STATES.get(name, ThreadState.open)


def read(site: Site, people: People, thread_id: str) -> Thread:
    """The thread with every message that we may see, in the order in which they came."""
    issue = issue_json(site, thread_id, verbose=2)
    rows = messages(site, idents(issue, "messages"))
    files = _files(site, issue, rows)
    first = _author(rows[0]) if rows else _reference(issue, "creator")
    people.learn([first, *(_author(row) for row in rows)])
    shown = [_message(people, row, place, files.get(ident(row, "id"), ()), first[0]) for place, row in enumerate(rows, 1)]
    stub = stub_of(site, issue)
    return Thread(
        external_id=stub.external_id,
        url=stub.url,
        subject=stub.subject,
        state=state_of(site, maybe(issue, "status.name", str, vendor=VENDOR)),
        customer=people.author(first[0], is_customer=True),
        created_at=stub.created_at,
        changed_at=stub.changed_at,
        messages=tuple(shown),
        assigned_person=maybe(issue, "assignedto.username", str, vendor=VENDOR) or maybe_ident(issue, "assignedto"),
        tags=tuple(need(one, "name", str, vendor=VENDOR) for one in each(issue, "keyword", vendor=VENDOR)),
        opened_by_staff=people.is_staff(first[0]),
    )


def messages(site: Site, ids: Sequence[str]) -> list[Json]:
    """The messages of these numbers, in that order; those that were retired are not among them."""
    found: dict[str, Json] = {}
    for some in batches(ids, BATCH):
        found.update((ident(row, "id"), row) for row in _some(site, some))
    return [found[one] for one in ids if one in found]


def _some(site: Site, ids: Sequence[str]) -> list[Json]:
    try:
        return site.rows("/msg", [*numbered(ids), *_MESSAGE])
    except TooLargeError as error:
        # People paste logs. Half of them at once is half as much.
        if len(ids) == 1:
            raise RejectedError(error.detail, permanent=True) from None
        half = len(ids) // 2
        return _some(site, ids[:half]) + _some(site, ids[half:])


def _author(row: Json) -> tuple[str, str]:
    """Number and name of whoever said it. `author` is empty where a program did not name one; `creator` is who was signed in."""
    return _reference(row, "author" if row.get("author") is not None else "creator")


def _reference(row: Json, name: str) -> tuple[str, str]:
    return ident(row, name), maybe(row, f"{name}.username", str, vendor=VENDOR) or ""


def _message(people: People, row: Json, place: int, files: Sequence[Attachment], customer: str) -> Message:
    author = _author(row)[0]
    return Message(
        external_id=ident(row, "id"),
        number=place,
        author=people.author(author, is_customer=author == customer),
        visibility=Visibility.public,
        html=from_plain(maybe(row, "content", str, vendor=VENDOR) or ""),
        created_at=_said_at(row),
        attachments=tuple(files),
    )


def _said_at(row: Json) -> datetime:
    """`date` is what Roundup shows; whoever writes may choose it, but not a later time than that of the writing."""
    created = date(row, "creation")
    return min(date(row, "date"), created) if row.get("date") is not None else created


def from_plain(text: str) -> str:
    """A message's text as paragraphs and lines: Roundup shows every message as plain text, whatever its type says."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    paragraphs = [one.strip("\n").split("\n") for one in whole.split("\n\n") if one.strip()]
    return "\n".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in paragraphs)


def _files(site: Site, issue: Json, rows: Sequence[Json]) -> Mapping[str, Sequence[Attachment]]:
    """Each message's files. Mails bring theirs with the message; a file of the web form hangs on the issue alone.

    Such a one belongs to the first message that was made with it or after it (the form makes the file first), else to the last.
    """
    found: dict[str, dict[str, Attachment]] = {ident(row, "id"): {} for row in rows}
    for row in rows:
        for one in each(row, "files", vendor=VENDOR) if maybe(row, "files", list, vendor=VENDOR) else []:
            found[ident(row, "id")][ident(one, "id")] = _attachment(ident(one, "id"), one)
    placed = {reference for some in found.values() for reference in some}
    loose = [one for one in idents(issue, "files") if one not in placed] if rows else []
    for some in batches(loose, BATCH):
        for file in site.rows("/file", [*numbered(some), ("@fields", "name,creation"), ("@verbose", "1")]):
            made, reference = date(file, "creation"), ident(file, "id")
            home = next((row for row in rows if date(row, "creation") >= made), rows[-1])
            found[ident(home, "id")][reference] = _attachment(reference, file)
    return {message_id: list(some.values()) for message_id, some in found.items()}


def _attachment(reference: str, file: Json) -> Attachment:
    return Attachment(reference, file_name(maybe(file, "name", str, vendor=VENDOR) or ""))
