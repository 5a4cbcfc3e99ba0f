"""What RT does when it is told to, and what it says: failures are words in a 200."""

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from powerup.sandbox.common.cooking import clean, plain
from powerup.sandbox.desk.models import Post, Thread
from powerup.sandbox.desk.store import DeskStore, NewPost
from powerup.sandbox.rt.journal import NOBODY

if TYPE_CHECKING:
    from powerup.sandbox.rt.double import RtDouble

_STATES = {"new": "open", "open": "open", "stalled": "open", "resolved": "resolved", "rejected": "closed"}


def create(store: DeskStore, fields: dict[str, Any], *, by: str) -> Thread:
    """A ticket; `by` wrote it, the requestors ask."""
    given = fields.get("Requestor", [])
    addresses = [given] if isinstance(given, str) else given
    names = [_known(store, address) for address in addresses]
    thread = store.open_thread(str(fields.get("Subject", "")), _post(store, fields, by), requestors=names or [by])
    thread.username = (names or [by])[0]
    return thread


def message(store: DeskStore, thread: Thread, fields: dict[str, Any], *, by: str, internal: bool) -> Post:
    """Correspondence or a comment; RT opens what was settled when anybody corresponds."""
    new = _post(store, fields, by, internal=internal)
    if not internal and thread.state != "open":
        thread.extra["status"] = "open"
        store.change(thread.id, state="open")
    return store.add_post(thread.id, new)


def update(double: "RtDouble", thread: Thread, fields: dict[str, Any]) -> list[str]:
    """What RT says of each change; nothing of what is so already."""
    said: list[str] = []
    head = f"Ticket {thread.id}:"
    if "Owner" in fields:
        said += _owner(double, thread, str(fields["Owner"]), head)
    if "Queue" in fields:
        said += _queue(double, thread, str(fields["Queue"]), head)
    if "Status" in fields:
        said += _status(double, thread, str(fields["Status"]).lower(), head)
    for name, values in (fields.get("CustomFields") or {}).items():
        if double.tag_field and name.lower() == double.tag_field.lower():
            said += [f"{one} added as a value for {name}" for one in values if one not in thread.tags]
            double.store.change(thread.id, tags=list(dict.fromkeys(values)))
    if "MergeInto" in fields:
        double.store.merge(thread.id, int(fields["MergeInto"]))
        said.append("Merge Successful")
    return said


def _owner(double: "RtDouble", thread: Thread, name: str, head: str) -> list[str]:
    person, before = double.store.person(name), thread.assigned_person or NOBODY
    if name.lower() == before.lower():
        return []
    if name == NOBODY:
        double.store.change(thread.id, assigned_person=None)
        return [f"{head} Owner changed from {before} to {NOBODY}"]
    if person is None:
        return [f"{head} That user does not exist"]
    if not person.staff or "OwnTicket" in double.denied:
        return [f"{head} That user may not own tickets in that queue"]
    double.store.change(thread.id, assigned_person=person.username)
    return [f"{head} Owner changed from {before} to {person.username}"]


def _queue(double: "RtDouble", thread: Thread, name: str, head: str) -> list[str]:
    before = double.journal.queue(thread)
    team = double.store.teams.get(name.lower())
    if name.lower() == before.lower():
        return []
    if team is None and name.lower() != double.intake.lower():
        return [f"{head} Queue {name} does not exist"]
    double.store.change(thread.id, assigned_team=team.name if team else None)
    return [f"{head} Queue changed from {before} to {team.name if team else double.intake}"]


def _status(double: "RtDouble", thread: Thread, status: str, head: str) -> list[str]:
    before = double.journal.status(thread)
    if status == before:
        return []
    if status == "deleted":
        return [f"{head} Permission Denied"]
    if status not in _STATES:
        return [f"{head} Status '{status}' isn't a valid status for this ticket."]
    if _STATES[status] == "open":
        thread.extra["status"] = status
    double.store.change(thread.id, state=_STATES[status])
    return [f"{head} Status changed from '{before}' to '{status}'"]


def _post(store: DeskStore, fields: dict[str, Any], by: str, *, internal: bool = False) -> NewPost:
    content, content_type = str(fields.get("Content", "")), str(fields.get("ContentType") or "text/plain")
    files = fields.get("Attachments") or []
    ids = [store.add_file(one["FileName"], one["FileType"], b64decode(one["FileContent"])).id for one in files]
    shown = clean(content) if content_type == "text/html" else None
    text = plain(content) if content_type == "text/html" else content
    return NewPost(by, text, html=shown, internal=internal, file_ids=ids, extra={"content": content, "content_type": content_type})


def _known(store: DeskStore, address: str) -> str:
    """Whoever has that address; RT makes an account named after it for a stranger."""
    found = next((person for person in store.people.values() if person.email.lower() == address.lower()), None)
    return found.username if found else store.add_person(address, "", email=address, email_verified=False).username
