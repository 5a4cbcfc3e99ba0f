"""The mailbox's folders: mails with UIDs, flags and modification sequences, kept in step with the desk's threads."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from powerup.sandbox.desk.models import Post, StoredFile, Thread
from powerup.sandbox.desk.store import DeskStore, Event
from powerup.sandbox.mail import mime
from powerup.sandbox.mail.making import mail_of

RESOLVED = "$Resolved"
AUTHSERV = "mx.northwind.example"


@dataclass
class Mail:
    """One mail in one folder."""

    uid: int
    raw: bytes
    at: datetime
    flags: set[str]
    modseq: int
    message_id: str
    post_id: int | None = None

    @cached_property
    def header(self) -> bytes:
        """With its empty line."""
        return mime.split(self.raw)[0]

    @cached_property
    def fields(self) -> list[tuple[str, bytes]]:
        """See `mime.fields`."""
        return mime.fields(self.header)

    @cached_property
    def searched(self) -> dict[str, str]:
        """Names -> what a search in this field looks at, in lower case."""
        found: dict[str, str] = {}
        for name, raw in self.fields:
            found[name] = found.get(name, "") + re.sub(r"[\r\n]+", "", raw.decode("utf-8", "replace")).lower().partition(":")[2]
        return found

    @cached_property
    def structure(self) -> bytes:
        """BODYSTRUCTURE."""
        return mime.structure(self.raw)


@dataclass
class MailFolder:
    """A folder. `keywords`: whether new ones can be made."""

    name: str
    attributes: str = ""
    validity: int = 1_600_000_001
    next_uid: int = 1
    modseq: int = 1
    keywords: bool = True
    mails: dict[int, Mail] = field(default_factory=dict)

    def add(self, raw: bytes, at: datetime, flags: Iterable[str] = (), *, post_id: int | None = None) -> Mail:
        """Put a mail in."""
        self.modseq += 1
        mail = Mail(self.next_uid, raw, at, set(flags), self.modseq, _message_id(raw), post_id)
        self.mails[mail.uid] = mail
        self.next_uid += 1
        return mail

    def remove(self, uid: int) -> None:
        """Take a mail out for good."""
        if self.mails.pop(uid, None):
            self.modseq += 1

    def mark(self, mails: Iterable[Mail], *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Change flags; keywords know no case."""
        added, removed = list(add), {flag.lower() for flag in remove}
        fresh = self.modseq + 1
        for mail in mails:
            known = {flag.lower() for flag in mail.flags}
            after = {flag for flag in mail.flags if flag.lower() not in removed} | {flag for flag in added if flag.lower() not in known}
            if after != mail.flags:
                mail.flags, mail.modseq, self.modseq = after, fresh, fresh


