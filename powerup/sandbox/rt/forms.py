"""RT's JSON: tickets, transactions, attachments and users, with the names and kinds of values of a real 5.0.3."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from powerup.sandbox.desk.models import Thread
from powerup.sandbox.rt.filters import Json, Listed, expanded, reference
from powerup.sandbox.rt.journal import NOBODY, SYSTEM, Part, Txn

if TYPE_CHECKING:
    from powerup.sandbox.rt.double import RtDouble

UNSET = "1970-01-01T00:00:00Z"
_REAL_NAMES = {SYSTEM: "The RT System itself", NOBODY: "Nobody in particular"}
_ACTIONS = {
    "new": (("open", "Respond", "Open It"), ("resolved", "Comment", "Resolve"), ("rejected", "Respond", "Reject")),
    "open": (("stalled", "Comment", "Stall"), ("resolved", "Comment", "Resolve"), ("rejected", "Respond", "Reject")),
    "deleted": (("open", "", "Undelete"),),
}


def stamp(moment: datetime) -> str:
    """A time as RT writes it: whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A thread as one row of a listing."""

    thread: Thread

    @property
    def id(self) -> int:
        """Its number."""
        return self.thread.id

    @property
    def columns(self) -> Json:
        """What it is ordered by."""
        return {"id": self.id, "LastUpdated": stamp(self.thread.updated_at)}


class Forms:
    """Made for each request; `base` is the address of the REST interface."""

    def __init__(self, double: "RtDouble", base: str) -> None:
        self._double, self._base, self._journal = double, base, double.journal
        self._store = double.store

    def ref(self, kind: str, number: object) -> Json:
        """A reference to something."""
        return reference(kind, number, self._base)

    def queue_id(self, name: str) -> str:
        """A queue's number by its name."""
        names = [self._double.intake, *(team.name for team in self._store.teams.values())]
        return str(3 + [one.lower() for one in names].index(name.lower()))

    def requestors(self, thread: Thread) -> list[str]:
        """Names of whoever asks."""
        return [str(name) for name in thread.extra.get("requestors", [thread.username])]

    def row_of_ticket(self, ticket: Ticket) -> Listed:
        """A ticket in a listing."""
        return Listed("ticket", ticket.id, lambda: self._fields(ticket.thread))

    def columns(self, thread: Thread) -> Json:
        """What TicketSQL knows of a ticket, names in lower case."""
        posts = self._store.posts_of(thread.id)
        return {
            "id": thread.id,
            "type": "ticket",
            "status": self._journal.status(thread),
            "subject": thread.subject,
            "content": "\n".join(post.text for post in posts),
            "owner": thread.assigned_person or NOBODY,
            "queue": self._journal.queue(thread),
            "lastupdated": thread.updated_at.replace(microsecond=0),
            "created": thread.created_at.replace(microsecond=0),
        }

    def ticket(self, thread: Thread) -> Json:
        """A ticket alone, with everything."""
        status, mine = self._journal.status(thread), self.ref("ticket", str(thread.id))
        told = self._fields(thread)
        kept = ("Subject", "Status", "Created", "LastUpdated", "Owner", "Queue")
        times = {name: UNSET for name in ("Started", "Starts", "Due", "Resolved", "Told")}
        fields = []
        if self._double.tag_field:
            field = {**self.ref("customfield", "1"), "name": self._double.tag_field, "values": list(thread.tags)}
            fields.append(field)
        return {
            **{name: told[name] for name in kept},
            **times,
            **dict.fromkeys(("Priority", "InitialPriority", "FinalPriority", "TimeWorked", "TimeLeft", "TimeEstimated"), "0"),
            "id": thread.id,
            "Type": "ticket",
            "EffectiveId": mine,
            "Creator": self.ref("user", thread.username),
            "LastUpdatedBy": self.ref("user", thread.username),
            "Requestor": [self.ref("user", name) for name in self.requestors(thread)],
            "Cc": [],
            "AdminCc": [],
            "CustomFields": fields,
            "_hyperlinks": self._links(thread, status),
        }

    def row_of_txn(self, txn: Txn) -> Listed:
        """A transaction in a history, or in the log of all."""
        hidden = (txn.kind == "Comment" and "ShowTicketComments" in self._double.denied) or (
            txn.kind == "EmailRecord" and "ShowOutgoingEmail" in self._double.denied
        )
        return Listed("transaction", txn.id, lambda: self._txn(txn), visible=not hidden)

    def row_of_part(self, part: Part) -> Listed:
        """An attachment in a list."""
        txn = self._journal.txns[part.transaction_id]
        return Listed("attachment", part.id, lambda: self._part(part), visible=self.row_of_txn(txn).visible)

    def attachment(self, part: Part) -> Json:
        """An attachment alone: its content in base64, a container's null."""
        fields = self._part(part)
        content = None if part.content_type.startswith("multipart/") else base64.encodebytes(part.body).decode()
        answer = {
            "id": part.id,
            "Content": content,
            "ContentType": part.content_type,
            "Subject": part.subject,
            "Headers": fields["Headers"],
            "MessageId": "" if part.parent else f"rt-5.0.3-{part.id}@example.test",
            "Parent": self.ref("attachment", str(part.parent)) if part.parent else "0",
            "Created": fields["Created"],
            "Creator": fields["Creator"],
            "TransactionId": self.ref("transaction", str(part.transaction_id)),
            "_hyperlinks": [{"ref": "self", **self.ref("attachment", part.id)}],
        }
        return {**answer, "Filename": part.filename} if part.filename else answer

    def user(self, name: str, *, asking: str) -> Json:
        """An account: to others only what `UserSummaryExtraInfo` names, and whether it is privileged."""
        person = self._store.person(name)
        known = person.username if person else name
        number = self._double.user_id(known)
        summary: dict[str, Any] = {
            "Name": known,
            "RealName": person.name if person else _REAL_NAMES[known],
            "EmailAddress": person.email if person else "",
            "Privileged": int(bool(person and person.staff)),
            "_hyperlinks": [{"ref": "self", **self.ref("user", number)}],
        }
        if known.lower() != asking.lower():
            return summary
        times = {"Created": UNSET, "LastUpdated": UNSET}
        return {**summary, **times, "id": number, "Disabled": "0", "Memberships": [], "CustomFields": []}

    def _fields(self, thread: Thread) -> Json:
        owner, queue = thread.assigned_person or NOBODY, self._journal.queue(thread)
        requestors = [expanded("Requestor", self.ref("user", name), {"Name": name}) for name in self.requestors(thread)]
        return {
            "Subject": thread.subject,
            "Status": self._journal.status(thread),
            "Created": stamp(thread.created_at),
            "LastUpdated": stamp(thread.updated_at),
            "Owner": expanded("Owner", self.ref("user", owner), {"Name": owner, "id": self._double.user_id(owner)}),
            "Queue": expanded("Queue", self.ref("queue", self.queue_id(queue)), {"Name": queue}),
            "Requestor": requestors,
            "Requestors": requestors,
        }

    def _txn(self, txn: Txn) -> Json:
        links: list[Json] = [{"ref": "self", **self.ref("transaction", txn.id)}]
        links += [{"ref": "attachment", "_url": f"{self._base}/attachment/{number}"} for number in txn.part_ids]
        number = self._double.user_id(txn.creator)
        return {
            "Type": txn.kind,
            "Creator": expanded("Creator", self.ref("user", txn.creator), {"id": number, "Name": txn.creator}),
            "Created": stamp(txn.created),
            "Field": txn.field,
            "OldValue": self._value(txn.field, txn.old),
            "NewValue": self._value(txn.field, txn.new),
            "Description": "",
            "Content": "",
            "Data": "",
            "ObjectId": str(txn.thread_id),
            "_hyperlinks": links,
        }

    def _value(self, field: str, value: str) -> str:
        """Owners and queues are told by number."""
        if field == "Owner" and value:
            return str(self._double.user_id(value))
        return self.queue_id(value) if field == "Queue" and value else value

    def _part(self, part: Part) -> Json:
        text = part.content if isinstance(part.content, str) else part.content.decode("latin-1")
        if part.content_type.startswith("text/"):
            text = part.body.decode("utf-8", "replace")
        headers = [f"Content-Type: {part.content_type}", f"Content-Length: {len(part.body)}"]
        headers += [f"Content-ID: <{part.content_id}>"] if part.content_id else []
        return {
            "Subject": part.subject,
            "ContentType": part.content_type,
            "Filename": part.filename,
            "Content": text,
            "ContentLength": str(len(part.body)),
            "ContentEncoding": "none",
            "Headers": "\n".join(headers),
            "TransactionId": str(part.transaction_id),
            "Creator": self.ref("user", part.creator),
            "Created": stamp(part.created),
        }

    def _links(self, thread: Thread, status: str) -> list[Json]:
        url, denied = f"{self._base}/ticket/{thread.id}", self._double.denied
        links: list[Json] = [{"ref": "self", **self.ref("ticket", thread.id)}, {"ref": "history", "_url": f"{url}/history"}]
        if "ReplyToTicket" not in denied:
            links.append({"ref": "correspond", "_url": f"{url}/correspond"})
        if "CommentOnTicket" not in denied:
            links.append({"ref": "comment", "_url": f"{url}/comment"})
        for to, update, label in () if "ModifyTicket" in denied else _ACTIONS.get(status, (("open", "", "Reopen"),)):
            where = {"Respond": f"{url}/correspond", "Comment": f"{url}/comment"}.get(update, url)
            links.append({"ref": "lifecycle", "from": status, "to": to, "update": update, "label": label, "_url": where})
        return links
