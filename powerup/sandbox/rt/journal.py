"""RT's transactions and attachments, written from what happens in the store. Each has a number of its own that only grows."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import DeskStore, Event

SYSTEM, NOBODY = "RT_System", "Nobody"


@dataclass(slots=True)
class Part:
    """An attachment of RT: a text, a file, or what holds several."""

    id: int
    transaction_id: int
    parent: int
    content_type: str
    content: str | bytes
    creator: str
    created: datetime
    filename: str = ""
    content_id: str = ""
    subject: str = ""
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)
    """What conditions know of it."""

    @property
    def body(self) -> bytes:
        """The bytes, a text's in UTF-8."""
        return self.content.encode() if isinstance(self.content, str) else self.content


@dataclass(slots=True)
class Txn:
    """A transaction of RT. `thread_id` is the ticket that it happened to, also when that one was merged into another later."""

    id: int
    thread_id: int
    kind: str
    creator: str
    created: datetime
    field: str = ""
    old: str = ""
    new: str = ""
    post_id: int | None = None
    part_ids: list[int] = dataclasses.field(default_factory=list)
    columns: dict[str, Any] = dataclasses.field(default_factory=dict)


class Journal:
    """Listens to a store. Read it under the store's lock.

    `mails`: whether each public message of staff is followed by the `EmailRecord` of the mail that RT sent of it. `actor`: who changes
    tickets just now.
    """

    def __init__(self, store: DeskStore, file_path: Callable[[StoredFile], str], user_id: Callable[[str], int], *, intake: str) -> None:
        self.txns: dict[int, Txn] = {}
        self.parts: dict[int, Part] = {}
        self.by_post: dict[int, int] = {}
        self.mails, self.actor = True, SYSTEM
        self._store, self._file_path, self._user_id, self._intake = store, file_path, user_id, intake
        self._last = {"txn": 40, "part": 0}
        self._known: dict[int, tuple[str, str, str]] = {}
        store.listeners.append(self._notice)

    def of_thread(self, thread_id: int) -> list[Txn]:
        """All that happened to a ticket and to those merged into it, oldest first."""
        merged = {number for number in self._store.threads if self.effective(number) == thread_id}
        return [txn for txn in self.txns.values() if txn.thread_id in merged]

    def effective(self, thread_id: int) -> int:
        """The ticket that this one is now."""
        into = self._store.threads[thread_id].merged_into
        return thread_id if into is None else self.effective(into)

    def status(self, thread: Thread) -> str:
        """RT's word for the state."""
        if thread.deleted_at:
            return "deleted"
        if thread.state == "open":
            return str(thread.extra.get("status", "new"))
        return {"resolved": "resolved", "closed": "rejected"}.get(thread.state, thread.state)

    def queue(self, thread: Thread) -> str:
        """The queue that it is in."""
        return thread.assigned_team or self._intake

    def _notice(self, event: Event, thread: Thread, post: Post | None) -> None:
        if event is Event.thread_opened and post:
            self._message("Create", thread, post)
            self._known[thread.id] = self._state(thread)
        elif event is Event.post_added and post and not post.system:
            self._message("Comment" if post.internal else "Correspond", thread, post)
            if not post.internal and self._store.author(post).staff and self.status(thread) == "new":
                thread.extra["status"] = "open"
        elif event is Event.thread_merged and thread.merged_into is not None:
            for number in (thread.id, thread.merged_into):
                self._add(
                    number, "AddLink", thread.username, field="MergedInto", new=f"fsck.com-rt://example.test/ticket/{thread.merged_into}"
                )
        self._compare(thread)

    def _compare(self, thread: Thread) -> None:
        before, now = self._known.get(thread.id), self._state(thread)
        self._known[thread.id] = now
        if before is None:
            return
        for (kind, name), old, new in zip((("Status", "Status"), ("Set", "Owner"), ("Set", "Queue")), before, now, strict=True):
            if old != new:
                self._add(thread.id, kind, self.actor, field=name, old=old, new=new)

    def _state(self, thread: Thread) -> tuple[str, str, str]:
        return self.status(thread), thread.assigned_person or NOBODY, self.queue(thread)

    def _add(
        self, thread_id: int, kind: str, creator: str, *, at: datetime | None = None, field: str = "", old: str = "", new: str = ""
    ) -> Txn:
        self._last["txn"] += 1
        txn = Txn(self._last["txn"], thread_id, kind, creator, at or self._store.now(), field, old, new)
        txn.columns = {"id": txn.id, "Type": kind, "ObjectType": "RT::Ticket", "ObjectId": thread_id, "Field": field}
        self.txns[txn.id] = txn
        return txn

    def _message(self, kind: str, thread: Thread, post: Post) -> None:
        txn = self._add(thread.id, kind, post.username, at=post.created_at)
        txn.post_id, self.by_post[post.id] = post.id, txn.id
        content, content_type = str(post.extra.get("content", post.html)), str(post.extra.get("content_type", "text/html"))
        files = [self._store.files[number] for number in post.file_ids]
        container = self._part(txn, 0, "multipart/mixed", "") if files else None
        parent = container.id if container else 0
        for file in files:
            content = content.replace(self._file_path(file), f"cid:file-{file.id}@example.test")
        self._part(txn, parent, content_type, content, subject="" if container else thread.subject)
        for file in files:
            part = self._part(txn, parent, file.content_type, file.body, filename=file.name)
            part.content_id = f"file-{file.id}@example.test" if f"cid:file-{file.id}@" in content else ""
        if self.mails and kind == "Correspond" and self._store.author(post).staff:
            mail = self._add(thread.id, "EmailRecord", SYSTEM, at=post.created_at)
            outer = self._part(mail, 0, "multipart/alternative", "", subject=f"[support.example.test #{thread.id}] {thread.subject}")
            for each_type in ("text/plain", "text/html"):
                self._part(mail, outer.id, each_type, f"{content}\n")

    def _part(self, txn: Txn, parent: int, content_type: str, content: str | bytes, *, subject: str = "", filename: str = "") -> Part:
        self._last["part"] += 1
        part = Part(self._last["part"], txn.id, parent, content_type, content, txn.creator, txn.created, filename, subject=subject)
        part.columns = {
            "id": part.id,
            "TransactionId": txn.id,
            "Parent": parent,
            "ContentType": content_type,
            "Filename": filename,
            "Creator": self._user_id(txn.creator),
            "Content": content if isinstance(content, str) else "",
        }
        self.parts[part.id] = part
        txn.part_ids.append(part.id)
        return part