class Mailbox:
    """INBOX and Sent of the account `acting_as`. `keeps_sent`: the server itself puts what is sent into Sent."""

    def __init__(self, store: DeskStore, acting_as: str, path_of: Callable[[StoredFile], str]) -> None:
        self.store, self.acting_as, self._path_of = store, acting_as, path_of
        self.inbox, self.sent = MailFolder("INBOX"), MailFolder("Sent", "\\Sent")
        self.folders = {"inbox": self.inbox, "sent": self.sent}
        self.keeps_sent = False
        self.threads: dict[str, int] = {}
        """Message-ID -> the thread of the store."""
        self._quiet = False
        store.listeners.append(self._notice)

    @property
    def address(self) -> str:
        """Of the account."""
        return self.store.people[self.acting_as.lower()].email.lower()

    def mails_of(self, thread: Thread) -> list[tuple[MailFolder, Mail]]:
        """Every mail of a thread, by time."""
        ids = {str(self.store.posts[number].extra.get("message_id")) for number in thread.post_ids}
        found = [(folder, mail) for folder in self.folders.values() for mail in folder.mails.values() if mail.message_id in ids]
        return sorted(found, key=lambda pair: (pair[1].at, pair[1].uid))

    def marked(self, mails: Iterable[Mail]) -> None:
        """Flags were changed by IMAP: the desk's threads follow."""
        for number in {self.threads[mail.message_id] for mail in mails if mail.message_id in self.threads}:
            thread = self.store.threads[number]
            held = self.mails_of(thread)
            heard = [mail for folder, mail in held if folder is self.inbox] or [mail for _, mail in held]
            resolved = bool(heard) and RESOLVED in heard[-1].flags
            state = "resolved" if resolved else "open" if thread.state == "resolved" else thread.state
            tags = sorted({flag for _, mail in held for flag in mail.flags if flag[0] not in "\\$"})
            seen = all("\\Seen" in mail.flags for _, mail in held)
            self._quiet = True
            self.store.change(number, state=state, tags=tags, acknowledged=seen)
            self._quiet = False

    def _notice(self, event: Event, thread: Thread, post: Post | None) -> None:
        if event in (Event.thread_opened, Event.post_added) and post is not None and not (post.internal or post.extra.get("no_mail")):
            self._deliver(thread, post)
        elif event is Event.post_deleted and post is not None:
            self._remove({str(post.extra.get("message_id"))})
        elif event is Event.thread_deleted:
            self._remove({str(self.store.posts[number].extra.get("message_id")) for number in thread.post_ids})
        elif event is Event.thread_changed and not self._quiet:
            self._follow(thread)

    def _deliver(self, thread: Thread, post: Post) -> None:
        raw = post.extra.get("raw")
        author = self.store.author(post)
        ours = author.username == self.acting_as
        if isinstance(raw, bytes):
            post.extra["message_id"] = _message_id(raw) or f"none-{post.id}"
        else:
            # The first and the last ones: a thread may have thousands.
            earlier = [self.store.posts[one] for one in dict.fromkeys([*thread.post_ids[:1], *thread.post_ids[-12:]])]
            before = [str(one.extra["message_id"]) for one in earlier if "message_id" in one.extra]
            message_id = post.extra["message_id"] = f"{post.id}.{thread.id}@{author.email.partition('@')[2]}"
            customer, us = self.store.author(thread), self.store.people[self.acting_as.lower()]
            files = [(self.store.files[one], self._path_of(self.store.files[one])) for one in post.file_ids]
            verdict = "pass" if author.email_verified else "fail"
            head = f"Authentication-Results: {AUTHSERV};\r\n dmarc={verdict} header.from={author.email.partition('@')[2]}\r\n".encode()
            raw = mail_of(
                thread, post, sender=author, recipient=customer if ours else us, message_id=message_id, before=before, files=files,
                head=b"" if ours else head,
            )  # fmt: skip
        self.threads[str(post.extra["message_id"])] = thread.id
        if not ours:
            self.inbox.add(raw, post.created_at, post_id=post.id)
        elif self.keeps_sent or not isinstance(post.extra.get("raw"), bytes):
            self.sent.add(raw, post.created_at, ["\\Seen"], post_id=post.id)

    def _remove(self, message_ids: set[str]) -> None:
        for folder in self.folders.values():
            for uid in [mail.uid for mail in folder.mails.values() if mail.message_id in message_ids]:
                folder.remove(uid)

    def _follow(self, thread: Thread) -> None:
        """Staff closed or tagged it in their own mail program, which marks the mails."""
        held = self.mails_of(thread)
        ended = thread.state in ("resolved", "closed")
        for folder, mail in held:
            tags = {flag for flag in mail.flags if flag[0] not in "\\$"}
            add = [*(tag for tag in thread.tags if tag not in tags), *([RESOLVED] if ended else [])]
            remove = [*(tag for tag in tags if tag not in thread.tags), *([] if ended else [RESOLVED])]
            folder.mark([mail], add=add, remove=remove)


def _message_id(raw: bytes) -> str:
    found = re.search(rb"^Message-ID:\s*<([^>\r\n]+)>", mime.split(raw)[0], re.IGNORECASE | re.MULTILINE)
    return found[1].decode("utf-8", "replace") if found else ""
